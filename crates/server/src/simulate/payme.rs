//! Payme, as it calls (payments.md 2).

use std::time::Duration;

use chrono::TimeDelta;
use savdo_domain::Money;
use savdo_domain::payment::payme::PaymeDesk;
use serde_json::{Value, json};

use super::asking::{Call, Line};
use super::{Bought, Scenario, Simulation, drawn};

const PATH: &str = "/api/v1/payments/payme/";
/// How long before its end a transaction is opened that is to time out.
const LEFT: TimeDelta = TimeDelta::seconds(2);

/// Payme, and what it knows of a payment.
struct Payme<'a> {
    simulation: &'a Simulation<'a>,
    bought: &'a Bought,
    credential: String,
    account_field: &'a str,
    /// What Payme calls the transaction: 24 hexadecimal digits.
    id: String,
    /// The number of the last call.
    number: u32,
    line: Line<'a>,
}

pub(super) fn play<'a>(
    simulation: &'a Simulation<'a>,
    desk: &'a PaymeDesk,
    bought: &'a Bought,
    line: Line<'a>,
) -> anyhow::Result<()> {
    let mut payme = Payme {
        simulation,
        bought,
        credential: desk.credential(),
        account_field: &desk.account_field,
        id: drawn::<12>()?.iter().map(|byte| format!("{byte:02x}")).collect(),
        number: 0,
        line,
    };
    match simulation.scenario {
        Scenario::Pay => payme.pay(false),
        Scenario::Repeat => payme.pay(true),
        Scenario::CancelBefore => payme.cancel_before(),
        Scenario::CancelAfter => payme.cancel_after(),
        Scenario::Timeout => payme.time_out(),
        Scenario::WrongAmount => payme.name_another_amount(),
    }
}

impl Payme<'_> {
    fn pay(&mut self, is_repeating: bool) -> anyhow::Result<()> {
        let times = if is_repeating { 2 } else { 1 };
        self.check_perform(self.bought.amount, &allowed())?;
        let create = self.creating(TimeDelta::zero(), self.bought.amount);
        self.call("CreateTransaction", create, &in_state(1), times)?;
        let performed = self.call("PerformTransaction", json!({ "id": self.id }), &in_state(2), times)?;
        self.set_fiscal(&performed, times)?;
        self.check(&json!({ "result": { "state": 2, "reason": null } }))
    }

    fn cancel_before(&mut self) -> anyhow::Result<()> {
        self.check_perform(self.bought.amount, &allowed())?;
        let create = self.creating(TimeDelta::zero(), self.bought.amount);
        self.call("CreateTransaction", create, &in_state(1), 1)?;
        let debit_failed = json!({ "id": self.id, "reason": 2 });
        self.call("CancelTransaction", debit_failed, &in_state(-1), 1)?;
        self.call("PerformTransaction", json!({ "id": self.id }), &fault(-31008), 1)?;
        self.check(&json!({ "result": { "state": -1, "reason": 2 } }))
    }

    fn cancel_after(&mut self) -> anyhow::Result<()> {
        self.pay(false)?;
        let refund = json!({ "id": self.id, "reason": 5 });
        self.call("CancelTransaction", refund, &in_state(-2), 2)?;
        self.check(&json!({ "result": { "state": -2, "reason": 5 } }))
    }

    /// Payme opens it almost 12 hours ago, and performs it too late.
    fn time_out(&mut self) -> anyhow::Result<()> {
        self.check_perform(self.bought.amount, &allowed())?;
        let create = self.creating(TimeDelta::hours(12) - LEFT, self.bought.amount);
        self.call("CreateTransaction", create, &in_state(1), 1)?;
        self.line.say("(its 12 hours end)")?;
        let wait = (LEFT + TimeDelta::seconds(1)).to_std().unwrap_or(Duration::ZERO);
        (self.simulation.wait)(wait);
        self.call("PerformTransaction", json!({ "id": self.id }), &fault(-31008), 1)?;
        self.check(&json!({ "result": { "state": -1, "reason": 4 } }))
    }

    fn name_another_amount(&mut self) -> anyhow::Result<()> {
        let amount = self.bought.wrong_amount();
        self.check_perform(amount, &fault(-31001))?;
        let create = self.creating(TimeDelta::zero(), amount);
        self.call("CreateTransaction", create, &fault(-31001), 1)?;
        self.check(&fault(-31003))
    }

    fn check_perform(&mut self, amount: Money, expected: &Value) -> anyhow::Result<()> {
        let params = json!({ "amount": amount.tiyin(), "account": self.account() });
        self.call("CheckPerformTransaction", params, expected, 1)?;
        Ok(())
    }

    fn check(&mut self, expected: &Value) -> anyhow::Result<()> {
        self.call("CheckTransaction", json!({ "id": self.id }), expected, 1)?;
        Ok(())
    }

    /// A receipt of nobody's: its terminal does not exist.
    fn set_fiscal(&mut self, performed: &Value, times: u32) -> anyhow::Result<()> {
        let receipt = performed.pointer("/result/transaction").cloned().unwrap_or_default();
        let at = self.simulation.context.now().format("%Y%m%d%H%M%S").to_string();
        let params = json!({ "id": self.id, "type": "PERFORM", "fiscal_data": {
            "receipt_id": receipt, "status_code": 0, "message": "accepted", "terminal_id": "EP000000000000",
            "fiscal_sign": "000000000000", "date": at,
        } });
        let kept = json!({ "result": { "success": true } });
        self.call("SetFiscalData", params, &kept, times)?;
        Ok(())
    }

    fn creating(&self, ago: TimeDelta, amount: Money) -> Value {
        let time = self.simulation.context.now() - ago;
        json!({ "id": self.id, "time": time.timestamp_millis(), "amount": amount.tiyin(), "account": self.account() })
    }

    fn account(&self) -> Value {
        json!({ self.account_field: self.bought.order_id.to_string() })
    }

    fn call(&mut self, method: &str, params: Value, expected: &Value, times: u32) -> anyhow::Result<Value> {
        self.number = self.number.saturating_add(1);
        let body = json!({ "jsonrpc": "2.0", "id": self.number, "method": method, "params": params });
        let call = Call::Json {
            authorization: &self.credential,
            body: &body,
        };
        let text = match times {
            2 => self.line.expect_twice((PATH, method), &call, expected),
            _ => self.line.expect((PATH, method), &call, expected),
        }?;
        Ok(serde_json::from_str(&text)?)
    }
}

fn allowed() -> Value {
    json!({ "result": { "allow": true } })
}

fn in_state(state: i64) -> Value {
    json!({ "result": { "state": state } })
}

fn fault(number: i64) -> Value {
    json!({ "error": { "code": number } })
}
