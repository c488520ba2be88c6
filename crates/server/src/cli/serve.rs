//! `docket serve`

use std::{net::TcpListener, num::NonZeroU32, time::Duration};

use actix_web::rt::System;
use anyhow::Context as _;
use clap::Args;
use docket_persistence::files::Files;

use super::{MAIN_ACCOUNT, StoreArgs, load_account, print};
use crate::{
    app::{Config, Shared},
    demo,
    http::{self, limits::RateLimit},
    sweeper,
};

/// How to serve.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, env = "DOCKET_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Fill an empty store with demonstration data and print a key.
    #[arg(long, env = "DOCKET_DEMO")]
    demo: bool,
    /// How many workers serve; as many as there are cores by default.
    #[arg(long, env = "DOCKET_WORKERS")]
    workers: Option<usize>,
    /// How many seconds a request may take.
    #[arg(long, env = "DOCKET_REQUEST_TIMEOUT", default_value_t = 30)]
    request_timeout: u64,
    /// How many seconds requests under way may go on when the server is told to stop.
    #[arg(long, env = "DOCKET_SHUTDOWN_TIMEOUT", default_value_t = 10)]
    shutdown_timeout: u64,
    /// The most bytes of a JSON body.
    #[arg(long, env = "DOCKET_MAX_BODY_BYTES", default_value_t = 2 << 20)]
    max_body_bytes: usize,
    /// The most bytes of a document.
    #[arg(long, env = "DOCKET_MAX_DOCUMENT_BYTES", default_value_t = 100 << 20)]
    max_document_bytes: u64,
    /// Where the bytes of documents are kept: a folder, or `s3://BUCKET/PREFIX` in a build with the feature `s3`.
    #[arg(long, env = "DOCKET_DOCUMENTS", default_value = "documents")]
    documents: String,
    /// How many requests a second an api key may make in the long run; as many as it likes by default.
    #[arg(long, env = "DOCKET_RATE_LIMIT", value_name = "REQUESTS")]
    rate_limit: Option<NonZeroU32>,
    /// How many of them at once, after a rest; as many as in a second by default.
    #[arg(long, env = "DOCKET_RATE_LIMIT_BURST", value_name = "REQUESTS", requires = "rate_limit")]
    rate_limit_burst: Option<NonZeroU32>,
    /// How many bad credentials a minute from one address are answered at once; further ones have to wait.
    #[arg(long, env = "DOCKET_FREE_LOGIN_FAILURES", value_name = "FAILURES", default_value_t = 100)]
    free_login_failures: u32,
    /// An origin whose pages may call the server from a browser, or `*`; can be given several times.
    #[arg(long, env = "DOCKET_CORS_ORIGINS", value_delimiter = ',')]
    cors_origins: Vec<String>,
}

/// Migrates, fills the store where asked to, and serves until it is told to stop.
pub(super) fn run(args: ServeArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let connector = store.open_migrated()?;
    let files = Files::open(&args.documents)?;
    let config = Config {
        request_timeout: Duration::from_secs(args.request_timeout),
        shutdown_timeout: Duration::from_secs(args.shutdown_timeout),
        max_body_bytes: args.max_body_bytes,
        cors_origins: args.cors_origins,
        max_document_bytes: args.max_document_bytes,
        documents: Some(files.clone()),
        rate_limit: args
            .rate_limit
            .map(|per_second| RateLimit { per_second, burst: args.rate_limit_burst.unwrap_or(per_second) }),
        free_login_failures: args.free_login_failures,
        workers: args.workers,
    };
    System::new().block_on(async {
        let store = connector.worker()?;
        let account = load_account(&store, MAIN_ACCOUNT).await?.id;
        let key = if args.demo { demo::fill(&store, account).await? } else { None };
        if args.demo && key.is_none() {
            log::warn!("the store holds cases already: it is served as it is, without the demonstration data");
        }
        actix_web::rt::spawn(sweeper::run(store, files));
        let listener = TcpListener::bind(&args.listen).with_context(|| format!("cannot listen on {}", args.listen))?;
        let address = listener.local_addr()?;
        let server = http::serve(listener, Shared::new(connector, config))?;
        print(format_args!("listening on http://{address}"))?;
        if let Some(key) = key {
            print(format_args!("export URL=http://{address} KEY={key}"))?;
            print(format_args!("curl -s 'http://{address}/api/v1/cases?limit=3' -H 'Authorization: Bearer {key}'"))?;
        }
        Ok(server.await?)
    })
}
