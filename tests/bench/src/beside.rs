//! What goes on beside all flows, to see what it does to their latencies: people who sign in, or large pictures that come in.
//!
//! One or two connections do it without a pause, from before the first round to after the last. No floor is measured then.

use std::io::Cursor;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use clap::ValueEnum;
use image::{ImageFormat, Rgb, RgbImage};
use tokio::task::JoinHandle;

use crate::client::{Ask, Connection};
use crate::flow::{Flow, visitors};
use crate::stage::{Door, Stage, log_in, path};

/// 16 megapixels.
const WIDTH: u32 = 4_608;
const HEIGHT: u32 = 3_456;
const BOUNDARY: &str = "savdo-bench-boundary";

/// What goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Beside {
    /// Two connections sign in.
    Logins,
    /// One connection uploads a picture of 16 megapixels.
    Uploads,
}

/// What goes on until this value ends.
pub(crate) struct Going {
    what: Beside,
    count: Arc<Count>,
    tasks: Vec<JoinHandle<()>>,
}

/// How often it went well, and not.
#[derive(Default)]
struct Count {
    done: AtomicUsize,
    failed: AtomicUsize,
    first_error: OnceLock<String>,
}

impl Going {
    /// Begins.
    pub(crate) async fn begin(what: Beside, stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Self> {
        let (asks, connections) = match what {
            Beside::Logins => {
                Flow::LogIn.warm(stage, address).await?;
                let visitors = visitors(stage);
                let asks: Vec<Ask> = visitors.iter().map(|one| log_in(Door::Pharmacy, &one.name)).collect();
                (asks, 2)
            }
            Beside::Uploads => (vec![upload(stage)?], 1),
        };
        let asks: Arc<[Ask]> = asks.into();
        let mut going = Self {
            what,
            count: Arc::default(),
            tasks: Vec::new(),
        };
        for number in 0..connections {
            let connection = Connection::open(address).await?;
            let going_on = go_on(address, connection, Arc::clone(&asks), number, Arc::clone(&going.count));
            going.tasks.push(tokio::spawn(going_on));
        }
        Ok(going)
    }

    /// How it went.
    pub(crate) fn told(&self) -> String {
        let what = match self.what {
            Beside::Logins => "log-ins",
            Beside::Uploads => "uploads of 16 MP",
        };
        format!("{} {what}", self.count.done.load(Ordering::Relaxed))
    }

    /// What the first error said, and how many there were; or that nothing went on.
    pub(crate) fn error(&self) -> Option<String> {
        let failed = self.count.failed.load(Ordering::Relaxed);
        match self.count.first_error.get() {
            Some(first) => Some(format!(
                "{failed} requests beside the flows failed, the first so: {first}"
            )),
            None if self.count.done.load(Ordering::Relaxed) == 0 => {
                Some("nothing was done beside the flows".to_owned())
            }
            None => None,
        }
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn go_on(address: SocketAddr, mut connection: Connection, asks: Arc<[Ask]>, first: usize, count: Arc<Count>) {
    for ask in asks.iter().cycle().skip(first) {
        let Err(error) = connection.ask(ask).await else {
            count.done.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        count.failed.fetch_add(1, Ordering::Relaxed);
        count.first_error.get_or_init(|| format!("{error:#}"));
        let Ok(another) = Connection::open(address).await else {
            return;
        };
        connection = another;
    }
}

/// The picture of a product, which no other flow asks for.
fn upload(stage: &Stage) -> anyhow::Result<Ask> {
    let product = stage.goods.last().context("a product")?.id;
    // Some detail everywhere, as a photograph has.
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let [low, ..] = (x.wrapping_mul(31) ^ y.wrapping_mul(17)).to_le_bytes();
        let [across, ..] = (x / 18).to_le_bytes();
        let [down, ..] = (y / 14).to_le_bytes();
        // No more of it than keeps the file below what is taken in.
        Rgb([across, down, low & 0x0f])
    });
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Jpeg)?;
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend(file.into_inner());
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    Ok(Ask::put_form(path(&format!("pharmacy/products/{product}/image/")), BOUNDARY, body).by(&stage.owner.token))
}
