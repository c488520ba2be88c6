//! Endpoints for operators: health checks, metrics, the OpenAPI documents and the docs page. They never read or change
//! cases.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType},
    web::{Bytes, Data, Path, ServiceConfig},
};
use docket_domain::store::Health as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_swagger_ui::{Config, Url};

use super::{native::error::NativeError, pages};
use crate::{
    app::App,
    http::{endpoint::Endpoint, metrics::Format},
    wire::{
        api_error::RequestError,
        dialect::{Dialect, Dialects},
        openapi::version_3_0,
        problem::Problem,
    },
};

#[derive(Debug, Serialize, ToSchema)]
pub struct HealthView {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReadinessView {
    /// `ok`, or `degraded` if nodes of the database do not respond.
    #[schema(example = "ok")]
    status: &'static str,
    /// Nodes of a Citus cluster that do not respond, by `pg_dist_node.nodeid`. Requests of the accounts on these nodes
    /// get 503. Missing if all nodes respond, or if the check itself failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    unreachable_nodes: Vec<i32>,
}

/// Check liveness
///
/// Returns 200 while the process responds. It does not check the database. Restart the process only if this check
/// fails.
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "operations",
    responses((status = 200, description = "The process responds.", body = HealthView)),
)]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(HealthView { status: "ok" })
}

/// Check readiness
///
/// Returns 200 while the database responds. Route requests to the server only while this check succeeds. On a Citus
/// cluster the coordinator must respond; other nodes that do not respond are listed.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "operations",
    responses((status = 200, description = "The database responds.", body = ReadinessView), (status = 503)),
)]
pub async fn ready(app: Data<App>) -> Result<HttpResponse, NativeError> {
    app.store.ping().await?;
    let unreachable = app.nodes().unreachable(async || app.store.unreachable_nodes().await).await;
    // The coordinator has just responded, so a check that failed waited for another node until its timeout.
    let degraded = ReadinessView { status: "degraded", unreachable_nodes: Vec::new() };
    Ok(HttpResponse::Ok().json(unreachable.map_or(degraded, ReadinessView::of)))
}

/// Get metrics
///
/// Returns the metrics of this process in the Prometheus text format, or in OpenMetrics 1.0 if `Accept` names it.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((
        status = 200,
        description = "Metrics in the Prometheus text format.",
        body = String,
        content_type = "text/plain",
    )),
)]
pub async fn metrics(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, NativeError> {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let format = Format::accepted(accept.unwrap_or_default());
    let text = app.metrics().text(format, app.load()).map_err(|error| Problem::defect(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type(format.content_type()).body(text))
}

/// Get an OpenAPI document
///
/// Returns the OpenAPI document of a dialect.
#[utoipa::path(
    get,
    path = "/openapi/{dialect}.json",
    tag = "operations",
    params((
        "dialect" = String,
        Path,
        description = "`native`, `trackops`, `services` or `caseiq`; with `-3.0` in OpenAPI 3.0 instead of 3.1.",
        example = "native",
    )),
    responses((status = 200, description = "The OpenAPI document.", body = Object), (status = 404)),
)]
pub async fn document(request: HttpRequest, dialect: Path<String>) -> Result<HttpResponse, RequestError> {
    let documents = DOCUMENTS.get_or_init(|| documents(Dialects::all(&request)));
    let document = documents.get(dialect.as_str());
    let document = document.ok_or_else(|| RequestError::new(&request, Problem::UnknownPath))?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(document.clone()))
}

/// The documents by name. Anyone may ask for one, and making it takes longer than most requests.
static DOCUMENTS: OnceLock<BTreeMap<String, Bytes>> = OnceLock::new();

fn documents(dialects: &[Dialect]) -> BTreeMap<String, Bytes> {
    let documents = dialects.iter().flat_map(|dialect| {
        let document = (dialect.document)();
        let old = version_3_0::render(document.clone());
        [(dialect.name.to_owned(), document), (format!("{}-3.0", dialect.name), old)]
    });
    documents.map(|(name, document)| (name, Bytes::from(document.to_string()))).collect()
}

impl ReadinessView {
    fn of(unreachable_nodes: Vec<i32>) -> Self {
        let status = if unreachable_nodes.is_empty() { "ok" } else { "degraded" };
        Self { status, unreachable_nodes }
    }
}

async fn docs_root() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

async fn docs(request: HttpRequest, file: Path<String>) -> Result<HttpResponse, RequestError> {
    // Swagger UI opens an operation five times as fast in a document of version 3.0.
    let paths =
        Dialects::all(&request).iter().map(|dialect| (dialect.name, format!("/openapi/{}-3.0.json", dialect.name)));
    let paths = paths.collect::<Vec<_>>();
    let urls = paths.iter().map(|(name, path)| Url::new(name, path));
    // The validator of Swagger UI would send the document to another server.
    let config = Config::new(urls).try_it_out_enabled(true).persist_authorization(false).validator_url("none");
    // A dialect has up to a hundred operations: the page shows its groups first, and finds a group by name.
    let config = config.doc_expansion("none").filter(true).default_models_expand_depth(0);
    let served = utoipa_swagger_ui::serve(&file, Arc::new(config));
    let served = served.map_err(|error| RequestError::new(&request, Problem::defect(error.to_string())))?;
    let file = served.ok_or_else(|| RequestError::new(&request, Problem::UnknownPath))?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type.clone());
    match std::str::from_utf8(&file.bytes) {
        Ok(page) if file.content_type.starts_with("text/html") => {
            Ok(response.body(page.replace("<title>Swagger UI</title>", "<title>Docket: API documentation</title>")))
        }
        _ => Ok(response.body(file.bytes.into_owned())),
    }
}

pub fn configure(config: &mut ServiceConfig) {
    configure_public(config);
    let endpoints = [
        Endpoint::at("/metrics").get(metrics),
        Endpoint::at("/docs").get(docs_root),
        Endpoint::at("/docs/{file:.*}").get(docs),
    ];
    for endpoint in endpoints {
        config.service(endpoint.ignores_unknown_parameters());
    }
}

/// The paths of every listener. Metrics and the docs page can be on a listener for operators alone.
pub fn configure_public(config: &mut ServiceConfig) {
    pages::configure(config);
    let endpoints = [
        Endpoint::at("/health/live").get(live),
        Endpoint::at("/health/ready").get(ready),
        Endpoint::at("/openapi/{dialect}.json").get(document),
    ];
    for endpoint in endpoints {
        config.service(endpoint);
    }
}
