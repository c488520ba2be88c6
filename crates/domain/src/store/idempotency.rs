//! Requests that may be sent again.

use super::Result;
use crate::{
    id::AccountId,
    idempotency::{Answer, Attempt, NewAttempt, Verdict},
    time::Timestamp,
};

/// Requests under keys of their callers' own.
///
/// What an attempt writes through the other traits is written together with the mark that it had its effect, or, where
/// another attempt has taken its place, not at all; how a store knows whose writes they are is its own affair.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait IdempotencyStore {
    /// Begins an attempt, in one atomic step with the verdict on it: where that is to carry the request out, or to answer
    /// again what nobody else is about to answer, the attempt is from now on the only one that can.
    async fn begin_attempt(&self, new: NewAttempt) -> Result<Verdict>;

    /// Keeps the answer of an attempt, unless another has taken its place.
    async fn finish_attempt(&self, attempt: Attempt, answer: Answer) -> Result<()>;

    /// Gives an attempt up, unless it has had its effect: the same request may be tried again at once. Whether it was
    /// given up.
    async fn release_attempt(&self, attempt: Attempt) -> Result<bool>;

    /// Takes away keys of an account that stand for nothing any more, oldest first and no more than a batch; how many.
    async fn sweep_attempts(&self, account: AccountId, now: Timestamp) -> Result<usize>;
}
