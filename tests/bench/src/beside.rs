//! What goes on beside all flows, to see what it does to their latencies: people who sign in, or large pictures that come in.
//!
//! One or two connections do it without a pause. It rests only while a floor is measured.

use std::io::Cursor;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    done: Arc<AtomicUsize>,
    failed: Arc<AtomicUsize>,
    tasks: Vec<JoinHandle<()>>,
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
            done: Arc::default(),
            failed: Arc::default(),
            tasks: Vec::new(),
        };
        for number in 0..connections {
            let connection = Connection::open(address).await?;
            let counts = (Arc::clone(&going.done), Arc::clone(&going.failed));
            let asks = Arc::clone(&asks);
            going
                .tasks
                .push(tokio::spawn(go_on(address, connection, asks, number, counts)));
        }
        Ok(going)
    }

    /// How it went.
    pub(crate) fn told(&self) -> String {
        let what = match self.what {
            Beside::Logins => "log-ins",
            Beside::Uploads => "uploads of 16 MP",
        };
        let (done, failed) = (self.done.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        format!("{done} {what}, {failed} failed")
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn go_on(
    address: SocketAddr,
    mut connection: Connection,
    asks: Arc<[Ask]>,
    first: usize,
    (done, failed): (Arc<AtomicUsize>, Arc<AtomicUsize>),
) {
    for ask in asks.iter().cycle().skip(first) {
        if connection.ask(ask).await.is_ok() {
            done.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        failed.fetch_add(1, Ordering::Relaxed);
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
        Rgb([across, down, low])
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
