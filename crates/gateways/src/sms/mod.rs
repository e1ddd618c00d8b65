//! Short messages: by Eskiz or PlayMobile, into the log of a developer's machine, or not at all.

mod eskiz;
mod fallback;
mod log;
mod none;
mod playmobile;

pub use eskiz::{EskizSettings, EskizSms};
pub use fallback::WithFallback;
pub use log::LogSms;
pub use none::NoSms;
pub use playmobile::{PlayMobileSettings, PlayMobileSms};

pub use crate::http::Waits;

use savdo_domain::dispatch::Outcome;

fn retry(why: impl Into<String>) -> Outcome {
    let why = why.into();
    Outcome::Retry { why, after: None }
}
