//! What documents of a year leave in the database: rows, numbered here, with the movements, audit entries and events of real ones.

use chrono::{DateTime, Utc};
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::DispatchStatus;
use savdo_domain::ids::{MovementPartId, StoreId, UserId};
use savdo_domain::stock::{IssuedPart, Movement};
use savdo_domain::{Money, Quantity};
use savdo_persistence::Tx;
use savdo_persistence::bulk::{
    AuditEntryRow, DispatchRow, EventRow, NextIds, Rows, StockMovementPartRow, StockMovementRow,
};
use savdo_persistence::stock::Document;
use savdo_services::audit::{Author, Entry};
use savdo_services::events::News;
use savdo_services::jobs::Sink;

/// Rows of one store that are not written yet, and the ids of the next ones.
pub(super) struct Book {
    pub(super) rows: Rows,
    pub(super) next: NextIds,
    pub(super) store_id: StoreId,
    transaction_id: i64,
}

/// The next id, given out.
pub(super) fn take(next: &mut i64) -> i64 {
    let id = *next;
    *next = next.saturating_add(1);
    id
}

impl Book {
    pub(super) fn new(store_id: StoreId, transaction_id: i64, next: NextIds) -> Self {
        Self {
            rows: Rows::default(),
            next,
            store_id,
            transaction_id,
        }
    }

    /// Writes what has gathered; without a transaction it is forgotten.
    pub(super) fn turn_page(&mut self, tx: Option<&mut Tx<'_>>) -> anyhow::Result<()> {
        match tx {
            Some(tx) => self.rows.write(tx)?,
            None => self.rows.forget(),
        }
        Ok(())
    }

    /// An entry of the audit log.
    pub(super) fn note(&mut self, (author, at): (&Author, DateTime<Utc>), entry: Entry) {
        self.rows.audit_entries.push(AuditEntryRow {
            id: take(&mut self.next.audit_entries),
            store_id: entry.store_id.map(StoreId::get),
            actor_id: author.user_id.map(UserId::get),
            actor_name: author.name.clone(),
            action: entry.action.code(),
            subject_type: entry.subject_type.code(),
            subject_id: entry.subject_id,
            description: entry.description,
            details: entry.details.map(|details| details.to_string()).unwrap_or_default(),
            ip: author.origin.ip.clone(),
            user_agent: author.origin.user_agent.clone(),
            request_id: author.origin.request_id.clone(),
            created_at: at.naive_utc(),
        });
    }

    /// An event; whoever is told of it has been.
    pub(super) fn publish(&mut self, at: DateTime<Utc>, news: &News) {
        let (subject_type, subject_id) = news.subject;
        let at = at.naive_utc();
        let id = take(&mut self.next.outbox);
        self.rows.outbox.push(EventRow {
            id,
            store_id: Some(news.store_id.get()),
            transaction_id: self.transaction_id,
            event: news.event.code(),
            subject_type,
            subject_id,
            payload: news.payload.to_string(),
            created_at: at,
        });
        if news.event.is_told() {
            self.rows.outbox_dispatches.push(DispatchRow {
                id: take(&mut self.next.outbox_dispatches),
                outbox_id: id,
                sink: Sink::Notices.code(),
                status: DispatchStatus::Sent.code(),
                attempts: 1,
                due_at: at,
                leased_by: "",
                last_error: "",
                updated_at: at,
            });
        }
    }

    /// The movements of a document with their parts, which may be undone later.
    pub(super) fn movements(&mut self, document: &Document<'_>, movements: &[Movement]) -> Vec<IssuedPart> {
        let mut parts = Vec::with_capacity(movements.len());
        for movement in movements {
            let id = self.movement(document, movement.product_id.get(), (movement.quantity, movement.value));
            for part in &movement.parts {
                let part_id = self.part(
                    id,
                    part.batch_id.get(),
                    part.line,
                    (part.quantity, part.value),
                    part.undoes,
                );
                parts.push(IssuedPart {
                    id: part_id,
                    product_id: movement.product_id,
                    batch_id: part.batch_id,
                    line: part.line,
                    quantity: part.quantity,
                    value: part.value,
                    undone_quantity: Quantity::ZERO,
                    undone_value: Money::ZERO,
                });
            }
        }
        parts
    }

    /// A movement without its parts.
    pub(super) fn movement(
        &mut self,
        document: &Document<'_>,
        product_id: i64,
        (quantity, value): (Quantity, Money),
    ) -> i64 {
        let id = take(&mut self.next.stock_movements);
        self.rows.stock_movements.push(StockMovementRow {
            id,
            store_id: self.store_id.get(),
            location_id: document.place.location_id.get(),
            product_id,
            quantity: quantity.thousandths(),
            value: value.tiyin(),
            reason: document.reason.code(),
            document_type: document.document_type.code(),
            document_id: document.document_id,
            description: "",
            actor_id: document.actor_id.map(UserId::get),
            day: document.day,
            created_at: document.at.naive_utc(),
        });
        id
    }

    /// What of a movement touched a batch.
    pub(super) fn part(
        &mut self,
        movement_id: i64,
        batch_id: i64,
        line: i64,
        (quantity, value): (Quantity, Money),
        undoes: Option<MovementPartId>,
    ) -> MovementPartId {
        let id = take(&mut self.next.stock_movement_parts);
        self.rows.stock_movement_parts.push(StockMovementPartRow {
            id,
            store_id: self.store_id.get(),
            movement_id,
            batch_id,
            document_line: line,
            quantity: quantity.thousandths(),
            value: value.tiyin(),
            undoes_id: undoes.map(MovementPartId::get),
        });
        MovementPartId::new(id)
    }
}
