//! Measures a real server under load, and in the same run what its database could do alone.
//!
//! `make bench` runs it on a filled demo. Flow after flow has its turn, the server's and its floor's one after the other, round
//! after round, so that a machine that is slower for a while is slower for both. docs/BENCH.md tells what is measured and how.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]
#![expect(
    clippy::disallowed_types,
    reason = "times and rates are measured; no amount is among them"
)]

mod beside;
mod check;
mod client;
mod compare;
mod dice;
mod driver;
mod figures;
mod floor;
mod flow;
mod hashing;
mod meter;
mod options;
mod paying;
mod plot;
mod report;
mod run;
mod server;
mod setting;
mod stage;
mod store;
mod touched;

use std::path::Path;

use anyhow::Context as _;
use clap::Parser as _;

use crate::figures::Results;
use crate::options::{Command, Options};

fn main() -> anyhow::Result<()> {
    match Options::parse().command {
        Command::Run(load) => {
            // One thread, so that the client takes no more of the processors than it must.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let results = runtime.block_on(run::run(&load))?;
            println!("\n{}", report::table(&results));
            std::fs::write(&load.into, serde_json::to_string_pretty(&results)?)?;
            std::fs::write(load.into.with_extension("txt"), report::table(&results))?;
            println!("{}", load.into.display());
            run::judge(&results)
        }
        Command::Compare { one, other } => {
            println!("{}", compare::table(&read(&one)?, &read(&other)?)?);
            Ok(())
        }
        Command::Plot { into, results } => {
            let results: Vec<Results> = results.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
            plot::draw(&results, &into)
        }
    }
}

/// The results that a run kept.
fn read(file: &Path) -> anyhow::Result<Results> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} holds no results", file.display()))
}
