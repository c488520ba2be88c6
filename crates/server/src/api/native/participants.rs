//! Parties and staff of a case.

use actix_web::{HttpResponse, http::header, web::Data};
use docket_domain::{
    id::PersonId,
    party::{PARTICIPANTS_MAX, Party, Side},
    service::{self, ParticipantRequest},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    error::NativeError,
    view::{PartyView, StaffView},
};
use crate::{
    api::{
        body::{Body, OptionalBody},
        case_path::CasePath,
        conditional::{EntityTags, entity_tag, tagged},
        fields::{Fields, FromFields, name_line, short_line},
        params::{FromParams, Params, Query},
        problem::Problem,
    },
    app::App,
    auth::{CasesRead, CasesWrite, Conditional},
};

/// An id that nobody has.
const NOBODY: PersonId = PersonId(-1);

/// Somebody to put on a case: a person of the directory by id, or somebody by name, who comes into the directory. A name
/// that is on the case already means whoever has it there.
#[derive(Debug, Default, Validate, ToSchema)]
pub struct PartyEntry {
    /// The person.
    #[schema(value_type = Option<String>, example = json!(null), nullable = false)]
    id: Option<PersonId>,
    /// The name, where there is no id.
    #[validate(custom(function = "name_line"))]
    #[schema(value_type = Option<String>, example = "John Smith", min_length = 1, max_length = 500, nullable = false)]
    name: Option<String>,
    /// Role on the case.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = Option<String>, example = "client", default = "client", max_length = 255, nullable = false)]
    role: Option<String>,
}

/// Somebody to assign: a person of the directory by id, or somebody by name, who comes into the directory.
#[derive(Debug, Default, Validate, ToSchema)]
pub struct StaffEntry {
    /// The person.
    #[schema(value_type = Option<String>, example = json!(null), nullable = false)]
    id: Option<PersonId>,
    /// The name, where there is no id.
    #[validate(custom(function = "name_line"))]
    #[schema(value_type = Option<String>, example = "Dr. Anna Mueller", min_length = 1, max_length = 500, nullable = false)]
    name: Option<String>,
    /// Role on the case.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = Option<String>, example = "lead_attorney", default = "staff", max_length = 255, nullable = false)]
    role: Option<String>,
}

/// Parties. A single one may also be sent bare, without the array around it.
#[derive(Debug, Default, ToSchema)]
pub struct PartiesBody {
    /// The parties.
    parties: Vec<PartyEntry>,
}

/// Staff. A single one may also be sent bare, without the array around it.
#[derive(Debug, Default, ToSchema)]
pub struct StaffBody {
    /// The staff.
    staff: Vec<StaffEntry>,
}

macro_rules! entries {
    ($entry:ident, $body:ident, $list:ident, $name:literal, $role:literal) => {
        impl FromFields for $entry {
            fn from_fields(fields: &mut Fields) -> Self {
                let entry = Self {
                    id: fields.not_null("id", |fields| fields.id("id", PersonId::parse)),
                    name: fields.not_null("name", |fields| fields.text("name")),
                    role: fields.not_null("role", |fields| fields.text("role")),
                };
                if entry.id.is_none() && entry.name.is_none() && fields.is_sound() {
                    fields.fault("id", "is required, or name");
                }
                fields.validate(&entry);
                entry
            }
        }

        impl FromFields for $body {
            const LIST: Option<&str> = Some($name);

            fn from_fields(fields: &mut Fields) -> Self {
                let bare = ["id", "name"].iter().any(|field| fields.has(field)) && !fields.has($name);
                let $list = if bare {
                    vec![$entry::from_fields(fields)]
                } else {
                    fields.required($name, |fields| fields.list($name, PARTICIPANTS_MAX)).unwrap_or_default()
                };
                Self { $list }
            }
        }

        impl $body {
            fn into_requests(self) -> Vec<ParticipantRequest> {
                let request = |entry: $entry| {
                    let role = entry.role.unwrap_or_else(|| $role.to_owned());
                    match (entry.id, entry.name) {
                        (Some(id), _) => ParticipantRequest::Person(id, role),
                        (None, name) => ParticipantRequest::Named(name.unwrap_or_default(), role),
                    }
                };
                self.$list.into_iter().map(request).collect()
            }
        }
    };
}

entries!(PartyEntry, PartiesBody, parties, "parties", "client");
entries!(StaffEntry, StaffBody, staff, "staff", "staff");

/// The parties of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartiesView {
    /// The parties, in the order in which they came.
    data: Vec<PartyView>,
}

/// The staff of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffListView {
    /// The staff, in the order in which they came.
    data: Vec<StaffView>,
}

impl From<Vec<Party>> for PartiesView {
    fn from(parties: Vec<Party>) -> Self {
        Self { data: parties.into_iter().map(PartyView::from).collect() }
    }
}

impl From<Vec<Party>> for StaffListView {
    fn from(staff: Vec<Party>) -> Self {
        Self { data: staff.into_iter().map(StaffView::from).collect() }
    }
}

/// List case parties
///
/// In the order in which they came.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/parties",
    tag = "participants",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The parties.", body = PartiesView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_parties(
    who: Conditional<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (revision, list) = service::list_participants(&app.store, who.account(), case.0, Side::Party).await?;
    Ok(who.conditions().respond(revision, || PartiesView::from(list))?)
}

/// Add parties to a case
///
/// The same person may hold several roles; the same person and role twice is one party.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/parties",
    tag = "participants",
    params(CasePath, EntityTags),
    request_body = PartiesBody,
    responses((status = 201, description = "All parties.", body = PartiesView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn add_parties(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<PartiesBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, new) = (who.context(&app), body.0.into_requests());
    let (revision, all) = service::add_participants(&app.store, &context, case.0, Side::Party, new).await?;
    let tag = (header::ETAG, entity_tag(&revision));
    Ok(HttpResponse::Created().insert_header(tag).json(PartiesView::from(all)))
}

/// Replace case parties
///
/// These and no others are parties afterwards; an empty list clears them. Only the differences are written to the log.
#[utoipa::path(
    put,
    path = "/api/v1/cases/{case}/parties",
    tag = "participants",
    params(CasePath, EntityTags),
    request_body = PartiesBody,
    responses((status = 200, description = "All parties.", body = PartiesView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn replace_parties(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<PartiesBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, new) = (who.context(&app), body.0.into_requests());
    let (revision, all) = service::replace_participants(&app.store, &context, case.0, Side::Party, new).await?;
    Ok(tagged(&revision, PartiesView::from(all)))
}

/// List assigned staff
///
/// In the order in which they came.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/staff",
    tag = "participants",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The staff.", body = StaffListView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_staff(
    who: Conditional<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (revision, list) = service::list_participants(&app.store, who.account(), case.0, Side::Staff).await?;
    Ok(who.conditions().respond(revision, || StaffListView::from(list))?)
}

/// Add staff to a case
///
/// The same person may hold several roles; the same person and role twice is one assignment.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/staff",
    tag = "participants",
    params(CasePath, EntityTags),
    request_body = StaffBody,
    responses((status = 201, description = "All staff.", body = StaffListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn add_staff(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<StaffBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, new) = (who.context(&app), body.0.into_requests());
    let (revision, all) = service::add_participants(&app.store, &context, case.0, Side::Staff, new).await?;
    let tag = (header::ETAG, entity_tag(&revision));
    Ok(HttpResponse::Created().insert_header(tag).json(StaffListView::from(all)))
}

/// Who is to go, as the query says it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemoveStaffParams {
    /// Who goes; can be given several times.
    #[param(example = "usr_000000000000D")]
    #[expect(dead_code, reason = "only describes the parameter, which RemoveStaffQuery reads")]
    staff_id: Option<String>,
    /// From which role; from all that they have where it is not given.
    #[param(example = "lead_attorney")]
    #[expect(dead_code, reason = "only describes the parameter, which RemoveStaffQuery reads")]
    role: Option<String>,
}

/// Who is to go.
pub struct RemoveStaffQuery {
    people: Vec<PersonId>,
    role: Option<String>,
}

impl FromParams for RemoveStaffQuery {
    fn from_params(params: &mut Params) -> Self {
        let ids = params.all("staff_id");
        // A malformed id is nobody's.
        let people = ids.iter().map(|id| PersonId::parse(id).unwrap_or(NOBODY)).collect();
        Self { people, role: params.text("role") }
    }
}

/// Who is to go, as a body says it.
#[derive(Debug, Default, ToSchema)]
pub struct RemoveStaffBody {
    /// Who goes.
    #[schema(value_type = Vec<String>, example = json!(["usr_000000000000D"]))]
    staff_ids: Vec<PersonId>,
    /// From which role; from all that they have where it is not given.
    #[schema(value_type = Option<String>, example = json!(null))]
    role: Option<String>,
}

impl FromFields for RemoveStaffBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let read = |value: Value| match value {
            Value::Array(items) => items.iter().map(person_id).collect::<Option<Vec<_>>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        };
        fields.bound("staff_ids", PARTICIPANTS_MAX);
        Self {
            staff_ids: fields.given("staff_ids", "an array of ids", read).flatten().unwrap_or_default(),
            role: fields.text("role").flatten(),
        }
    }
}

fn person_id(value: &Value) -> Option<PersonId> {
    match value {
        Value::String(text) => Some(PersonId::parse(text).unwrap_or(NOBODY)),
        Value::Number(number) => Some(PersonId::parse(&number.to_string()).unwrap_or(NOBODY)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

impl RemoveStaffQuery {
    /// Everybody who is named in either place.
    fn with(self, body: Option<RemoveStaffBody>) -> Result<(Vec<PersonId>, Option<String>), Problem> {
        let RemoveStaffBody { staff_ids, role } = body.unwrap_or_default();
        let people = self.people.into_iter().chain(staff_ids).collect::<Vec<_>>();
        if people.is_empty() {
            return Err(Problem::invalid("staff_id", "must name at least one member of the staff"));
        }
        Ok((people, self.role.or(role)))
    }
}

/// Remove staff from a case
///
/// Whoever the query or the body names, from one role or from all. All of them go, or nobody.
#[utoipa::path(
    delete,
    path = "/api/v1/cases/{case}/staff",
    tag = "participants",
    params(CasePath, EntityTags, RemoveStaffParams),
    request_body = Option<RemoveStaffBody>,
    responses((status = 204, description = "They are removed."), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn remove_staff(
    who: Conditional<CasesWrite>,
    case: CasePath,
    query: Query<RemoveStaffQuery>,
    body: OptionalBody<RemoveStaffBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (people, role) = query.0.with(body.0)?;
    service::remove_staff(&app.store, &who.context(&app), case.0, people, role).await?;
    Ok(HttpResponse::NoContent().finish())
}
