//! Subjects of cases.

use super::Result;
use crate::{
    id::{AccountId, CaseId},
    page::PageNumber,
    subject::{ListedSubject, Subject, SubjectFilter},
};

/// Subjects of cases.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait SubjectStore {
    /// The subjects of these cases, oldest first.
    async fn list_subjects_of(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Subject>>;

    /// A numbered page of subjects, by time of creation.
    async fn list_subjects(
        &self,
        account: AccountId,
        filter: &SubjectFilter,
        descending: bool,
        page: PageNumber,
    ) -> Result<Vec<ListedSubject>>;

    /// Number of subjects.
    async fn count_subjects(&self, account: AccountId, filter: &SubjectFilter) -> Result<i64>;
}
