//! Stands between a test and Redis, to be cut or to go mute.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const THROUGH: u8 = 0;
const MUTE: u8 = 1;
const CUT: u8 = 2;

/// A way to Redis of the test's own.
pub(crate) struct Relay {
    url: String,
    shared: Arc<Shared>,
}

struct Shared {
    redis: String,
    mode: AtomicU8,
    calls: AtomicUsize,
    streams: Mutex<Vec<TcpStream>>,
}

impl Relay {
    #[expect(clippy::disallowed_methods, reason = "a test finds its server by the environment")]
    pub(crate) fn new() -> Self {
        let url = std::env::var("SAVDO_TEST_REDIS_URL")
            .expect("run the tests by `make test`, or by scripts/with-redis: SAVDO_TEST_REDIS_URL is not set");
        let (log_in, place) = url.strip_prefix("redis://").unwrap().rsplit_once('@').unwrap();
        let (redis, number) = place.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("redis://{log_in}@{}/{number}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            redis: redis.to_owned(),
            mode: AtomicU8::new(THROUGH),
            calls: AtomicUsize::new(0),
            streams: Mutex::default(),
        });
        let answering = Arc::clone(&shared);
        std::thread::spawn(move || {
            for call in listener.incoming() {
                answering.answer(call.unwrap());
            }
        });
        Self { url, shared }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The same way with another log-in.
    pub(crate) fn url_with(&self, log_in: &str) -> String {
        let (_, place) = self.url.rsplit_once('@').unwrap();
        format!("redis://{log_in}@{place}")
    }

    /// How many called so far.
    pub(crate) fn calls(&self) -> usize {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// Ends all connections and takes no other.
    pub(crate) fn cut(&self) {
        self.shared.mode.store(CUT, Ordering::SeqCst);
        for stream in self.shared.streams.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Takes everything and lets nothing through.
    pub(crate) fn mute(&self) {
        self.shared.mode.store(MUTE, Ordering::SeqCst);
    }

    /// Lets everything through again.
    pub(crate) fn mend(&self) {
        self.shared.mode.store(THROUGH, Ordering::SeqCst);
    }
}

impl Shared {
    fn answer(self: &Arc<Self>, client: TcpStream) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.mode.load(Ordering::SeqCst) == CUT {
            return;
        }
        let redis = TcpStream::connect(&self.redis).unwrap();
        for stream in [&client, &redis] {
            stream.set_nodelay(true).unwrap();
            self.streams.lock().unwrap().push(stream.try_clone().unwrap());
        }
        let (to_redis, to_client) = (redis.try_clone().unwrap(), client.try_clone().unwrap());
        let (there, back) = (Arc::clone(self), Arc::clone(self));
        std::thread::spawn(move || there.pump(client, to_redis));
        std::thread::spawn(move || back.pump(redis, to_client));
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 4096];
        while let Ok(length) = from.read(&mut bytes) {
            if length == 0 {
                break;
            }
            if self.mode.load(Ordering::SeqCst) == MUTE {
                continue;
            }
            if to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }
}
