//! Click's Merchant API, which we call: who we are, and what its words about a payment mean (contract 3.6).
//!
//! The calls themselves are a gateway's.

use chrono::{DateTime, Utc};
use sha1::{Digest as _, Sha1};

use crate::payment::click::signature::hex;
use crate::payment::desk::DeskSecret;
use crate::payment::transaction::TransactionState;

/// The header `Auth`: `<merchant_user_id>:<digest>:<timestamp>`, the digest SHA-1 of the timestamp in seconds and the secret.
#[must_use]
pub fn auth_header(merchant_user_id: &str, secret: &DeskSecret, now: DateTime<Utc>) -> String {
    let timestamp = now.timestamp().to_string();
    let digest = Sha1::new()
        .chain_update(&timestamp)
        .chain_update(secret.reveal())
        .finalize();
    format!("{merchant_user_id}:{}:{timestamp}", hex(&digest))
}

/// `payment_status` of Click: where it thinks a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickStatus {
    /// Below zero: failed or given back.
    Failed,
    /// 0 or 1: made, or being taken.
    UnderWay,
    /// 2: taken.
    Successful,
    /// Anything else.
    Unknown,
}

impl ClickStatus {
    /// The meaning of a number.
    #[must_use]
    pub const fn of(number: i64) -> Self {
        match number {
            i64::MIN..=-1 => Self::Failed,
            0 | 1 => Self::UnderWay,
            2 => Self::Successful,
            3.. => Self::Unknown,
        }
    }

    /// Whether our row of the attempt and Click agree; where they do not, people are told and nothing is changed.
    #[must_use]
    pub const fn agrees_with(self, state: TransactionState) -> bool {
        match state {
            TransactionState::Open | TransactionState::TakenOver => match self {
                Self::UnderWay | Self::Failed => true,
                Self::Successful | Self::Unknown => false,
            },
            TransactionState::Performed => match self {
                Self::Successful => true,
                Self::UnderWay | Self::Failed | Self::Unknown => false,
            },
            TransactionState::Cancelled | TransactionState::Reversed => match self {
                Self::Failed | Self::UnderWay => true,
                Self::Successful | Self::Unknown => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{ClickStatus, auth_header};
    use crate::coded::Coded;
    use crate::payment::desk::DeskSecret;
    use crate::payment::transaction::TransactionState;

    #[test]
    fn the_digest_of_the_contracts_vector() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();

        let header = auth_header("9", &DeskSecret::new("clicksecret"), now);

        assert_eq!(header, "9:6582787550ad2401c1b498fd8e4365f0947daced:1790000000");
    }

    #[test]
    fn a_difference_is_money_that_only_one_side_has() {
        let statuses = [-5, 0, 1, 2, 3].map(ClickStatus::of);

        let agreeing: Vec<_> = TransactionState::ALL
            .iter()
            .map(|state| {
                format!(
                    "{state} {:?}",
                    statuses.map(|status| u8::from(status.agrees_with(*state)))
                )
            })
            .collect();

        let expected = [
            "open [1, 1, 1, 0, 0]",
            "taken_over [1, 1, 1, 0, 0]",
            "performed [0, 0, 0, 1, 0]",
            "cancelled [1, 1, 1, 0, 0]",
            "reversed [1, 1, 1, 0, 0]",
        ];
        assert_eq!(agreeing, expected);
    }
}
