//! What is wrong with the fields of a request.
//!
//! A problem is a value; its words are chosen at the edge, in the caller's language. The tree keeps the shape of the body:
//! a problem at a field, or one object of problems per element of a list.

use std::collections::BTreeMap;

/// One thing that is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldProblem {
    /// Must be sent.
    Required,
    /// Must not be empty.
    Blank,
    /// Must not be null.
    Null,
    /// Another JSON type was expected.
    WrongType,
    /// Not a plain number.
    NotANumber,
    /// More decimals than are kept.
    TooManyDecimals {
        /// How many are kept.
        scale: u8,
    },
    /// Outside the range, both ends included.
    OutOfRange {
        /// The least allowed, as it is written.
        min: String,
        /// The most allowed, as it is written.
        max: String,
    },
    /// Must be greater than zero.
    NotPositive,
    /// Too few characters or elements.
    TooShort {
        /// The least allowed.
        min: usize,
    },
    /// Too many characters or elements.
    TooLong {
        /// The most allowed.
        max: usize,
    },
    /// Characters or a form that this field does not take.
    InvalidFormat,
    /// Not one of the allowed codes.
    UnknownChoice {
        /// The code that was sent.
        value: String,
    },
    /// No such object for this caller: unknown, foreign or inactive alike.
    UnknownObject,
    /// Another active object has this value.
    Taken,
    /// Not a phone number of Uzbekistan.
    InvalidPhone,
    /// Not an e-mail address.
    InvalidEmail,
    /// Not a calendar date `YYYY-MM-DD`.
    InvalidDate,
    /// Not a moment as RFC 3339 writes it.
    InvalidMoment,
    /// Changed at another place: by staff in the shop.
    ChangedInShop,
    /// The second password differs from the first.
    PasswordMismatch,
    /// The password is too easy to guess, and why.
    WeakPassword(WeakPassword),
    /// A user name that reads as a phone must be the account's own.
    UsernameIsForeignPhone,
    /// Exactly one of a branch and a warehouse must be sent.
    ExactlyOnePlace,
    /// The product has stock at this place already.
    AlreadyStocked,
    /// The amount does not match the one expected.
    Expected {
        /// The expected value, as it is written.
        value: String,
    },
    /// No text at all: the figure itself, for a client to read.
    Figure {
        /// The figure, as it is written.
        value: String,
    },
    /// A way of paying that the store does not take.
    PaymentNotAccepted,
    /// At least one way of paying must stay on.
    NoPaymentLeft,
    /// The online channel needs an active branch.
    NoActiveBranch,
    /// Required while another switch is on.
    RequiredWhenEnabled,
    /// The product is sold in a unit that cannot be ordered online.
    UnitNotCountable,
    /// The price must be above zero.
    PriceMissing,
    /// The discount is not allowed here.
    DiscountNotAllowed,
    /// The discount is above the limit.
    DiscountAboveLimit {
        /// The limit, as it is written.
        limit: String,
    },
    /// Nothing is left to pay.
    NothingToPay,
    /// Too many lines in the cart.
    TooManyLines {
        /// The most allowed.
        max: usize,
    },
    /// The given values contradict each other.
    Contradiction,
    /// `date_from` is after `date_to`.
    EmptyPeriod,
    /// The value cannot be used any more.
    InvalidToken,
    /// Name and password do not belong together, or the account is closed.
    InvalidCredentials,
    /// Not the password that the account has now.
    WrongPassword,
    /// A day after the latest that is allowed.
    TooLate {
        /// The latest day, as it is written.
        latest: String,
    },
    /// More files than are taken at once.
    TooManyFiles {
        /// The most allowed.
        max: usize,
    },
    /// A file without a single byte.
    FileEmpty,
    /// A file of too many bytes.
    FileTooLarge {
        /// The most allowed, in MiB.
        max_mib: usize,
    },
    /// A file that is none of those wanted here, by its content.
    WrongFile {
        /// What is wanted, as it is written.
        allowed: &'static str,
    },
    /// A picture that cannot be read to its end.
    FileBroken,
    /// A picture with too long a side or too many pixels.
    PictureTooLarge {
        /// The longest side allowed.
        side: u32,
        /// The most pixels allowed, in millions.
        megapixels: u64,
    },
    /// A picture that moves.
    PictureAnimated,
}

impl FieldProblem {
    /// The key of its words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Blank => "blank",
            Self::Null => "null",
            Self::WrongType => "wrong_type",
            Self::NotANumber => "not_a_number",
            Self::TooManyDecimals { .. } => "too_many_decimals",
            Self::OutOfRange { .. } => "out_of_range",
            Self::NotPositive => "not_positive",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::InvalidFormat => "invalid_format",
            Self::UnknownChoice { .. } => "unknown_choice",
            Self::UnknownObject => "unknown_object",
            Self::Taken => "taken",
            Self::InvalidPhone => "invalid_phone",
            Self::InvalidEmail => "invalid_email",
            Self::InvalidDate => "invalid_date",
            Self::InvalidMoment => "invalid_moment",
            Self::ChangedInShop => "changed_in_shop",
            Self::PasswordMismatch => "password_mismatch",
            Self::WeakPassword(WeakPassword::Common) => "password_common",
            Self::WeakPassword(WeakPassword::AllDigits) => "password_all_digits",
            Self::WeakPassword(WeakPassword::AllSpaces) => "password_all_spaces",
            Self::WeakPassword(WeakPassword::Personal) => "password_personal",
            Self::UsernameIsForeignPhone => "username_is_foreign_phone",
            Self::ExactlyOnePlace => "exactly_one_place",
            Self::AlreadyStocked => "already_stocked",
            Self::Expected { .. } => "expected",
            Self::Figure { .. } => "figure",
            Self::PaymentNotAccepted => "payment_not_accepted",
            Self::NoPaymentLeft => "no_payment_left",
            Self::NoActiveBranch => "no_active_branch",
            Self::RequiredWhenEnabled => "required_when_enabled",
            Self::UnitNotCountable => "unit_not_countable",
            Self::PriceMissing => "price_missing",
            Self::DiscountNotAllowed => "discount_not_allowed",
            Self::DiscountAboveLimit { .. } => "discount_above_limit",
            Self::NothingToPay => "nothing_to_pay",
            Self::TooManyLines { .. } => "too_many_lines",
            Self::Contradiction => "contradiction",
            Self::EmptyPeriod => "empty_period",
            Self::InvalidToken => "invalid_token",
            Self::InvalidCredentials => "invalid_credentials",
            Self::WrongPassword => "wrong_password",
            Self::TooLate { .. } => "too_late",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::FileEmpty => "file_empty",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::WrongFile { .. } => "wrong_file",
            Self::FileBroken => "file_broken",
            Self::PictureTooLarge { .. } => "picture_too_large",
            Self::PictureAnimated => "picture_animated",
        }
    }

    /// The figures that its words mention, by name.
    #[must_use]
    pub fn figures(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooManyDecimals { scale } => vec![("scale", scale.to_string())],
            Self::OutOfRange { min, max } => vec![("min", min.clone()), ("max", max.clone())],
            Self::TooShort { min } => vec![("min", min.to_string())],
            Self::TooLong { max } | Self::TooManyLines { max } | Self::TooManyFiles { max } => {
                vec![("max", max.to_string())]
            }
            Self::DiscountAboveLimit { limit } => vec![("limit", limit.clone())],
            Self::UnknownChoice { value } | Self::Expected { value } | Self::Figure { value } => {
                vec![("value", value.clone())]
            }
            Self::TooLate { latest } => vec![("latest", latest.clone())],
            Self::FileTooLarge { max_mib } => vec![("max", max_mib.to_string())],
            Self::WrongFile { allowed } => vec![("allowed", (*allowed).to_owned())],
            Self::PictureTooLarge { side, megapixels } => {
                vec![("side", side.to_string()), ("megapixels", megapixels.to_string())]
            }
            Self::FileEmpty
            | Self::FileBroken
            | Self::ChangedInShop
            | Self::PictureAnimated
            | Self::Required
            | Self::Blank
            | Self::Null
            | Self::WrongType
            | Self::NotANumber
            | Self::NotPositive
            | Self::InvalidFormat
            | Self::UnknownObject
            | Self::Taken
            | Self::InvalidPhone
            | Self::InvalidEmail
            | Self::InvalidDate
            | Self::InvalidMoment
            | Self::PasswordMismatch
            | Self::WeakPassword(_)
            | Self::UsernameIsForeignPhone
            | Self::ExactlyOnePlace
            | Self::AlreadyStocked
            | Self::PaymentNotAccepted
            | Self::NoPaymentLeft
            | Self::NoActiveBranch
            | Self::RequiredWhenEnabled
            | Self::UnitNotCountable
            | Self::PriceMissing
            | Self::DiscountNotAllowed
            | Self::NothingToPay
            | Self::Contradiction
            | Self::EmptyPeriod
            | Self::InvalidToken
            | Self::InvalidCredentials
            | Self::WrongPassword => Vec::new(),
        }
    }
}

/// Why a password is too easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    /// In the list of the commonest passwords.
    Common,
    /// Nothing but digits.
    AllDigits,
    /// Nothing but white space.
    AllSpaces,
    /// The user name, phone or name itself.
    Personal,
}

/// The problems of one object, by field name in alphabetical order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<String, FieldIssue>);

/// What is wrong at one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldIssue {
    /// The value itself.
    Value(Vec<FieldProblem>),
    /// Elements of a list of objects: one entry each, empty where fine.
    Elements(Vec<FieldErrors>),
}

impl FieldErrors {
    /// The name under which problems between fields stand.
    pub const NON_FIELD: &'static str = "non_field_errors";

    /// No problem yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One problem at one field.
    #[must_use]
    pub fn one(field: impl Into<String>, problem: FieldProblem) -> Self {
        let mut errors = Self::new();
        errors.add(field, problem);
        errors
    }

    /// One problem between fields.
    #[must_use]
    pub fn across(problem: FieldProblem) -> Self {
        Self::one(Self::NON_FIELD, problem)
    }

    /// One problem at a field of element `index` of the list `field`, which has `length` elements.
    #[must_use]
    pub fn in_element(field: &str, index: usize, length: usize, errors: Self) -> Self {
        let mut elements = vec![Self::new(); length.max(index.saturating_add(1))];
        if let Some(element) = elements.get_mut(index) {
            *element = errors;
        }
        Self(BTreeMap::from([(field.to_owned(), FieldIssue::Elements(elements))]))
    }

    /// Adds a problem at a field.
    pub fn add(&mut self, field: impl Into<String>, problem: FieldProblem) {
        match self
            .0
            .entry(field.into())
            .or_insert_with(|| FieldIssue::Value(Vec::new()))
        {
            FieldIssue::Value(problems) => problems.push(problem),
            issue @ FieldIssue::Elements(_) => *issue = FieldIssue::Value(vec![problem]),
        }
    }

    /// Sets the problems of a list's elements; a list without problems adds nothing.
    pub fn add_elements(&mut self, field: impl Into<String>, elements: Vec<Self>) {
        if elements.iter().any(|element| !element.is_empty()) {
            self.0.insert(field.into(), FieldIssue::Elements(elements));
        }
    }

    /// Keeps the value, or notes its problem at the field and goes on, so that one answer names every problem.
    pub fn keep<T>(&mut self, field: &str, result: Result<T, FieldProblem>) -> Option<T> {
        result.map_err(|problem| self.add(field, problem)).ok()
    }

    /// The same problems, those at one field under another name.
    #[must_use]
    pub fn renamed(self, from: &str, to: &str) -> Self {
        let name = |field: String| if field == from { to.to_owned() } else { field };
        Self(self.0.into_iter().map(|(field, issue)| (name(field), issue)).collect())
    }

    /// Takes over all problems of another object.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldIssue)> {
        self.0.iter().map(|(field, issue)| (field.as_str(), issue))
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// The problems themselves.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}
