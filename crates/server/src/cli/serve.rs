//! `docket serve`

use std::{
    net::TcpListener,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use actix_web::rt::{
    System,
    signal::unix::{SignalKind, signal},
};
use anyhow::Context as _;
use clap::Args;
use docket_domain::json::FREE_FIELDS_MAX;
use docket_persistence::files::Files;
use futures_util::future::try_join;

use super::{
    output::print,
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
};
use crate::{
    app::{Config, MAX_ACCOUNT_ANSWERS, MAX_ACCOUNT_BYTES, Shared},
    deliverer, demo,
    http::{limits::RateLimit, tls::Tls},
    migrator, server, sweeper, timer,
};

/// File beside the documents with the key of the demonstration, so that later starts print the same key.
const DEMO_KEY: &str = "demo-key";

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address to listen on; port 0 selects a free port.
    #[arg(long, env = "DOCKET_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Separate address for /metrics and /docs; plain HTTP.
    #[arg(long, env = "DOCKET_ADMIN_LISTEN", value_name = "ADDRESS")]
    admin_listen: Option<String>,
    /// Certificate chain for TLS, PEM. SIGHUP reloads it and the key.
    #[arg(long, env = "DOCKET_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key for TLS, PEM.
    #[arg(long, env = "DOCKET_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Fill an empty store with demonstration data and print a key.
    #[arg(long, env = "DOCKET_DEMO")]
    demo: bool,
    /// Number of workers; one per core by default.
    #[arg(long, env = "DOCKET_WORKERS")]
    workers: Option<usize>,
    /// Timeout of a request, in seconds.
    #[arg(long, env = "DOCKET_REQUEST_TIMEOUT", default_value_t = 30)]
    request_timeout: u64,
    /// Seconds to let requests in progress finish at shutdown.
    #[arg(long, env = "DOCKET_SHUTDOWN_TIMEOUT", default_value_t = 10)]
    shutdown_timeout: u64,
    /// Maximum size of a JSON body, in bytes.
    #[arg(long, env = "DOCKET_MAX_BODY_BYTES", default_value_t = 2 << 20)]
    max_body_bytes: usize,
    /// Maximum size of the free fields of one resource (custom_fields, metadata, items), in bytes of JSON.
    #[arg(long, env = "DOCKET_MAX_FREE_FIELDS", value_name = "BYTES", default_value_t = FREE_FIELDS_MAX)]
    max_free_fields: usize,
    /// Maximum size of a document, in bytes.
    #[arg(long, env = "DOCKET_MAX_DOCUMENT_BYTES", default_value_t = 100 << 20)]
    max_document_bytes: u64,
    /// Maximum size of all documents of an account, in bytes.
    #[arg(long, env = "DOCKET_MAX_ACCOUNT_BYTES", value_name = "BYTES", default_value_t = MAX_ACCOUNT_BYTES)]
    max_account_bytes: u64,
    /// Maximum size of responses kept for retries, per account and day, in bytes.
    #[arg(long, env = "DOCKET_MAX_ACCOUNT_ANSWERS", value_name = "BYTES", default_value_t = MAX_ACCOUNT_ANSWERS)]
    max_account_answers: u64,
    /// Storage of documents: a folder, or `s3://BUCKET/PREFIX` in a build with the feature `s3`.
    #[arg(long, env = "DOCKET_DOCUMENTS", default_value = "documents")]
    documents: String,
    /// Requests per second of an API key; unlimited by default.
    #[arg(long, env = "DOCKET_RATE_LIMIT", value_name = "REQUESTS")]
    rate_limit: Option<NonZeroU32>,
    /// Requests that an idle API key may send at once; by default, the requests of one second.
    #[arg(long, env = "DOCKET_RATE_LIMIT_BURST", value_name = "REQUESTS", requires = "rate_limit")]
    rate_limit_burst: Option<NonZeroU32>,
    /// Invalid credentials per minute and address that are answered without delay.
    #[arg(long, env = "DOCKET_FREE_LOGIN_FAILURES", value_name = "FAILURES", default_value_t = 100)]
    free_login_failures: u32,
    /// Allowed CORS origin, or `*`; repeatable.
    #[arg(long, env = "DOCKET_CORS_ORIGINS", value_delimiter = ',')]
    cors_origins: Vec<String>,
    /// Let webhooks go to private addresses, and without TLS. For tests and inner networks.
    #[arg(long, env = "DOCKET_WEBHOOK_ALLOW_PRIVATE")]
    webhook_allow_private: bool,
}

/// Migrates the database, adds the demonstration data if requested, and serves until SIGTERM or SIGINT.
pub(super) fn run(args: ServeArgs, store: &StoreArgs) -> anyhow::Result<()> {
    // An address that is taken must not leave a migrated database behind.
    let listener = bind(&args.listen)?;
    let admin = args.admin_listen.as_deref().map(bind).transpose()?;
    let connector = store.open_migrated()?;
    let files = Files::open(&args.documents)?;
    // A storage elsewhere is shared, so it must not have a key.
    let demo_key =
        Some(Path::new(&args.documents)).filter(|folder| folder.is_dir()).map(|folder| folder.join(DEMO_KEY));
    let tls = args.tls_cert.zip(args.tls_key).map(|(certificate, key)| Tls::load(certificate, key)).transpose()?;
    let config = Config {
        admin_apart: args.admin_listen.is_some(),
        tls: tls.clone(),
        request_timeout: Duration::from_secs(args.request_timeout),
        shutdown_timeout: Duration::from_secs(args.shutdown_timeout),
        max_body_bytes: args.max_body_bytes,
        max_free_fields: args.max_free_fields,
        cors_origins: args.cors_origins,
        max_document_bytes: args.max_document_bytes,
        max_account_bytes: args.max_account_bytes,
        max_account_answers: args.max_account_answers,
        documents: Some(files.clone()),
        rate_limit: args
            .rate_limit
            .map(|per_second| RateLimit { per_second, burst: args.rate_limit_burst.unwrap_or(per_second) }),
        free_login_failures: args.free_login_failures,
        workers: args.workers,
        webhook_allow_private: args.webhook_allow_private,
    };
    System::new().block_on(async {
        let store = connector.worker()?;
        let account = load_account(&store, MAIN_ACCOUNT).await?.id;
        let key = if args.demo { demo::fill(&store, account, demo_key.as_deref()).await? } else { None };
        if args.demo && key.is_none() {
            log::warn!("the store already has cases: the demonstration data is not added");
        }
        actix_web::rt::spawn(sweeper::run(store, files));
        actix_web::rt::spawn(migrator::run(connector.worker()?));
        actix_web::rt::spawn(timer::run_rebuilds(connector.worker()?));
        let (timer, deliverer) = (connector.worker()?, connector.worker()?);
        let address = listener.local_addr()?;
        let allow_private = config.webhook_allow_private;
        let shared = Shared::new(connector, config);
        actix_web::rt::spawn(timer::run(timer, shared.metrics()));
        actix_web::rt::spawn(deliverer::run(deliverer, allow_private, shared.metrics()));
        let callers = server::serve(listener, shared.clone())?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        match tls {
            Some(tls) => reload_on_hangup(tls)?,
            None if !address.ip().is_loopback() => {
                log::warn!("listening on {address} without TLS: use a proxy with TLS, or set --tls-cert and --tls-key")
            }
            None => {}
        }
        let mut lines = vec![format!("listening on {scheme}://{address}")];
        if admin.is_none() {
            lines.push(format!("documentation on {scheme}://{address}/docs/"));
        }
        if let Some(key) = key {
            lines.push(format!("export URL={scheme}://{address} KEY={key}"));
            lines.push(format!("curl -s '{scheme}://{address}/api/v1/cases?limit=3' -H 'Authorization: Bearer {key}'"));
        }
        // In one piece: a reader of the first line may close the pipe behind it.
        print(lines.join("\n"))?;
        let Some(admin) = admin else { return Ok(callers.await?) };
        let address = admin.local_addr()?;
        let operators = server::serve_admin(admin, shared)?;
        print(format_args!("admin on http://{address}\ndocumentation on http://{address}/docs/"))?;
        try_join(callers, operators).await?;
        Ok(())
    })
}

fn bind(address: &str) -> anyhow::Result<TcpListener> {
    if !address.contains(':') {
        anyhow::bail!("cannot listen on {address:?}: an address is HOST:PORT, for example 127.0.0.1:8080");
    }
    TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))
}

/// Reloads certificate and key on each SIGHUP.
fn reload_on_hangup(tls: Arc<Tls>) -> anyhow::Result<()> {
    let mut hangups = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
    actix_web::rt::spawn(async move {
        while hangups.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => log::info!("reloaded the TLS certificate"),
                Err(error) => log::error!("kept the previous TLS certificate: {error:#}"),
            }
        }
    });
    Ok(())
}
