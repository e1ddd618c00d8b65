//! What can be asked for on the command line.

use std::path::PathBuf;

use crate::beside::Beside;
use crate::flow::Flow;

/// Measures a real server.
#[derive(Debug, clap::Parser)]
pub(crate) struct Options {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Measure a server on a database that holds the demo
    Run(RunOptions),
    /// Compare the results of two runs
    Compare {
        /// The one, as JSON
        one: PathBuf,
        /// The other
        other: PathBuf,
    },
    /// Draw p99 of each flow against its load, from the results of several runs
    Plot {
        /// The picture, as SVG
        #[arg(long)]
        into: PathBuf,
        /// Results as JSON, such as those of several rates
        #[arg(required = true)]
        results: Vec<PathBuf>,
    },
}

/// What is measured, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct RunOptions {
    /// The binary of the server
    #[arg(long)]
    pub(crate) server: PathBuf,
    /// The URL of the database
    #[arg(long)]
    pub(crate) database: String,
    /// A folder for what the server leaves
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// The file for the results, as JSON; the table lies beside it
    #[arg(long)]
    pub(crate) into: PathBuf,
    /// How many connections are open at once
    #[arg(long, default_value_t = 16)]
    pub(crate) connections: usize,
    /// How often each flow has its turn
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// How long a turn is
    #[arg(long, default_value_t = 5.0)]
    pub(crate) seconds: f64,
    /// Flows, by comma; all when left out
    #[arg(long, value_delimiter = ',')]
    pub(crate) flows: Vec<Flow>,
    /// Requests a second that are due whatever the answers take
    #[arg(long)]
    pub(crate) rate: Option<f64>,
    /// What goes on beside all flows
    #[arg(long)]
    pub(crate) beside: Option<Beside>,
    /// Measure no floor; there is none under an open load and beside something else
    #[arg(long)]
    pub(crate) no_floor: bool,
    /// Before anything is measured, compare the rows that the floor writes with those of the server
    #[arg(long, conflicts_with = "no_floor")]
    pub(crate) check: bool,
    /// Make little ready: the figures mean nothing then
    #[arg(long)]
    pub(crate) small: bool,
    /// Let the server send messages and do scheduled jobs meanwhile
    #[arg(long)]
    pub(crate) worker: bool,
}

impl RunOptions {
    /// Whether floors are measured: they run as fast as they can, and alone.
    pub(crate) const fn has_floor(&self) -> bool {
        !self.no_floor && self.rate.is_none() && self.beside.is_none()
    }

    /// The flows that are wanted.
    pub(crate) fn wanted(&self) -> Vec<Flow> {
        use clap::ValueEnum as _;
        if self.flows.is_empty() {
            Flow::value_variants().to_vec()
        } else {
            self.flows.clone()
        }
    }
}
