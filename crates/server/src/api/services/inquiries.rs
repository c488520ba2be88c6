//! Inquiries: questions of users, from which cases can be created.
//!
//! Only the fields are here; what inquiries and orders have in common is in `sources.rs`.

use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use docket_domain::{
    id::{CustomerId, InquiryId},
    source::{Content, NewSource, SourceChange, SourceEdit, SourceId, SourceItem, SourceKind},
    workflow::StatusKey,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::{One, Paged},
    error::ServicesError,
    list::{DateParams, PageParams},
    parsed::{ParsedBody, ParsedQuery},
    sources::{
        self, Resource, Shown, SourceMoveView, SourceStatusView, SourcesQuery, StatusParams, source_views, transition,
    },
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        conditional::EntityTags,
        fields::{Fields, FromFields, Given},
        linked::Linked,
        params::{param::foreign_id, params},
        path::IdPath,
    },
};

/// An inquiry to create.
#[derive(Debug, ToSchema)]
pub struct CreateInquiryBody {
    /// Id of the user in another system; any positive integer. It is the customer of a case created from the inquiry.
    #[schema(value_type = i64, example = 123, minimum = 1)]
    user_id: Option<i64>,
    #[schema(value_type = Option<String>, example = "The cooling unit leaks", max_length = 500)]
    title: Given<String>,
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// First status; must not be terminal. Default: the initial status of the workflow, `new` in the built-in one.
    #[schema(value_type = Option<String>, example = "new", nullable = false)]
    status: Option<String>,
    /// Name of the creator. Default: the name of the API key.
    #[schema(value_type = Option<String>, example = "front desk", max_length = 255)]
    created_by: Given<String>,
}

impl FromFields for CreateInquiryBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            user_id: fields.required("user_id", |fields| fields.integer_id("user_id")),
            title: fields.text("title"),
            description: fields.text("description"),
            status: fields.not_null("status", |fields| fields.text("status")),
            created_by: fields.text("created_by"),
        }
    }
}

impl From<CreateInquiryBody> for NewSource {
    fn from(body: CreateInquiryBody) -> Self {
        Self {
            id: None,
            user: CustomerId(body.user_id.unwrap_or_default()),
            title: body.title.flatten(),
            description: body.description.flatten(),
            status: body.status.map(StatusKey::new),
            content: Content::Inquiry,
            created_by: body.created_by.flatten(),
        }
    }
}

/// Fields to change. An absent field keeps its value; `null` clears an optional field.
#[derive(Debug, ToSchema)]
pub struct UpdateInquiryBody {
    #[schema(value_type = Option<String>, example = "The cooling unit leaks", max_length = 500)]
    title: Given<String>,
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
    description: Given<String>,
    /// New status. The workflow must have a transition to it. Sending the current status changes nothing.
    #[schema(value_type = Option<String>, example = "in_review", nullable = false)]
    status: Option<String>,
    /// Reason for the status change. Required if the transition requires one; ignored without `status`.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 2000)]
    reason: Given<String>,
}

impl FromFields for UpdateInquiryBody {
    fn from_fields(fields: &mut Fields) -> Self {
        fields.refuse(&["user_id", "created_by"], "can only be set at creation");
        Self {
            title: fields.text("title"),
            description: fields.text("description"),
            status: fields.not_null("status", |fields| fields.text("status")),
            reason: fields.text("reason"),
        }
    }
}

impl From<UpdateInquiryBody> for SourceChange {
    fn from(UpdateInquiryBody { title, description, status, reason }: UpdateInquiryBody) -> Self {
        let edits = title.map(SourceEdit::Title).into_iter().chain(description.map(SourceEdit::Description));
        Self { edits: edits.collect(), transition: transition(status, reason.flatten()) }
    }
}

params! {
    pub struct InquiryParams {
        /// Id of the user.
        user_id: Option<CustomerId> = foreign_id().map(CustomerId).example(123);
    }
}

impl From<InquiryParams> for Option<CustomerId> {
    fn from(params: InquiryParams) -> Self {
        params.user_id
    }
}

pub struct Inquiries;

impl Resource for Inquiries {
    const KIND: SourceKind = SourceKind::Inquiry;
    const PATH: &'static str = "/api/inquiries";
    type Owner = InquiryParams;
    type New = CreateInquiryBody;
    type Change = UpdateInquiryBody;
    type View = InquiryView;
    type Detail = InquiryDetailView;

    fn id(path: &IdPath) -> SourceId {
        path.read(InquiryId::parse).into()
    }
}

source_views! {
    /// An inquiry.
    InquiryView;
    /// An inquiry with its linked cases, status history and allowed transitions.
    InquiryDetailView;
    #[schema(example = 42)]
    id: i64,
    /// Id of the user in another system.
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "The cooling unit leaks")]
    title: Option<String>,
    #[schema(example = "Water under the rack since Monday.")]
    description: Option<String>,
    #[schema(example = "new")]
    status: String,
    /// Name of the creator.
    #[schema(example = "front desk")]
    created_by: String,
    /// When the inquiry was created.
    created_at: DateTime<Utc>,
    /// When the inquiry was last updated.
    updated_at: DateTime<Utc>,
}

impl From<SourceItem> for InquiryView {
    fn from(item: SourceItem) -> Self {
        Self {
            id: item.id.id,
            user_id: item.user.0,
            title: item.title,
            description: item.description,
            status: item.status.to_string(),
            created_by: item.created_by,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// Create an inquiry
///
/// Creates an inquiry, from which a case can be created.
#[utoipa::path(
    post,
    path = "/api/inquiries",
    tag = "inquiries",
    request_body = CreateInquiryBody,
    responses((status = 201, description = "The created inquiry.", body = One<InquiryView>), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_inquiry(
    who: Authed<CasesWrite>,
    parsed: ParsedBody<CreateInquiryBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    sources::create::<Inquiries>(&app, &who, parsed, "Inquiry created").await
}

/// List inquiries
///
/// Returns the inquiries that match all filters, newest first, in numbered pages with exact totals.
#[utoipa::path(
    get,
    path = "/api/inquiries",
    tag = "inquiries",
    params(InquiryParams, StatusParams, DateParams, PageParams),
    responses((status = 200, description = "A page of inquiries.", body = Paged<InquiryView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_inquiries(
    who: Authed<CasesRead>,
    asked: ParsedQuery<SourcesQuery<Inquiries>>,
    app: Data<App>,
) -> Result<Linked<Paged<InquiryView>>, ServicesError> {
    sources::list::<Inquiries>(&app, &who, asked).await
}

/// Get an inquiry
///
/// Returns the inquiry with its linked cases, its status history and the transitions that the caller can make now.
#[utoipa::path(
    get,
    path = "/api/inquiries/{id}",
    tag = "inquiries",
    params(("id" = String, Path, description = "Id of the inquiry.", example = "42"), EntityTags),
    responses((status = 200, description = "The inquiry.", body = One<InquiryDetailView>), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_inquiry(
    who: Conditional<CasesRead>,
    inquiry: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    sources::load::<Inquiries>(&app, &who, &inquiry).await
}

/// Update an inquiry
///
/// Changes only the fields in the body. The workflow of inquiries checks a new `status`. `user_id` and `created_by`
/// cannot be changed.
#[utoipa::path(
    put,
    path = "/api/inquiries/{id}",
    tag = "inquiries",
    params(("id" = String, Path, description = "Id of the inquiry.", example = "42"), EntityTags),
    request_body = UpdateInquiryBody,
    responses(
        (status = 200, description = "The updated inquiry.", body = One<InquiryView>),
        (status = 404),
        (status = 422),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_inquiry(
    who: Conditional<CasesWrite>,
    inquiry: IdPath,
    parsed: ParsedBody<UpdateInquiryBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    sources::change::<Inquiries>(&app, &who, &inquiry, parsed, "Inquiry updated").await
}
