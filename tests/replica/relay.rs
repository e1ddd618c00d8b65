//! A relay before a server that can fall silent: its machine goes on to take what is sent, and nothing comes back.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// A relay, which ends with its connections.
pub(crate) struct Relay {
    is_silent: Arc<AtomicBool>,
}

impl Relay {
    /// A relay before the server of a URL, and the URL by which it is asked.
    pub(crate) fn before(url: &str) -> (Self, String) {
        let place = url
            .rsplit_once('@')
            .and_then(|(who, rest)| Some((who, rest.split_once('/')?)));
        let Some((who, (server, name))) = place else {
            panic!("a URL with user and name");
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no port: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("no port: {error}"));
        let (is_silent, server) = (Arc::new(AtomicBool::new(false)), server.to_owned());
        let silence = Arc::clone(&is_silent);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(&server) else { continue };
                for (from, to) in [(near.try_clone(), far.try_clone()), (Ok(far), Ok(near))] {
                    let (Ok(from), Ok(to), silence) = (from, to, Arc::clone(&silence)) else {
                        continue;
                    };
                    thread::spawn(move || pass_on(from, to, &silence));
                }
            }
        });
        (Self { is_silent }, format!("{who}@{address}/{name}"))
    }

    /// Passes nothing on any more.
    pub(crate) fn fall_silent(&self) {
        self.is_silent.store(true, Ordering::SeqCst);
    }

    /// Passes on what has come meanwhile, and what comes.
    pub(crate) fn speak(&self) {
        self.is_silent.store(false, Ordering::SeqCst);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.speak();
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, is_silent: &AtomicBool) {
    let mut buffer = [0; 8192];
    while let Ok(read) = from.read(&mut buffer) {
        while is_silent.load(Ordering::SeqCst) {
            thread::park_timeout(Duration::from_millis(10));
        }
        let piece = buffer.get(..read).unwrap_or_default();
        if piece.is_empty() || to.write_all(piece).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
