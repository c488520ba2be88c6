//! Reading deadlines.

use super::Result;
use crate::{
    deadline::{Deadline, DeadlineFilter, DeadlineMoment, DeadlinePosition},
    id::{AccountId, CaseId, DeadlineId},
    page::Page,
    time::Timestamp,
};

/// Deadlines of cases that are not deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait DeadlineStore {
    /// Finds a deadline.
    async fn find_deadline(&self, account: AccountId, deadline: DeadlineId) -> Result<Option<Deadline>>;

    /// A keyset page of deadlines by due date and id, earliest first.
    async fn list_deadlines(
        &self,
        account: AccountId,
        filter: &DeadlineFilter,
        after: Option<DeadlinePosition>,
        limit: i64,
    ) -> Result<Page<Deadline>>;

    /// Moments of open deadlines of any account that have come and are not told, at most `limit`, the earliest first.
    async fn list_due_moments(&self, now: Timestamp, limit: i64) -> Result<Vec<DeadlineMoment>>;

    /// Forgets a moment that is not to be told.
    async fn forget_moment(&self, moment: DeadlineMoment) -> Result<()>;

    /// The deadlines of these cases, or of all, that were met or cancelled and have not changed since, the last first.
    async fn list_ended_deadlines(
        &self,
        account: AccountId,
        cases: Option<&[CaseId]>,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Deadline>>;
}
