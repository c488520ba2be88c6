//! Handlers for links between cases.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use chrono::{DateTime, Utc};
use docket_domain::{
    id::{CaseRef, LinkId},
    link::{Link, LinkKind},
    service,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::NativeError;
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::EntityTags,
        fields::{Fields, FromFields, UNKNOWN_CASE},
        path::{CasePath, IdPath},
    },
};

#[derive(Debug, ToSchema)]
pub struct CreateLinkBody {
    /// Case to link to, by UUID or integer id.
    #[schema(value_type = String, example = "41")]
    linked_case_id: Option<CaseRef>,
    /// Relation of the case in the path to the linked case: `related`, `duplicate` (inverse: `duplicated_by`), `blocks`
    /// (`blocked_by`), `follow_up` (`follow_up_of`), one of the inverses, or another word, which is its own inverse. At
    /// most 100 letters, digits, `-` and `_`. Default: `related`.
    #[schema(value_type = Option<String>, example = "blocks", default = "related", max_length = 100, nullable = false)]
    r#type: Option<LinkKind>,
}

impl FromFields for CreateLinkBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let kind = fields.not_null("type", |fields| fields.text("type"));
        let kind =
            kind.and_then(|word| LinkKind::parse(&word).map_err(|fault| fields.fault("type", fault.message)).ok());
        let linked = fields.required("linked_case_id", |fields| fields.case("linked_case_id"));
        Self { linked_case_id: linked, r#type: kind }
    }
}

/// A link, seen from the case in the path.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// Id of the link, the same from both cases.
    #[schema(example = "lnk_0000000000001")]
    id: String,
    /// The case in the path, or one of its parts.
    case_id: Uuid,
    /// UUID of the part that the link is of, in a list of a case with parts; then also `case_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
    /// The other case.
    linked_case_id: Uuid,
    /// Relation of `case_id` to `linked_case_id`.
    #[schema(example = "blocks")]
    r#type: String,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LinkListView {
    /// Links, oldest first.
    data: Vec<LinkView>,
}

impl From<Link> for LinkView {
    fn from(link: Link) -> Self {
        Self {
            id: link.id.to_string(),
            case_id: link.case_uuid,
            origin: None,
            linked_case_id: link.linked_uuid,
            r#type: link.kind.as_str().to_owned(),
            created_at: link.created_at,
        }
    }
}

/// Link two cases
///
/// The link is visible from both cases; the other case shows the inverse type. A case cannot be linked to itself, or
/// twice to the same case with the same type. A case has at most 500 links.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/links",
    tag = "links",
    params(CasePath, EntityTags),
    request_body = CreateLinkBody,
    responses((status = 201, description = "The link.", body = LinkView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_link(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<CreateLinkBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let CreateLinkBody { linked_case_id, r#type } = body.0;
    let (linked, kind) = (linked_case_id.unwrap_or(UNKNOWN_CASE), r#type.unwrap_or_else(LinkKind::related));
    let link = service::create_link(&app.store, &who.context(&app), case.0, linked, kind).await?;
    Ok(HttpResponse::Created().json(LinkView::from(link)))
}

/// List case links
///
/// Returns all links of the case and of its parts, oldest first, including those that were created on the other case. `type` is read
/// from the case in the path.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/links",
    tag = "links",
    params(CasePath),
    responses((status = 200, description = "The links.", body = LinkListView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_links(
    who: Authed<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<Json<LinkListView>, NativeError> {
    let (case, links) = service::list_links(&app.store, who.account(), case.0).await?;
    let view = |link: Link| LinkView { origin: case.origin_of(link.case), ..LinkView::from(link) };
    Ok(Json(LinkListView { data: links.into_iter().map(view).collect() }))
}

/// Remove a case link
///
/// Removes the link from both cases. The path can name either of them.
#[utoipa::path(
    delete,
    path = "/api/v1/cases/{case}/links/{id}",
    tag = "links",
    params(
        EntityTags,
        CasePath,
        ("id" = String, Path, description = "The id of the link.", example = "lnk_0000000000001"),
    ),
    responses((status = 204, description = "The link is removed."), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn remove_link(
    who: Conditional<CasesWrite>,
    case: CasePath,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    service::remove_link(&app.store, &who.context(&app), case.0, id.read(LinkId::parse)).await?;
    Ok(HttpResponse::NoContent().finish())
}
