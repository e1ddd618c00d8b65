//! What Click signs: the fields exactly as they were sent, without anything between them, hashed with MD5 (contract 3.1, 3.2).
//!
//! The protocol asks for MD5; nothing else here rests on it. Amounts and ids are never written anew before they are hashed.

use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use crate::payment::desk::DeskSecret;

/// The signed fields as they were sent; what was not sent is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// `click_trans_id`.
    pub click_trans_id: &'a str,
    /// `service_id`.
    pub service_id: &'a str,
    /// `merchant_trans_id`.
    pub merchant_trans_id: &'a str,
    /// `merchant_prepare_id`, which Complete alone signs.
    pub merchant_prepare_id: &'a str,
    /// `amount`.
    pub amount: &'a str,
    /// `action`.
    pub action: &'a str,
    /// `sign_time`.
    pub sign_time: &'a str,
}

impl Signed<'_> {
    /// `sign_string`: 32 hexadecimal digits in lower case.
    #[must_use]
    pub fn signature(&self, secret: &DeskSecret) -> String {
        self.by(secret.reveal())
    }

    pub(super) fn by(&self, secret: &str) -> String {
        let parts = [
            self.click_trans_id,
            self.service_id,
            secret,
            self.merchant_trans_id,
            self.merchant_prepare_id,
            self.amount,
            self.action,
            self.sign_time,
        ];
        hex(&Md5::digest(parts.concat()))
    }
}

/// Two hexadecimal digits for each byte, in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Signed;
    use crate::payment::desk::DeskSecret;

    fn prepare() -> Signed<'static> {
        Signed {
            click_trans_id: "3000000001",
            service_id: "85335",
            merchant_trans_id: "1001",
            merchant_prepare_id: "",
            amount: "15000.00",
            action: "0",
            sign_time: "2026-11-21 12:00:00",
        }
    }

    #[test]
    fn the_signature_of_the_contracts_prepare() {
        let signature = prepare().signature(&DeskSecret::new("clicksecret"));

        assert_eq!(signature, "68045d230656b877a5e529196de72b6b");
    }

    #[test]
    fn the_signature_of_the_contracts_complete() {
        let complete = Signed {
            merchant_prepare_id: "5001",
            action: "1",
            ..prepare()
        };

        let signature = complete.signature(&DeskSecret::new("clicksecret"));

        assert_eq!(signature, "2e670f890ed5150394d88ddff52ca341");
    }

    #[test]
    fn the_same_amount_written_another_way_is_another_signature() {
        let secret = DeskSecret::new("clicksecret");
        let written = |amount| Signed { amount, ..prepare() }.signature(&secret);

        let signatures = ["15000", "15000.0", "15000.00"].map(written);

        assert!(signatures[0] != signatures[1] && signatures[1] != signatures[2] && signatures[0] != signatures[2]);
    }
}
