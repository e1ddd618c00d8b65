//! What the black-box tests stand on: a real server, a real client, and whole bodies compared and kept.
//!
//! [`Server`] answers on a free port over a throw-away database and a clock that stands still, so bodies repeat to the letter.
//! [`same_on_both!`](crate::same_on_both) runs one script on both databases, wants equal answers and keeps them as a snapshot.

#![expect(clippy::panic, reason = "a test without its server cannot go on")]

mod client;
mod fleet;
mod form;
mod log;
mod server;
mod transcript;

pub use client::{Answer, Client};
pub use fleet::{Fleet, FleetPlan, eventually};
pub use form::Form;
pub use log::Log;
pub use server::Server;
pub use transcript::transcript_on_both;

#[doc(hidden)]
pub use insta;

/// Runs a script on a server of each database, fails where their answers differ, and compares them with the snapshot named
/// after the test.
///
/// ```text
/// #[test]
/// fn an_owner_sees_his_settings() {
///     same_on_both!(|server| {
///         let shop = server.world.shop();
///         server.client_of(&shop.owner).get("/api/v1/settings/");
///     });
/// }
/// ```
#[macro_export]
macro_rules! same_on_both {
    ($script:expr) => {{
        let transcript = $crate::transcript_on_both($script);
        let mut settings = $crate::insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.bind(|| $crate::insta::assert_snapshot!(transcript));
    }};
}
