//! Rules of this repository that neither the compiler nor clippy can state.
//!
//! Each rule is a function from texts to the places that break it, tested on a text that does, so that no rule can pass by
//! looking at nothing; `tests/repository.rs` runs all of them over the real tree. Deliberately absent: whatever a lint says
//! already (`[workspace.lints]`, `clippy.toml`); here it is only proved that nobody escapes those.

pub mod code;
pub mod escapes;
pub mod layers;
pub mod length;
pub mod lints;
pub mod migrations;
pub mod phrases;
pub mod repository;
pub mod traces;

use std::fmt;

/// One place that breaks a rule, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// A path with a line, a path, or the name of a package.
    pub place: String,
    /// What is wrong there and what to do instead.
    pub fault: String,
}

impl Violation {
    /// A violation somewhere in a file, a folder or a package.
    #[must_use]
    pub fn at(place: impl Into<String>, fault: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            fault: fault.into(),
        }
    }

    /// A violation in one line of a file, counted from 1.
    #[must_use]
    pub fn at_line(path: &str, line: usize, fault: impl Into<String>) -> Self {
        Self::at(format!("{path}:{line}"), fault)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.fault)
    }
}
