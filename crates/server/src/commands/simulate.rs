//! `savdo simulate`: plays Payme or Click against a running server of the same configuration. Never with real money.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use savdo_domain::ids::OrderId;

use super::{open, own_address};
use crate::settings::{Environment, Settings};
use crate::simulate::{Provider, Scenario, Simulation};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who calls
    provider: Provider,
    /// The order, which awaits its online payment
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..))]
    order: i64,
    /// What happens
    #[arg(long, default_value = "pay")]
    scenario: Scenario,
    /// The server to call; by default the one that this configuration would start
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

pub(super) fn run(settings: &Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    if settings.environment == Environment::Production {
        bail!("a played provider pays nothing: never in production");
    }
    let context = open(settings)?;
    let server = arguments.server.unwrap_or_else(|| own_address(&settings.server));
    let simulation = Simulation {
        context: &context,
        server: &server,
        provider: arguments.provider,
        scenario: arguments.scenario,
        order_id: OrderId::new(arguments.order),
        wait: &pass,
    };
    simulation.play(&mut std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::disallowed_methods, reason = "it is time itself that is waited for")]
fn pass(time: Duration) {
    std::thread::sleep(time);
}
