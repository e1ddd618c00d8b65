//! What Click is told, to the byte: keys in the order of its documentation, its ids as they came, ours as whole numbers.

use savdo_domain::coded::Coded as _;
use savdo_domain::ids::TransactionId;
use savdo_domain::payment::click::{Action, Code};
use savdo_services::payments::click::Answered;
use serde::Serialize;

use super::read::Echo;

/// The answer to a call that was carried out or refused.
pub(super) fn answer(answered: Answered, echo: &Echo) -> String {
    let Answered { code, number } = answered;
    let number = number.map(TransactionId::get);
    let (error, error_note) = (code.number(), code.code());
    let click_trans_id = echo.click_trans_id;
    let merchant_trans_id = echo.merchant_trans_id.as_deref();
    let reply = match echo.action {
        Action::Prepare => Reply::Prepared {
            click_trans_id,
            merchant_trans_id,
            merchant_prepare_id: number,
            error,
            error_note,
        },
        Action::Complete => Reply::Completed {
            click_trans_id,
            merchant_trans_id,
            merchant_confirm_id: number,
            error,
            error_note,
        },
    };
    // Neither a map with other keys than texts nor an error of its own is in it.
    serde_json::to_string(&reply).unwrap_or_default()
}

/// The answer where a failure of ours left nothing of the call, at the address of Prepare.
pub(crate) fn failure() -> String {
    let answered = Answered {
        code: Code::OurFailure,
        number: None,
    };
    let echo = Echo {
        click_trans_id: None,
        merchant_trans_id: None,
        action: Action::Prepare,
    };
    answer(answered, &echo)
}

#[derive(Serialize)]
#[serde(untagged)]
enum Reply<'a> {
    Prepared {
        click_trans_id: Option<i64>,
        merchant_trans_id: Option<&'a str>,
        merchant_prepare_id: Option<i64>,
        error: i64,
        error_note: &'static str,
    },
    Completed {
        click_trans_id: Option<i64>,
        merchant_trans_id: Option<&'a str>,
        merchant_confirm_id: Option<i64>,
        error: i64,
        error_note: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use savdo_domain::ids::TransactionId;
    use savdo_domain::payment::click::{Action, Code};
    use savdo_services::payments::click::Answered;

    use super::{Echo, answer, failure};

    fn told(action: Action, code: Code, number: Option<i64>) -> String {
        let echo = Echo {
            click_trans_id: Some(i64::MAX),
            merchant_trans_id: Some("01\"001".to_owned()),
            action,
        };
        let number = number.map(TransactionId::new);
        answer(Answered { code, number }, &echo)
    }

    #[test]
    fn answers_are_written_as_click_documents_them() {
        assert_eq!(
            told(Action::Prepare, Code::Success, Some(5001)),
            r#"{"click_trans_id":9223372036854775807,"merchant_trans_id":"01\"001","merchant_prepare_id":5001,"error":0,"error_note":"Success"}"#
        );
        assert_eq!(
            told(Action::Complete, Code::AlreadyPaid, Some(5001)),
            r#"{"click_trans_id":9223372036854775807,"merchant_trans_id":"01\"001","merchant_confirm_id":5001,"error":-4,"error_note":"Already paid"}"#
        );
        assert_eq!(
            told(Action::Complete, Code::Cancelled, None),
            r#"{"click_trans_id":9223372036854775807,"merchant_trans_id":"01\"001","merchant_confirm_id":null,"error":-9,"error_note":"Transaction cancelled"}"#
        );
    }

    #[test]
    fn a_failure_of_which_nothing_is_left_echoes_nothing() {
        assert_eq!(
            failure(),
            r#"{"click_trans_id":null,"merchant_trans_id":null,"merchant_prepare_id":null,"error":-7,"error_note":"Failed to update user"}"#
        );
    }
}
