//! The attempt that the current task carries out. Every write of a retryable request is marked with its attempt.
//!
//! The attempt is stored in the task, not passed through the calls, so that no handler can forget to pass it on. A
//! write in a separate task (such as updating a key's last use) is no effect of the request and has no mark.

use docket_domain::{
    error::StoreError,
    idempotency::{Attempt, Effect},
};

#[derive(Clone)]
enum Ambient {
    CarryOut(Attempt),
    Rebuild,
}

tokio::task_local! {
    static AMBIENT: Ambient;
}

/// Runs the work of an attempt. Each write through a [`Database`](crate::Database) is committed together with the
/// attempt's mark, and fails if another attempt has replaced this one.
pub async fn carry_out<W: Future>(attempt: Attempt, work: W) -> W::Output {
    AMBIENT.scope(Ambient::CarryOut(attempt), work).await
}

/// Builds a response again for a request that was already processed. Every write is refused meanwhile.
pub async fn answer_again<W: Future>(work: W) -> W::Output {
    AMBIENT.scope(Ambient::Rebuild, work).await
}

/// The attempt of the current task, if there is one.
///
/// # Errors
/// If the task builds a response again: it must not write.
pub(crate) fn current() -> Result<Option<Attempt>, StoreError> {
    match AMBIENT.try_with(Clone::clone) {
        Ok(Ambient::CarryOut(attempt)) => Ok(Some(attempt)),
        Ok(Ambient::Rebuild) => {
            Err(StoreError::Unavailable("writes are refused while a response is built again for a retry".to_owned()))
        }
        Err(_) => Ok(None),
    }
}

/// The effect of a write that belongs to no case. The response can be built again from it.
pub(crate) fn effect<T>(written: &T, id: impl FnOnce(&T) -> Option<i64>) -> Option<Effect> {
    id(written).map(Effect::Other)
}
