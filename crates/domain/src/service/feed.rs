//! Reading the feed of an account.

use crate::{
    error::Error,
    feed::{FeedPage, FeedQuery},
    id::AccountId,
    store::FeedStore,
};

/// A page of the feed, oldest event first. Events that were committed before the call are in it or behind it.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn read_feed<S: FeedStore>(store: &S, account: AccountId, query: &FeedQuery) -> Result<FeedPage, Error> {
    store.place_events(account).await?;
    Ok(store.read_feed(account, query).await?)
}

/// The last position of the feed; 0 if there is none. Events that were committed before the call are not behind it.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn find_feed_end<S: FeedStore>(store: &S, account: AccountId) -> Result<i64, Error> {
    store.place_events(account).await?;
    Ok(store.find_feed_end(account).await?)
}
