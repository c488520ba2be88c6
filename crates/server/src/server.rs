//! The HTTP server, the same for the binary and for the tests.

use std::{future::ready, io, net::TcpListener};

use actix_cors::Cors;
use actix_web::{
    App as Application, HttpRequest, HttpServer,
    dev::Server,
    http::header,
    middleware::{Compress, Condition, from_fn},
    web::{self, ServiceConfig},
};

use crate::{
    api,
    app::{App, Shared},
    http::{edge, idempotency, limits, request_id},
    wire::{api_error::RequestError, dialect::Dialects, problem::Problem},
};

/// Serves callers on a listener. SIGTERM and SIGINT stop it after the requests in progress, within the shutdown
/// timeout.
///
/// # Errors
/// If the listener or the TLS configuration cannot be used.
pub fn serve(listener: TcpListener, shared: Shared) -> io::Result<Server> {
    let paths = if shared.config().admin_apart { api::configure_apart } else { api::configure };
    start(listener, shared, paths, Use::Callers)
}

/// Serves operators: metrics, the docs page, health and the OpenAPI documents. Plain HTTP, one worker.
///
/// # Errors
/// If the listener cannot be used.
pub fn serve_admin(listener: TcpListener, shared: Shared) -> io::Result<Server> {
    start(listener, shared, api::operations::configure, Use::Operators)
}

/// The clients of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Callers,
    Operators,
}

fn start(listener: TcpListener, shared: Shared, paths: fn(&mut ServiceConfig), of: Use) -> io::Result<Server> {
    let config = shared.config().clone();
    let (origins, timeout) = (config.cors_origins.clone(), config.shutdown_timeout.as_secs());
    let server = HttpServer::new(move || {
        Application::new()
            .data_factory({
                let shared = shared.clone();
                move || ready(App::on_this_worker(shared.clone()))
            })
            .app_data(Dialects(&api::DIALECTS))
            .configure(paths)
            .default_service(web::route().to(unknown_path))
            .wrap(Compress::default())
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(edge::pass))
    });
    let server = match (of, config.workers) {
        (Use::Operators, _) => server.workers(1),
        (Use::Callers, Some(workers)) => server.workers(workers),
        (Use::Callers, None) => server,
    };
    let server = server.shutdown_timeout(timeout);
    let server = match config.tls.filter(|_| of == Use::Callers) {
        Some(tls) => server.listen_rustls_0_23(listener, tls.server_config().map_err(io::Error::other)?)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

async fn unknown_path(request: HttpRequest) -> Result<&'static str, RequestError> {
    Err(RequestError::new(&request, Problem::UnknownPath))
}

fn cors(origins: &[String]) -> Cors {
    let base = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([header::ETAG, header::LINK, header::LOCATION, header::RETRY_AFTER, request_id::HEADER])
        .expose_headers([idempotency::REPLAYED])
        .expose_headers(limits::HEADERS)
        .max_age(3600);
    origins.iter().fold(base, |cors, origin| match origin.as_str() {
        "*" => cors.allow_any_origin(),
        origin => cors.allowed_origin(origin),
    })
}
