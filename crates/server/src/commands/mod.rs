//! The subcommands of the binary, one file each.

mod create_admin;
mod demo;
mod health;
mod migrate;
mod openapi;
mod payments;
mod secret;
mod serve;
mod simulate;
mod verify;
mod worker;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::{Parser, Subcommand};
use savdo_persistence::migrate::Migrated;
use savdo_services::{Context, SystemClock};

use crate::application;
use crate::logging::{self, Output};
use crate::settings::{ServerSettings, Settings, Sources};

/// Savdo: one server for a chain of shops and pharmacies.
#[derive(Debug, Parser)]
#[command(name = "savdo", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, then answer requests until SIGTERM
    Serve,
    /// Send messages and run scheduled jobs, beside servers with worker.enabled off, until SIGTERM
    Worker,
    /// Bring the database to the schema of this version
    Migrate,
    /// Fill an empty database with a demo chain, and show its log-ins; never in production
    Demo(demo::Arguments),
    /// Make an admin of the installation; the password is the first line of the input
    CreateAdmin(create_admin::Arguments),
    /// Set up who is paid through which provider, and look after money
    #[command(subcommand)]
    Payments(payments::Arguments),
    /// Compare stock, sales, orders and the audit log with each other; exit 1 if anything differs
    Verify,
    /// Print the OpenAPI document
    Openapi,
    /// Play Payme or Click against a running server, so that an order is paid without them; never in production
    Simulate(simulate::Arguments),
    /// Ask a running server whether it is ready; exit 1 if it is not
    Health(health::Arguments),
}

/// Runs the subcommand that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "savdo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Openapi => openapi::run(),
        Command::Serve => serve::run(&settings(Output::Stdout)?),
        Command::Worker => worker::run(&settings(Output::Stdout)?),
        Command::Migrate => migrate::run(&settings(Output::Stderr)?),
        Command::Verify => verify::run(&settings(Output::Stderr)?),
        Command::Demo(arguments) => demo::run(&settings(Output::Stderr)?, arguments),
        Command::CreateAdmin(arguments) => create_admin::run(&settings(Output::Stderr)?, arguments),
        Command::Simulate(arguments) => simulate::run(&settings(Output::Stderr)?, arguments),
        Command::Payments(arguments) => payments::run(&settings(Output::Stderr)?, arguments),
        Command::Health(arguments) => health::run(&settings(Output::Stderr)?, arguments),
    }
}

/// The configuration of this process; from here on its events are logged.
fn settings(output: Output) -> anyhow::Result<Settings> {
    let settings = Settings::load(&Sources::of_process())?;
    logging::start(&settings.log, output)?;
    Ok(settings)
}

/// What use-cases work with, on a database that has the tables of this version; none is made.
fn open(settings: &Settings) -> anyhow::Result<Context> {
    let url = &settings.database.url;
    if url.sqlite_path().is_some_and(|path| !path.exists()) {
        bail!("{url} does not exist; run savdo migrate");
    }
    let context = application::open(settings, Arc::new(SystemClock))?;
    match context.database().migrated()? {
        Migrated::Yes => Ok(context),
        Migrated::Otherwise | Migrated::Never => bail!("{url} has not the tables of this version; run savdo migrate"),
    }
}

/// Prints one line of a command's answer.
fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// A server that listens on all addresses is asked through the loopback one.
fn own_address(server: &ServerSettings) -> String {
    let host = match server.host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => format!("[{}]", Ipv6Addr::LOCALHOST),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(_)) | Err(_) => server.host.clone(),
    };
    format!("http://{host}:{}", server.port)
}
