//! What a transaction leaves behind beside what it changes: steps of orders, entries of the audit log, rows of payments' logs, events with their
//! messages.
//!
//! Nobody reads them in the transaction that writes them. On PostgreSQL they are therefore written at its end, all in one statement, which saves a
//! round trip for each; and what their foreign keys lock, they lock last. A row that is refused there is refused at the end.

use chrono::NaiveDateTime;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamp};

use savdo_domain::coded::Coded as _;
use savdo_domain::dispatch::DispatchStatus;

use crate::database::Tx;
use crate::error::Error;

/// The rows of one table, column by column, as a statement of any number of rows takes them.
macro_rules! rows {
    ($(#[$about:meta])* $rows:ident of $row:ident { $($column:ident: $kind:ty = $value:ty,)+ }) => {
        /// One row.
        #[derive(Debug)]
        pub(crate) struct $row {
            $(pub(crate) $column: $value,)+
        }

        $(#[$about])*
        #[derive(Debug, Default)]
        pub(crate) struct $rows {
            count: usize,
            $($column: Vec<$value>,)+
        }

        impl $rows {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),+];

            /// Adds a row behind the others.
            pub(crate) fn push(&mut self, row: $row) {
                let $row { $($column,)+ } = row;
                self.count = self.count.saturating_add(1);
                $(self.$column.push($column);)+
            }

            const fn is_empty(&self) -> bool {
                self.count == 0
            }

            /// The rows, in their order, as a table called `new`.
            fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                let mut before = "unnest((SELECT ";
                $(
                    out.push_sql(before);
                    out.push_bind_param::<Array<$kind>, _>(&self.$column)?;
                    before = "), (SELECT ";
                )+
                let _ = before;
                out.push_sql(")) AS new (");
                names(out, Self::COLUMNS);
                out.push_sql(")");
                Ok(())
            }
        }
    };
}

rows! {
    /// Rows of `order_history`.
    Steps of Step {
        store_id: BigInt = i64,
        order_id: BigInt = i64,
        from_status: Text = &'static str,
        to_status: Text = &'static str,
        actor_id: Nullable<BigInt> = Option<i64>,
        source: Text = &'static str,
        comment: Text = String,
        created_at: Timestamp = NaiveDateTime,
    }
}

rows! {
    /// Rows of `audit_entries`.
    Entries of Entry {
        store_id: Nullable<BigInt> = Option<i64>,
        actor_id: Nullable<BigInt> = Option<i64>,
        actor_name: Text = String,
        action: Text = &'static str,
        subject_type: Text = &'static str,
        subject_id: BigInt = i64,
        description: Text = String,
        details: Text = String,
        ip: Text = String,
        user_agent: Text = String,
        request_id: Text = String,
        created_at: Timestamp = NaiveDateTime,
    }
}

rows! {
    /// Rows of `payment_logs`.
    Logs of Log {
        store_id: BigInt = i64,
        payment_id: BigInt = i64,
        event: Text = &'static str,
        request: Text = String,
        response: Text = String,
        error_message: Text = String,
        created_at: Timestamp = NaiveDateTime,
    }
}

rows! {
    /// Rows of `outbox`; one with a sink has a message in `outbox_dispatches` from the start, due at once.
    Events of ToldEvent {
        store_id: Nullable<BigInt> = Option<i64>,
        event: Text = &'static str,
        subject_type: Text = &'static str,
        subject_id: BigInt = i64,
        payload: Text = String,
        created_at: Timestamp = NaiveDateTime,
        sink: Nullable<Text> = Option<&'static str>,
    }
}

/// What a transaction of PostgreSQL has left behind so far.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    pub(crate) steps: Steps,
    pub(crate) entries: Entries,
    pub(crate) logs: Logs,
    pub(crate) events: Events,
}

impl Trail {
    const fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.entries.is_empty() && self.logs.is_empty() && self.events.is_empty()
    }
}

/// Writes what the transaction has left behind.
///
/// # Errors
/// A failed statement.
pub(crate) fn write(tx: &mut Tx<'_>) -> Result<(), Error> {
    let trail = match tx.trail() {
        Some(trail) if !trail.is_empty() => std::mem::take(trail),
        Some(_) | None => return Ok(()),
    };
    tx.on_postgres("trail_insert", |on| WriteTrail(&trail).execute(on))?;
    Ok(())
}

/// The transaction has its id before a row of it has its number, on which sealing and whoever reads events in their order rely: the number is
/// taken above the join that takes the id, and `OFFSET` keeps the planner from making one of the two.
pub(crate) const OWN: &str = "(SELECT pg_current_xact_id() AS id OFFSET 0) AS own";
/// Keeps the planner from leaving the id out.
pub(crate) const HAS_OWN: &str = " WHERE own.id IS NOT NULL";

/// One text for each choice of tables, whatever the number of rows.
struct WriteTrail<'a>(&'a Trail);

/// None of its type: the text is the key.
impl QueryId for WriteTrail<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for WriteTrail<'_> {}

impl QueryFragment<Pg> for WriteTrail<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Trail {
            steps,
            entries,
            logs,
            events,
        } = self.0;
        let mut before = "WITH ";
        if !steps.is_empty() {
            out.push_sql(before);
            out.push_sql("steps AS (INSERT INTO order_history (");
            names(&mut out, Steps::COLUMNS);
            out.push_sql(") SELECT new.* FROM ");
            steps.walk(&mut out)?;
            before = "), ";
        }
        if !entries.is_empty() {
            out.push_sql(before);
            out.push_sql("entries AS (INSERT INTO audit_entries (");
            names(&mut out, Entries::COLUMNS);
            out.push_sql(") SELECT new.* FROM ");
            out.push_sql(OWN);
            out.push_sql(", ");
            entries.walk(&mut out)?;
            out.push_sql(HAS_OWN);
            before = "), ";
        }
        if !logs.is_empty() {
            out.push_sql(before);
            out.push_sql("logs AS (INSERT INTO payment_logs (");
            names(&mut out, Logs::COLUMNS);
            out.push_sql(") SELECT new.* FROM ");
            logs.walk(&mut out)?;
            before = "), ";
        }
        if !events.is_empty() {
            out.push_sql(before);
            // Numbered before they are written, so that each message finds its event.
            out.push_sql(
                "told AS (SELECT nextval('outbox_id_seq') AS id, own.id::text::bigint AS transaction_id, new.* FROM ",
            );
            out.push_sql(OWN);
            out.push_sql(", ");
            events.walk(&mut out)?;
            out.push_sql(HAS_OWN);
            out.push_sql(
                "), events AS (INSERT INTO outbox (id, transaction_id, store_id, event, subject_type, subject_id, payload, created_at) \
                 SELECT id, transaction_id, store_id, event, subject_type, subject_id, payload, created_at FROM told\
                 ), messages AS (INSERT INTO outbox_dispatches \
                 (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at) \
                 SELECT id, sink, ",
            );
            out.push_bind_param::<Text, _>(DispatchStatus::Waiting.code())?;
            out.push_sql(", 0, created_at, '', '', created_at FROM told WHERE sink IS NOT NULL");
        }
        out.push_sql(") SELECT 1");
        Ok(())
    }
}

fn names(out: &mut AstPass<'_, '_, Pg>, columns: &[&'static str]) {
    let mut before = "";
    for column in columns {
        out.push_sql(before);
        out.push_sql(column);
        before = ", ";
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use chrono::{DateTime, Utc};
    use savdo_domain::ids::{OrderId, StoreId};
    use savdo_domain::order::{HistorySource, OrderStatus};

    use crate::audit::{self, NewAuditEntry};
    use crate::database::Tx;
    use crate::error::Error;
    use crate::on_both;
    use crate::orders::NewHistory;
    use crate::orders::write::insert_history;
    use crate::outbox::{self, NewEvent};
    use crate::testing::{Backend, TestDatabase, run};

    const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn entry(tx: &mut Tx<'_>, subject_id: i64) -> Result<(), Error> {
        let entry = NewAuditEntry {
            store_id: None,
            actor_id: None,
            actor_name: "Tizim".to_owned(),
            action: "update",
            subject_type: "store",
            subject_id,
            description: String::new(),
            details: String::new(),
            ip: String::new(),
            user_agent: String::new(),
            request_id: String::new(),
            created_at: AT,
        };
        audit::insert(tx, entry)
    }

    fn event(tx: &mut Tx<'_>, subject_id: i64, sink: Option<&'static str>) -> Result<(), Error> {
        let event = NewEvent {
            store_id: None,
            event: "order.paid",
            subject_type: "order",
            subject_id,
            payload: "{}".to_owned(),
            sink,
            created_at: AT,
        };
        outbox::tell(tx, event)
    }

    /// A step of an order that is not there.
    fn step(tx: &mut Tx<'_>) -> Result<(), Error> {
        let step = NewHistory {
            store_id: StoreId::new(1),
            order_id: OrderId::new(1),
            from: OrderStatus::AwaitingPayment,
            to: OrderStatus::Paid,
            actor_id: None,
            source: HistorySource::Payment,
            comment: "",
            at: AT,
        };
        insert_history(tx, &step)
    }

    on_both! {
        fn what_spoilt_the_transaction_is_told_and_not_what_came_of_it(database: TestDatabase) {
            let outcome: Result<(), Error> = database.write("trail", |tx| {
                entry(tx, 7)?;
                let spoilt = run(tx, "INSERT INTO nowhere VALUES (1)");
                assert!(spoilt.is_err());
                Ok(())
            });

            assert!(matches!(outcome, Err(Error::Statement { statement: "test_execute", .. })), "{outcome:?}");
        }

        fn what_is_left_behind_stands_in_its_order_and_each_message_by_its_event(database: TestDatabase) {
            let written: Result<(), Error> = database.write("trail", |tx| {
                event(tx, 1, Some("notices"))?;
                entry(tx, 7)?;
                event(tx, 2, None)?;
                event(tx, 3, Some("mail"))?;
                entry(tx, 8)
            });
            assert_eq!(written, Ok(()));
            let again: Result<(), Error> = database.write("trail", |tx| event(tx, 4, Some("mail")));
            assert_eq!(again, Ok(()));

            let events = "SELECT subject_id || ' ' || COALESCE(sink || ' ' || status || ' ' || attempts, '-') AS line FROM outbox \
                LEFT JOIN outbox_dispatches ON outbox_id = outbox.id ORDER BY outbox.id";
            assert_eq!(database.lines(events), ["1 notices waiting 0", "2 -", "3 mail waiting 0", "4 mail waiting 0"]);
            let entries = "SELECT CAST(subject_id AS TEXT) AS line FROM audit_entries ORDER BY id";
            assert_eq!(database.lines(entries), ["7", "8"]);
        }

        fn nothing_is_left_behind_by_what_was_refused(database: TestDatabase) {
            let refused: Result<(), Error> = database.write("trail", |tx| {
                event(tx, 1, Some("notices"))?;
                entry(tx, 7)?;
                Err(Error::StorageFull)
            });
            let of_no_order: Result<(), Error> = database.write("trail", |tx| {
                event(tx, 1, Some("notices"))?;
                step(tx)?;
                entry(tx, 7)
            });

            assert_eq!(refused, Err(Error::StorageFull));
            assert!(of_no_order.is_err());
            let left = "SELECT CAST(count(*) AS TEXT) AS line FROM (SELECT id FROM outbox UNION ALL SELECT id FROM audit_entries) AS both_of_them";
            assert_eq!(database.lines(left), ["0"]);
        }
    }

    #[test]
    fn events_are_numbered_by_the_sequence_of_their_table() {
        let database = TestDatabase::new(Backend::Postgres);

        let sequence =
            "SELECT (pg_get_serial_sequence('outbox', 'id')::regclass = 'outbox_id_seq'::regclass)::text AS line";

        assert_eq!(database.lines(sequence), ["true"]);
    }
}
