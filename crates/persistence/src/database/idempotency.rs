//! Store of idempotency keys and their attempts.

use docket_domain::{
    id::AccountId,
    idempotency::{Attempt, NewAttempt, StoredResponse, Verdict},
    store::{IdempotencyStore, Result},
    time::Timestamp,
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl IdempotencyStore for Database {
    async fn begin_attempt(&self, new: NewAttempt) -> Result<Verdict> {
        write!(self, idempotency::begin(new))
    }

    async fn finish_attempt(&self, attempt: Attempt, answer: StoredResponse) -> Result<()> {
        write!(self, idempotency::finish(attempt, answer))
    }

    async fn release_attempt(&self, attempt: Attempt) -> Result<bool> {
        write!(self, idempotency::release(attempt))
    }

    async fn sweep_attempts(&self, account: AccountId, now: Timestamp) -> Result<usize> {
        write!(self, idempotency::sweep(account, now))
    }
}
