//! The server as a value: built from settings and a clock, run until it is told to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::rt::time::sleep;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpServer};
use futures_util::future::{Either, join, select};
use savdo_api::edge::edge;
use savdo_api::metrics::Traffic;
use savdo_api::pharmacy::Readings;
use savdo_api::routes::{self, Docs};
use savdo_api::shell::Shell;
use savdo_api::trace::RequestSpan;
use savdo_gateways::shared::{Line, SharedMarks, SharedTally, Waits};
use savdo_persistence::{ConnectError, migrate};
use savdo_services::accounts::HASHING_AT_ONCE;
use savdo_services::files::DECODING_AT_ONCE;
use savdo_services::jobs::{Runner, Running};
use savdo_services::keys::Purpose;
use savdo_services::limits::Limits;
use savdo_services::marks::{InMemoryMarks, Marks};
use savdo_services::{Clock, Context, ContextSettings, Database, health};
use tokio::sync::Notify;
use tracing_actix_web::TracingLogger;

use crate::lock::{self, DatabaseLock, LockError};
use crate::metrics;
use crate::settings::Settings;
use crate::signals::Signals;
use crate::work::{self, WorkError};

const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Requests that still run this long after the last was accepted are cut off: with the longest drain, a stop stays below 30 s.
const FINISH_WITHIN_SECONDS: u64 = 20;
/// Requests that wait for SQLite's one writer hold a thread each; a group commit takes as many of them at once.
const WRITERS_AT_ONCE: usize = 32;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another server has the database.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The database cannot be opened or migrated.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// The worker cannot be made.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Address {
        /// The address.
        address: String,
        /// Why.
        error: io::Error,
    },
}

/// A server that listens already and answers once it runs.
pub struct Application {
    listener: TcpListener,
    port: u16,
    metrics: Option<TcpListener>,
    context: Context,
    /// What is done without anybody waiting for it, and how often it is looked for; none where another process does it.
    runner: Option<(Runner, Duration)>,
    watch: web::Data<health::Watch>,
    shell: web::Data<Shell>,
    headers_within: Duration,
    workers: usize,
    blocking_threads: usize,
    drain: Duration,
    docs: Docs,
    beside: fn(&mut ServiceConfig),
    stopper: Stopper,
    heeds_signals: bool,
    _lock: Option<DatabaseLock>,
}

/// Tells a running server to stop, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Stopper(Arc<Wish>);

#[derive(Debug, Default)]
struct Wish {
    stop: Notify,
    is_urgent: AtomicBool,
}

impl Stopper {
    /// The server stops as on SIGTERM: it finishes what runs.
    pub fn stop(&self) {
        self.0.stop.notify_one();
    }

    /// The server stops and cuts off what runs.
    pub fn stop_at_once(&self) {
        self.0.is_urgent.store(true, Ordering::SeqCst);
        self.0.stop.notify_one();
    }
}

impl Application {
    /// Takes the database for itself, migrates it, then listens.
    ///
    /// # Errors
    /// A database that another server has, that cannot be opened or migrated; an address that cannot be listened on.
    pub fn build(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let lock = lock::take(&settings.database.url)?;
        for name in migrate::run(&settings.database)? {
            tracing::info!(migration = name, "Migration {name} done");
        }
        let context = open(settings, clock)?;
        let mut application = Self::on(settings, context)?;
        application._lock = lock;
        Ok(application)
    }

    /// Listens, on a world that is open and migrated already.
    ///
    /// # Errors
    /// An address that cannot be listened on.
    pub fn on(settings: &Settings, context: Context) -> Result<Self, StartError> {
        let host = settings.server.host.as_str();
        let unusable = |error: io::Error| StartError::Address {
            address: format!("{host}:{}", settings.server.port),
            error,
        };
        let listener = TcpListener::bind((host, settings.server.port)).map_err(unusable)?;
        let port = listener.local_addr().map_err(unusable)?.port();
        let metrics = metrics::listen(settings.metrics).map_err(|error| StartError::Address {
            address: settings.metrics.map(|address| address.to_string()).unwrap_or_default(),
            error,
        })?;
        let database = &context.database().settings().url;
        let data_folder = database.sqlite_path().and_then(|path| path.parent());
        let data_folder = data_folder.filter(|folder| !folder.as_os_str().is_empty());
        let data_folder = data_folder.map_or_else(|| PathBuf::from("."), PathBuf::from);
        let free_bytes_min = settings.health.disk_free_min_mib.saturating_mul(1024 * 1024);
        let pool_size = usize::try_from(settings.database.pool_size).unwrap_or(1);
        let beside_the_pool = if database.sqlite_path().is_some() {
            WRITERS_AT_ONCE
        } else {
            HASHING_AT_ONCE
        };
        Ok(Self {
            listener,
            port,
            metrics,
            watch: web::Data::new(health::Watch::new(data_folder, free_bytes_min)),
            shell: web::Data::new(settings.shell.clone()),
            headers_within: settings.server.headers_within,
            workers: match settings.server.workers {
                0 => std::thread::available_parallelism().map_or(2, NonZero::get),
                workers => workers,
            },
            blocking_threads: pool_size.saturating_add(beside_the_pool),
            drain: Duration::from_secs(settings.server.drain_seconds),
            docs: if settings.docs.enabled {
                Docs::Served
            } else {
                Docs::Hidden
            },
            runner: if settings.worker.enabled {
                let pause = Duration::from_millis(settings.worker.pause_ms);
                Some((work::runner(settings, context.clone())?, pause))
            } else {
                None
            },
            context,
            beside: |_| {},
            stopper: Stopper::default(),
            heeds_signals: false,
            _lock: None,
        })
    }

    /// Serves further routes, which the API does not have.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn beside(mut self, routes: fn(&mut ServiceConfig)) -> Self {
        self.beside = routes;
        self
    }

    /// Also stops on SIGTERM and SIGINT.
    #[must_use]
    pub fn heeding_signals(mut self) -> Self {
        self.heeds_signals = true;
        self
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where metrics are served, if they are.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The means to stop it.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Answers requests until it is told to stop; then says that it is not ready, finishes what runs, and returns.
    ///
    /// # Errors
    /// Those of the system.
    pub fn run_until_stopped(mut self) -> io::Result<()> {
        let started = self.runner.take().map(|(runner, pause)| runner.start(pause));
        let running = started.transpose()?;
        let served = actix_web::rt::System::new().block_on(self.serve(running.as_ref()));
        // What the worker began, it ends; whoever asks it to has waited for requests meanwhile.
        if let Some(running) = running {
            running.stop();
        }
        served
    }

    async fn serve(self, running: Option<&Running>) -> io::Result<()> {
        // Before anybody learns the address: whoever knows it may already want the server to stop.
        let signals = if self.heeds_signals {
            Some(Signals::new()?)
        } else {
            None
        };
        let stopped = pin!(stop_wanted(self.stopper.clone(), signals));
        self.announce()?;
        let departure = Departure {
            stopper: self.stopper,
            watch: web::Data::clone(&self.watch),
            drain: self.drain,
        };
        let context = web::Data::new(self.context);
        let (watch, shell) = (self.watch, self.shell);
        let (docs, beside) = (self.docs, self.beside);
        let traffic = web::Data::new(Traffic::default());
        let readings = web::Data::new(Readings::default());
        let metrics = self
            .metrics
            .map(|listener| metrics::serve(listener, (context.clone(), traffic.clone(), readings.clone())));
        let metrics = metrics.transpose()?;
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::clone(&context))
                .app_data(web::Data::clone(&watch))
                .app_data(web::Data::clone(&shell))
                .app_data(web::Data::clone(&traffic))
                .app_data(web::Data::clone(&readings))
                .configure(|config| routes::configure(config, docs))
                .configure(beside)
                .default_service(web::to(routes::not_found))
                .wrap(from_fn(edge))
                .wrap(TracingLogger::<RequestSpan>::new())
        });
        let server = server
            .workers(self.workers)
            .worker_max_blocking_threads(threads_of_a_worker(self.blocking_threads, self.workers))
            .client_request_timeout(self.headers_within)
            .keep_alive(KEEP_ALIVE)
            .shutdown_timeout(FINISH_WITHIN_SECONDS)
            .disable_signals()
            .listen(self.listener)?
            .run();
        let handle = server.handle();
        let served = match select(server, stopped).await {
            Either::Left((ended, _)) => ended,
            Either::Right(((), server)) => {
                if let Some(running) = running {
                    running.tell_to_stop();
                }
                join(server, departure.of(handle)).await.0
            }
        };
        // Watched to the last request.
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        served
    }

    fn announce(&self) -> io::Result<()> {
        let address = format!("http://{}", self.listener.local_addr()?);
        let database = &self.context.database().settings().url;
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            %database,
            address,
            "Savdo listens on {address}"
        );
        Ok(())
    }
}

/// How a server goes: first it is not ready, then it finishes what runs.
struct Departure {
    stopper: Stopper,
    watch: web::Data<health::Watch>,
    drain: Duration,
}

impl Departure {
    async fn of(self, server: ServerHandle) {
        tracing::info!("Savdo stops: not ready from now on, finishing what runs");
        self.watch.drain();
        let is_urgent = self.stopper.0.is_urgent.load(Ordering::SeqCst);
        if !is_urgent {
            sleep(self.drain).await;
        }
        server.stop(!is_urgent).await;
    }
}

/// What use-cases work with, on a database that is migrated already.
///
/// # Errors
/// A database that cannot be opened.
pub fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Context, ConnectError> {
    let (limits, marks) = shared(settings);
    Ok(Context::new(ContextSettings {
        database: Database::open(settings.database.clone())?,
        clock,
        secret: settings.security.secret.clone(),
        password_cost: settings.security.password_cost,
        code_rules: settings.code_rules,
        limits,
        marks,
        files: settings.files.clone(),
        file_keys: settings.file_keys.keys(),
        keeping: settings.keeping,
        desks: settings.desks.clone(),
    }))
}

/// What servers know together where they share a Redis, and each by itself otherwise.
fn shared(settings: &Settings) -> (Limits, Arc<dyn Marks>) {
    let Some(redis) = settings.redis.clone() else {
        return (Limits::in_memory(settings.limits), Arc::new(InMemoryMarks::default()));
    };
    let line = Arc::new(Line::new(redis, Waits::within(settings.redis_timeout)));
    let seal = settings.security.secret.key(Purpose::Shared);
    let tally = SharedTally::new(Arc::clone(&line), seal);
    (
        Limits::new(settings.limits, Arc::new(tally)),
        Arc::new(SharedMarks::new(line, seal)),
    )
}

/// The blocking threads of one worker. It may get all the log-ins of a flood and all the pictures that are decoded or wait for
/// it: threads for other work are left to it even then.
fn threads_of_a_worker(blocking_threads: usize, workers: usize) -> usize {
    let share = blocking_threads.div_ceil(workers.max(1)).max(2);
    share.saturating_add(HASHING_AT_ONCE).saturating_add(DECODING_AT_ONCE)
}

async fn stop_wanted(stopper: Stopper, signals: Option<Signals>) {
    let told = pin!(stopper.0.stop.notified());
    let Some(signals) = signals else {
        return told.await;
    };
    select(told, pin!(signals.received())).await;
}

#[cfg(test)]
mod tests {
    use savdo_services::accounts::HASHING_AT_ONCE;
    use savdo_services::files::DECODING_AT_ONCE;

    use super::threads_of_a_worker;

    #[test]
    fn a_flood_of_log_ins_and_pictures_leaves_every_worker_threads_for_other_work() {
        for workers in [1, 2, 16, 64] {
            for blocking_threads in [1, 21, 40, 128] {
                let threads = threads_of_a_worker(blocking_threads, workers);
                assert!(
                    threads >= HASHING_AT_ONCE + DECODING_AT_ONCE + 2,
                    "{workers} workers, {blocking_threads} threads"
                );
            }
        }
    }
}
