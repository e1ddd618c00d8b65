//! The one way in which the worker asks Click: each call is timed, and whether Click answers is kept in mind.
//!
//! A log-in that it refuses is an answer: the secret of one desk must not stop the others.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::dispatch::Outcome;
use savdo_domain::ids::OrderId;
use savdo_domain::payment::Provider;
use savdo_domain::payment::click::{ClickDesk, FiscalSale};

use super::{Runner, Sink};
use crate::gateways::{AskedPayment, ClickGateway, Clicked, Reversal, Submission};
use crate::metrics::{Direction, ProviderCall};

/// Click as the worker asks it.
pub(super) struct Watched<'a>(&'a Runner);

impl Runner {
    /// Click, watched.
    pub(super) const fn click(&self) -> Watched<'_> {
        Watched(self)
    }
}

impl Watched<'_> {
    fn ask<Told>(&self, method: &'static str, call: impl FnOnce(&dyn ClickGateway) -> Clicked<Told>) -> Clicked<Told> {
        let Self(runner) = self;
        let began = Instant::now();
        let heard = call(runner.gateways.click.as_ref());
        let (code, outcome) = match &heard {
            Clicked::Told(_) => (0, Outcome::Sent),
            Clicked::LogInRefused { .. } => (401, Outcome::Sent),
            Clicked::NotNow { why, after } => {
                let (why, after) = (why.clone(), *after);
                (503, Outcome::Retry { why, after })
            }
            Clicked::Unknown { why } => (504, Outcome::Unknown { why: why.clone() }),
        };
        let call = ProviderCall {
            provider: Provider::Click,
            direction: Direction::Out,
            method,
            code,
        };
        runner.context.provider_called(call, began.elapsed());
        runner.note(Sink::Click, &outcome, runner.context.now());
        heard
    }
}

impl ClickGateway for Watched<'_> {
    fn status(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<AskedPayment> {
        self.ask("status", |click| click.status(desk, payment_id, now))
    }

    fn status_by_order(
        &self,
        desk: &ClickDesk,
        order: (OrderId, NaiveDate),
        now: DateTime<Utc>,
    ) -> Clicked<AskedPayment> {
        self.ask("status_by_order", |click| click.status_by_order(desk, order, now))
    }

    fn reverse(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<Reversal> {
        self.ask("reversal", |click| click.reverse(desk, payment_id, now))
    }

    fn submit_items(
        &self,
        desk: &ClickDesk,
        payment_id: i64,
        sale: &FiscalSale,
        now: DateTime<Utc>,
    ) -> Clicked<Submission> {
        self.ask("submit_items", |click| click.submit_items(desk, payment_id, sale, now))
    }

    fn receipt(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<Option<String>> {
        self.ask("receipt", |click| click.receipt(desk, payment_id, now))
    }
}
