//! `savdo health`: what a container runs to learn whether its server is ready.

use std::process::ExitCode;
use std::time::Duration;

use super::{own_address, say};
use crate::settings::Settings;

const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The server to ask; by default the one that this configuration would start
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

pub(super) fn run(settings: &Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let server = arguments.server.unwrap_or_else(|| own_address(&settings.server));
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .new_agent();
    let url = format!("{}/health/ready/", server.trim_end_matches('/'));
    match agent.get(&url).call() {
        Ok(mut answer) => {
            say(&answer.body_mut().read_to_string()?)?;
            let is_ready = answer.status().is_success();
            Ok(if is_ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(error) => {
            say(&format!("{url}: {error}"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}
