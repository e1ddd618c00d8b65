//! What is printed: slips for a roll of 80 mm, as PDF.
//!
//! A [`Slip`] is said block by block; where each lies, how a long name wraps and where a roll that is too long for one page
//! goes on, is decided here. What stands on a slip, in which language and how an amount is written, its caller decides: there
//! is no sale, no request and no database in this crate. The same slip is the same bytes.

mod code;
mod face;
mod layout;
mod length;
mod pdf;
mod slip;
#[cfg(feature = "testing")]
pub mod testing;

pub use slip::{Slip, Tone};

/// Why a slip cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The typefaces of the program cannot be read.
    #[error("a typeface cannot be read")]
    Typeface,
    /// A text is too long for a code that a scanner reads.
    #[error("no code: {0}")]
    Code(#[from] qrcode::types::QrError),
    /// The document cannot be written.
    #[error("no document: {0}")]
    Document(String),
}
