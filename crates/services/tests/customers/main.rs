//! Customers: what they say of themselves, how they come and how they come back (pharmacy.md 2.1).

#![cfg(test)]

mod both_kinds;
mod counting;
mod devices;
mod exporting;
mod forgetting;
mod listed;
mod oneself;
mod proving;
mod racing;
mod registering;
mod support;
