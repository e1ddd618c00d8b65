//! Several processes of one installation: servers, workers and the proxy before them, each as in production, on the real clock.
//!
//! The world beside them has the same database, secret and clock, so that its people are known to every server. Processes write their
//! logs into pipes that are read here, and are killed by their own handle when the fleet is dropped.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use savdo_domain::access::Actor;
use savdo_persistence::DatabaseUrl;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::testing::World;
use savdo_services::{Clock, SystemClock};

use crate::client::Client;
use crate::transcript::Transcript;

/// The longest that a process may take to begin.
const BEGIN_WITHIN: Duration = Duration::from_secs(60);

/// Each fleet has a Redis database of its own, as long as there are any.
static FLEETS: AtomicUsize = AtomicUsize::new(0);

/// How many of what.
pub struct FleetPlan {
    /// Servers that leave the worker's work alone.
    pub servers: usize,
    /// Workers.
    pub workers: usize,
    /// Whether a proxy stands before the servers.
    pub has_proxy: bool,
}

impl Default for FleetPlan {
    fn default() -> Self {
        Self {
            servers: 2,
            workers: 2,
            has_proxy: true,
        }
    }
}

/// A running installation.
pub struct Fleet {
    servers: Vec<(Process, String)>,
    workers: Vec<Process>,
    proxy: Option<(Process, String)>,
    variables: Vec<(String, String)>,
    /// Prepares what no request can, and looks behind it.
    pub world: World,
}

struct Process {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    told: Mutex<Receiver<String>>,
}

impl Fleet {
    /// Two servers and two workers behind a proxy.
    #[must_use]
    pub fn new() -> Self {
        Self::with(&FleetPlan::default(), |_| Vec::new())
    }

    /// As planned, each process with further variables.
    ///
    /// # Panics
    /// When a process does not begin.
    #[must_use]
    pub fn with(plan: &FleetPlan, more: impl FnOnce(&World) -> Vec<(&'static str, String)>) -> Self {
        let world = World::unlimited(TestDatabase::new(Backend::Postgres));
        world.clock.set(SystemClock.now());
        let variables = variables(&world, more(&world));
        let servers: Vec<_> = (0..plan.servers).map(|_| server(&variables)).collect();
        let workers = (0..plan.workers).map(|_| worker(&variables)).collect();
        let proxy = plan.has_proxy.then(|| proxy(&servers));
        Self {
            servers,
            workers,
            proxy,
            variables,
            world,
        }
    }

    /// A client of the proxy who is not signed in.
    ///
    /// # Panics
    /// When there is no proxy.
    #[must_use]
    pub fn client(&self) -> Client {
        let (_, address) = self.proxy.as_ref().unwrap_or_else(|| panic!("no proxy"));
        Client::new(address.clone(), Transcript::default()).unnoted()
    }

    /// A client of the proxy who is signed in as this person.
    #[must_use]
    pub fn client_of(&self, actor: &Actor) -> Client {
        self.client().signed_in(&self.world.tokens_of(actor).access)
    }

    /// A client of one server.
    #[must_use]
    pub fn client_at(&self, server: usize, actor: &Actor) -> Client {
        self.nobody_at(server).signed_in(&self.world.tokens_of(actor).access)
    }

    /// A client of one server who is not signed in.
    ///
    /// # Panics
    /// When there is no such server.
    #[must_use]
    pub fn nobody_at(&self, server: usize) -> Client {
        let (_, address) = self.servers.get(server).unwrap_or_else(|| panic!("no server {server}"));
        Client::new(address.clone(), Transcript::default()).unnoted()
    }

    /// Ends a server as a power cut would.
    ///
    /// # Panics
    /// When it had ended already.
    pub fn kill_server(&mut self, server: usize) {
        self.servers
            .get_mut(server)
            .unwrap_or_else(|| panic!("no server {server}"))
            .0
            .kill();
    }

    /// The lines of all workers that hold this text.
    #[must_use]
    pub fn lines_of_workers(&self, text: &str) -> Vec<String> {
        let all = self.workers.iter().flat_map(|worker| worker.lines());
        all.filter(|line| line.contains(text)).collect()
    }

    /// Whether a server has told this.
    #[must_use]
    pub fn has_told(&self, server: usize, text: &str) -> bool {
        let lines = self.servers.get(server).map(|(process, _)| process.lines());
        lines.is_some_and(|lines| lines.iter().any(|line| line.contains(text)))
    }

    /// Runs `savdo verify`.
    ///
    /// # Panics
    /// When it finds a difference.
    pub fn verify(&self) {
        let verified = savdo(&self.variables, "verify").output();
        let verified = verified.unwrap_or_else(|error| panic!("savdo verify: {error}"));
        let said = String::from_utf8_lossy(&verified.stdout);
        assert!(verified.status.success(), "{said}");
    }
}

impl Default for Fleet {
    fn default() -> Self {
        Self::new()
    }
}

/// Waits until something is so, looking again and again.
///
/// # Panics
/// When it is not so within half a minute.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: not within 30 s");
        thread::park_timeout(Duration::from_millis(20));
    }
}

fn variables(world: &World, more: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    let DatabaseUrl::Postgres(url) = &world.database.settings().url else {
        panic!("several processes share a PostgreSQL");
    };
    let number = FLEETS.fetch_add(1, Ordering::Relaxed) % 16;
    let redis = variable("SAVDO_TEST_REDIS_URL", "scripts/with-redis");
    let (redis, _) = redis.rsplit_once('/').unwrap_or((&redis, ""));
    let unlimited = [
        "REQUESTS_PER_USER",
        "REQUESTS_PER_IP",
        "FAILED_LOGINS_PER_IP",
        "BULK_PER_USER",
    ];
    let unlimited = unlimited.map(|limit| (format!("SAVDO_LIMITS__{limit}"), "0".to_owned()));
    let named = [
        ("DATABASE_URL", url.clone()),
        ("REDIS_URL", format!("{redis}/{number}")),
        // A busy machine is no dead Redis.
        ("SAVDO_LIMITS__REDIS_TIMEOUT_MS", "2000".to_owned()),
        // That of the world.
        ("SECRET_KEY", "\u{7}".repeat(32)),
        ("SAVDO_FILES__KEY", "1".repeat(64)),
        ("SAVDO_STORAGE__FOLDER", world.files().display().to_string()),
        ("PORT", "0".to_owned()),
        ("SAVDO_SERVER__WORKERS", "2".to_owned()),
        ("SAVDO_SERVER__TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ("SAVDO_WORKER__ENABLED", "false".to_owned()),
        ("SAVDO_WORKER__PAUSE_MS", "50".to_owned()),
        ("SAVDO_DATABASE__REQUIRE_FSYNC", "false".to_owned()),
        ("SAVDO_SECURITY__PASSWORD_COST", "4".to_owned()),
        ("SAVDO_HEALTH__DISK_FREE_MIN_MIB", "1".to_owned()),
        ("SAVDO_LOG__LEVEL", "info".to_owned()),
    ];
    let named = named.into_iter().chain(more);
    let named = named.map(|(name, value)| (name.to_owned(), value));
    named.chain(unlimited).collect()
}

fn savdo(variables: &[(String, String)], command: &str) -> Command {
    let mut savdo = Command::new(variable("SAVDO_TEST_BINARY", "make two-servers"));
    savdo.arg(command).env_clear().envs(variables.iter().cloned());
    // No configuration of a developer counts.
    savdo.current_dir(std::env::temp_dir());
    savdo
}

fn server(variables: &[(String, String)]) -> (Process, String) {
    let process = Process::begin(savdo(variables, "serve"));
    let line = process.wait_for("Savdo listens on http://");
    let port = line.split("listens on http://127.0.0.1:").nth(1).unwrap_or_default();
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    (process, format!("http://127.0.0.1:{port}"))
}

fn worker(variables: &[(String, String)]) -> Process {
    let process = Process::begin(savdo(variables, "worker"));
    process.wait_for("The worker of Savdo is at work");
    process
}

/// The proxy with the configuration that is deployed.
fn proxy(servers: &[(Process, String)]) -> (Process, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no port: {error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("no port: {error}"));
    drop(listener);
    let mut haproxy = Command::new(variable("SAVDO_TEST_HAPROXY", "scripts/with-haproxy"));
    let configuration = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/haproxy.cfg");
    haproxy.args(["-db", "-f", configuration]).env_clear();
    haproxy.env("SAVDO_PROXY_LISTEN", address.to_string());
    for (number, (_, server)) in servers.iter().enumerate() {
        let server = server.trim_start_matches("http://");
        haproxy.env(format!("SAVDO_SERVER_{}", number + 1), server);
    }
    let process = Process::begin(haproxy);
    let address = format!("http://{address}");
    let client = Client::new(address.clone(), Transcript::default()).unnoted();
    eventually("the proxy answers", || {
        client
            .try_send("GET", "/health/ready/", None)
            .is_ok_and(|answer| answer.status == 200)
    });
    (process, address)
}

#[expect(clippy::disallowed_methods, reason = "a test finds its servers by the environment")]
fn variable(name: &str, by: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run this by `make two-servers` or {by}"))
}

impl Process {
    fn begin(mut command: Command) -> Self {
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let (tell, told) = channel();
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let kept = Arc::clone(&lines);
        let keep = move |line: String| {
            // Nobody may be listening any more.
            let _ = tell.send(line.clone());
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        };
        let of_err = keep.clone();
        thread::spawn(move || {
            out.into_iter()
                .flat_map(|out| BufReader::new(out).lines())
                .map_while(Result::ok)
                .for_each(keep)
        });
        thread::spawn(move || {
            err.into_iter()
                .flat_map(|err| BufReader::new(err).lines())
                .map_while(Result::ok)
                .for_each(of_err)
        });
        Self {
            child,
            lines,
            told: Mutex::new(told),
        }
    }

    fn wait_for(&self, text: &str) -> String {
        let deadline = Instant::now() + BEGIN_WITHIN;
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match told.recv_timeout(left) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(_) => panic!("it does not say {text:?} but {:?}", self.lines()),
            }
        }
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap_or_else(|error| panic!("not killed: {error}"));
        self.child.wait().unwrap_or_else(|error| panic!("not killed: {error}"));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
