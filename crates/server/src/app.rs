//! What every handler has at hand: one worker's way to the store, and what all workers share.

mod kept_answers;
mod uploads;

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use docket_domain::{
    case::Case,
    error::{Error, StoreError},
    json::FREE_FIELDS_MAX,
    service,
    time::{Timestamp, to_microseconds},
    workflow::Workflow,
};
use docket_persistence::{Connector, Database, OpenError, files::Files};
use uuid::Uuid;

pub use self::{
    kept_answers::KeptAnswers,
    uploads::{InProgress, Uploads},
};
use crate::{
    auth::KeyCache,
    http::{
        limits::{FailedLogins, RateLimit, RateLimiter},
        metrics::Metrics,
        tls::Tls,
    },
};

/// The default bound on the bytes of all documents of an account: 100 GiB.
pub const MAX_ACCOUNT_BYTES: u64 = 100 << 30;

/// The default bound on the bytes of answers that are kept for an account on a day: 1 GiB.
pub const MAX_ACCOUNT_ANSWERS: u64 = 1 << 30;

/// How the server is to behave.
#[derive(Debug, Clone)]
pub struct Config {
    /// How long a request may take.
    pub request_timeout: Duration,
    /// How long requests that are under way may go on when the server is told to stop.
    pub shutdown_timeout: Duration,
    /// The most bytes of a JSON body.
    pub max_body_bytes: usize,
    /// The greatest size of the free fields of one resource, in bytes of JSON.
    pub max_free_fields: usize,
    /// The origins whose pages may call the server from a browser; `*` for all.
    pub cors_origins: Vec<String>,
    /// The most bytes of a document.
    pub max_document_bytes: u64,
    /// The most bytes of all documents of an account.
    pub max_account_bytes: u64,
    /// The most bytes of answers that are kept for an account on a day; further ones are made again where they are asked for.
    pub max_account_answers: u64,
    /// Where the bytes of documents are; without it there are none.
    pub documents: Option<Files>,
    /// What an api key may ask; anything where nothing is said.
    pub rate_limit: Option<RateLimit>,
    /// How many bad credentials a minute from one address are answered at once.
    pub free_login_failures: u32,
    /// How many workers serve; as many as there are cores where none is given.
    pub workers: Option<usize>,
    /// Whether metrics and the docs page have a listener of their own.
    pub admin_apart: bool,
    /// The certificate for callers; plain HTTP where none is given.
    pub tls: Option<Arc<Tls>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(10),
            max_body_bytes: 2 << 20,
            max_free_fields: FREE_FIELDS_MAX,
            cors_origins: Vec::new(),
            max_document_bytes: 100 << 20,
            max_account_bytes: MAX_ACCOUNT_BYTES,
            max_account_answers: MAX_ACCOUNT_ANSWERS,
            documents: None,
            rate_limit: None,
            free_login_failures: 100,
            workers: None,
            admin_apart: false,
            tls: None,
        }
    }
}

/// What all workers share. Nothing in it is needed for an answer to be right: it is caches and counts.
#[derive(Clone)]
pub struct Shared {
    connector: Connector,
    config: Arc<Config>,
    keys: KeyCache,
    metrics: Arc<Metrics>,
    rate_limiter: Option<RateLimiter>,
    failed_logins: FailedLogins,
    uploads: Uploads,
    kept_answers: KeptAnswers,
}

impl Shared {
    /// Ready to serve from that database.
    #[must_use]
    pub fn new(connector: Connector, config: Config) -> Self {
        Self {
            rate_limiter: config.rate_limit.map(RateLimiter::new),
            failed_logins: FailedLogins::new(config.free_login_failures),
            connector,
            config: Arc::new(config),
            keys: KeyCache::new(),
            metrics: Arc::new(Metrics::new()),
            uploads: Uploads::default(),
            kept_answers: KeptAnswers::default(),
        }
    }

    /// How the server is to behave.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }
}

/// One worker's application.
pub struct App {
    /// The store.
    pub store: Database,
    shared: Shared,
}

impl App {
    /// The application of the worker that calls this.
    ///
    /// # Errors
    /// Where the worker cannot reach the database.
    pub fn on_this_worker(shared: Shared) -> Result<Self, OpenError> {
        Ok(Self { store: shared.connector.worker()?, shared })
    }

    /// How the server is to behave.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// The keys that were seen lately.
    #[must_use]
    pub const fn keys(&self) -> &KeyCache {
        &self.shared.keys
    }

    /// What counts the requests of each key, where they are limited.
    #[must_use]
    pub const fn rate_limiter(&self) -> Option<&RateLimiter> {
        self.shared.rate_limiter.as_ref()
    }

    /// The credentials that opened nothing, by address.
    #[must_use]
    pub const fn failed_logins(&self) -> &FailedLogins {
        &self.shared.failed_logins
    }

    /// Uploads in progress.
    #[must_use]
    pub const fn uploads(&self) -> &Uploads {
        &self.shared.uploads
    }

    /// The answers that are kept for requests that are sent again.
    #[must_use]
    pub const fn kept_answers(&self) -> &KeptAnswers {
        &self.shared.kept_answers
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Where the bytes of documents are.
    ///
    /// # Errors
    /// Where the server was given no place for them.
    pub fn files(&self) -> Result<&Files, StoreError> {
        let none = || StoreError::Unavailable("no place for documents was given".to_owned());
        self.config().documents.as_ref().ok_or_else(none)
    }

    /// The time: the one clock of the server.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        now()
    }

    /// A new public id.
    #[must_use]
    pub fn new_uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// The workflow version that a case is in.
    ///
    /// # Errors
    /// As [`service::load_workflow`].
    pub async fn workflow_of(&self, case: &Case) -> Result<Arc<Workflow>, Error> {
        service::load_workflow(&self.store, case.account, case.workflow).await
    }
}

/// The time.
#[must_use]
pub fn now() -> Timestamp {
    to_microseconds(Utc::now())
}
