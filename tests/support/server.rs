//! A real server in this process.

use std::thread::JoinHandle;

use actix_web::web::ServiceConfig;
use savdo_domain::access::Actor;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_server::{Application, Settings, Sources, Stopper};
use savdo_services::desks::Desks;
use savdo_services::testing::World;

use crate::client::Client;
use crate::transcript::Transcript;

/// The key for files of every server and every world.
const FILES_KEY: &str = "10123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde";

/// A running server over a world of its own; stopped when dropped.
pub struct Server {
    /// The database, the clock and the use-cases beneath the server: to prepare what no request can, and to look behind it.
    pub world: World,
    address: String,
    metrics: Option<String>,
    transcript: Transcript,
    stopper: Stopper,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Server {
    /// A server over an empty database of this kind.
    #[must_use]
    pub fn on(backend: Backend) -> Self {
        Self::over(TestDatabase::new(backend))
    }

    /// A server over this database.
    #[must_use]
    pub fn over(database: TestDatabase) -> Self {
        Self::with(database, |_| {})
    }

    /// A server that also has routes of the test's own.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn with(database: TestDatabase, routes: fn(&mut ServiceConfig)) -> Self {
        Self::start(World::on(database), &[], routes)
    }

    /// A server over this database that limits nobody.
    #[must_use]
    pub fn unlimited(database: TestDatabase) -> Self {
        Self::start(World::unlimited(database), &[], |_| {})
    }

    /// A server over an empty database, with variables of the test's own.
    #[must_use]
    pub fn configured(variables: &[(&str, &str)]) -> Self {
        Self::start(World::on(TestDatabase::new(Backend::Sqlite)), variables, |_| {})
    }

    /// A server over this database with these desks at providers of payments.
    #[must_use]
    pub fn with_desks(database: TestDatabase, desks: Desks) -> Self {
        let mut world = World::on(database);
        world.context = world.with_desks(desks);
        Self::start(world, &[], |_| {})
    }

    fn start(world: World, variables: &[(&str, &str)], routes: fn(&mut ServiceConfig)) -> Self {
        let application = Application::on(&settings(variables), world.context.clone())
            .unwrap_or_else(|error| panic!("no server: {error}"))
            .beside(routes);
        let address = format!("http://127.0.0.1:{}", application.port());
        let metrics = application.metrics_address().map(|address| format!("http://{address}"));
        let stopper = application.stopper();
        let thread = std::thread::spawn(move || application.run_until_stopped());
        Self {
            world,
            address,
            metrics,
            transcript: Transcript::default(),
            stopper,
            thread: Some(thread),
        }
    }

    /// A client that is not signed in. What it sends and gets is noted.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address.clone(), self.transcript.clone())
    }

    /// A client that is signed in as this person of the world. What it sends and gets is noted.
    #[must_use]
    pub fn client_of(&self, actor: &Actor) -> Client {
        self.client().signed_in(&self.world.tokens_of(actor).access)
    }

    /// A client of the listener of the metrics.
    ///
    /// # Panics
    /// When the server has none.
    #[must_use]
    pub fn watcher(&self) -> Client {
        let address = self.metrics.clone().unwrap_or_else(|| panic!("no metrics are served"));
        Client::new(address, self.transcript.clone())
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Everything that its clients sent and got.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.transcript.text().replace(&self.address, "http://savdo.test")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop_at_once();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                matches!(ended, Ok(Ok(()))) || std::thread::panicking(),
                "the server ended with {ended:?}"
            );
        }
    }
}

/// The defaults of production, but for the address and what a test wants otherwise.
fn settings(changed: &[(&str, &str)]) -> Settings {
    let variables = [
        ("SAVDO_ENVIRONMENT", "production"),
        ("SAVDO_SERVER__HOST", "127.0.0.1"),
        ("SAVDO_SERVER__PORT", "0"),
        ("SAVDO_SERVER__WORKERS", "2"),
        ("SAVDO_SERVER__DRAIN_SECONDS", "0"),
        ("SAVDO_DOCS__ENABLED", "true"),
        ("SAVDO_HEALTH__DISK_FREE_MIN_MIB", "1"),
        // Tests do its work step by step.
        ("SAVDO_WORKER__ENABLED", "false"),
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("SAVDO_FILES__KEY", FILES_KEY),
    ];
    let variables = variables.iter().chain(changed);
    let variables = variables
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let folder = std::env::temp_dir().join("savdo-without-configuration");
    Settings::load(&Sources { folder, variables }).unwrap_or_else(|error| panic!("{error}"))
}
