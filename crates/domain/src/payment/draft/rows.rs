//! Single rows of a bill under change: each is changed in the copy, and an effect says so.

use crate::ids::{PaymentId, TransactionId};
use crate::order::MoneyStep;
use crate::payment::draft::Draft;
use crate::payment::effect::{Effect, NewPayment, TransactionStep, Which};
use crate::payment::machine::Mover;
use crate::payment::transaction::{Millis, Transaction, TransactionState};
use crate::payment::{LogEvent, PaymentState, Provider};

impl Draft {
    pub(super) fn drop_open_payments(&mut self, mover: Mover) {
        let open: Vec<PaymentId> = self
            .bill
            .payments
            .iter()
            .filter(|payment| payment.state.is_open())
            .map(|payment| payment.id)
            .collect();
        for id in open {
            self.move_payment(id, mover);
        }
    }

    /// What is paid is to go back: Click is asked for it, everybody else is paid back by hand or by Payme's own cancel.
    pub(super) fn request_refund(&mut self, provider: Provider, payment: Which<PaymentId>, by: Option<TransactionId>) {
        self.log(payment, LogEvent::RefundRequested);
        match (provider, by) {
            (Provider::Click, Some(id)) => self.traces.push(Effect::QueueReversal(id)),
            (Provider::Click, None) | (Provider::Payme | Provider::Cash, _) => {}
        }
    }

    pub(super) fn make_payment(
        &mut self,
        provider: Provider,
        state: PaymentState,
        event: LogEvent,
    ) -> Which<PaymentId> {
        self.rows.push(Effect::MakePayment(NewPayment {
            provider,
            state,
            amount: self.bill.order.total_price,
            is_late: false,
        }));
        self.log(Which::Made, event);
        Which::Made
    }

    pub(super) fn move_payment(&mut self, id: PaymentId, mover: Mover) {
        let Some(payment) = self.bill.payments.iter_mut().find(|payment| payment.id == id) else {
            return;
        };
        let Some(to) = payment.state.by(mover) else { return };
        let from = payment.state;
        payment.state = to;
        self.rows.push(Effect::MovePayment { id, from, to });
        let event = match to {
            PaymentState::Pending | PaymentState::Processing => return,
            PaymentState::Success => LogEvent::Completed,
            PaymentState::Failed => LogEvent::Failed,
            PaymentState::Cancelled => LogEvent::Cancelled,
            PaymentState::Refunded => LogEvent::Refunded,
        };
        self.log(Which::Known(id), event);
    }

    pub(super) fn move_transaction(
        &mut self,
        from: &Transaction,
        to: TransactionState,
        reason: Option<i64>,
        payment: Which<PaymentId>,
    ) {
        let at = Millis::of(self.now);
        if let Some(moved) = self
            .bill
            .transactions
            .iter_mut()
            .find(|transaction| transaction.id == from.id)
        {
            moved.set(to, reason, at);
        }
        self.rows.push(Effect::MoveTransaction(TransactionStep {
            id: from.id,
            from: from.state,
            to,
            reason,
            at,
            payment,
        }));
    }

    pub(super) fn move_money(&mut self, step: MoneyStep) {
        let money = &mut self.bill.order.payment_status;
        *money = money.by(step).unwrap_or(*money);
    }
}
