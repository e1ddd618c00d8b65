//! A letter as it stands on the wire.

use std::time::SystemTime;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use savdo_services::gateways::Mail;

/// Who letters are from: `Savdo <no-reply@savdo.uz>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// A sender that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no sender such as `Savdo <no-reply@savdo.uz>`")]
pub struct SenderProblem;

impl Sender {
    /// A sender with or without a name.
    ///
    /// # Errors
    /// Anything else, line breaks in it included.
    pub fn parse(text: &str) -> Result<Self, SenderProblem> {
        if text.chars().any(char::is_control) {
            return Err(SenderProblem);
        }
        text.parse().map(Self).map_err(|_| SenderProblem)
    }

    /// The part behind the `@`, by which this server also introduces itself.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

/// Says that no human wrote it, so that no holiday notice answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Why a letter cannot be written; it never can.
#[derive(Debug, thiserror::Error)]
pub(super) enum LetterProblem {
    /// A line break where a header stands.
    #[error("a line break in a header")]
    LineBreak,
    /// An address that mail cannot carry.
    #[error("the address cannot be written to")]
    Address(#[from] lettre::address::AddressError),
    /// The rest.
    #[error("the letter cannot be written: {0}")]
    Letter(#[from] lettre::error::Error),
}

/// The letter with all its headers.
pub(super) fn write(from: &Sender, mail: &Mail) -> Result<Message, LetterProblem> {
    if [&mail.subject, mail.to.as_str()]
        .iter()
        .any(|header| header.chars().any(char::is_control))
    {
        return Err(LetterProblem::LineBreak);
    }
    let to: Address = mail.to.as_str().parse()?;
    let message = Message::builder()
        .from(from.0.clone())
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .message_id(Some(format!("<savdo-{}@{}>", mail.message_number, from.domain())))
        .date(SystemTime::from(mail.at))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))?;
    Ok(message)
}
