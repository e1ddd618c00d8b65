//! The envelope of a call of Payme, judged in the contract's order: POST, credential, JSON, shape, method, parameters.

use crate::payment::LogEvent;
use crate::payment::payme::fault::Fault;
use crate::payment::payme::sent::{SentCall, SentParams};
use crate::payment::payme::{Cancel, Check, CheckPerform, Create, Perform, SetFiscal, Statement};

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whether it is a POST.
    pub is_post: bool,
    /// Whether its credential opens a desk.
    pub is_authorised: bool,
    /// Its body.
    pub body: Body,
}

/// A body as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// No JSON, or not in UTF-8.
    NotJson,
    /// JSON, but no object: an array too, since there are no batches.
    NoObject,
    /// An object.
    Object(Box<SentCall>),
}

/// A call whose parameters fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// CheckPerformTransaction.
    CheckPerform(CheckPerform),
    /// CreateTransaction.
    Create(Create),
    /// PerformTransaction.
    Perform(Perform),
    /// CancelTransaction.
    Cancel(Cancel),
    /// CheckTransaction.
    Check(Check),
    /// GetStatement.
    Statement(Statement),
    /// SetFiscalData.
    SetFiscal(Box<SetFiscal>),
}

impl Request {
    /// The call.
    ///
    /// # Errors
    /// The first that applies: [`Fault::NotPost`], [`Fault::Unauthorised`] (for known and unknown methods alike), [`Fault::NotJson`],
    /// [`Fault::BadShape`], [`Fault::UnknownMethod`], then what the parameters of the method are refused for.
    pub fn read(&self) -> Result<Call, Fault> {
        if !self.is_post {
            return Err(Fault::NotPost);
        }
        if !self.is_authorised {
            return Err(Fault::Unauthorised);
        }
        match &self.body {
            Body::NotJson => Err(Fault::NotJson),
            Body::NoObject => Err(Fault::BadShape),
            Body::Object(call) => call.read(),
        }
    }
}

impl SentCall {
    fn read(&self) -> Result<Call, Fault> {
        let method = self.method.text()?;
        self.id.whole()?;
        let params = self.params.as_ref().ok_or(Fault::BadShape)?;
        match method {
            "CheckPerformTransaction" => params.check_perform().map(Call::CheckPerform),
            "CreateTransaction" => params.create().map(Call::Create),
            "PerformTransaction" => params.perform().map(Call::Perform),
            "CancelTransaction" => params.cancel().map(Call::Cancel),
            "CheckTransaction" => params.check().map(Call::Check),
            "GetStatement" => params.statement().map(Call::Statement),
            "SetFiscalData" => SetFiscal::read(params).map(|call| Call::SetFiscal(Box::new(call))),
            unknown => Err(Fault::UnknownMethod(unknown.to_owned())),
        }
    }
}

impl SentParams {
    fn check_perform(&self) -> Result<CheckPerform, Fault> {
        Ok(CheckPerform {
            amount: self.amount.amount()?,
            order: self.account.order()?,
        })
    }

    fn create(&self) -> Result<Create, Fault> {
        Ok(Create {
            id: self.id.external_id()?.ok_or(Fault::BadShape)?,
            time: self.time.millis()?,
            amount: self.amount.amount()?,
            order: self.account.order()?,
        })
    }

    fn perform(&self) -> Result<Perform, Fault> {
        let id = self.id.external_id()?;
        Ok(Perform { id })
    }

    fn cancel(&self) -> Result<Cancel, Fault> {
        Ok(Cancel {
            id: self.id.external_id()?,
            reason: self.reason.whole()?,
        })
    }

    fn check(&self) -> Result<Check, Fault> {
        let id = self.id.external_id()?;
        Ok(Check { id })
    }

    fn statement(&self) -> Result<Statement, Fault> {
        Ok(Statement {
            from: self.from.millis()?,
            to: self.to.millis()?,
        })
    }
}

impl Call {
    /// What the log of the payment calls it, where it concerns one.
    #[must_use]
    pub const fn log_event(&self) -> Option<LogEvent> {
        match self {
            Self::Create(_) => Some(LogEvent::PaymeCreate),
            Self::Perform(_) => Some(LogEvent::PaymePerform),
            Self::Cancel(_) => Some(LogEvent::PaymeCancel),
            Self::SetFiscal(_) => Some(LogEvent::PaymeFiscal),
            Self::CheckPerform(_) | Self::Check(_) | Self::Statement(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Call, Request};
    use crate::payment::payme::sent::{Sent, SentAccount, SentCall, SentFiscal, SentParams};
    use crate::payment::payme::{Check, Fault};
    use crate::payment::transaction::ExternalId;

    fn text(text: &str) -> Sent {
        Sent::Text(text.to_owned())
    }

    /// Parameters that every method takes.
    fn params() -> SentParams {
        SentParams {
            id: text("5305e3bab097f420a62ced0b"),
            time: Sent::Whole(1_790_000_000_000),
            amount: Sent::Whole(500_000),
            account: SentAccount::Order(text("1001")),
            reason: Sent::Whole(3),
            from: Sent::Whole(1),
            to: Sent::Whole(2),
            kind: text("PERFORM"),
            fiscal: Some(SentFiscal::default()),
        }
    }

    fn call(method: &str) -> SentCall {
        SentCall {
            method: text(method),
            id: Sent::Whole(7),
            params: Some(params()),
        }
    }

    fn request(call: SentCall) -> Request {
        Request {
            is_post: true,
            is_authorised: true,
            body: Body::Object(Box::new(call)),
        }
    }

    fn number(request: &Request) -> i64 {
        request.read().map_or_else(|fault| fault.number(), |_| 0)
    }

    const METHODS: [&str; 7] = [
        "CheckPerformTransaction",
        "CreateTransaction",
        "PerformTransaction",
        "CancelTransaction",
        "CheckTransaction",
        "GetStatement",
        "SetFiscalData",
    ];

    #[test]
    fn every_method_is_read() {
        for method in METHODS {
            assert_eq!(number(&request(call(method))), 0, "{method}");
        }
        let id = ExternalId::new("5305e3bab097f420a62ced0b");
        let read = request(call("CheckTransaction")).read();
        assert_eq!(read, Ok(Call::Check(Check { id })));
    }

    #[test]
    fn a_request_is_judged_post_then_credential_then_json_then_shape_then_method() {
        let shapeless = SentCall::default();
        let judged = |is_post, is_authorised, body| {
            number(&Request {
                is_post,
                is_authorised,
                body,
            })
        };
        let unknown = || Body::Object(Box::new(call("ChangePassword")));

        assert_eq!(judged(false, false, Body::NotJson), -32300);
        assert_eq!(judged(true, false, Body::NotJson), -32504);
        assert_eq!(judged(true, false, unknown()), -32504);
        assert_eq!(judged(true, true, Body::NotJson), -32700);
        assert_eq!(judged(true, true, Body::NoObject), -32600);
        assert_eq!(judged(true, true, Body::Object(Box::new(shapeless))), -32600);
        assert_eq!(judged(true, true, unknown()), -32601);
    }

    #[test]
    fn method_id_and_params_are_required_and_of_their_types() {
        let good = call("CheckTransaction");
        let without_method = SentCall {
            method: Sent::Absent,
            ..good.clone()
        };
        let method_as_number = SentCall {
            method: Sent::Whole(1),
            ..good.clone()
        };
        let without_id = SentCall {
            id: Sent::Absent,
            ..good.clone()
        };
        let id_as_text = SentCall {
            id: text("7"),
            ..good.clone()
        };
        let null_id = SentCall {
            id: Sent::Other,
            ..good.clone()
        };
        let without_params = SentCall { params: None, ..good };

        for bad in [
            without_method,
            method_as_number,
            without_id,
            id_as_text,
            null_id,
            without_params,
        ] {
            assert_eq!(number(&request(bad.clone())), -32600, "{bad:?}");
        }
    }

    #[test]
    fn an_unknown_method_is_named() {
        for method in ["ChangePassword", "checktransaction", ""] {
            let read = request(call(method)).read();
            assert_eq!(read, Err(Fault::UnknownMethod(method.to_owned())));
        }
    }

    fn with(method: &str, change: impl FnOnce(&mut SentParams)) -> i64 {
        let mut params = params();
        change(&mut params);
        let call = SentCall {
            params: Some(params),
            ..call(method)
        };
        number(&request(call))
    }

    #[test]
    fn a_parameter_that_is_missing_or_of_another_type_is_a_bad_shape() {
        for method in &METHODS[1..5] {
            assert_eq!(with(method, |params| params.id = Sent::Absent), -32600, "{method}");
            assert_eq!(with(method, |params| params.id = Sent::Whole(5)), -32600, "{method}");
        }
        for method in &METHODS[..2] {
            assert_eq!(with(method, |params| params.amount = Sent::Absent), -32600, "{method}");
            assert_eq!(with(method, |params| params.amount = Sent::Other), 0, "{method}");
            let no_object = with(method, |params| params.account = SentAccount::NoObject);
            assert_eq!(no_object, -32600, "{method}");
            let junk = with(method, |params| params.account = SentAccount::Order(Sent::Other));
            assert_eq!(junk, 0, "{method}");
        }
    }

    #[test]
    fn ids_times_reasons_and_bounds_are_of_their_types() {
        assert_eq!(
            with("CreateTransaction", |params| params.time = text("1790000000000")),
            -32600
        );
        assert_eq!(with("CreateTransaction", |params| params.id = text("")), -32600);
        assert_eq!(
            with("CreateTransaction", |params| params.id = text(&"a".repeat(65))),
            -32600
        );
        assert_eq!(with("CancelTransaction", |params| params.reason = Sent::Absent), -32600);
        assert_eq!(with("CancelTransaction", |params| params.reason = text("3")), -32600);
        assert_eq!(with("CancelTransaction", |params| params.reason = Sent::Whole(-77)), 0);
        assert_eq!(with("GetStatement", |params| params.from = Sent::Absent), -32600);
        assert_eq!(with("GetStatement", |params| params.to = Sent::Other), -32600);
    }

    #[test]
    fn what_the_log_of_a_payment_calls_each_method() {
        let events = METHODS.map(|method| {
            let call = request(call(method)).read().unwrap();
            call.log_event().map(|event| event.to_string())
        });

        let expected = [
            None,
            Some("payme_create"),
            Some("payme_perform"),
            Some("payme_cancel"),
            None,
            None,
            Some("payme_fiscal"),
        ];
        assert_eq!(events, expected.map(|event| event.map(str::to_owned)));
    }
}
