//! Connection pool of one worker.

use std::{sync::Arc, time::Duration};

use deadpool::{
    Runtime,
    managed::{Object, Timeouts},
};
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool as pooled},
};
use docket_domain::error::StoreError;
use futures_util::FutureExt;

use super::{address::Address, conn::Conn};
use crate::{OpenError, Settings, error::QueryError, load::Load};

/// Extra wait beyond the database's own timeout, so that the database reports the timeout first.
const GRACE: Duration = Duration::from_millis(500);
/// Maximum number of waiting calls per connection. Further calls fail at once, because they would exceed their timeout.
const WAITING: usize = 64;

/// A connection pool. It discards connections that the server has closed, and those whose request was dropped inside a
/// transaction (the transaction manager records open transactions).
#[derive(Clone)]
pub(crate) struct Pool {
    connections: pooled::Pool<AsyncPgConnection>,
    patience: Duration,
    pub(super) load: Arc<Load>,
}

impl Pool {
    /// Creates an empty pool. Connections are opened on demand.
    pub(crate) fn new(address: &Address, settings: &Settings, load: Arc<Load>) -> Result<Self, OpenError> {
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.recycling_method = RecyclingMethod::Fast;
        let (address, timeout) = (address.clone(), settings.timeout);
        config.custom_setup = Box::new(move |_| {
            let address = address.clone();
            async move { address.establish(timeout, timeout).await }.boxed()
        });
        // The URL stays empty: the setup closure has the address.
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let timeouts = Timeouts { wait: Some(timeout), create: Some(timeout), recycle: Some(timeout) };
        let connections = pooled::Pool::builder(manager)
            .max_size(settings.connections)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| OpenError::new(error.to_string()))?;
        load.connections.add(settings.connections);
        Ok(Self { connections, patience: timeout + GRACE, load })
    }

    /// Runs `work` with exclusive use of one connection.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database does not respond in time. That connection and all idle ones are then
    /// closed, because they lead to the same server.
    pub(crate) async fn run<T>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, QueryError>,
    ) -> Result<T, StoreError> {
        let status = self.connections.status();
        if status.waiting >= status.max_size.saturating_mul(WAITING) {
            return Err(StoreError::Unavailable("connection pool queue is full".to_owned()));
        }
        let mut taken = None;
        let done = tokio::time::timeout(self.patience, async {
            let conn = taken.insert(self.take().await?);
            let _in_use = self.load.connections_in_use.hold();
            Ok(work(conn).await?)
        });
        if let Ok(result) = done.await {
            return result;
        }
        if let Some(conn) = taken {
            drop(Object::take(conn));
            self.connections.retain(|_, _| false);
        }
        Err(StoreError::Unavailable(format!("no answer from the database within {:?}", self.patience)))
    }

    async fn take(&self) -> Result<Object<AsyncDieselConnectionManager<Conn>>, StoreError> {
        let _waiting = self.load.waiting.hold();
        self.connections.get().await.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
