//! The worker of this process: what it sends messages with, and where their links lead to.

use std::sync::Arc;

use savdo_gateways::click::{ClickApi, ClickApiSettings, NoClick, Waits};
use savdo_gateways::email::{LogMail, NoMail, SmtpMail, SmtpProblem};
use savdo_gateways::sms::{EskizSms, LogSms, NoSms, PlayMobileSms, WithFallback};
use savdo_services::gateways::{ClickGateway, Gateways, MailGateway, SmsGateway};
use savdo_services::jobs::{Runner, RunnerSettings};
use savdo_services::{Context, Error};

use crate::settings::{EmailGateway, Settings, SmsGatewaySettings};

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
    let mut sms = sms(&settings.sms.gateway);
    if let Some(fallback) = &settings.sms.fallback {
        sms = Arc::new(WithFallback::new(sms, self::sms(fallback)));
    }
    let click = click(&settings.desks.click_api_url);
    let runner = Runner::new(RunnerSettings {
        context,
        gateways: Gateways { mail, sms, click },
        reset_link: settings.email.reset_link.clone(),
    })?;
    Ok(runner)
}

/// Who asks Click, by the address of its API.
pub(crate) fn click(url: &str) -> Arc<dyn ClickGateway> {
    if url.is_empty() {
        return Arc::new(NoClick);
    }
    Arc::new(ClickApi::new(ClickApiSettings {
        url: url.to_owned(),
        waits: Waits::default(),
    }))
}

fn sms(settings: &SmsGatewaySettings) -> Arc<dyn SmsGateway> {
    match settings {
        SmsGatewaySettings::Log => Arc::new(LogSms),
        SmsGatewaySettings::Eskiz(eskiz) => Arc::new(EskizSms::new(eskiz.clone())),
        SmsGatewaySettings::PlayMobile(playmobile) => Arc::new(PlayMobileSms::new(playmobile.clone())),
        SmsGatewaySettings::None => Arc::new(NoSms),
    }
}
