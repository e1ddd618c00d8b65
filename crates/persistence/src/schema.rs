//! The tables as Diesel sees them: one schema for both databases, written by hand beside the migrations.
//!
//! Column order is that of the migrations. A join declared here goes by one id; where a table has several keys to the same
//! table (a sale's worker and who cancelled it), the query writes its own `on`.

mod accounts;
mod catalogue;
mod counter;
mod notices;
mod online;
mod paying;
mod places;
mod spending;
mod stock;
mod traces;

pub(crate) use accounts::{code_phones, devices, one_time_codes, password_resets, sessions, spent_tokens, users};
pub(crate) use catalogue::{categories, product_prices, product_substances, products, shelf_texts, substances};
pub(crate) use counter::{sale_lines, sale_return_lines, sale_returns, sales, shifts};
pub(crate) use notices::{notification_templates, notifications};
pub(crate) use online::{
    cart_lines, carts, deliveries, delivery_history, order_history, order_lines, orders, payments, prescription_images,
    prescriptions,
};
pub(crate) use paying::{fiscal_records, payment_comparisons, payment_logs, provider_transactions};
pub(crate) use places::{locations, store_counters, store_settings, stores, workers};
pub(crate) use spending::{expense_categories, expenses};
pub(crate) use stock::{stock_batches, stock_levels, stock_movement_parts, stock_movements};
pub(crate) use traces::{
    audit_entries, audit_seals, idempotency_keys, job_runs, outbox, outbox_dispatches, outbox_secrets,
};

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(password_resets -> users (user_id));
diesel::joinable!(devices -> users (user_id));
diesel::joinable!(workers -> users (user_id));
diesel::joinable!(workers -> stores (store_id));
diesel::joinable!(store_settings -> stores (store_id));
diesel::joinable!(store_settings -> locations (online_location_id));
diesel::joinable!(products -> categories (category_id));
diesel::joinable!(product_substances -> products (product_id));
diesel::joinable!(product_substances -> substances (substance_id));
diesel::joinable!(stock_levels -> locations (location_id));
diesel::joinable!(stock_levels -> products (product_id));
diesel::joinable!(stock_batches -> locations (location_id));
diesel::joinable!(stock_batches -> products (product_id));
diesel::joinable!(stock_movements -> locations (location_id));
diesel::joinable!(stock_movements -> products (product_id));
diesel::joinable!(stock_movement_parts -> stock_movements (movement_id));
diesel::joinable!(stock_movement_parts -> stock_batches (batch_id));
diesel::joinable!(shifts -> locations (branch_id));
diesel::joinable!(sales -> locations (branch_id));
diesel::joinable!(sale_lines -> sales (sale_id));
diesel::joinable!(sale_lines -> products (product_id));
diesel::joinable!(sale_returns -> sales (sale_id));
diesel::joinable!(sale_returns -> locations (branch_id));
diesel::joinable!(sale_return_lines -> sale_returns (return_id));
diesel::joinable!(sale_return_lines -> sale_lines (sale_line_id));
diesel::joinable!(expenses -> expense_categories (category_id));
diesel::joinable!(expenses -> locations (branch_id));
diesel::joinable!(expenses -> workers (worker_id));
diesel::joinable!(cart_lines -> carts (cart_id));
diesel::joinable!(cart_lines -> products (product_id));
diesel::joinable!(orders -> stores (store_id));
diesel::joinable!(orders -> users (buyer_id));
diesel::joinable!(orders -> workers (courier_id));
diesel::joinable!(order_lines -> orders (order_id));
diesel::joinable!(order_lines -> products (product_id));
diesel::joinable!(order_history -> orders (order_id));
diesel::joinable!(deliveries -> orders (order_id));
diesel::joinable!(deliveries -> workers (courier_id));
diesel::joinable!(prescriptions -> stores (store_id));
diesel::joinable!(prescriptions -> users (user_id));
diesel::joinable!(prescription_images -> prescriptions (prescription_id));
diesel::joinable!(outbox_secrets -> outbox (outbox_id));
diesel::joinable!(outbox_dispatches -> outbox (outbox_id));
diesel::joinable!(notifications -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    spent_tokens,
    password_resets,
    devices,
    one_time_codes,
    code_phones,
    stores,
    locations,
    workers,
    store_settings,
    store_counters,
    categories,
    products,
    product_prices,
    substances,
    product_substances,
    stock_levels,
    stock_movements,
    stock_batches,
    stock_movement_parts,
    shifts,
    sales,
    sale_lines,
    sale_returns,
    sale_return_lines,
    expense_categories,
    expenses,
    carts,
    cart_lines,
    orders,
    order_lines,
    order_history,
    deliveries,
    delivery_history,
    payments,
    provider_transactions,
    fiscal_records,
    payment_comparisons,
    payment_logs,
    prescriptions,
    prescription_images,
    outbox,
    outbox_secrets,
    outbox_dispatches,
    notifications,
    notification_templates,
    audit_entries,
    audit_seals,
    idempotency_keys,
    job_runs,
);
