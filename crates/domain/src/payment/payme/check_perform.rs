//! CheckPerformTransaction: may this order be paid? A pure read that reserves nothing (contract 2.4).

use chrono::{DateTime, Utc};

use crate::ids::OrderId;
use crate::money::Money;
use crate::payment::bill::{Bill, NotPayable};
use crate::payment::draft::Draft;
use crate::payment::effect::Decision;
use crate::payment::payme::{AccountFault, Answer, Decided, Fault};

/// CheckPerformTransaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckPerform {
    /// How much; `None` for what is no amount.
    pub amount: Option<Money>,
    /// The order that `account` names.
    pub order: Result<OrderId, AccountFault>,
}

impl CheckPerform {
    /// Judges the call by the bill of the order that `account` names, `None` where this desk has no such order.
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Decided {
        Decision::only(self.judge(bill, now).map(|()| Answer::Allowed))
    }

    /// Account, then the state of the order, then the amount.
    fn judge(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Result<(), Fault> {
        let bill = account(&self.order, bill).map_err(Fault::Account)?;
        let draft = Draft::new(bill, now);
        payable(draft.bill(), now).map_err(Fault::Account)?;
        if draft.bill().holder().is_some() {
            return Err(Fault::Account(AccountFault::InProgress));
        }
        check_amount(self.amount, bill)
    }
}

/// The bill of the order that `account` names.
pub(super) fn account<'a>(
    order: &Result<OrderId, AccountFault>,
    bill: Option<&'a Bill>,
) -> Result<&'a Bill, AccountFault> {
    let order_id = (*order)?;
    bill.filter(|bill| bill.order_id == order_id)
        .ok_or(AccountFault::NotFound)
}

/// Whether the order takes an online payment, in Payme's words.
pub(super) fn payable(bill: &Bill, now: DateTime<Utc>) -> Result<(), AccountFault> {
    bill.check_payable(now).map_err(|not_payable| match not_payable {
        NotPayable::Paid => AccountFault::Paid,
        NotPayable::Cancelled | NotPayable::Cash | NotPayable::NotYet | NotPayable::Expired => AccountFault::NotPayable,
    })
}

/// The amount is the order's to the tiyin.
pub(super) fn check_amount(amount: Option<Money>, bill: &Bill) -> Result<(), Fault> {
    if amount == Some(bill.order.total_price) {
        Ok(())
    } else {
        Err(Fault::WrongAmount)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::CheckPerform;
    use crate::ids::OrderId;
    use crate::money::Money;
    use crate::order::{OrderStatus, PaymentMethod, PaymentStatus};
    use crate::payment::bill::Bill;
    use crate::payment::book::{NOW, TOTAL, awaiting, cancelled, click_open, paid, payme_open};
    use crate::payment::payme::AccountFault;
    use crate::payment::transaction::Millis;

    fn ask(bill: Option<&Bill>, order: Result<i64, AccountFault>, amount: Option<Money>) -> i64 {
        let call = CheckPerform {
            amount,
            order: order.map(OrderId::new),
        };
        let decision = call.decide(bill, NOW);
        assert!(decision.effects.is_empty(), "a check changes nothing");
        decision.answer.map_or_else(|fault| fault.number(), |_| 0)
    }

    fn of(bill: &Bill) -> i64 {
        ask(Some(bill), Ok(1001), Some(TOTAL))
    }

    #[test]
    fn an_order_that_awaits_its_payment_is_allowed() {
        assert_eq!(of(&awaiting()), 0);
    }

    #[test]
    fn an_unknown_or_malformed_account_comes_first() {
        assert_eq!(ask(None, Ok(1001), None), -31050);
        assert_eq!(ask(Some(&paid()), Ok(1002), None), -31050);
        assert_eq!(ask(Some(&paid()), Err(AccountFault::Malformed), None), -31054);
    }

    #[test]
    fn the_state_of_the_order_comes_before_the_amount() {
        assert_eq!(ask(Some(&paid()), Ok(1001), None), -31051);
        assert_eq!(ask(Some(&cancelled()), Ok(1001), None), -31052);
        assert_eq!(ask(Some(&payme_open()), Ok(1001), None), -31053);
        assert_eq!(ask(Some(&awaiting()), Ok(1001), None), -31001);
    }

    #[test]
    fn an_order_in_cash_waiting_for_a_prescription_or_expired_is_not_payable() {
        let mut cash = awaiting();
        cash.order.payment_method = PaymentMethod::Cash;
        let mut waiting = awaiting();
        waiting.order.status = OrderStatus::AwaitingPrescription;
        let mut expired = awaiting();
        expired.expires_at = Some(NOW - TimeDelta::milliseconds(1));
        let mut last_moment = awaiting();
        last_moment.expires_at = Some(NOW);

        assert_eq!(
            [cash, waiting, expired, last_moment].map(|bill| of(&bill)),
            [-31052, -31052, -31052, 0]
        );
    }

    #[test]
    fn an_order_that_was_paid_and_goes_on_is_paid() {
        for status in [
            OrderStatus::Preparing,
            OrderStatus::ReadyForDelivery,
            OrderStatus::OnTheWay,
            OrderStatus::Delivered,
        ] {
            let mut bill = paid();
            bill.order.status = status;
            assert_eq!(of(&bill), -31051, "{status}");
        }
        let mut refunded = cancelled();
        refunded.order.payment_status = PaymentStatus::Refunded;
        assert_eq!(of(&refunded), -31052);
    }

    #[test]
    fn an_order_that_any_provider_holds_is_in_progress_until_that_time_is_over() {
        assert_eq!([payme_open(), click_open()].map(|bill| of(&bill)), [-31053, -31053]);

        let overdue = [payme_open(), click_open()].map(|mut bill| {
            let open = &mut bill.transactions[0];
            open.open_until = Millis::new(1);
            of(&bill)
        });
        assert_eq!(overdue, [0, 0]);
    }

    #[test]
    fn the_amount_is_the_total_to_the_tiyin_at_both_edges() {
        for total in [Money::from_tiyin(1), TOTAL, Money::MAX_TOTAL] {
            let mut bill = awaiting();
            bill.order.total_price = total;
            let beside = [-1, 1].map(|step| Money::from_tiyin(total.tiyin() + step));

            assert_eq!(ask(Some(&bill), Ok(1001), Some(total)), 0);
            assert_eq!(
                beside.map(|amount| ask(Some(&bill), Ok(1001), Some(amount))),
                [-31001; 2]
            );
        }
    }
}
