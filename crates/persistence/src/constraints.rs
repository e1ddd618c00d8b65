//! The rules of the schema that a request can run into, by name.
//!
//! PostgreSQL names the constraint; SQLite names the columns of a unique index and the name of a check. Both lead here.
//! Other constraints are last lines of defence: running into one is a bug and stays a failed statement.

macro_rules! constraints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $columns:literal;)+) => {
        /// A rule of the schema that a request can run into.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Constraint { $($(#[$doc])* $variant),+ }

        const TABLE: &[(Constraint, &str, &str)] = &[$((Constraint::$variant, $name, $columns)),+];
    };
}

constraints! {
    /// Another staff account has this user name.
    UsernameTaken = "users_username_key_unique", "users.username_key";
    /// Another account of this kind has this phone.
    PhoneTaken = "users_kind_phone_unique", "users.kind, users.phone";
    /// Another staff account has this e-mail address.
    EmailTaken = "users_email_key_unique", "users.email_key";
    /// The user already has a worker row.
    WorkerExists = "workers_user_id_unique", "workers.user_id";
    /// Another active place of this kind has this name.
    LocationNameTaken = "locations_name_active_unique", "locations.store_id, locations.kind, locations.name_key";
    /// Another active category has this name.
    CategoryNameTaken = "categories_name_active_unique", "categories.store_id, categories.name_key";
    /// Another active category of expenses has this name.
    ExpenseCategoryNameTaken = "expense_categories_name_active_unique", "expense_categories.store_id, expense_categories.name_key";
    /// Another active product has this name and manufacturer.
    ProductNameTaken = "products_name_active_unique", "products.store_id, products.name_key, products.manufacturer_key";
    /// Another active product has this barcode.
    BarcodeTaken = "products_barcode_active_unique", "products.store_id, products.barcode";
    /// Another product has this article number.
    SkuTaken = "products_sku_unique", "products.store_id, products.sku_key";
    /// Another product has this slug.
    SlugTaken = "products_slug_unique", "products.store_id, products.slug";
    /// Another substance of the store has this name.
    SubstanceNameTaken = "substances_name_unique", "substances.store_id, substances.name_key";
    /// A sale of the store has this id of its client already.
    ClientIdTaken = "sales_client_id_unique", "sales.store_id, sales.client_id";
    /// The branch has an open shift already.
    ShiftOpen = "shifts_open_unique", "shifts.store_id, shifts.branch_id";
    /// The product has a level at this place already.
    LevelExists = "stock_levels_place_unique", "stock_levels.store_id, stock_levels.location_id, stock_levels.product_id";
    /// More would leave than lies there.
    LevelNegative = "stock_levels_on_hand_check", "";
    /// More would be sellable than lies there.
    LevelUnsellable = "stock_levels_sellable_check", "";
    /// The event has a message to this sink already.
    DispatchExists = "outbox_dispatches_sink_unique", "outbox_dispatches.outbox_id, outbox_dispatches.sink";
    /// The installation has these words already.
    DefaultTemplateExists = "notification_templates_default_unique", "notification_templates.notice_type, notification_templates.channel, notification_templates.language";
    /// The store has these words already.
    TemplateExists = "notification_templates_store_unique", "notification_templates.store_id, notification_templates.notice_type, notification_templates.channel, notification_templates.language";
    /// The user has a cart already.
    CartExists = "carts_user_id_unique", "carts.user_id";
    /// The product is in the cart already.
    CartLineExists = "cart_lines_product_unique", "cart_lines.cart_id, cart_lines.product_id";
    /// The order has a prescription that nobody judged yet.
    PrescriptionPending = "prescriptions_pending_unique", "prescriptions.store_id, prescriptions.order_id";
    /// The provider has called another transaction so.
    ExternalIdTaken = "provider_transactions_external_unique", "provider_transactions.provider, provider_transactions.external_id";
    /// Another request with the same idempotency key went through.
    IdempotencyKeyTaken = "idempotency_keys_pkey", "idempotency_keys.user_id, idempotency_keys.endpoint, idempotency_keys.key";
}

impl Constraint {
    /// The constraint that a driver's error is about, if it is one of these.
    pub(crate) fn named(name: Option<&str>, message: &str) -> Option<Self> {
        let told = name.unwrap_or_default();
        let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or_default();
        let check = message.strip_prefix("CHECK constraint failed: ").unwrap_or_default();
        TABLE
            .iter()
            .find(|(_, name, table_columns)| {
                *name == told || *name == check || (!columns.is_empty() && *table_columns == columns)
            })
            .map(|(constraint, _, _)| *constraint)
    }
}

#[cfg(test)]
mod tests {
    use super::{Constraint, TABLE};

    #[test]
    fn both_databases_name_the_same_constraint() {
        for (constraint, name, columns) in TABLE {
            assert_eq!(Constraint::named(Some(name), "duplicate key value"), Some(*constraint));
            if !columns.is_empty() {
                let message = format!("UNIQUE constraint failed: {columns}");
                assert_eq!(Constraint::named(None, &message), Some(*constraint));
            }
        }
    }

    #[test]
    fn an_unknown_constraint_is_none_of_these() {
        assert_eq!(Constraint::named(None, "UNIQUE constraint failed: users.id"), None);
        assert_eq!(Constraint::named(Some("other"), ""), None);
    }
}
