//! One endpoint for everything that is done to a case.

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

use super::{body::check, draft::Draft, envelope::One, error::ServicesError, view::CaseView};
use crate::{
    api::{
        case_path::CasePath,
        conditional::{EntityTags, tagged},
        fields::{Fields, FromFields, Given, note_text, short_line},
        problem::Problem,
    },
    app::App,
    auth::{CasesWrite, Conditional},
};

/// As what somebody is assigned where the caller does not say.
const DEFAULT_ROLE: &str = "assignee";

macro_rules! action_names {
    ($($(#[doc = $doc:literal])+ $variant:ident $word:literal,)*) => {
        /// What can be done to a case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
        #[schema(rename_all = "snake_case")]
        pub enum ActionName {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl ActionName {
            /// Their words.
            pub const WORDS: &[&'static str] = &[$($word),*];

            /// The action of that word.
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
    /// Move to `status`, if need be with a `reason`.
    UpdateStatus "update_status",
    /// Resolve it, with a `resolution` or without.
    Resolve "resolve",
    /// Close it, with a `reason` or without.
    Close "close",
    /// Cancel it, with a `reason` or without.
    Cancel "cancel",
    /// Re-open it for a `reason`.
    Reopen "reopen",
    /// Give it to `contractor_id`.
    AssignContractor "assign_contractor",
    /// Take it from its contractor.
    UnassignContractor "unassign_contractor",
    /// Put the person `staff_id` on its staff, as `role`.
    AssignStaff "assign_staff",
    /// Set its `priority`.
    UpdatePriority "update_priority",
    /// Add `tags`.
    AddTags "add_tags",
    /// Remove `tags`.
    RemoveTags "remove_tags",
    /// Merge `metadata` into its own; `null` removes a member.
    UpdateMetadata "update_metadata",
    /// Link it to the inquiry `inquiry_id`.
    LinkInquiry "link_inquiry",
    /// Link it to the order `order_id`.
    LinkOrder "link_order",
    /// Link it to the offer `offer_id`.
    LinkOffer "link_offer",
    /// Link it to the invoice `invoice_id`.
    LinkInvoice "link_invoice",
    /// Write a `note`.
    AddNote "add_note",
}

/// An action and what it needs. Parameters of other actions are refused.
#[derive(Debug, Default, Validate, ToSchema)]
#[schema(example = json!({ "action": "resolve", "resolution": "Replaced the power supply" }))]
pub struct ActionBody {
    /// What to do.
    #[schema(value_type = ActionName, example = "update_status")]
    action: Option<ActionName>,
    /// `update_status`: the status to move to. The present one changes nothing.
    #[schema(value_type = Option<String>, example = "in_progress", nullable = false)]
    status: Option<String>,
    /// `update_status`, `resolve`, `close`, `cancel`: why; `reopen` insists on it.
    #[schema(value_type = Option<String>, example = "the technician is on the way", max_length = 2000)]
    reason: Given<String>,
    /// `resolve`: how it was resolved.
    #[schema(value_type = Option<String>, max_length = 100_000)]
    resolution: Given<String>,
    /// `assign_contractor`: the contractor, known elsewhere.
    #[schema(value_type = Option<i64>, minimum = 1, nullable = false)]
    contractor_id: Option<i64>,
    /// `assign_staff`: a person of the directory.
    #[schema(value_type = Option<i64>, nullable = false)]
    staff_id: Option<PersonId>,
    /// `assign_staff`: as what; `assignee` without it.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = Option<String>, max_length = 255)]
    role: Option<Option<String>>,
    /// `update_priority`: `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = Option<String>, nullable = false)]
    priority: Option<Priority>,
    /// `add_tags`, `remove_tags`: the tags.
    #[validate(length(min = 1, message = "must not be empty"))]
    #[schema(value_type = Option<Vec<String>>, nullable = false)]
    tags: Option<Vec<String>>,
    /// `update_metadata`: what to merge.
    #[schema(value_type = Option<Object>, nullable = false)]
    metadata: Option<Map<String, Value>>,
    /// `link_inquiry`: an inquiry of this server.
    #[schema(value_type = Option<i64>, nullable = false)]
    inquiry_id: Option<InquiryId>,
    /// `link_order`: an order of this server.
    #[schema(value_type = Option<i64>, nullable = false)]
    order_id: Option<OrderId>,
    /// `link_offer`: an offer, known elsewhere.
    #[schema(value_type = Option<i64>, minimum = 1, nullable = false)]
    offer_id: Option<i64>,
    /// `link_invoice`: an invoice, known elsewhere.
    #[schema(value_type = Option<i64>, minimum = 1, nullable = false)]
    invoice_id: Option<i64>,
    /// `add_note`: the note.
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

/// Without an action nothing else can be judged, so that everything else goes unread.
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

    /// What the domain is asked for. Each parameter is there where its action is: the reading saw to it.
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

/// Act on a case
///
/// One endpoint for all changes: status, assignments, tags, links, notes. `action` says which, and what else it needs
/// stands beside it. The transitions `resolve`, `close`, `cancel` and `reopen` are refused where they do not start from
/// the present status; a refusal names that status, what is allowed from it and what each of those needs.
#[utoipa::path(
    post,
    path = "/api/cases/{case}/action",
    tag = "actions",
    params(CasePath, EntityTags),
    request_body = ActionBody,
    responses((status = 200, description = "The case after it.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn act(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Draft<ActionBody>,
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
