//! Handlers for the parties and the staff of a case.

use actix_web::{HttpResponse, http::header, web::Data};
use docket_domain::{
    id::PersonId,
    party::{PARTICIPANTS_MAX, ParticipantKind, Party},
    service::{self, ParticipantRequest},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{
    error::NativeError,
    view::{PartyView, StaffView},
};
use crate::{
    app::App,
    auth::{CasesRead, CasesWrite, Conditional},
    wire::{
        body::{Body, OptionalBody},
        conditional::{EntityTags, entity_tag, tagged},
        fields::{Fields, FromFields, name_line, short_line},
        params::{
            Query,
            param::{repeated, text},
            params,
        },
        path::CasePath,
        problem::Problem,
    },
};

/// An id that no person has.
const UNKNOWN: PersonId = PersonId(-1);

/// A party, by `id` or by `name`. A name that is already among the parties of the case means that person; another name
/// adds a person to the directory.
#[derive(Debug, Default, Validate, ToSchema)]
pub struct PartyEntry {
    /// Id of a person in the directory. Takes precedence over `name`.
    #[schema(value_type = Option<String>, example = json!(null), nullable = false)]
    id: Option<PersonId>,
    /// Name of the person, 1 to 500 characters. Required without `id`.
    #[validate(custom(function = "name_line"))]
    #[schema(value_type = Option<String>, example = "John Smith", min_length = 1, max_length = 500, nullable = false)]
    name: Option<String>,
    /// Role on the case, 1 to 255 characters. Default: `client`.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = Option<String>, example = "client", default = "client", max_length = 255, nullable = false)]
    role: Option<String>,
}

/// A staff member, by `id` or by `name`. A name that is already among the staff of the case means that person; another
/// name adds a person to the directory.
#[derive(Debug, Default, Validate, ToSchema)]
pub struct StaffEntry {
    /// Id of a person in the directory. Takes precedence over `name`.
    #[schema(value_type = Option<String>, example = json!(null), nullable = false)]
    id: Option<PersonId>,
    /// Name of the person, 1 to 500 characters. Required without `id`.
    #[validate(custom(function = "name_line"))]
    #[schema(value_type = Option<String>, example = "Dr. Anna Mueller", min_length = 1, max_length = 500, nullable = false)]
    name: Option<String>,
    /// Role on the case, 1 to 255 characters. Default: `staff`.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = Option<String>, example = "lead_attorney", default = "staff", max_length = 255, nullable = false)]
    role: Option<String>,
}

/// A list of parties. A single party can also be sent as the body itself, without `parties`.
#[derive(Debug, Default, ToSchema)]
pub struct PartiesBody {
    /// Parties. A case has at most 500.
    parties: Vec<PartyEntry>,
}

/// A list of staff members. A single one can also be sent as the body itself, without `staff`.
#[derive(Debug, Default, ToSchema)]
pub struct StaffBody {
    /// Staff members. A case has at most 500.
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

#[derive(Debug, Serialize, ToSchema)]
pub struct PartiesView {
    /// Parties, in the order in which they were added.
    data: Vec<PartyView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StaffListView {
    /// Staff, in the order in which they were added.
    data: Vec<StaffView>,
}

impl From<Vec<(Party, Option<Uuid>)>> for PartiesView {
    fn from(parties: Vec<(Party, Option<Uuid>)>) -> Self {
        Self { data: parties.into_iter().map(PartyView::from).collect() }
    }
}

impl From<Vec<(Party, Option<Uuid>)>> for StaffListView {
    fn from(staff: Vec<(Party, Option<Uuid>)>) -> Self {
        Self { data: staff.into_iter().map(StaffView::from).collect() }
    }
}

/// List case parties
///
/// Returns the parties in the order in which they were added.
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
    let (revision, list) =
        service::list_participants(&app.store, who.account(), case.0, ParticipantKind::Party).await?;
    Ok(who.conditions().respond(revision, || PartiesView::from(list))?)
}

/// Add parties to a case
///
/// A person can have several roles. A pair of person and role that is already on the case is not added again. The
/// response has all parties of the case.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/parties",
    tag = "participants",
    params(CasePath, EntityTags),
    request_body = PartiesBody,
    responses((status = 201, description = "All parties of the case.", body = PartiesView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn add_parties(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<PartiesBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, new) = (who.context(&app), body.0.into_requests());
    let (revision, all) = service::add_participants(&app.store, &context, case.0, ParticipantKind::Party, new).await?;
    let tag = (header::ETAG, entity_tag(&revision));
    Ok(HttpResponse::Created().insert_header(tag).json(PartiesView::from(all)))
}

/// Replace case parties
///
/// Removes the parties that are not in the body and adds the new ones; an empty list removes all. The timeline shows
/// only the differences.
#[utoipa::path(
    put,
    path = "/api/v1/cases/{case}/parties",
    tag = "participants",
    params(CasePath, EntityTags),
    request_body = PartiesBody,
    responses((status = 200, description = "All parties of the case.", body = PartiesView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn replace_parties(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<PartiesBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, new) = (who.context(&app), body.0.into_requests());
    let (revision, all) =
        service::replace_participants(&app.store, &context, case.0, ParticipantKind::Party, new).await?;
    Ok(tagged(&revision, PartiesView::from(all)))
}

/// List case staff
///
/// Returns the staff in the order in which they were added.
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
    let (revision, list) =
        service::list_participants(&app.store, who.account(), case.0, ParticipantKind::Staff).await?;
    Ok(who.conditions().respond(revision, || StaffListView::from(list))?)
}

/// Add staff to a case
///
/// A person can have several roles. A pair of person and role that is already on the case is not added again. The
/// response has all staff of the case.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/staff",
    tag = "participants",
    params(CasePath, EntityTags),
    request_body = StaffBody,
    responses((status = 201, description = "All staff of the case.", body = StaffListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn add_staff(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<StaffBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, new) = (who.context(&app), body.0.into_requests());
    let (revision, all) = service::add_participants(&app.store, &context, case.0, ParticipantKind::Staff, new).await?;
    let tag = (header::ETAG, entity_tag(&revision));
    Ok(HttpResponse::Created().insert_header(tag).json(StaffListView::from(all)))
}

params! {
    pub struct RemoveStaffParams {
        /// Id of the person to remove. Can be repeated.
        staff_id: Vec<PersonId> = repeated(known_or_unknown).example("usr_0000000000037");
        /// Role from which to remove the people. Default: all their roles.
        role: Option<String> = text().example("lead_attorney");
    }
}

/// A malformed id is an unknown person.
fn known_or_unknown(id: &str) -> PersonId {
    PersonId::parse(id).unwrap_or(UNKNOWN)
}

#[derive(Debug, Default, ToSchema)]
pub struct RemoveStaffBody {
    /// Ids of the people to remove, at most 500.
    #[schema(value_type = Vec<String>, example = json!(["usr_0000000000037"]))]
    staff_ids: Vec<PersonId>,
    /// Role from which to remove the people. Default: all their roles.
    #[schema(value_type = Option<String>, example = json!(null))]
    role: Option<String>,
}

impl FromFields for RemoveStaffBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            staff_ids: fields.ids("staff_ids", PARTICIPANTS_MAX, known_or_unknown).flatten().unwrap_or_default(),
            role: fields.text("role").flatten(),
        }
    }
}

impl RemoveStaffParams {
    /// Joins the people of the query and of the body.
    fn with(self, body: Option<RemoveStaffBody>) -> Result<(Vec<PersonId>, Option<String>), Problem> {
        let RemoveStaffBody { staff_ids, role } = body.unwrap_or_default();
        let people = self.staff_id.into_iter().chain(staff_ids).collect::<Vec<_>>();
        if people.is_empty() {
            return Err(Problem::invalid("staff_id", "must name at least one member of the staff"));
        }
        Ok((people, self.role.or(role)))
    }
}

/// Remove staff from a case
///
/// Removes the people in the query and in the body, at least one, from one role or from all their roles. If one of them
/// is not assigned, or not in that role, the response is 404 and the case does not change.
#[utoipa::path(
    delete,
    path = "/api/v1/cases/{case}/staff",
    tag = "participants",
    params(CasePath, EntityTags, RemoveStaffParams),
    request_body = Option<RemoveStaffBody>,
    responses((status = 204, description = "The people are removed."), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn remove_staff(
    who: Conditional<CasesWrite>,
    case: CasePath,
    query: Query<RemoveStaffParams>,
    body: OptionalBody<RemoveStaffBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (people, role) = query.0.with(body.0)?;
    service::remove_staff(&app.store, &who.context(&app), case.0, people, role).await?;
    Ok(HttpResponse::NoContent().finish())
}
