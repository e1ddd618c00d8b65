//! What people are told of what happened, and the list in which they read it.
//!
//! `rules` say who is told what of which event, `telling` writes it: both for the worker, no request waits for them. The rest is what
//! their owner does with his messages.

mod rules;
mod telling;

pub(crate) use telling::{tell, write_text};
