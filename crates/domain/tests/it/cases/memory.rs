//! A store in memory for tests of use cases: cases, their logs, and the counters of series. All other parts of the store
//! fail.

mod absent;

use std::{
    cell::RefCell,
    collections::BTreeMap,
    pin::pin,
    sync::Arc,
    task::{Context as Task, Poll, Waker},
};

use docket_domain::{
    account_event::AccountEvent,
    actor::Context,
    case::Case,
    catalog::{Catalog, CatalogChange, Choice},
    command::{Command, NewCase},
    decision::{Commit, Decision, Instances},
    error::{Error, StoreError},
    event::{CaseEvent, LogEntry},
    filter::{CaseFilter, CaseOrder},
    id::{AccountId, CaseId, CaseRef},
    numbers::Numbers,
    page::{CaseKeyset, Page, PageNumber},
    service::{self, ChangeOptions},
    store::{CaseColumns, CaseFile, CaseStore, CasesByStatus, Result, SettingKind, SettingStore, WorkflowStore},
    time::Timestamp,
    workflow::{EntityType, Workflow, WorkflowId},
};

#[derive(Default)]
pub(super) struct Memory(RefCell<State>);

#[derive(Default)]
struct State {
    cases: BTreeMap<i64, Case>,
    logs: BTreeMap<i64, Vec<LogEntry>>,
    instances: BTreeMap<i64, i32>,
    entities: i64,
    /// Number of next commits that fail as stale.
    interruptions: usize,
}

/// The result of the store methods that these tests do not call.
fn no<T>() -> Result<T> {
    Err(StoreError::Defect("not kept in memory".to_owned()))
}

/// The value of a future that never waits.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("memory does not wait"),
    }
}

impl Memory {
    pub(super) fn create(&self, new: NewCase, context: &Context) -> std::result::Result<Case, Error> {
        now(service::create_case(self, context, new))
    }

    pub(super) fn change(&self, case: CaseId, command: Command, context: &Context) -> std::result::Result<Case, Error> {
        now(service::change_case(self, context, case.into(), command, ChangeOptions::default()))
    }

    pub(super) fn cases(&self) -> Vec<Case> {
        self.0.borrow().cases.values().cloned().collect()
    }

    pub(super) fn log(&self, case: CaseId) -> Vec<LogEntry> {
        self.0.borrow().logs.get(&case.0).cloned().unwrap_or_default()
    }

    pub(super) fn interrupt(&self, commits: usize) {
        self.0.borrow_mut().interruptions = commits;
    }
}

impl CaseStore for Memory {
    async fn find_case(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>> {
        Ok(self.find_case_or_deleted(account, case).await?.filter(|case| case.deleted_at.is_none()))
    }

    async fn find_case_or_deleted(&self, account: AccountId, case: CaseRef) -> Result<Option<Case>> {
        let is = |found: &&Case| match case {
            CaseRef::Number(id) => found.id == id,
            CaseRef::Uuid(uuid) => found.uuid == uuid,
        };
        Ok(self.0.borrow().cases.values().find(|found| found.account == account && is(found)).cloned())
    }

    async fn find_case_file(&self, _: AccountId, _: CaseRef) -> Result<Option<CaseFile>> {
        no()
    }

    async fn list_cases_by_id(&self, _: AccountId, _: &[CaseId]) -> Result<Vec<Case>> {
        no()
    }

    async fn list_cases(
        &self,
        _: AccountId,
        _: CaseColumns,
        _: &CaseFilter,
        _: CaseKeyset,
        _: i64,
    ) -> Result<Page<Case>> {
        no()
    }

    async fn list_cases_page(
        &self,
        _: AccountId,
        _: CaseColumns,
        _: &CaseFilter,
        _: CaseOrder,
        _: PageNumber,
    ) -> Result<Vec<Case>> {
        no()
    }

    async fn count_cases(&self, _: AccountId, _: &CaseFilter) -> Result<i64> {
        no()
    }

    async fn list_logs(&self, _: AccountId, _: &[CaseId], _: i64) -> Result<Vec<CaseEvent>> {
        no()
    }

    async fn list_events(&self, _: AccountId, _: CaseId, _: i64, _: i64) -> Result<Vec<CaseEvent>> {
        no()
    }

    async fn list_timeline(&self, _: AccountId, _: CaseId, _: Option<i64>, _: i64) -> Result<Page<CaseEvent>> {
        no()
    }

    async fn find_last_reason(&self, _: AccountId, _: CaseId, _: i64) -> Result<Option<String>> {
        no()
    }

    async fn list_status_events(&self, _: AccountId, _: CaseId) -> Result<Vec<CaseEvent>> {
        no()
    }

    async fn commit_all(&self, decisions: Vec<Decision>) -> Result<Vec<Commit>> {
        let mut state = self.0.borrow_mut();
        if state.interruptions > 0 {
            state.interruptions -= 1;
            return Err(StoreError::Stale);
        }
        let is_stale = |decision: &Decision| {
            let kept = decision.before.as_ref().and_then(|before| state.cases.get(&before.id.0));
            kept.map(|case| case.version) != decision.before.as_ref().map(|before| before.version)
        };
        if decisions.iter().any(is_stale) {
            return Err(StoreError::Stale);
        }
        Ok(decisions.into_iter().map(|decision| state.write(decision)).collect())
    }
}

impl State {
    fn write(&mut self, decision: Decision) -> Commit {
        let next = i64::try_from(self.cases.len()).unwrap() + 1;
        let case = decision.before.is_none().then_some(CaseId(next));
        let first_instance = decision.needs.instances.map(|Instances { of, count }| {
            let last = self.instances.entry(of).or_insert(1);
            *last += count;
            *last - count + 1
        });
        let first = self.entities + 1;
        self.entities += i64::try_from(decision.needs.entities.len()).unwrap();
        let commit = decision.number(&Numbers { case, first_instance, entities: (first..=self.entities).collect() });
        self.cases.insert(commit.case.id.0, commit.case.clone());
        self.logs.entry(commit.case.id.0).or_default().extend(commit.entries.clone());
        commit
    }
}

impl WorkflowStore for Memory {
    async fn find_workflow(&self, _: AccountId, _: WorkflowId) -> Result<Option<Arc<Workflow>>> {
        Ok(None)
    }

    async fn list_workflow_choices(&self, _: AccountId, _: EntityType) -> Result<Vec<Choice>> {
        Ok(Vec::new())
    }

    async fn load_catalog(&self, _: AccountId) -> Result<Catalog> {
        Ok(Catalog::default())
    }

    async fn change_catalog(
        &self,
        _: AccountId,
        _: i64,
        _: CatalogChange,
        _: Vec<AccountEvent>,
        _: Timestamp,
    ) -> Result<()> {
        Err(StoreError::Defect("the memory keeps no workflows".to_owned()))
    }

    async fn count_cases_of_workflows(&self, _: AccountId, _: &[WorkflowId]) -> Result<Vec<CasesByStatus>> {
        Ok(Vec::new())
    }
}

/// An account without settings.
impl SettingStore for Memory {
    async fn list_settings(&self, _: AccountId, _: SettingKind) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    async fn put_setting(&self, _: AccountId, _: SettingKind, _: &str, _: String) -> Result<()> {
        no()
    }

    async fn replace_setting(&self, _: AccountId, _: SettingKind, _: &str, _: &str, _: Option<String>) -> Result<bool> {
        no()
    }

    async fn list_accounts_with(&self, _: SettingKind, _: i64) -> Result<Vec<AccountId>> {
        no()
    }

    async fn remove_setting(&self, _: AccountId, _: SettingKind, _: &str) -> Result<bool> {
        no()
    }
}
