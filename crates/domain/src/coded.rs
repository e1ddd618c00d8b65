//! Enums that stand in the database and in JSON as a stable code.

/// A closed set of values, each with a code that is never renamed.
///
/// Implemented by [`coded_enum!`](crate::coded_enum) alone, so that codes, parsing and the list of all values cannot drift.
pub trait Coded: Copy + PartialEq + Sized + 'static {
    /// Every value, in the order of declaration.
    const ALL: &'static [Self];

    /// Older names, which are read and never written.
    const ALIASES: &'static [(&'static str, Self)];

    /// The stable code.
    fn code(self) -> &'static str;

    /// The value with this code, if there is one.
    #[must_use]
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }

    /// The value with this code or older name, as a client may write it.
    #[must_use]
    fn from_input(code: &str) -> Option<Self> {
        let of_alias = || Self::ALIASES.iter().find(|(alias, _)| *alias == code);
        Self::from_code(code).or_else(|| of_alias().map(|(_, value)| *value))
    }
}

/// Declares an enum whose values are known by a stable code, and perhaps by an older name: `Seller = "seller" | "sotuvchi"`.
#[macro_export]
macro_rules! coded_enum {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$value_doc:meta])* $value:ident = $code:literal $(| $alias:literal)?),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$value_doc])* $value),+ }

        impl $crate::coded::Coded for $name {
            const ALL: &'static [Self] = &[$(Self::$value),+];
            const ALIASES: &'static [(&'static str, Self)] = &[$($(($alias, Self::$value),)?)+];

            fn code(self) -> &'static str {
                match self { $(Self::$value => $code),+ }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::coded::Coded::code(*self))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str($crate::coded::Coded::code(*self))
            }
        }
    };
}
