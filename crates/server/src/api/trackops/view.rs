//! Cases and subjects as callers of this dialect see them.

use chrono::NaiveDate;
use docket_domain::{
    case::Case,
    directory::{Client, DirectoryEntry as _},
    error::Error,
    store::{DirectoryStore, SubjectStore as _},
    subject::{ListedSubject, Subject},
    time::Timestamp,
    workflow::Workflow,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;

/// A point in time as this dialect prints it: `YYYY-MM-DD HH:MM:SS`, UTC.
#[must_use]
pub fn stamp(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// Its id.
    #[schema(example = 123)]
    id: i64,
    /// Its number.
    #[schema(example = "2011-08-00123-01")]
    case_number: String,
    /// The series that it shares with its follow-ups and re-openings.
    #[schema(example = 123)]
    series_number: i64,
    /// Its present instance in that series.
    #[schema(example = 1)]
    series_instance: i32,
    /// Name.
    #[schema(example = "Smith v. Jones")]
    name: String,
    /// Whether it is only a request so far.
    #[schema(example = false)]
    is_request: bool,
    /// The kind of matter.
    #[schema(example = "surveillance")]
    case_type: Option<String>,
    /// The id of its status.
    #[schema(example = 1)]
    case_status_id: Option<i64>,
    /// The root client.
    #[schema(example = json!(null))]
    client_id: Option<i64>,
    /// The location of the client.
    #[schema(example = json!(null))]
    client_location_id: Option<i64>,
    /// The region.
    #[schema(example = json!(null))]
    case_region_id: Option<i64>,
    /// The primary contact.
    #[schema(example = json!(null))]
    primary_contact_id: Option<i64>,
    /// The primary investigator.
    #[schema(example = json!(null))]
    primary_investigator_id: Option<i64>,
    /// The primary case manager.
    #[schema(example = json!(null))]
    primary_manager_id: Option<i64>,
    /// The primary salesperson.
    #[schema(example = json!(null))]
    primary_salesperson_id: Option<i64>,
    /// The primary subject.
    #[schema(example = 456)]
    primary_subject_id: Option<i64>,
    /// The first reference.
    #[schema(example = "CLM-77")]
    reference_value_1: Option<String>,
    /// The second reference.
    #[schema(example = json!(null))]
    reference_value_2: Option<String>,
    /// The third reference.
    #[schema(example = json!(null))]
    reference_value_3: Option<String>,
    /// The day on which it was opened, as its users see it.
    created_on: NaiveDate,
    /// The day by which it is due.
    due_on: Option<NaiveDate>,
    /// Time of recording in the system.
    #[schema(example = "2026-01-15 09:00:00")]
    created_at: String,
    /// Time of the last update in the system.
    #[schema(example = "2026-01-15 09:00:00")]
    updated_at: String,
    /// Free remarks.
    #[schema(example = "Call before noon")]
    notes: Option<String>,
    /// Its status.
    #[serde(rename = "CaseStatus")]
    case_status: StatusView,
    /// The root client with its name.
    #[serde(rename = "Client")]
    client: Option<ClientNameView>,
    /// Its subjects.
    #[serde(rename = "Subjects")]
    subjects: Vec<SubjectNameView>,
}

/// A status of the account's workflow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseStatusView)]
pub struct StatusView {
    /// Its id.
    #[schema(example = 1)]
    id: Option<i64>,
    /// What people call it.
    #[schema(example = "Open")]
    name: String,
}

/// The client of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientNameView {
    /// Its id.
    #[schema(example = 7)]
    id: i64,
    /// Its name.
    #[schema(example = "Acme Insurance")]
    name: String,
}

/// A subject within its case.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectNameView {
    /// Its id.
    #[schema(example = 456)]
    id: i64,
    /// Its name.
    #[schema(example = "Jane Roe")]
    name: String,
    /// Whether it is the primary one.
    #[schema(example = true)]
    is_primary: bool,
}

impl CaseView {
    /// The cases, with whatever they show of other things read for all of them at once.
    ///
    /// # Errors
    /// A store error.
    pub async fn load_all(app: &App, cases: Vec<Case>) -> Result<Vec<Self>, Error> {
        let Some(account) = cases.first().map(|case| case.account) else { return Ok(Vec::new()) };
        let ids = cases.iter().map(|case| case.id).collect::<Vec<_>>();
        let mut clients = cases.iter().filter_map(|case| case.details.client).collect::<Vec<_>>();
        clients.sort_unstable();
        clients.dedup();
        let clients = match clients.as_slice() {
            [] => Vec::new(),
            clients => DirectoryStore::<Client>::find_entries(&app.store, account, clients).await?,
        };
        let subjects = app.store.list_subjects_of(account, &ids).await?;
        let mut views = Vec::with_capacity(cases.len());
        for case in &cases {
            // Read once a version and kept: not a query for each row.
            let workflow = app.workflow_of(case).await?;
            views.push(Self::new(case, &workflow, &clients, &subjects));
        }
        Ok(views)
    }

    /// One case.
    ///
    /// # Errors
    /// A store error.
    pub async fn load(app: &App, case: Case) -> Result<Self, Error> {
        let view = Self::load_all(app, vec![case]).await?.pop();
        view.ok_or_else(|| docket_domain::error::StoreError::Defect("a case without a view".to_owned()).into())
    }

    fn new(case: &Case, workflow: &Workflow, clients: &[Client], subjects: &[Subject]) -> Self {
        let details = &case.details;
        let status = workflow.status(&case.status);
        let client = details.client.and_then(|id| clients.iter().find(|client| client.id == id));
        let subjects = subjects.iter().filter(|subject| subject.case == case.id);
        Self {
            id: case.id.0,
            case_number: case.number().to_string(),
            series_number: case.series.number,
            series_instance: case.series.instance,
            name: case.name(),
            is_request: details.is_request,
            case_type: details.case_type.clone(),
            case_status_id: status.map(|status| status.id),
            client_id: details.client.map(|id| id.0),
            client_location_id: details.location.map(|id| id.0),
            case_region_id: details.region.map(|id| id.0),
            primary_contact_id: details.primary_contact.map(|id| id.0),
            primary_investigator_id: details.primary_investigator.map(|id| id.0),
            primary_manager_id: details.primary_manager.map(|id| id.0),
            primary_salesperson_id: details.primary_salesperson.map(|id| id.0),
            primary_subject_id: details.primary_subject.map(|id| id.0),
            reference_value_1: details.reference_1.clone(),
            reference_value_2: details.reference_2.clone(),
            reference_value_3: details.reference_3.clone(),
            created_on: details.opened_on,
            due_on: details.due_on,
            created_at: stamp(case.created_at),
            updated_at: stamp(case.updated_at),
            notes: details.notes.clone(),
            case_status: StatusView {
                id: status.map(|status| status.id),
                name: status.map_or_else(|| case.status.to_string(), |status| status.label.clone()),
            },
            client: client.map(|client| ClientNameView { id: client.id.0, name: client.name().to_owned() }),
            subjects: subjects.map(|subject| SubjectNameView::new(case, subject)).collect(),
        }
    }
}

impl SubjectNameView {
    fn new(case: &Case, subject: &Subject) -> Self {
        let is_primary = case.details.primary_subject == Some(subject.id);
        Self { id: subject.id.0, name: subject.name.clone(), is_primary }
    }
}

/// A subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectView {
    /// Its id.
    #[schema(example = 456)]
    id: i64,
    /// The case that it is a subject of.
    #[schema(example = 123)]
    casefile_id: i64,
    /// Its name.
    #[schema(example = "Jane Roe")]
    name: String,
    /// Whether it is the primary one of its case.
    #[schema(example = true)]
    is_primary: bool,
    /// Free JSON of the client's own, as it was sent; `{}` where none was.
    #[schema(example = json!([{ "id": "height", "value": "180 cm" }]))]
    custom_fields: Value,
    /// When the case got it.
    #[schema(example = "2026-01-15 09:00:00")]
    created_at: String,
    /// When it last changed.
    #[schema(example = "2026-01-15 09:00:00")]
    updated_at: String,
}

impl From<ListedSubject> for SubjectView {
    fn from(ListedSubject { subject, is_primary }: ListedSubject) -> Self {
        Self {
            id: subject.id.0,
            casefile_id: subject.case.0,
            name: subject.name,
            is_primary,
            custom_fields: subject.custom_fields,
            created_at: stamp(subject.created_at),
            updated_at: stamp(subject.updated_at),
        }
    }
}
