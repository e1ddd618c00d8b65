//! The floor: what the database does alone, asked for the same rows by a program that does nothing else.
//!
//! Of a flow that writes, `floor/postgres/<flow>.sql` executes the rows of our transaction, one prepared statement per step; that
//! they are the same rows, `check` proves. Of one that reads, the statements that the server itself sends are executed.

pub(crate) mod pgbench;
pub(crate) mod recorded;
pub(crate) mod sqlite;

use std::time::Duration;

use crate::figures::FloorMeasured;
use crate::flow::Flow;
use crate::meter::Meter;
use crate::stage::Stage;

/// What the database is asked by.
pub(crate) enum Floor {
    /// PostgreSQL, by its own program.
    Pgbench(pgbench::Pgbench),
    /// SQLite, by a loop of ours.
    Loop(sqlite::Loop),
}

impl Floor {
    /// A round of a flow; `None` where it has no floor.
    pub(crate) async fn round(
        &mut self,
        flow: Flow,
        stage: &mut Stage,
        meter: &Meter,
        wanted: Duration,
    ) -> anyhow::Result<Option<FloorMeasured>> {
        match self {
            Self::Pgbench(pgbench) => pgbench.round(flow, stage, meter, wanted).await,
            Self::Loop(floor) => floor.round(flow, stage, meter, wanted),
        }
    }
}

/// The steps of a flow that writes; `None` of one that reads.
pub(crate) const fn script(flow: Flow) -> Option<&'static str> {
    match flow {
        Flow::CartAdd => Some(include_str!("../../floor/postgres/cart_add.sql")),
        Flow::Checkout => Some(include_str!("../../floor/postgres/checkout.sql")),
        Flow::StatusChange => Some(include_str!("../../floor/postgres/status_change.sql")),
        Flow::Sale => Some(include_str!("../../floor/postgres/sale.sql")),
        Flow::MovementIn => Some(include_str!("../../floor/postgres/movement_in.sql")),
        Flow::PaymeCreate => Some(include_str!("../../floor/postgres/payme_create.sql")),
        Flow::PaymePerform => Some(include_str!("../../floor/postgres/payme_perform.sql")),
        Flow::ClickPrepare => Some(include_str!("../../floor/postgres/click_prepare.sql")),
        Flow::ClickComplete => Some(include_str!("../../floor/postgres/click_complete.sql")),
        Flow::LogIn | Flow::Page | Flow::Pages | Flow::Search | Flow::Product | Flow::OwnOrders | Flow::SalesList => {
            None
        }
    }
}

/// Whether a flow only reads.
pub(crate) const fn only_reads(flow: Flow) -> bool {
    match flow {
        Flow::Page | Flow::Pages | Flow::Search | Flow::Product | Flow::OwnOrders | Flow::SalesList => true,
        Flow::LogIn
        | Flow::CartAdd
        | Flow::Checkout
        | Flow::StatusChange
        | Flow::Sale
        | Flow::MovementIn
        | Flow::PaymeCreate
        | Flow::PaymePerform
        | Flow::ClickPrepare
        | Flow::ClickComplete => false,
    }
}
