//! What the tax office is told of a sale, and the receipt that it gives for it, whichever provider registers it (contract, payments 4).

use chrono::NaiveDateTime;

use crate::coded_enum;
use crate::money::Money;
use crate::percent::Percent;

/// Where receipts can be looked at.
const RECEIPTS: &str = "https://ofd.soliq.uz/";
/// So much of a text is kept, in characters.
pub(super) const TEXT_MAX: usize = 255;
/// So much of a link.
pub(super) const LINK_MAX: usize = 2_000;

/// A line of an order, as the tax office is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalLine<'a> {
    /// What was ordered.
    pub title: &'a str,
    /// What its pieces are counted in: a box, a bottle.
    pub unit: &'a str,
    /// The price of one.
    pub price: Money,
    /// How many pieces.
    pub pieces: i64,
    /// What the whole line is cheaper by.
    pub discount: Money,
    /// The code in the state catalogue; may be empty.
    pub mxik_code: &'a str,
    /// The code of its package there; may be empty.
    pub package_code: &'a str,
    /// The code of its unit there.
    pub unit_code: Option<i64>,
    /// The tax that its price includes; without one it is free of tax.
    pub vat_percent: Option<Percent>,
}

coded_enum! {
    /// Which receipt of a transaction, in Payme's words.
    pub enum FiscalType {
        /// Of the sale.
        Perform = "PERFORM",
        /// Of its cancel.
        Cancel = "CANCEL",
    }
}

/// A receipt, as far as whoever registers it told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalRecord {
    /// Which of the two.
    pub kind: FiscalType,
    /// The number of the receipt.
    pub receipt_id: Option<String>,
    /// Zero is registered; anything else is the error of the fiscal operator.
    pub status_code: Option<i64>,
    /// What the fiscal operator said.
    pub message: Option<String>,
    /// The device.
    pub terminal_id: Option<String>,
    /// The fiscal sign.
    pub fiscal_sign: Option<String>,
    /// Where the receipt can be looked at, unchecked; [`Self::link`] is what may be shown.
    pub qr_code_url: Option<String>,
    /// When it was registered, in the operator's own zone.
    pub date: Option<NaiveDateTime>,
}

impl FiscalRecord {
    /// Whether the receipt is registered.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.status_code == Some(0)
    }

    /// The link that may be shown: over https, at the operator of fiscal data.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.qr_code_url.as_deref().filter(|link| link.starts_with(RECEIPTS))
    }

    /// The receipt of a sale that is being registered, as far as that is.
    #[must_use]
    pub fn pending(how_far: &str) -> Self {
        Self::of_sale(None, Some(how_far), None)
    }

    /// The receipt of a sale that is registered.
    #[must_use]
    pub fn registered(link: &str) -> Self {
        Self::of_sale(Some(0), None, Some(link).filter(|link| is_whole_link(link)))
    }

    /// That a sale is not registered, and why.
    #[must_use]
    pub fn failed(code: i64, why: &str) -> Self {
        // Zero is registered.
        Self::of_sale(Some(if code == 0 { -1 } else { code }), Some(why), None)
    }

    fn of_sale(status_code: Option<i64>, message: Option<&str>, link: Option<&str>) -> Self {
        Self {
            kind: FiscalType::Perform,
            receipt_id: None,
            status_code,
            message: message.map(|message| message.chars().take(TEXT_MAX).collect()),
            terminal_id: None,
            fiscal_sign: None,
            qr_code_url: link.map(str::to_owned),
            date: None,
        }
    }
}

/// A link is kept whole or not at all.
pub(super) fn is_whole_link(link: &str) -> bool {
    link.chars().count() <= LINK_MAX && !link.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::FiscalRecord;

    #[test]
    fn a_receipt_is_pending_registered_or_failed_with_a_code() {
        let link = "https://ofd.soliq.uz/epi?t=1";
        let records = [
            FiscalRecord::pending("submitted"),
            FiscalRecord::registered(link),
            FiscalRecord::failed(-500, &"x".repeat(300)),
            FiscalRecord::failed(0, "odd"),
        ];

        let codes = records
            .each_ref()
            .map(|record| (record.status_code, record.is_registered()));
        assert_eq!(
            codes,
            [(None, false), (Some(0), true), (Some(-500), false), (Some(-1), false)]
        );
        assert_eq!(records[1].link(), Some(link));
        assert_eq!(records[2].message.as_ref().map(String::len), Some(255));
        assert_eq!(FiscalRecord::registered(&"x".repeat(2_001)).qr_code_url, None);
    }
}
