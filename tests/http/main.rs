//! The HTTP API as its clients meet it; the modules mirror the tree of addresses.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is a test"
)]

mod abuse;
mod access;
mod audit_logs;
mod auth;
mod batches;
mod branches;
mod browsers;
mod cart;
mod categories;
mod click;
mod coverage;
mod customers;
mod deliveries;
mod expenses;
mod failing;
mod goods_abuse;
mod hooks;
mod idempotency;
mod legacy;
mod legacy_prescriptions;
mod limits;
mod lists;
mod me;
mod metrics;
mod notices;
mod online;
mod online_products;
mod openapi;
mod orders;
mod password_reset;
mod payme;
mod pharmacy_abuse;
mod pharmacy_auth;
mod pharmacy_catalogue;
mod pictures;
mod prescriptions;
mod products;
mod receipts;
mod roots;
mod sale_returns;
mod sales;
mod settings;
mod shell;
mod shift_papers;
mod shifts;
mod simulated;
mod stock;
mod stores;
mod substances;
mod system;
mod templates;
mod warehouse_catalogue;
mod warehouses;
mod wire;
mod workers;
