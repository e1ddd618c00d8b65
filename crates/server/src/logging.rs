//! Where events go: one line each.

use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, LogSettings, SettingsError};

/// Where the lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// For a server, whose log is its output.
    Stdout,
    /// For a command that prints something else.
    Stderr,
}

/// Sends every event of the process to `output`, panics included. A second call changes nothing.
pub(crate) fn start(settings: &LogSettings, output: Output) -> Result<(), SettingsError> {
    let filter = EnvFilter::builder()
        .parse(&settings.level)
        .map_err(|error| SettingsError::invalid("log.level", format!("is {:?}: {error}", settings.level)))?;
    let writer = match output {
        Output::Stdout => BoxMakeWriter::new(std::io::stdout),
        Output::Stderr => BoxMakeWriter::new(std::io::stderr),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let registry = tracing_subscriber::registry().with(filter);
    let started = match settings.format {
        LogFormat::Json => {
            let lines = lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false);
            registry.with(lines).try_init()
        }
        LogFormat::Text => registry.with(lines.with_ansi(false)).try_init(),
    };
    // Only a process that has started its log already fails here.
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
    Ok(())
}

/// A panic is an event like others: in the span of its request, on one line.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("without a message");
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(location, "Panic: {message}");
}
