//! Responses for cases and subjects.

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

/// `YYYY-MM-DD HH:MM:SS` in UTC.
#[must_use]
pub fn stamp(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    #[schema(example = 123)]
    id: i64,
    /// Formatted case number `YYYY-MM-SSSSS-II`: year and month of opening, series number, series instance.
    #[schema(example = "2011-08-00123-01")]
    case_number: String,
    /// Series number. A case, its follow-ups and its reopenings share it.
    #[schema(example = 123)]
    series_number: i64,
    /// Current position in the series. A reopened case takes the next one.
    #[schema(example = 1)]
    series_instance: i32,
    /// Name of the case. The case number if the case has no name.
    #[schema(example = "Smith v. Jones")]
    name: String,
    /// `true` for a case request, `false` for a case.
    #[schema(example = false)]
    is_request: bool,
    /// Kind of matter, free text.
    #[schema(example = "surveillance")]
    case_type: Option<String>,
    /// Id of the status in the case's workflow.
    #[schema(example = 1)]
    case_status_id: Option<i64>,
    /// Root client of the case.
    #[schema(example = json!(null))]
    client_id: Option<i64>,
    #[schema(example = json!(null))]
    client_location_id: Option<i64>,
    #[schema(example = json!(null))]
    case_region_id: Option<i64>,
    #[schema(example = json!(null))]
    primary_contact_id: Option<i64>,
    #[schema(example = json!(null))]
    primary_investigator_id: Option<i64>,
    #[schema(example = json!(null))]
    primary_manager_id: Option<i64>,
    #[schema(example = json!(null))]
    primary_salesperson_id: Option<i64>,
    #[schema(example = 456)]
    primary_subject_id: Option<i64>,
    /// First reference, for example a claim number.
    #[schema(example = "CLM-77")]
    reference_value_1: Option<String>,
    #[schema(example = json!(null))]
    reference_value_2: Option<String>,
    #[schema(example = json!(null))]
    reference_value_3: Option<String>,
    /// Date on which the case was opened, as determined by the user.
    created_on: NaiveDate,
    /// Date by which the case should be done.
    due_on: Option<NaiveDate>,
    /// When the case was created in the system (UTC).
    #[schema(example = "2026-01-15 09:00:00")]
    created_at: String,
    /// When the case was last updated (UTC).
    #[schema(example = "2026-01-15 09:00:00")]
    updated_at: String,
    #[schema(example = "Call before noon")]
    notes: Option<String>,
    #[serde(rename = "CaseStatus")]
    case_status: StatusView,
    /// Root client of the case. `null` if the case has no client.
    #[serde(rename = "Client")]
    client: Option<ClientNameView>,
    #[serde(rename = "Subjects")]
    subjects: Vec<SubjectNameView>,
}

/// Status of a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseStatusView)]
pub struct StatusView {
    #[schema(example = 1)]
    id: Option<i64>,
    /// Label of the status.
    #[schema(example = "Open")]
    name: String,
}

/// Client of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientNameView {
    #[schema(example = 7)]
    id: i64,
    #[schema(example = "Acme Insurance")]
    name: String,
}

/// Subject of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectNameView {
    #[schema(example = 456)]
    id: i64,
    #[schema(example = "Jane Roe")]
    name: String,
    /// Whether the subject is the primary one of the case.
    #[schema(example = true)]
    is_primary: bool,
}

impl CaseView {
    /// Reads the clients and subjects of all cases with one query each.
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
            // Cached per workflow version: not a query for each case.
            let workflow = app.workflow_of(case).await?;
            views.push(Self::new(case, &workflow, &clients, &subjects));
        }
        Ok(views)
    }

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

/// Person or thing that a case is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectView {
    #[schema(example = 456)]
    id: i64,
    /// Case of the subject.
    #[schema(example = 123)]
    casefile_id: i64,
    #[schema(example = "Jane Roe")]
    name: String,
    /// Whether the subject is the primary one of the case.
    #[schema(example = true)]
    is_primary: bool,
    /// JSON value of the client, exactly as sent. Default: `{}`.
    #[schema(example = json!([{ "id": "height", "value": "180 cm" }]))]
    custom_fields: Value,
    /// When the subject was created (UTC).
    #[schema(example = "2026-01-15 09:00:00")]
    created_at: String,
    /// When the subject was last changed (UTC).
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
