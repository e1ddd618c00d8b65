//! Letters by SMTP.
//!
//! One connection for each letter. The conversation runs in a thread of its own, which is waited for so long and no longer: a
//! server that answers a byte at a time holds up no worker. Whether the letter may be out there is decided by one switch: past the
//! moment in which its text is handed over the outcome is unknown, before it the letter surely was not taken.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Mail, MailGateway};

use super::letter::{self, Sender};

/// How the connection is kept from being read on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begins in the open and must turn to TLS before anything is said (usually port 587).
    StartTls,
    /// TLS from the first byte (usually port 465).
    Tls,
    /// In the open: for a server on the same machine.
    None,
}

/// How letters are sent.
#[derive(Clone)]
pub struct SmtpSettings {
    /// The name of the server, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User name and password, where the server wants them.
    pub login: Option<(String, String)>,
    /// Who letters are from.
    pub from: Sender,
    /// The longest wait for the connection, and for each answer.
    pub answer_within: Duration,
    /// The longest that a letter may take in all.
    pub done_within: Duration,
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SmtpSettings({}:{}, ***)", self.host, self.port)
    }
}

/// Why letters cannot be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("no TLS for {host}: {error}")]
pub struct SmtpProblem {
    host: String,
    error: SmtpError,
}

/// Sends letters to one SMTP server.
#[derive(Clone)]
pub struct SmtpMail {
    server: Arc<Server>,
}

struct Server {
    settings: SmtpSettings,
    tls: TlsParameters,
}

/// Where a conversation is, as both threads see it.
const TALKING: u8 = 0;
const HANDING_OVER: u8 = 1;
const ABANDONED: u8 = 2;

/// A try that ended: whose fault, and when.
enum End {
    /// The server speaks of itself or of us, not of this letter: a connection that fails, a log-in or a sender that is refused.
    OfServer(SmtpError),
    /// The server speaks of this letter.
    OfLetter(SmtpError),
    /// After the letter was handed over.
    AfterHandingOver(SmtpError),
    /// Whoever waited has gone.
    Abandoned,
}

impl SmtpMail {
    /// A sender of letters; nothing is connected yet.
    ///
    /// # Errors
    /// A host that TLS cannot speak of.
    pub fn new(settings: SmtpSettings) -> Result<Self, SmtpProblem> {
        let tls = TlsParameters::new_rustls(settings.host.clone()).map_err(|error| SmtpProblem {
            host: settings.host.clone(),
            error,
        })?;
        let server = Arc::new(Server { settings, tls });
        Ok(Self { server })
    }
}

impl MailGateway for SmtpMail {
    fn send(&self, mail: &Mail) -> Outcome {
        let message = match letter::write(&self.server.settings.from, mail) {
            Ok(message) => message,
            Err(problem) => {
                return Outcome::Permanent {
                    why: problem.to_string(),
                };
            }
        };
        let stage = Arc::new(AtomicU8::new(TALKING));
        let (tell, told) = mpsc::channel();
        let (server, shared) = (Arc::clone(&self.server), Arc::clone(&stage));
        let thread = std::thread::Builder::new().name("savdo-smtp".to_owned());
        let begun = thread.spawn(move || {
            // Nobody waits any more when this fails.
            let _ = tell.send(server.hand_over(&message, &shared));
        });
        if let Err(error) = begun {
            return retry(format!("no thread: {error}"));
        }
        match told.recv_timeout(self.server.settings.done_within) {
            Ok(Ok(())) => Outcome::Sent,
            Ok(Err(end)) => end.outcome(),
            Err(_) => {
                let was = stage.compare_exchange(TALKING, ABANDONED, Ordering::SeqCst, Ordering::SeqCst);
                match was {
                    Ok(_) => retry("the server took too long".to_owned()),
                    Err(_) => Outcome::Unknown {
                        why: "the server took too long after the letter was handed over".to_owned(),
                    },
                }
            }
        }
    }
}

impl Server {
    fn hand_over(&self, message: &Message, stage: &AtomicU8) -> Result<(), End> {
        let mut connection = self.connect().map_err(End::OfServer)?;
        let envelope = message.envelope();
        let sender = MailFrom::new(envelope.from().cloned(), Vec::new());
        // Whether we may send at all: the addressee was not named yet.
        connection.command(sender).map_err(End::OfServer)?;
        for to in envelope.to() {
            connection
                .command(Rcpt::new(to.clone(), Vec::new()))
                .map_err(End::OfLetter)?;
        }
        connection.command(Data).map_err(End::OfLetter)?;
        if stage
            .compare_exchange(TALKING, HANDING_OVER, Ordering::SeqCst, Ordering::SeqCst)
            .is_err()
        {
            connection.abort();
            return Err(End::Abandoned);
        }
        connection
            .message(&message.formatted())
            .map_err(End::AfterHandingOver)?;
        // It was taken: how the farewell goes changes nothing.
        let _ = connection.quit();
        Ok(())
    }

    fn connect(&self) -> Result<SmtpConnection, SmtpError> {
        let settings = &self.settings;
        let name = ClientId::Domain(settings.from.domain().to_owned());
        let from_the_start = (settings.security == Security::Tls).then_some(&self.tls);
        let address = (settings.host.as_str(), settings.port);
        let mut connection =
            SmtpConnection::connect(address, Some(settings.answer_within), &name, from_the_start, None)?;
        if settings.security == Security::StartTls {
            connection.starttls(&self.tls, &name)?;
        }
        if let Some((user, password)) = &settings.login {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)?;
        }
        Ok(connection)
    }
}

impl End {
    fn outcome(self) -> Outcome {
        match self {
            Self::OfServer(error) => retry(words(&error)),
            Self::OfLetter(error) if error.is_permanent() => Outcome::Permanent { why: words(&error) },
            Self::OfLetter(error) => retry(words(&error)),
            Self::AfterHandingOver(error) if error.is_permanent() => Outcome::Permanent { why: words(&error) },
            Self::AfterHandingOver(error) if error.is_transient() => retry(words(&error)),
            Self::AfterHandingOver(error) => Outcome::Unknown { why: words(&error) },
            Self::Abandoned => retry("the server took too long".to_owned()),
        }
    }
}

fn retry(why: String) -> Outcome {
    Outcome::Retry { why, after: None }
}

/// One line, without the address that a server may repeat.
fn words(error: &SmtpError) -> String {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_tls() {
        "no TLS"
    } else if error.is_permanent() {
        "refused for good"
    } else if error.is_transient() {
        "refused for now"
    } else if error.is_response() {
        "an answer that is none"
    } else if error.is_client() {
        "the server cannot do what is needed"
    } else {
        "no connection"
    };
    error
        .status()
        .map_or_else(|| kind.to_owned(), |code| format!("{code}: {kind}"))
}
