//! Requests with an idempotency key.

use super::Result;
use crate::{
    id::AccountId,
    idempotency::{Attempt, NewAttempt, StoredResponse, Verdict},
    time::Timestamp,
};

/// Attempts at requests with an idempotency key.
///
/// Everything that an attempt writes through the other traits is written in one transaction with the mark of its
/// effect. If another attempt has taken over, nothing is written. The store decides how it knows the attempt of a
/// write.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait IdempotencyStore {
    /// Begins an attempt and judges it, in one atomic step. If the verdict is to carry the request out, or to repeat an
    /// answer that no other attempt will give, this attempt is from now on the only one that can.
    async fn begin_attempt(&self, new: NewAttempt) -> Result<Verdict>;

    /// Stores the answer of an attempt, unless another attempt has taken over.
    async fn finish_attempt(&self, attempt: Attempt, answer: StoredResponse) -> Result<()>;

    /// Releases the lease of an attempt that has had no effect: the same request may be tried again at once. Returns
    /// whether it was released.
    async fn release_attempt(&self, attempt: Attempt) -> Result<bool>;

    /// Deletes expired keys of an account, oldest first and at most one batch. Returns their number.
    async fn sweep_attempts(&self, account: AccountId, now: Timestamp) -> Result<usize>;
}
