//! The connections of one worker.

use std::time::Duration;

use deadpool::{
    Runtime,
    managed::{Object, Timeouts},
};
use diesel::ConnectionResult;
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool as pooled},
};
use docket_domain::error::StoreError;
use futures_util::{FutureExt, future::BoxFuture};
use tokio_postgres::NoTls;

use super::Conn;
use crate::{OpenError, Settings};

/// A pool of connections. One whose request was dropped inside a transaction is not used again: the transaction manager
/// notes what is open, and the pool throws such a connection away.
#[derive(Clone)]
pub(crate) struct Pool(pooled::Pool<AsyncPgConnection>);

impl Pool {
    /// Opens nothing yet: connections are made as they are needed.
    pub(crate) fn new(url: &str, settings: &Settings) -> Result<Self, OpenError> {
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.recycling_method = RecyclingMethod::Fast;
        let timeout = settings.timeout;
        config.custom_setup = Box::new(move |url| establish(url.to_owned(), timeout).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let timeouts = Timeouts { wait: Some(timeout), create: Some(timeout), recycle: Some(timeout) };
        let pool = pooled::Pool::builder(manager)
            .max_size(settings.connections)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| OpenError::new(error.to_string()))?;
        Ok(Self(pool))
    }

    /// A connection that nobody else uses meanwhile.
    pub(crate) async fn get(&self) -> Result<Object<AsyncDieselConnectionManager<Conn>>, StoreError> {
        self.0.get().await.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

/// Makes a connection.
pub(super) fn establish(url: String, timeout: Duration) -> BoxFuture<'static, ConnectionResult<Conn>> {
    let bad = |error: tokio_postgres::Error| diesel::ConnectionError::BadConnection(error.to_string());
    async move {
        let mut config = url.parse::<tokio_postgres::Config>().map_err(bad)?;
        // A statement that takes longer than anybody waits for it is given up by the database itself.
        let options =
            format!("-c statement_timeout={} -c idle_in_transaction_session_timeout=10000", timeout.as_millis());
        config.application_name("docket").connect_timeout(timeout).options(options);
        let (client, connection) = config.connect(NoTls).await.map_err(bad)?;
        Conn::try_from_client_and_connection(client, connection).await
    }
    .boxed()
}
