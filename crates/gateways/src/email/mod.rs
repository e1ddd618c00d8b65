//! Letters: by SMTP, into the log of a developer's machine, or not at all.

mod letter;
mod log;
mod none;
mod smtp;

pub use letter::{Sender, SenderProblem};
pub use log::LogMail;
pub use none::NoMail;
pub use smtp::{Security, SmtpMail, SmtpProblem, SmtpSettings};
