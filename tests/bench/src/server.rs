//! The server that is measured: a process of its own, set up as in production, on a free port of this machine.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::paying;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all servers of a run have in common.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The binary.
    pub(crate) binary: PathBuf,
    /// The database's URL.
    pub(crate) database: String,
    /// The folder that it works in.
    pub(crate) folder: PathBuf,
    /// Whether it also sends messages and does scheduled jobs.
    pub(crate) has_worker: bool,
    /// Whether nobody looks at the figures: then a hash of a password costs as little as production allows.
    pub(crate) is_small: bool,
    /// Under which tokens are signed; one for all servers of a run, so that a token of one is good for the next.
    pub(crate) secret: String,
}

/// What a server is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To sign many users in: a hash of a password costs next to nothing, as in the demo.
    Prepare,
    /// To be measured: everything costs what it costs in production.
    Measure,
}

/// A server that runs. It ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From its start to its first good answer.
    pub(crate) cold_start: Duration,
}

impl Server {
    /// Starts one and waits until it answers.
    pub(crate) async fn start(setup: &Setup, purpose: Purpose) -> anyhow::Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(&setup.binary);
        command
            .arg("serve")
            .current_dir(&setup.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .env("SAVDO_DATABASE__URL", &setup.database)
            .env("SAVDO_SERVER__HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("SAVDO_SERVER__DRAIN_SECONDS", "0")
            .env("SAVDO_LOG__LEVEL", "warn")
            // As in the image.
            .env("MIMALLOC_PURGE_DELAY", "0")
            .env("SAVDO_SECURITY__SECRET", &setup.secret)
            .env("SAVDO_FILES__KEY", &setup.secret)
            .env("SAVDO_WORKER__ENABLED", setup.has_worker.to_string());
        // All requests come from one address and of few users.
        for limit in [
            "REQUESTS_PER_USER",
            "REQUESTS_PER_IP",
            "BULK_PER_USER",
            "PRESCRIPTIONS_PER_USER",
        ] {
            command.env(format!("SAVDO_LIMITS__{limit}"), "0");
        }
        command.envs(paying::VARIABLES);
        match purpose {
            Purpose::Prepare => command.env("SAVDO_SECURITY__PASSWORD_COST", "4"),
            Purpose::Measure => command.env("SAVDO_ENVIRONMENT", "production"),
        };
        if setup.is_small && purpose == Purpose::Measure {
            command.env("SAVDO_SECURITY__PASSWORD_COST", "10");
        }
        let started = Instant::now();
        let child = command.spawn().context("the server cannot be started")?;
        let mut server = Self {
            child,
            address,
            cold_start: Duration::ZERO,
        };
        while !is_well(address) {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended as it started: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("the server does not answer");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.cold_start = started.elapsed();
        Ok(server)
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    /// By the signal that nobody can pass over: what was committed stays.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_well(address: SocketAddr) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1 200 "))
    };
    ask().unwrap_or(false)
}
