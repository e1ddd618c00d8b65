//! Click, as it calls (payments.md 3).

use anyhow::Context as _;
use savdo_domain::Money;
use savdo_domain::payment::click::{ClickDesk, Signed};
use savdo_domain::zone::Zone;
use serde_json::{Value, json};

use super::asking::{Call, Line};
use super::{Bought, Scenario, Simulation, drawn};

const PREPARE: &str = "/api/v1/payments/click/prepare/";
const COMPLETE: &str = "/api/v1/payments/click/complete/";
/// A payment that Click gave up, as its documentation has it.
const FAILED: i64 = -5017;

/// Click, and what it knows of a payment.
struct Click<'a> {
    simulation: &'a Simulation<'a>,
    desk: &'a ClickDesk,
    bought: &'a Bought,
    /// What Click calls the attempt: ten digits.
    trans_id: String,
    line: Line<'a>,
}

pub(super) fn play<'a>(
    simulation: &'a Simulation<'a>,
    desk: &'a ClickDesk,
    bought: &'a Bought,
    line: Line<'a>,
) -> anyhow::Result<()> {
    let mut click = Click {
        simulation,
        desk,
        bought,
        trans_id: format!("3{:09}", u32::from_be_bytes(drawn()?) >> 3),
        line,
    };
    match simulation.scenario {
        Scenario::Pay => click.pay(false),
        Scenario::Repeat => click.pay(true),
        Scenario::CancelBefore => click.cancel_before(),
        Scenario::CancelAfter => click.cancel_after(),
        Scenario::Timeout => click.time_out(),
        Scenario::WrongAmount => click.name_another_amount(),
    }
}

impl Click<'_> {
    fn pay(&mut self, is_repeating: bool) -> anyhow::Result<()> {
        let prepare_id = self.prepare(is_repeating)?;
        self.complete((&prepare_id, self.bought.amount), 0, &json!({ "error": 0 }))?;
        if is_repeating {
            self.complete((&prepare_id, self.bought.amount), 0, &json!({ "error": -4 }))?;
        }
        Ok(())
    }

    fn cancel_before(&mut self) -> anyhow::Result<()> {
        let prepare_id = self.prepare(false)?;
        let given_up = json!({ "error": -9 });
        self.complete((&prepare_id, self.bought.amount), FAILED, &given_up)?;
        self.complete((&prepare_id, self.bought.amount), 0, &given_up)
    }

    /// The order stays paid: people are told to ask Click.
    fn cancel_after(&mut self) -> anyhow::Result<()> {
        let prepare_id = self.prepare(false)?;
        self.complete((&prepare_id, self.bought.amount), 0, &json!({ "error": 0 }))?;
        self.complete((&prepare_id, self.bought.amount), FAILED, &json!({ "error": -9 }))
    }

    /// Nothing follows; the worker lets go of the order then.
    fn time_out(&mut self) -> anyhow::Result<()> {
        self.prepare(false)?;
        let minutes = self.simulation.context.desks()?.click_holds_for.num_minutes();
        self.line
            .say(&format!("(nothing more; the attempt ends in {minutes} minutes)"))?;
        Ok(())
    }

    fn name_another_amount(&mut self) -> anyhow::Result<()> {
        let amount = self.bought.wrong_amount();
        let fields = self.fields("0", "", amount, 0);
        self.line
            .expect((PREPARE, "Prepare"), &Call::Form(&fields), &json!({ "error": -2 }))?;
        Ok(())
    }

    /// Prepares; what we call the attempt.
    fn prepare(&mut self, is_repeating: bool) -> anyhow::Result<String> {
        let fields = self.fields("0", "", self.bought.amount, 0);
        let (of, call, done) = ((PREPARE, "Prepare"), Call::Form(&fields), json!({ "error": 0 }));
        let text = if is_repeating {
            self.line.expect_twice(of, &call, &done)
        } else {
            self.line.expect(of, &call, &done)
        }?;
        let answer: Value = serde_json::from_str(&text)?;
        let id = answer.get("merchant_prepare_id").and_then(Value::as_i64);
        Ok(id
            .context("Prepare was answered without merchant_prepare_id")?
            .to_string())
    }

    fn complete(&mut self, (prepare_id, amount): (&str, Money), error: i64, expected: &Value) -> anyhow::Result<()> {
        let fields = self.fields("1", prepare_id, amount, error);
        self.line
            .expect((COMPLETE, "Complete"), &Call::Form(&fields), expected)?;
        Ok(())
    }

    fn fields(&self, action: &str, prepare_id: &str, amount: Money, error: i64) -> Vec<(&'static str, String)> {
        let (order, amount) = (self.bought.order_id.to_string(), amount.to_string());
        // `YYYY-MM-DD HH:mm:ss`, by the clock of Tashkent.
        let now = Zone::default().write(self.simulation.context.now());
        let sign_time = now.get(..19).unwrap_or_default().replace('T', " ");
        let signed = Signed {
            click_trans_id: &self.trans_id,
            service_id: &self.desk.service_id,
            merchant_trans_id: &order,
            merchant_prepare_id: prepare_id,
            amount: &amount,
            action,
            sign_time: &sign_time,
        };
        let sign_string = signed.signature(&self.desk.desk.secrets.live);
        let error_note = if error == 0 { "Success" } else { "Payment cancelled" };
        let mut fields = vec![
            ("click_trans_id", self.trans_id.clone()),
            ("service_id", self.desk.service_id.clone()),
            ("click_paydoc_id", self.trans_id.clone()),
            ("merchant_trans_id", order),
            ("amount", amount),
            ("action", action.to_owned()),
            ("error", error.to_string()),
            ("error_note", error_note.to_owned()),
            ("sign_time", sign_time),
            ("sign_string", sign_string),
        ];
        if !prepare_id.is_empty() {
            fields.push(("merchant_prepare_id", prepare_id.to_owned()));
        }
        fields
    }
}
