//! The listener of the metrics: an address of its own, which belongs to whoever watches the installation and to nobody else.

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::ServerHandle;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{App, HttpResponse, HttpServer, web};
use savdo_api::blocking;
use savdo_api::metrics::{Asked, Traffic, text};
use savdo_api::pharmacy::Readings;
use savdo_services::{Context, jobs, payments};

/// The text format of Prometheus.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Listens, if an address was configured.
///
/// # Errors
/// An address that cannot be listened on.
pub(crate) fn listen(address: Option<SocketAddr>) -> io::Result<Option<TcpListener>> {
    address.map(TcpListener::bind).transpose()
}

/// Serves `/metrics` until the handle stops it.
#[expect(
    clippy::disallowed_methods,
    reason = "a server beside the server, and no work of a request"
)]
pub(crate) fn serve(
    listener: TcpListener,
    (context, traffic, readings): (web::Data<Context>, web::Data<Traffic>, web::Data<Readings>),
) -> io::Result<ServerHandle> {
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::clone(&context))
            .app_data(web::Data::clone(&traffic))
            .app_data(web::Data::clone(&readings))
            .route("/metrics", web::get().to(page))
    });
    let server = server.workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    tracing::info!(%address, "Metrics are served on http://{address}/metrics");
    Ok(handle)
}

async fn page(context: web::Data<Context>, traffic: web::Data<Traffic>, readings: web::Data<Readings>) -> HttpResponse {
    // Whoever watches is told the rest also while the database is away.
    let asked = Asked {
        dead: blocking::run(&context, jobs::dead_letters).await.ok(),
        money: blocking::run(&context, payments::standing).await.ok(),
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text(&context, &traffic, &readings, asked))
}
