//! SetFiscalData: the receipt that Payme registered for a transaction, one for its sale and one for its cancel (contract 2.4).
//!
//! Fields may be missing or of another type and are then not kept; repeats overwrite. Nothing here is ever fetched.

use chrono::NaiveDateTime;

use crate::coded::Coded;
use crate::payment::bill::Bill;
use crate::payment::effect::{Decision, Effect, Which};
use crate::payment::fiscal::{FiscalRecord, FiscalType, LINK_MAX, TEXT_MAX, is_whole_link};
use crate::payment::payme::perform::called;
use crate::payment::payme::sent::{Sent, SentParams};
use crate::payment::payme::{Answer, Decided, Fault};
use crate::payment::transaction::ExternalId;

/// SetFiscalData.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetFiscal {
    /// What Payme calls the transaction; `None` for what no transaction is called.
    pub id: Option<ExternalId>,
    /// The receipt.
    pub record: FiscalRecord,
}

impl SetFiscal {
    /// Every parameter that does not fit is one bad parameter here.
    pub(super) fn read(params: &SentParams) -> Result<Self, Fault> {
        let id = params.id.external_id().map_err(|_| Fault::BadParameter)?;
        let kind = params.kind.text().ok().and_then(FiscalType::from_code);
        let (Some(kind), Some(fiscal)) = (kind, &params.fiscal) else {
            return Err(Fault::BadParameter);
        };
        let record = FiscalRecord {
            kind,
            receipt_id: fiscal.receipt_id.words(TEXT_MAX),
            status_code: fiscal.status_code.whole().ok(),
            message: fiscal.message.words(TEXT_MAX),
            terminal_id: fiscal.terminal_id.words(TEXT_MAX),
            fiscal_sign: fiscal.fiscal_sign.words(TEXT_MAX),
            qr_code_url: link_text(&fiscal.qr_code_url),
            date: fiscal.date.words(TEXT_MAX).and_then(|date| read_date(&date)),
        };
        Ok(Self { id, record })
    }

    /// Judges the call by the bill of the order that the transaction belongs to, `None` where this desk has no such transaction.
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>) -> Decided {
        let Some((_, transaction)) = called(self.id.as_ref(), bill) else {
            return Decision::only(Err(Fault::ReceiptNotFound));
        };
        Decision {
            effects: vec![Effect::KeepFiscal {
                id: transaction.id,
                record: Box::new(self.record.clone()),
            }],
            answer: Ok(Answer::FiscalKept),
            concerns: Some(Which::Known(transaction.payment_id)),
        }
    }
}

fn link_text(sent: &Sent) -> Option<String> {
    sent.words(LINK_MAX.saturating_add(1))
        .filter(|link| is_whole_link(link))
}

fn read_date(text: &str) -> Option<NaiveDateTime> {
    let is_plain = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    let read = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok();
    read.filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::SetFiscal;
    use crate::payment::book::{PAYME_ID, awaiting, payme_performed};
    use crate::payment::effect::Effect;
    use crate::payment::fiscal::{FiscalRecord, FiscalType};
    use crate::payment::payme::sent::{Sent, SentFiscal, SentParams};
    use crate::payment::payme::{Answer, Fault};

    const LINK: &str = "https://ofd.soliq.uz/check?t=EZ000000000030&r=123&c=20261121120000&s=123456789012";

    fn text(text: &str) -> Sent {
        Sent::Text(text.to_owned())
    }

    fn params(kind: &str, fiscal: SentFiscal) -> SentParams {
        SentParams {
            id: text(PAYME_ID),
            kind: text(kind),
            fiscal: Some(fiscal),
            ..SentParams::default()
        }
    }

    fn whole() -> SentFiscal {
        SentFiscal {
            receipt_id: Sent::Whole(123),
            status_code: Sent::Whole(0),
            message: text("accepted"),
            terminal_id: text("EZ000000000030"),
            fiscal_sign: text("123456789012"),
            qr_code_url: text(LINK),
            date: text("20261121120000"),
        }
    }

    #[test]
    fn a_receipt_is_kept_with_its_transaction() {
        let call = SetFiscal::read(&params("PERFORM", whole())).unwrap();
        let bill = payme_performed();

        let decision = call.decide(Some(&bill));

        let record = FiscalRecord {
            kind: FiscalType::Perform,
            receipt_id: Some("123".to_owned()),
            status_code: Some(0),
            message: Some("accepted".to_owned()),
            terminal_id: Some("EZ000000000030".to_owned()),
            fiscal_sign: Some("123456789012".to_owned()),
            qr_code_url: Some(LINK.to_owned()),
            date: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap().and_hms_opt(12, 0, 0),
        };
        assert!(record.is_registered() && record.link() == Some(LINK));
        assert_eq!(decision.answer, Ok(Answer::FiscalKept));
        let id = bill.transactions[0].id;
        let record = Box::new(record);
        assert_eq!(decision.effects, [Effect::KeepFiscal { id, record }]);
    }

    #[test]
    fn fields_that_are_missing_or_of_another_type_are_not_kept() {
        let fiscal = SentFiscal {
            status_code: text("0"),
            message: Sent::Other,
            date: text("21.11.2026"),
            ..SentFiscal::default()
        };

        let record = SetFiscal::read(&params("CANCEL", fiscal)).unwrap().record;

        let expected = FiscalRecord {
            kind: FiscalType::Cancel,
            receipt_id: None,
            status_code: None,
            message: None,
            terminal_id: None,
            fiscal_sign: None,
            qr_code_url: None,
            date: None,
        };
        assert_eq!(record, expected);
        assert!(!record.is_registered());
    }

    #[test]
    fn an_unknown_type_or_data_that_is_no_object_is_a_bad_parameter() {
        let without_data = SentParams {
            fiscal: None,
            ..params("PERFORM", whole())
        };
        let without_id = SentParams {
            id: Sent::Absent,
            ..params("PERFORM", whole())
        };

        for bad in [
            params("perform", whole()),
            params("", whole()),
            without_data,
            without_id,
        ] {
            assert_eq!(SetFiscal::read(&bad), Err(Fault::BadParameter));
        }
    }

    #[test]
    fn a_receipt_of_an_unknown_transaction_is_not_found() {
        let call = SetFiscal::read(&params("PERFORM", whole())).unwrap();

        for bill in [None, Some(awaiting())] {
            let decision = call.decide(bill.as_ref());
            assert_eq!(
                (decision.answer, decision.effects),
                (Err(Fault::ReceiptNotFound), Vec::new())
            );
        }
    }

    #[test]
    fn only_a_link_to_the_operator_of_fiscal_data_is_shown() {
        for link in [
            "http://ofd.soliq.uz/check",
            "https://ofd.soliq.uz.evil.example/",
            "https://ofd.soliq.uz@evil.example/",
            "javascript:alert(1)",
            "https://evil.example/https://ofd.soliq.uz/",
        ] {
            let fiscal = SentFiscal {
                qr_code_url: text(link),
                ..whole()
            };
            let record = SetFiscal::read(&params("PERFORM", fiscal)).unwrap().record;
            assert_eq!(record.link(), None, "{link}");
        }
        let endless = SentFiscal {
            qr_code_url: text(&format!("https://ofd.soliq.uz/{}", "a".repeat(2_000))),
            ..whole()
        };
        let record = SetFiscal::read(&params("PERFORM", endless)).unwrap().record;
        assert_eq!(record.qr_code_url, None);
    }
}
