//! Why a message is not sent again, or its words are not taken away.

/// Something about messages that is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeRefusal {
    /// It did not fail, or carries a code: those are asked for anew.
    NotFailed,
    /// It was sent again as often as it may be.
    RetryLimit,
    /// It was sent again a moment ago.
    RetryTooSoon,
    /// The words of the installation are switched off, not taken away.
    DefaultTemplate,
}

impl NoticeRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFailed => "not_failed",
            Self::RetryLimit => "retry_limit",
            Self::RetryTooSoon => "retry_too_soon",
            Self::DefaultTemplate => "default_template",
        }
    }
}
