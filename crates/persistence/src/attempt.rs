//! Whose writes they are: a request that its caller may send again marks everything that it writes.
//!
//! The attempt travels with the task, not with the calls: no handler, present or future, can forget to hand it on, and a
//! write that does not know of it cannot slip past the mark. What runs in tasks of its own (noting that a key is in use,
//! say) is no effect of the request and carries no mark.

use docket_domain::{
    error::StoreError,
    idempotency::{Attempt, Effect},
};

#[derive(Clone)]
enum Ambient {
    CarryOut(Attempt),
    AnswerAgain,
}

tokio::task_local! {
    static AMBIENT: Ambient;
}

/// Does the work of an attempt: whatever it writes through a [`Database`](crate::Database) is written together with the
/// attempt's mark, or, where another attempt has taken its place, not at all.
pub async fn carry_out<W: Future>(attempt: Attempt, work: W) -> W::Output {
    AMBIENT.scope(Ambient::CarryOut(attempt), work).await
}

/// Makes an answer again: whatever would be written meanwhile is refused.
pub async fn answer_again<W: Future>(work: W) -> W::Output {
    AMBIENT.scope(Ambient::AnswerAgain, work).await
}

/// The attempt whose writes these are, if they are any's.
pub(crate) fn current() -> Result<Option<Attempt>, StoreError> {
    match AMBIENT.try_with(Clone::clone) {
        Ok(Ambient::CarryOut(attempt)) => Ok(Some(attempt)),
        Ok(Ambient::AnswerAgain) => {
            Err(StoreError::Unavailable("an answer is made again, which writes nothing".to_owned()))
        }
        Err(_) => Ok(None),
    }
}

/// The effect of a write that belongs to no case, from which the answer can be made again.
pub(crate) fn effect<T>(written: &T, id: impl FnOnce(&T) -> Option<i64>) -> Option<Effect> {
    id(written).map(Effect::Other)
}
