//! A row of each table that is written in bulk, column by column as the migrations describe them; columns that such a row leaves
//! empty are left out.

#![expect(missing_docs, reason = "the columns of the migrations, under their names")]

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::number;
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::{
    audit_entries, deliveries, delivery_history, order_history, order_lines, orders, outbox, outbox_dispatches,
    payments, sale_lines, sales, shifts, stock_batches, stock_levels, stock_movement_parts, stock_movements,
};

/// How many rows SQLite takes in one statement: 32766 values at the most.
const ROWS: usize = 500;

/// Makes the row of each table, and what holds rows of all of them; a table comes after those that its rows point at.
macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident: $row:ident { $($column:ident: $type:ty),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Insertable)]
            #[diesel(table_name = $table, treat_none_as_default_value = false)]
            pub struct $row {
                pub id: i64,
                $(pub $column: $type,)+
            }
        )+

        /// Rows that were made and are not written yet.
        #[derive(Debug, Default)]
        pub struct Rows {
            $(pub $table: Vec<$row>,)+
        }

        /// The id of the next row of each table.
        #[derive(Debug, Clone)]
        pub struct NextIds {
            $(pub $table: i64,)+
        }

        impl Rows {
            /// Writes all of them, and forgets them.
            ///
            /// # Errors
            /// A failed statement.
            pub fn write(&mut self, tx: &mut Tx<'_>) -> Result<(), Error> {
                $(
                    let rows = std::mem::take(&mut self.$table);
                    if !rows.is_empty() {
                        tx.statement(concat!(stringify!($table), "_bulk"), |on| match on {
                            AnyConnection::Postgres(on) => {
                                diesel::copy_from($table::table).from_insertable(&rows).execute(on)
                            }
                            AnyConnection::Sqlite(on) => rows.chunks(ROWS).try_fold(0, |written, some| {
                                Ok(written + diesel::insert_into($table::table).values(some).execute(on)?)
                            }),
                        })?;
                    }
                )+
                Ok(())
            }

            /// Forgets all of them.
            pub fn forget(&mut self) {
                $(self.$table.clear();)+
            }
        }

        impl NextIds {
            /// Those of the database. Rows of all stores share them, hence unscoped.
            ///
            /// # Errors
            /// A failed statement.
            pub fn find_unscoped(tx: &mut Tx<'_>) -> Result<Self, Error> {
                Ok(Self {
                    $($table: number(
                        tx,
                        "bulk_next_id",
                        concat!("SELECT COALESCE(MAX(id), 0) + 1 AS number FROM ", stringify!($table)),
                    )?,)+
                })
            }

            /// Has PostgreSQL go on where these ended; SQLite does so by itself.
            ///
            /// # Errors
            /// A failed statement.
            pub fn leave_unscoped(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
                $(
                    super::numbers::leave(tx, stringify!($table), self.$table)?;
                )+
                Ok(())
            }
        }
    };
}

tables! {
    /// A shift that is closed.
    shifts: ShiftRow {
        store_id: i64, branch_id: i64, status: &'static str, opened_by: i64, closed_by: Option<i64>, cash_start: i64,
        cash_end: Option<i64>, z_report: String, description: &'static str, day: NaiveDate, opened_at: NaiveDateTime,
        closed_at: Option<NaiveDateTime>,
    }
    /// A sale, as it stands in the end.
    sales: SaleRow {
        store_id: i64, number: i64, branch_id: i64, worker_id: i64, shift_id: Option<i64>, payment_type: &'static str,
        total_price: i64, discount_amount: i64, net_total: i64, cash_amount: i64, card_amount: i64, debt_amount: i64,
        returned_amount: i64, status: &'static str, description: &'static str, sold_at: NaiveDateTime, day: NaiveDate,
        cancelled_at: Option<NaiveDateTime>, cancelled_by: Option<i64>, cancel_reason: &'static str, refund_cash: i64,
        refund_card: i64, refund_debt: i64, created_at: NaiveDateTime, cancel_shift_id: Option<i64>,
    }
    /// A line of a sale.
    sale_lines: SaleLineRow {
        store_id: i64, sale_id: i64, line_number: i64, product_id: i64, product_name: String, quantity: i64,
        original_price: i64, discount_percent: i64, discount_per_unit: i64, discount_source: &'static str,
        currency_id: i64, line_total: i64, total_price: i64, cost: i64, returned_quantity: i64, unit: &'static str,
    }
    /// An order, as it stands in the end.
    orders: OrderRow {
        store_id: i64, buyer_id: i64, location_id: i64, status: &'static str, payment_status: &'static str,
        payment_method: &'static str, total_price: i64, delivery_address: &'static str, comment: &'static str,
        needs_prescription: bool, courier_id: Option<i64>, cancel_reason: &'static str, day: NaiveDate,
        expires_at: Option<NaiveDateTime>, paid_at: Option<NaiveDateTime>, delivered_at: Option<NaiveDateTime>,
        cancelled_at: Option<NaiveDateTime>, created_at: NaiveDateTime, updated_at: NaiveDateTime, search: String,
    }
    /// A line of an order.
    order_lines: OrderLineRow {
        store_id: i64, order_id: i64, line_number: i64, product_id: i64, product_name: String, quantity: i64, price: i64,
        subtotal: i64, needs_prescription: bool,
    }
    /// A step of an order.
    order_history: OrderHistoryRow {
        store_id: i64, order_id: i64, from_status: &'static str, to_status: &'static str, actor_id: Option<i64>,
        source: &'static str, comment: &'static str, created_at: NaiveDateTime,
    }
    /// The delivery of an order, as it stands in the end.
    deliveries: DeliveryRow {
        store_id: i64, order_id: i64, courier_id: i64, status: &'static str, note: &'static str, day: NaiveDate,
        courier_assigned_at: NaiveDateTime, delivered_at: Option<NaiveDateTime>, created_at: NaiveDateTime,
    }
    /// A step of a delivery.
    delivery_history: DeliveryHistoryRow {
        store_id: i64, delivery_id: i64, from_status: Option<&'static str>, to_status: &'static str,
        actor_id: Option<i64>, comment: &'static str, created_at: NaiveDateTime,
    }
    /// Money for an order, as it stands in the end.
    payments: PaymentRow {
        store_id: i64, order_id: i64, public_id: String, provider: &'static str, status: &'static str, amount: i64,
        is_late: bool, received_by: Option<i64>, created_at: NaiveDateTime, completed_at: Option<NaiveDateTime>,
        cancelled_at: Option<NaiveDateTime>,
    }
    /// A movement of goods.
    stock_movements: StockMovementRow {
        store_id: i64, location_id: i64, product_id: i64, quantity: i64, value: i64, reason: &'static str,
        document_type: &'static str, document_id: Option<i64>, description: &'static str, actor_id: Option<i64>,
        day: NaiveDate, created_at: NaiveDateTime,
    }
    /// A batch, as it lies in the end.
    stock_batches: StockBatchRow {
        store_id: i64, location_id: i64, product_id: i64, origin_movement_id: i64, unit_cost: i64,
        quantity_received: i64, quantity_left: i64, value_left: i64, is_spent: bool, series: String,
        expires_on: Option<NaiveDate>, is_blocked: bool, block_reason: &'static str, received_at: NaiveDateTime,
    }
    /// A level, as it lies in the end.
    stock_levels: StockLevelRow {
        store_id: i64, location_id: i64, product_id: i64, on_hand: i64, sellable: i64, nearest_expiry: Option<NaiveDate>,
        is_hidden: bool, updated_at: NaiveDateTime,
    }
    /// What of a movement touched which batch.
    stock_movement_parts: StockMovementPartRow {
        store_id: i64, movement_id: i64, batch_id: i64, document_line: i64, quantity: i64, value: i64,
        undoes_id: Option<i64>,
    }
    /// An event.
    outbox: EventRow {
        store_id: Option<i64>, transaction_id: i64, event: &'static str, subject_type: &'static str, subject_id: i64,
        payload: String, created_at: NaiveDateTime,
    }
    /// A message of an event that is sent.
    outbox_dispatches: DispatchRow {
        outbox_id: i64, sink: &'static str, status: &'static str, attempts: i64, due_at: NaiveDateTime,
        leased_by: &'static str, last_error: &'static str, updated_at: NaiveDateTime,
    }
    /// An entry of the audit log.
    audit_entries: AuditEntryRow {
        store_id: Option<i64>, actor_id: Option<i64>, actor_name: String, action: &'static str,
        subject_type: &'static str, subject_id: i64, description: String, details: String, ip: String,
        user_agent: String, request_id: String, created_at: NaiveDateTime,
    }
}
