//! One endpoint for every action on a case.
//!
//! It translates an action to a command. It never decides whether the action is allowed: the domain does.

use actix_web::{HttpResponse, web::Data};
use docket_domain::{
    case::{Edit, Priority},
    command::{Command, TransitionRequest},
    id::{ContractorId, InquiryId, InvoiceId, OfferId, OrderId, PersonId},
    note::NoteCommand,
    revision::Revised as _,
    service::{self, Action},
    workflow::StatusKey,
};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::{body::check, envelope::One, error::ServicesError, parsed::ParsedBody, view::CaseView};
use crate::{
    app::App,
    auth::{CasesWrite, Conditional},
    wire::{
        conditional::{EntityTags, tagged},
        fields::{Fields, FromFields, Given, note_text, short_line},
        path::CasePath,
        problem::Problem,
    },
};

/// Role of a person assigned without a role.
const DEFAULT_ROLE: &str = "assignee";

macro_rules! action_names {
    ($($(#[doc = $doc:literal])+ $variant:ident $word:literal,)*) => {
        /// Action on a case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
        #[schema(rename_all = "snake_case")]
        pub enum ActionName {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl ActionName {
            pub const WORDS: &[&'static str] = &[$($word),*];

            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

action_names! {
    /// Change the status to `status`.
    UpdateStatus "update_status",
    /// Resolve the case, optionally with a `resolution` and a `reason`.
    Resolve "resolve",
    /// Close the case, optionally with a `reason`.
    Close "close",
    /// Cancel the case, optionally with a `reason`.
    Cancel "cancel",
    /// Reopen the case, with a `reason`.
    Reopen "reopen",
    /// Set `contractor_id`.
    AssignContractor "assign_contractor",
    /// Clear `contractor_id`.
    UnassignContractor "unassign_contractor",
    /// Add the person `staff_id` to the staff, in the role `role`.
    AssignStaff "assign_staff",
    /// Set `priority`.
    UpdatePriority "update_priority",
    /// Add `tags` to those of the case.
    AddTags "add_tags",
    /// Remove `tags` from those of the case.
    RemoveTags "remove_tags",
    /// Merge `metadata` into that of the case; `null` removes a member.
    UpdateMetadata "update_metadata",
    /// Link the inquiry `inquiry_id`.
    LinkInquiry "link_inquiry",
    /// Link the order `order_id`.
    LinkOrder "link_order",
    /// Link the offer `offer_id`.
    LinkOffer "link_offer",
    /// Link the invoice `invoice_id`.
    LinkInvoice "link_invoice",
    /// Add the note `note`.
    AddNote "add_note",
}

/// An action and its parameters. Parameters of other actions are refused.
#[derive(Debug, Default, Validate, ToSchema)]
#[schema(example = json!({ "action": "resolve", "resolution": "Replaced the power supply" }))]
pub struct ActionBody {
    /// Action to perform.
    #[schema(value_type = ActionName, example = "update_status")]
    action: Option<ActionName>,
    /// New status. Required for `update_status`. Sending the current status changes nothing.
    #[schema(value_type = Option<String>, example = "in_progress", nullable = false)]
    status: Option<String>,
    /// Reason for the status change, for `update_status`, `resolve`, `close`, `cancel` and `reopen`. Required if the
    /// transition requires one, as `reopen` does in the built-in workflow.
    #[schema(value_type = Option<String>, example = "the technician is on the way", max_length = 2000)]
    reason: Given<String>,
    /// How the case was resolved. Optional for `resolve`.
    #[schema(value_type = Option<String>, max_length = 100_000)]
    resolution: Given<String>,
    /// Id of the contractor in another system; any positive integer. Required for `assign_contractor`.
    #[schema(value_type = Option<i64>, minimum = 1, nullable = false)]
    contractor_id: Option<i64>,
    /// Id of a person in the directory of people. Required for `assign_staff`.
    #[schema(value_type = Option<i64>, nullable = false)]
    staff_id: Option<PersonId>,
    /// Role on the case. Optional for `assign_staff`; default: `assignee`.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = Option<String>, max_length = 255)]
    role: Option<Option<String>>,
    /// `low`, `normal`, `high` or `urgent`. Required for `update_priority`.
    #[schema(value_type = Option<String>, nullable = false)]
    priority: Option<Priority>,
    /// 1 to 100 tags of at most 255 characters each. Required for `add_tags` and `remove_tags`. A case has at most 100
    /// tags.
    #[validate(length(min = 1, message = "must not be empty"))]
    #[schema(value_type = Option<Vec<String>>, nullable = false)]
    tags: Option<Vec<String>>,
    /// JSON merge patch (RFC 7396) of the free JSON fields: objects are merged, `null` removes a member. Required for
    /// `update_metadata`. The result may have at most 64 KiB of JSON (the operator can change this limit) and 100
    /// levels of nesting.
    #[schema(value_type = Option<Object>, nullable = false)]
    metadata: Option<Map<String, Value>>,
    /// Id of an inquiry, which must exist. Required for `link_inquiry`.
    #[schema(value_type = Option<i64>, nullable = false)]
    inquiry_id: Option<InquiryId>,
    /// Id of an order, which must exist. Required for `link_order`.
    #[schema(value_type = Option<i64>, nullable = false)]
    order_id: Option<OrderId>,
    /// Id of the offer in another system; any positive integer. Required for `link_offer`.
    #[schema(value_type = Option<i64>, minimum = 1, nullable = false)]
    offer_id: Option<i64>,
    /// Id of the invoice in another system; any positive integer. Required for `link_invoice`.
    #[schema(value_type = Option<i64>, minimum = 1, nullable = false)]
    invoice_id: Option<i64>,
    /// Text of the note, at most 100,000 characters. Required for `add_note`.
    #[validate(custom(function = "note_text"))]
    #[schema(value_type = Option<String>, nullable = false)]
    note: Option<String>,
}

impl FromFields for ActionBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let mut body = Self::default();
        let Some(action) = name(fields) else { return body };
        body.action = Some(action);
        match action {
            ActionName::UpdateStatus => {
                body.status = fields.required("status", |fields| fields.text("status"));
                body.reason = fields.text("reason");
            }
            ActionName::Resolve => {
                body.resolution = fields.text("resolution");
                body.reason = fields.text("reason");
            }
            ActionName::Close | ActionName::Cancel | ActionName::Reopen => body.reason = fields.text("reason"),
            ActionName::AssignContractor => {
                body.contractor_id = fields.required("contractor_id", |fields| fields.integer_id("contractor_id"));
            }
            ActionName::UnassignContractor => {}
            ActionName::AssignStaff => {
                body.staff_id = fields.required("staff_id", |fields| fields.id("staff_id", PersonId::parse));
                body.role = fields.text("role");
            }
            ActionName::UpdatePriority => {
                body.priority = fields.required("priority", |fields| {
                    fields.word("priority", "one of low, normal, high, urgent", |word| word.parse().ok())
                });
            }
            ActionName::AddTags | ActionName::RemoveTags => {
                body.tags = fields.required("tags", |fields| fields.tags("tags"));
            }
            ActionName::UpdateMetadata => {
                body.metadata = fields.required("metadata", |fields| fields.object("metadata"));
            }
            ActionName::LinkInquiry => {
                body.inquiry_id = fields.required("inquiry_id", |fields| fields.id("inquiry_id", InquiryId::parse));
            }
            ActionName::LinkOrder => {
                body.order_id = fields.required("order_id", |fields| fields.id("order_id", OrderId::parse));
            }
            ActionName::LinkOffer => {
                body.offer_id = fields.required("offer_id", |fields| fields.integer_id("offer_id"));
            }
            ActionName::LinkInvoice => {
                body.invoice_id = fields.required("invoice_id", |fields| fields.integer_id("invoice_id"));
            }
            ActionName::AddNote => body.note = fields.required("note", |fields| fields.text("note")),
        }
        body.check(fields);
        body
    }
}

/// Without an action, the other fields cannot be checked, so they are not read.
fn name(fields: &mut Fields) -> Option<ActionName> {
    let known = ActionName::WORDS.join(", ");
    let given = fields.take("action").filter(|value| !value.is_null());
    let named = given.as_ref().and_then(Value::as_str).and_then(ActionName::parse);
    if named.is_none() {
        let expected = if given.is_some() { "must be" } else { "is required:" };
        fields.fault("action", format!("{expected} one of {known}"));
        fields.forget();
    }
    named
}

impl ActionBody {
    fn check(&self, fields: &mut Fields) {
        let resolution = self.resolution.clone().map(Edit::Resolution);
        let tags = self.tags.clone().map(|tags| Edit::Tags(tags.into_iter().collect()));
        check(fields, resolution.into_iter().chain(tags).collect());
        fields.validate(self);
    }

    /// `None` if a required parameter is missing, which `from_fields` has already reported.
    fn into_action(self) -> Option<Action> {
        let reason = self.reason.flatten();
        let named = |name: &str, reason| Command::Transition(TransitionRequest::named(name, reason));
        let edit = |edit| Command::Edit(vec![edit]);
        let command = match self.action? {
            ActionName::UpdateStatus => {
                Command::Transition(TransitionRequest::to(StatusKey::new(self.status?), reason))
            }
            ActionName::Resolve => {
                let resolution = self.resolution.map(|resolution| edit(Edit::Resolution(resolution)));
                Command::All(resolution.into_iter().chain([named("resolve", reason)]).collect())
            }
            ActionName::Close => named("close", reason),
            ActionName::Cancel => named("cancel", reason),
            ActionName::Reopen => named("reopen", reason),
            ActionName::AssignContractor => edit(Edit::Contractor(Some(ContractorId(self.contractor_id?)))),
            ActionName::UnassignContractor => edit(Edit::Contractor(None)),
            ActionName::AssignStaff => {
                let role = self.role.flatten().unwrap_or_else(|| DEFAULT_ROLE.to_owned());
                return Some(Action::AssignStaff { person: self.staff_id?, role });
            }
            ActionName::UpdatePriority => edit(Edit::Priority(self.priority?)),
            ActionName::AddTags => Command::Tag { add: self.tags?, remove: Vec::new() },
            ActionName::RemoveTags => Command::Tag { add: Vec::new(), remove: self.tags? },
            ActionName::UpdateMetadata => return Some(Action::MergeCustomFields(self.metadata?)),
            ActionName::LinkInquiry => edit(Edit::Inquiry(Some(self.inquiry_id?))),
            ActionName::LinkOrder => edit(Edit::Order(Some(self.order_id?))),
            ActionName::LinkOffer => edit(Edit::Offer(Some(OfferId(self.offer_id?)))),
            ActionName::LinkInvoice => edit(Edit::Invoice(Some(InvoiceId(self.invoice_id?)))),
            ActionName::AddNote => Command::Note(NoteCommand::Add(self.note?)),
        };
        Some(Action::Plain(command))
    }
}

/// Perform an action on a case
///
/// Changes the status, assignments, priority, tags, metadata or links, or adds a note. `action` selects the action; the
/// other fields are its parameters.
///
/// The actions `resolve`, `close`, `cancel` and `reopen` are transitions of the workflow. A transition that does not
/// start from the current status is refused. The error has the reasons in `errors.status`, and the allowed transitions
/// with their required fields in `allowed_transitions`.
#[utoipa::path(
    post,
    path = "/api/cases/{case}/action",
    tag = "actions",
    params(CasePath, EntityTags),
    request_body = ActionBody,
    responses((status = 200, description = "The updated case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn act(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: ParsedBody<ActionBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let action = body.sound()?.into_action().ok_or_else(incomplete)?;
    action.check(&app.store, who.account()).await.map_err(ServicesError::verbatim)?;
    let case = service::act(&app.store, &who.context(&app), case.0, action).await?;
    Ok(tagged(&case.revision(), One::done("Action performed", CaseView::from(&case)).0))
}

fn incomplete() -> Problem {
    Problem::defect("an action was read without what it needs".to_owned())
}
