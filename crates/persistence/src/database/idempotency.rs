//! Requests that may be sent again.

use docket_domain::{
    idempotency::{Answer, Attempt, NewAttempt, Verdict},
    store::{IdempotencyStore, Result},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl IdempotencyStore for Database {
    async fn begin_attempt(&self, new: NewAttempt) -> Result<Verdict> {
        write!(self, idempotency::begin(new))
    }

    async fn finish_attempt(&self, attempt: Attempt, answer: Answer) -> Result<()> {
        write!(self, idempotency::finish(attempt, answer))
    }

    async fn release_attempt(&self, attempt: Attempt) -> Result<()> {
        write!(self, idempotency::release(attempt))
    }
}
