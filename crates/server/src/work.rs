//! The worker of this process: what it sends messages with, and where their links lead to.

use std::sync::Arc;

use savdo_gateways::email::{LogMail, NoMail, SmtpMail, SmtpProblem};
use savdo_gateways::sms::{LogSms, NoSms};
use savdo_services::gateways::{Gateways, MailGateway, SmsGateway};
use savdo_services::jobs::{Runner, RunnerSettings};
use savdo_services::{Context, Error};

use crate::settings::{EmailGateway, Settings, SmsSettings};

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// Letters cannot be sent as configured.
    #[error(transparent)]
    Smtp(#[from] SmtpProblem),
    /// The rest.
    #[error(transparent)]
    Services(#[from] Error),
}

/// A worker with the gateways of the configuration.
pub(crate) fn runner(settings: &Settings, context: Context) -> Result<Runner, WorkError> {
    let mail: Arc<dyn MailGateway> = match &settings.email.gateway {
        EmailGateway::Log => Arc::new(LogMail),
        EmailGateway::Smtp(smtp) => Arc::new(SmtpMail::new(smtp.clone())?),
        EmailGateway::None => Arc::new(NoMail),
    };
    let sms: Arc<dyn SmsGateway> = match &settings.sms {
        SmsSettings::Log => Arc::new(LogSms),
        SmsSettings::None => Arc::new(NoSms),
    };
    let runner = Runner::new(RunnerSettings {
        context,
        gateways: Gateways { mail, sms },
        reset_link: settings.email.reset_link.clone(),
    })?;
    Ok(runner)
}
