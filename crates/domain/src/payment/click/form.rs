//! A call of Click as it was sent, and the first half of its judging order: required fields (-8), signature (-1), service (-8), action (-3).

use std::collections::BTreeMap;

use subtle::Choice;

use crate::coded::Coded;
use crate::coded_enum;
use crate::ids::{OrderId, TransactionId};
use crate::money::Money;
use crate::payment::click::{ClickDesk, Code, Complete, Prepare, Signed};
use crate::payment::desk::Environment;
use crate::payment::digits;

coded_enum! {
    /// A field that is looked at; any other is ignored.
    pub enum Field {
        /// One for each attempt: a 64-bit number.
        ClickTransId = "click_trans_id",
        /// The desk.
        ServiceId = "service_id",
        /// The number that the payer sees.
        ClickPaydocId = "click_paydoc_id",
        /// Our order.
        MerchantTransId = "merchant_trans_id",
        /// Ours, from Prepare.
        MerchantPrepareId = "merchant_prepare_id",
        /// So'm.
        Amount = "amount",
        /// 0 Prepare, 1 Complete.
        Action = "action",
        /// 0, or below zero for a failure.
        Error = "error",
        /// What Click says of it, which decides nothing.
        ErrorNote = "error_note",
        /// When it was signed, as text.
        SignTime = "sign_time",
        /// The signature.
        SignString = "sign_string",
    }
}

/// The fields of a call, decoded but otherwise as they were sent; a number of JSON is its source text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: BTreeMap<Field, String>,
    has_one_twice: bool,
}

/// What a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// 0: may the order be paid?
    Prepare,
    /// 1: the money was taken, or could not be.
    Complete,
}

/// A call whose signature, service and action fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Action 0.
    Prepare(Prepare),
    /// Action 1.
    Complete(Complete),
}

impl Form {
    /// Takes in names and values in their order.
    #[must_use]
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if let Some(field) = Field::from_code(name) {
                let earlier = form.fields.insert(field, value.to_owned());
                form.has_one_twice |= earlier.is_some();
            }
        }
        form
    }

    /// `click_trans_id` for the answer, where it can be read.
    #[must_use]
    pub fn click_trans_id(&self) -> Option<i64> {
        self.get(Field::ClickTransId).and_then(digits::whole)
    }

    /// `merchant_trans_id` for the answer, as it was sent.
    #[must_use]
    pub fn merchant_trans_id(&self) -> Option<&str> {
        self.get(Field::MerchantTransId)
    }

    /// The order that it names, where that can be one's number.
    #[must_use]
    pub fn order(&self) -> Option<OrderId> {
        self.merchant_trans_id().and_then(digits::order)
    }

    /// What it asks for, if it says so: Prepare is answered with a `merchant_prepare_id`, Complete with a `merchant_confirm_id`.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        match self.get(Field::Action) {
            Some("0") => Some(Action::Prepare),
            Some("1") => Some(Action::Complete),
            Some(_) | None => None,
        }
    }

    /// Whether it says that money was taken: no code fits a failure of ours then.
    #[must_use]
    pub fn tells_of_money(&self) -> bool {
        let error = self.get(Field::Error).and_then(digits::whole);
        self.action() == Some(Action::Complete) && error == Some(0)
    }

    /// The call, and the desk that its service names. The secret of the default desk judges the signature for a service that no desk has.
    ///
    /// # Errors
    /// The first that applies: [`Code::BadRequest`], [`Code::BadSignature`], [`Code::BadRequest`] for a service that is not ours,
    /// [`Code::UnknownAction`].
    pub fn judge<'d>(&self, desks: &'d [ClickDesk], environment: Environment) -> Result<(Call, &'d ClickDesk), Code> {
        let sent = self.required().ok_or(Code::BadRequest)?;
        let own = desks.iter().find(|desk| desk.service_id == sent.service_id);
        let default = || desks.iter().find(|desk| desk.desk.store_id.is_none());
        let judging = own.or_else(default).filter(|desk| desk.desk.is_on(environment));
        if !judging.is_some_and(|desk| self.is_signed_by(desk)) {
            return Err(Code::BadSignature);
        }
        let desk = own.ok_or(Code::BadRequest)?;
        match self.action() {
            Some(Action::Prepare) => Ok((Call::Prepare(sent.prepare()), desk)),
            Some(Action::Complete) => Ok((Call::Complete(self.complete(&sent)), desk)),
            None => Err(Code::UnknownAction),
        }
    }

    fn get(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    /// Fields that must be there, with those that are numbers read; Complete needs the number of its Prepare too.
    fn required(&self) -> Option<Required<'_>> {
        if self.has_one_twice || self.get(Field::SignString).is_none() || self.get(Field::SignTime).is_none() {
            return None;
        }
        if self.action() == Some(Action::Complete) && self.get(Field::MerchantPrepareId).is_none() {
            return None;
        }
        let paydoc_id = match self.get(Field::ClickPaydocId) {
            None | Some("") => None,
            Some(text) => Some(digits::whole(text)?),
        };
        self.get(Field::Action)?;
        Some(Required {
            click_trans_id: self.click_trans_id()?,
            service_id: self.get(Field::ServiceId)?,
            paydoc_id,
            merchant_trans_id: self.get(Field::MerchantTransId)?,
            amount: self.get(Field::Amount)?,
            error: self
                .get(Field::Error)
                .and_then(digits::whole)
                .filter(|error| *error <= 0)?,
        })
    }

    fn complete(&self, sent: &Required<'_>) -> Complete {
        let prepare_id = self.get(Field::MerchantPrepareId).and_then(digits::whole);
        Complete {
            click_trans_id: sent.click_trans_id,
            paydoc_id: sent.paydoc_id,
            order: digits::order(sent.merchant_trans_id),
            prepare_id: prepare_id.map(TransactionId::new),
            amount: sent.amount(),
            error: sent.error,
        }
    }

    /// Whether either secret of the desk made the signature. An unknown action may be signed with the number of a Prepare or without:
    /// nothing but an error follows.
    fn is_signed_by(&self, desk: &ClickDesk) -> bool {
        let signature = self.get(Field::SignString).unwrap_or_default().as_bytes();
        let prepare_id = self.get(Field::MerchantPrepareId).unwrap_or_default();
        let by = |prepare_id| {
            let signed = self.signed(prepare_id);
            desk.desk
                .secrets
                .prove(signature, |secret| signed.by(secret).into_bytes())
        };
        let is_right: Choice = match self.action() {
            Some(Action::Prepare) => by(""),
            Some(Action::Complete) => by(prepare_id),
            None => by("") | by(prepare_id),
        };
        is_right.into()
    }

    fn signed<'a>(&'a self, merchant_prepare_id: &'a str) -> Signed<'a> {
        let text = |field| self.get(field).unwrap_or_default();
        Signed {
            click_trans_id: text(Field::ClickTransId),
            service_id: text(Field::ServiceId),
            merchant_trans_id: text(Field::MerchantTransId),
            merchant_prepare_id,
            amount: text(Field::Amount),
            action: text(Field::Action),
            sign_time: text(Field::SignTime),
        }
    }
}

/// What every call has.
struct Required<'a> {
    click_trans_id: i64,
    service_id: &'a str,
    paydoc_id: Option<i64>,
    merchant_trans_id: &'a str,
    amount: &'a str,
    error: i64,
}

impl Required<'_> {
    fn prepare(&self) -> Prepare {
        Prepare {
            click_trans_id: self.click_trans_id,
            paydoc_id: self.paydoc_id,
            order: digits::order(self.merchant_trans_id),
            amount: self.amount(),
            error: self.error,
        }
    }

    /// The amount: so'm with at most two decimals; anything else is no order's.
    fn amount(&self) -> Option<Money> {
        Money::parse(self.amount).ok()
    }
}
