//! When a message that failed may be sent again by hand (pharmacy.md 2.11).

use chrono::{DateTime, TimeDelta, Utc};

use super::{NoticeRefusal, NoticeStatus, NoticeType};

/// How often a message is sent again by hand.
const RETRIES_MAX: i64 = 3;

/// How long somebody waits from one time to the next.
const GAP: TimeDelta = TimeDelta::seconds(30);

/// What became of a message so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// What it tells.
    pub notice: NoticeType,
    /// Where it stands.
    pub status: NoticeStatus,
    /// How often it was sent again by hand.
    pub retries: i64,
    /// When that was last.
    pub retried_at: Option<DateTime<Utc>>,
}

/// Judges whether a message may be sent again now.
///
/// # Errors
/// [`NoticeRefusal::NotFailed`] for one that did not fail and for every code; then [`NoticeRefusal::RetryLimit`], then
/// [`NoticeRefusal::RetryTooSoon`].
pub fn check_retry(tried: Tried, now: DateTime<Utc>) -> Result<(), NoticeRefusal> {
    let Tried {
        notice,
        status,
        retries,
        retried_at,
    } = tried;
    if notice.is_code() || status != NoticeStatus::Failed {
        return Err(NoticeRefusal::NotFailed);
    }
    if retries >= RETRIES_MAX {
        return Err(NoticeRefusal::RetryLimit);
    }
    match retried_at {
        Some(at) if now - at < GAP => Err(NoticeRefusal::RetryTooSoon),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Tried, check_retry};
    use crate::coded::Coded;
    use crate::notice::{NoticeRefusal, NoticeStatus, NoticeType};

    const FAILED: Tried = Tried {
        notice: NoticeType::OrderCancelled,
        status: NoticeStatus::Failed,
        retries: 0,
        retried_at: None,
    };

    fn judged(tried: Tried) -> Result<(), NoticeRefusal> {
        check_retry(tried, DateTime::<Utc>::UNIX_EPOCH)
    }

    #[test]
    fn only_what_failed_is_sent_again_and_never_a_code() {
        for status in NoticeStatus::ALL {
            let is_fine = *status == NoticeStatus::Failed;
            let expected = if is_fine { Ok(()) } else { Err(NoticeRefusal::NotFailed) };
            assert_eq!(
                judged(Tried {
                    status: *status,
                    ..FAILED
                }),
                expected,
                "{status}"
            );
        }
        for notice in NoticeType::ALL {
            let is_code = matches!(notice, NoticeType::Otp | NoticeType::PasswordReset);
            let expected = if is_code { Err(NoticeRefusal::NotFailed) } else { Ok(()) };
            assert_eq!(
                judged(Tried {
                    notice: *notice,
                    ..FAILED
                }),
                expected,
                "{notice}"
            );
        }
    }

    #[test]
    fn three_times_it_is_sent_again_half_a_minute_apart() {
        let ago = |seconds| Some(DateTime::<Utc>::UNIX_EPOCH - TimeDelta::seconds(seconds));
        let told = |retries, retried_at| {
            judged(Tried {
                retries,
                retried_at,
                ..FAILED
            })
        };

        assert_eq!(told(2, ago(30)), Ok(()));
        assert_eq!(told(1, ago(29)), Err(NoticeRefusal::RetryTooSoon));
        assert_eq!(told(3, ago(1)), Err(NoticeRefusal::RetryLimit));
        assert_eq!(told(3, ago(3600)), Err(NoticeRefusal::RetryLimit));
    }
}
