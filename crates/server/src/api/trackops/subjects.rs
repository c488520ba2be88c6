//! Subject handlers of the Trackops dialect: list and create. They only translate; the domain decides.

use actix_web::web::{Data, Json};
use docket_domain::{
    id::{CaseId, CaseRef, SubjectId},
    service,
    store::SubjectStore as _,
    subject::{SubjectEntry, SubjectFilter, WhichSubject},
};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    body,
    error::TrackopsError,
    query::{Listing, PageOrCount, PagingParams},
    view::SubjectView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite},
    wire::{
        body::Body,
        fields::{Fields, FromFields},
        linked::Linked,
        params::{
            Query,
            param::{boolean, id, number_of, text},
            params,
        },
    },
};

pub type SubjectsQuery = (SubjectFilterParams, PagingParams);

params! {
    pub struct SubjectFilterParams {
        /// Id of the subject.
        id: Option<SubjectId> = id(SubjectId::parse);
        /// Case of the subject. Alias: `case`.
        casefile_id: Option<CaseId> = number_of(&["case"]).map(CaseId);
        /// Complete name of the subject, not case-sensitive.
        name: Option<String> = text().example("jane roe");
        /// `true`: only primary subjects. `false`: only other subjects.
        is_primary: Option<bool> = boolean();
    }
}

impl From<SubjectFilterParams> for SubjectFilter {
    fn from(params: SubjectFilterParams) -> Self {
        let SubjectFilterParams { id, casefile_id: case, name, is_primary } = params;
        Self { id, case, name, is_primary }
    }
}

#[derive(Debug, ToSchema)]
pub struct NewSubjectBody {
    /// Case that the subject belongs to.
    #[schema(value_type = i64, example = 123)]
    casefile_id: Option<CaseRef>,
    /// Name of the subject. Default: `first_name` and `last_name` from `custom_fields`, else `name` from
    /// `custom_fields`, else "Subject" and a number.
    #[schema(example = "Jane Roe", max_length = 500)]
    name: Option<String>,
    /// `true` makes it the primary subject of the case, instead of the current one.
    #[schema(value_type = Option<bool>, example = true)]
    is_primary: Option<bool>,
    /// Any JSON value, returned exactly as sent; at most 64 KiB, unless the server is configured otherwise. Default:
    /// `{}`.
    #[schema(example = json!([{ "id": "height", "value": "180 cm" }]))]
    custom_fields: Option<Value>,
}

impl FromFields for NewSubjectBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            casefile_id: fields.required("casefile_id", |fields| fields.id("casefile_id", CaseRef::parse)),
            name: fields.text("name").flatten(),
            is_primary: body::boolean(fields, "is_primary").flatten(),
            custom_fields: fields.json("custom_fields").flatten(),
        }
    }
}

/// List subjects
///
/// Returns a page of subjects as a JSON array, newest first. With `mode=count`, the response is
/// `{"record_count", "page_count"}`.
#[utoipa::path(
    get,
    path = "/api/v1/subjects",
    tag = "subjects",
    params(PagingParams, SubjectFilterParams),
    responses(
        (status = 200, description = "A page of subjects, or the counts.", body = PageOrCount<SubjectView>),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_subjects(
    who: Authed<CasesRead>,
    query: Query<SubjectsQuery>,
    app: Data<App>,
) -> Result<Linked<Listing<SubjectView>>, TrackopsError> {
    let (filter, paging) = (query.0.0.into(), query.0.1);
    let count = async || Ok(app.store.count_subjects(who.account(), &filter).await?);
    let rows = async || {
        let subjects = app.store.list_subjects(who.account(), &filter, paging.descending(), paging.page()).await?;
        Ok(subjects.into_iter().map(SubjectView::from).collect())
    };
    Ok(paging.answer(count, rows).await?)
}

/// Create a subject
///
/// Adds a subject to a case. A case has at most 500 subjects.
#[utoipa::path(
    post,
    path = "/api/v1/subjects",
    tag = "subjects",
    request_body = NewSubjectBody,
    responses((status = 201, description = "The created subject.", body = SubjectView), (status = 400)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_subject(
    who: Authed<CasesWrite>,
    body: Body<NewSubjectBody>,
    app: Data<App>,
) -> Result<(Json<SubjectView>, actix_web::http::StatusCode), TrackopsError> {
    let NewSubjectBody { casefile_id, name, is_primary, custom_fields } = body.0;
    // Never missing: a body without it is refused.
    let case = casefile_id.unwrap_or(CaseRef::Number(CaseId(0)));
    let entry = SubjectEntry { which: WhichSubject::New, name, is_primary, custom_fields };
    let subject = service::add_subject(&app.store, &who.context(&app), case, entry).await?;
    Ok((Json(subject.into()), actix_web::http::StatusCode::CREATED))
}
