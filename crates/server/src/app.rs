//! Application state: the database connections of one worker, and what all workers share.
//!
//! Shared state is configuration, caches and counters. Losing a cache or a counter must never make a response wrong.

mod kept_answers;
mod news;
mod nodes;
mod uploads;

use std::{cell::OnceCell, sync::Arc, time::Duration};

use chrono::Utc;
use docket_domain::{
    case::Case,
    error::{Error, StoreError},
    json::FREE_FIELDS_MAX,
    service,
    time::{Timestamp, to_microseconds},
    workflow::Workflow,
};
use docket_persistence::{Connector, Database, Load, OpenError, files::Files};
use uuid::Uuid;

pub use self::{
    kept_answers::KeptAnswers,
    news::{News, NewsDesk},
    nodes::Nodes,
    uploads::{InProgress, Uploads},
};
use crate::{
    auth::KeyCache,
    http::{
        limits::{FailedLogins, RateLimit, RateLimiter},
        metrics::Metrics,
        tls::Tls,
    },
    outbound::Outbound,
};

/// Default of [`Config::max_account_bytes`]: 100 GiB.
pub const MAX_ACCOUNT_BYTES: u64 = 100 << 30;

/// Default of [`Config::max_account_answers`]: 1 GiB.
pub const MAX_ACCOUNT_ANSWERS: u64 = 1 << 30;

#[derive(Debug, Clone)]
pub struct Config {
    pub request_timeout: Duration,
    /// Time that requests in progress have to finish at shutdown.
    pub shutdown_timeout: Duration,
    /// Maximum size of a JSON body. Documents have [`Config::max_document_bytes`].
    pub max_body_bytes: usize,
    /// Maximum size of the free fields of one resource, in bytes of JSON.
    pub max_free_fields: usize,
    /// Origins that may call the server from a browser; `*` allows all.
    pub cors_origins: Vec<String>,
    pub max_document_bytes: u64,
    /// Maximum size of all documents of an account.
    pub max_account_bytes: u64,
    /// Maximum size of the responses stored for retries, per account and day (UTC). A response beyond it is not stored:
    /// a retry runs the handler again.
    pub max_account_answers: u64,
    /// Storage of documents. Without it, requests for document contents fail.
    pub documents: Option<Files>,
    /// Limit per API key; `None` is unlimited.
    pub rate_limit: Option<RateLimit>,
    /// Failed logins per minute and address that are answered without delay.
    pub free_login_failures: u32,
    /// `None` is one per core.
    pub workers: Option<usize>,
    /// Whether metrics and the docs page have a separate listener.
    pub admin_apart: bool,
    /// Whether webhooks may go to private addresses, and without TLS.
    pub webhook_allow_private: bool,
    /// `None` is plain HTTP.
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
            webhook_allow_private: false,
            tls: None,
        }
    }
}

/// State that all workers share.
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
    nodes: Nodes,
}

impl Shared {
    #[must_use]
    pub fn new(connector: Connector, config: Config) -> Self {
        Self {
            rate_limiter: config.rate_limit.map(RateLimiter::new),
            failed_logins: FailedLogins::new(config.free_login_failures),
            connector,
            config: Arc::new(config),
            keys: KeyCache::new(),
            metrics: Arc::default(),
            uploads: Uploads::default(),
            kept_answers: KeptAnswers::default(),
            nodes: Nodes::default(),
        }
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The metrics of this process.
    #[must_use]
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }
}

/// The state of one worker.
pub struct App {
    pub store: Database,
    news: NewsDesk,
    outbound: OnceCell<Outbound>,
    shared: Shared,
}

impl App {
    /// Creates the state of the calling worker.
    ///
    /// # Errors
    /// If the worker cannot connect to the database.
    pub fn on_this_worker(shared: Shared) -> Result<Self, OpenError> {
        let store = shared.connector.worker()?;
        Ok(Self { news: NewsDesk::new(store.clone()), store, outbound: OnceCell::new(), shared })
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// New events, for those who wait for them.
    #[must_use]
    pub const fn news(&self) -> &NewsDesk {
        &self.news
    }

    /// Sends requests to the receivers of webhooks.
    #[must_use]
    pub fn outbound(&self) -> &Outbound {
        self.outbound.get_or_init(|| Outbound::new(self.config().webhook_allow_private))
    }

    /// What the database of all workers is busy with.
    #[must_use]
    pub fn load(&self) -> &Load {
        self.shared.connector.load()
    }

    #[must_use]
    pub const fn nodes(&self) -> &Nodes {
        &self.shared.nodes
    }

    #[must_use]
    pub const fn keys(&self) -> &KeyCache {
        &self.shared.keys
    }

    /// `None` if requests are not limited.
    #[must_use]
    pub const fn rate_limiter(&self) -> Option<&RateLimiter> {
        self.shared.rate_limiter.as_ref()
    }

    #[must_use]
    pub const fn failed_logins(&self) -> &FailedLogins {
        &self.shared.failed_logins
    }

    #[must_use]
    pub const fn uploads(&self) -> &Uploads {
        &self.shared.uploads
    }

    #[must_use]
    pub const fn kept_answers(&self) -> &KeptAnswers {
        &self.shared.kept_answers
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// The storage of documents.
    ///
    /// # Errors
    /// If none is configured.
    pub fn files(&self) -> Result<&Files, StoreError> {
        let none = || StoreError::Unavailable("no storage for documents is configured".to_owned());
        self.config().documents.as_ref().ok_or_else(none)
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        now()
    }

    /// A new public id (UUID v7).
    #[must_use]
    pub fn new_uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// The workflow version of a case. A version never changes, so it is cached without expiry.
    ///
    /// # Errors
    /// See [`service::load_workflow`].
    pub async fn workflow_of(&self, case: &Case) -> Result<Arc<Workflow>, Error> {
        service::load_workflow(&self.store, case.account, case.workflow).await
    }
}

/// The current time in whole microseconds, the precision of the stores.
#[must_use]
pub fn now() -> Timestamp {
    to_microseconds(Utc::now())
}
