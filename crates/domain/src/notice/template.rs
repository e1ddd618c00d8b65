//! A text with places, and what it says once they are filled.

use crate::coded::Coded;
use crate::fields::FieldProblem;
use crate::{coded_enum, text};

use super::{Channel, NoticeType};

/// The most signs of a template.
const LENGTH_MAX: usize = 1000;

coded_enum! {
    /// What can stand in a template, in braces.
    pub enum Place {
        /// The number of the order.
        OrderId = "order_id",
        /// What it costs.
        TotalPrice = "total_price",
        /// The name of the store.
        Store = "store",
        /// How long there is to pay.
        Minutes = "minutes",
        /// The number of the payment.
        PaymentId = "payment_id",
        /// Who brings it.
        Courier = "courier",
        /// Why.
        Reason = "reason",
        /// A one-time code.
        Code = "code",
    }
}

/// A text whose braces are balanced and name only what its type knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// A template with its places filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What it says.
    pub text: String,
    /// What was not known: nothing stands in its place.
    pub missing: Vec<Place>,
}

impl Template {
    /// A template of a type over a channel.
    ///
    /// # Errors
    /// [`FieldProblem::Blank`] of nothing, [`FieldProblem::TooLong`] beyond 1000 signs, [`FieldProblem::InvalidFormat`] for
    /// braces that are not balanced or hold what the type does not know.
    pub fn parse(typed: &str, of: (NoticeType, Channel)) -> Result<Self, FieldProblem> {
        let typed = text::clean(typed)?;
        if typed.is_empty() {
            return Err(FieldProblem::Blank);
        }
        if typed.chars().count() > LENGTH_MAX {
            return Err(FieldProblem::TooLong { max: LENGTH_MAX });
        }
        let (notice, channel) = of;
        let known = notice.places(channel);
        for piece in pieces(&typed) {
            let is_fine = match piece {
                Piece::Text(_) => true,
                Piece::Place(place) => known.contains(&place),
                Piece::Broken => false,
            };
            if !is_fine {
                return Err(FieldProblem::InvalidFormat);
            }
        }
        Ok(Self(typed))
    }

    /// The text as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it says when `value` knows what stands in its places.
    #[must_use]
    pub fn fill(&self, value: impl Fn(Place) -> Option<String>) -> Filled {
        fill(&self.0, value)
    }
}

/// As [`Template::fill`], of a text that is known to be a template. What fills a place is never looked at for places.
#[must_use]
pub fn fill(template: &str, value: impl Fn(Place) -> Option<String>) -> Filled {
    let mut filled = Filled {
        text: String::new(),
        missing: Vec::new(),
    };
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => filled.text.push_str(text),
            Piece::Place(place) => match value(place).filter(|value| !value.is_empty()) {
                Some(value) => filled.text.push_str(&value),
                None => filled.missing.push(place),
            },
            Piece::Broken => {}
        }
    }
    filled.text = filled.text.trim().to_owned();
    filled
}

enum Piece<'a> {
    Text(&'a str),
    Place(Place),
    Broken,
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        pieces.push(plain(text));
        let Some((name, after)) = after.split_once('}') else {
            pieces.push(Piece::Broken);
            return pieces;
        };
        pieces.push(Place::from_code(name).map_or(Piece::Broken, Piece::Place));
        rest = after;
    }
    pieces.push(plain(rest));
    pieces
}

fn plain(text: &str) -> Piece<'_> {
    if text.contains('}') {
        Piece::Broken
    } else {
        Piece::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Filled, Place, Template};
    use crate::coded::Coded;
    use crate::fields::FieldProblem;
    use crate::notice::{Channel, NoticeType};

    const OF: (NoticeType, Channel) = (NoticeType::OrderCreated, Channel::System);

    #[test]
    fn a_template_says_what_is_known_and_names_what_is_not() {
        let template = Template::parse(" {store}: {order_id} {total_price}. ", OF).unwrap();

        let filled = template.fill(|place| match place {
            Place::Store => Some("{order_id}".to_owned()),
            Place::OrderId => Some("7".to_owned()),
            Place::TotalPrice => Some(String::new()),
            _ => None,
        });

        let missing = vec![Place::TotalPrice];
        assert_eq!(
            filled,
            Filled {
                text: "{order_id}: 7 .".to_owned(),
                missing
            }
        );
    }

    #[test]
    fn a_template_has_balanced_braces_and_places_of_its_type_alone() {
        for broken in [
            "{",
            "}",
            "{order_id",
            "order_id}",
            "{{order_id}}",
            "{}",
            "{ORDER_ID}",
            "{ order_id }",
            "{code}",
            "{reason}",
            "a}b{c",
        ] {
            assert_eq!(
                Template::parse(broken, OF),
                Err(FieldProblem::InvalidFormat),
                "{broken}"
            );
        }
        assert_eq!(Template::parse("  ", OF), Err(FieldProblem::Blank));
        assert!(Template::parse(&"a".repeat(1000), OF).is_ok());
        assert!(Template::parse(&"a".repeat(1001), OF).is_err());
        let reason = |channel| Template::parse("{reason}", (NoticeType::PrescriptionRejected, channel)).is_ok();
        assert_eq!([Channel::System, Channel::Sms].map(reason), [true, false]);
    }

    proptest! {
        // Whatever a template is, it says its own text and the values in order, and no brace of its own is left.
        #[test]
        fn what_is_filled_is_the_text_and_the_values(parts in proptest::collection::vec(("[a-z ]{0,5}", 0_usize..3), 0..6)) {
            let known = OF.0.places(OF.1);
            let template: String = parts.iter().map(|(text, place)| format!("{text}{{{}}}", known[*place].code())).collect();
            let expected: String = parts.iter().map(|(text, place)| format!("{text}<{place}>")).collect();
            let Ok(template) = Template::parse(&format!("x{template}x"), OF) else {
                return Err(TestCaseError::fail("it is a template"));
            };
            let value = |place: Place| known.iter().position(|other| *other == place).map(|at| format!("<{at}>"));
            prop_assert_eq!(template.fill(value).text, format!("x{expected}x"));
        }

        #[test]
        fn whatever_is_typed_is_refused_or_a_template(typed in ".{0,40}") {
            if let Ok(template) = Template::parse(&typed, OF) {
                let braces = typed.chars().filter(|sign| *sign == '{').count();
                prop_assert!(template.fill(|_| None).missing.len() <= braces);
            }
        }
    }
}
