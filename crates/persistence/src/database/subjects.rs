//! Store of the subjects of cases.

use docket_domain::{
    id::{AccountId, CaseId},
    page::PageNumber,
    store::{Result, SubjectStore},
    subject::{ListedSubject, Subject, SubjectFilter},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl SubjectStore for Database {
    async fn list_subjects_of(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Subject>> {
        read!(self, subjects::list_of(account, cases))
    }

    async fn list_subjects(
        &self,
        account: AccountId,
        filter: &SubjectFilter,
        descending: bool,
        page: PageNumber,
    ) -> Result<Vec<ListedSubject>> {
        let filter = filter.clone();
        list!(self, scan, subjects::list(account, &filter, descending, page))
    }

    async fn count_subjects(&self, account: AccountId, filter: &SubjectFilter) -> Result<i64> {
        let filter = filter.clone();
        list!(self, scan, subjects::count(account, &filter))
    }
}
