//! `savdo openapi`: the document as it is committed in `docs/openapi.json`.

use std::io::Write;
use std::process::ExitCode;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(savdo_api::openapi::text()?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
