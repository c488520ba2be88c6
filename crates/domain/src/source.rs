//! Sources of cases: inquiries and orders.
//!
//! A source has a status, which the workflow engine changes, and a log of its changes. [`SourceItem`] has the common
//! fields, [`Content`] those of one kind. All kinds share one table, one decision and one list: a new kind is one more
//! value of [`SourceKind`], of `EntityType` and of `case::Source`.

mod decide;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};

pub use self::decide::{NewSource, SourceChange, SourceDecision, SourceEdit, change, create};
use crate::{
    case::{Details, Edit, Source},
    error::FieldErrors,
    id::{AccountId, CaseId, CustomerId, Entity, InquiryId, OrderId},
    json as free_json,
    revision::{Revised, Revision},
    text,
    time::{TimeRange, Timestamp},
    workflow::{EntityType, Facts, Phase, StatusKey, WorkflowId},
};

/// Kinds of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// An inquiry: a customer asks a question.
    Inquiry,
    /// An order: a customer orders something.
    Order,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Inquiry, Self::Order];

    /// The kind for the workflow engine.
    #[must_use]
    pub const fn entity_type(self) -> EntityType {
        match self {
            Self::Inquiry => EntityType::Inquiry,
            Self::Order => EntityType::Order,
        }
    }

    /// The kind for messages and ids.
    #[must_use]
    pub const fn entity(self) -> Entity {
        match self {
            Self::Inquiry => Entity::Inquiry,
            Self::Order => Entity::Order,
        }
    }

    /// The origin of a case created from a source of this kind.
    #[must_use]
    pub const fn source(self) -> Source {
        match self {
            Self::Inquiry => Source::Inquiry,
            Self::Order => Source::Order,
        }
    }

    /// Text form in requests, responses and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.entity_type().as_str()
    }

    /// Parses the text form.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The name of the kind, capitalized.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Inquiry => "Inquiry",
            Self::Order => "Order",
        }
    }
}

/// Identifies a source. All kinds share one sequence of integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId {
    /// Kind of the source.
    pub kind: SourceKind,
    /// Integer id.
    pub id: i64,
}

impl SourceId {
    /// The edit that links a case to this source.
    #[must_use]
    pub const fn link(self) -> Edit {
        match self.kind {
            SourceKind::Inquiry => Edit::Inquiry(Some(InquiryId(self.id))),
            SourceKind::Order => Edit::Order(Some(OrderId(self.id))),
        }
    }

    /// The source that an edit links to, if any.
    #[must_use]
    pub fn linked_by(edit: &Edit) -> Option<Self> {
        if let Edit::Inquiry(Some(id)) = edit {
            return Some((*id).into());
        }
        if let Edit::Order(Some(id)) = edit {
            return Some((*id).into());
        }
        None
    }
}

impl From<InquiryId> for SourceId {
    fn from(id: InquiryId) -> Self {
        Self { kind: SourceKind::Inquiry, id: id.0 }
    }
}

impl From<OrderId> for SourceId {
    fn from(id: OrderId) -> Self {
        Self { kind: SourceKind::Order, id: id.0 }
    }
}

/// An inquiry or an order.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceItem {
    /// Account of the source.
    pub account: AccountId,
    /// Id of the source.
    pub id: SourceId,
    /// Number of entries in its log.
    pub version: i64,
    /// The customer. A case created from the source gets the same customer.
    pub user: CustomerId,
    /// Title.
    pub title: Option<String>,
    /// Description of an inquiry, or notes of an order.
    pub description: Option<String>,
    /// Workflow version of the source.
    pub workflow: WorkflowId,
    /// Current status in that workflow.
    pub status: StatusKey,
    /// Phase of that status.
    pub phase: Phase,
    /// The fields of its kind.
    pub content: Content,
    /// Name of the creator.
    pub created_by: String,
    /// Creation time; an import keeps the time of its source.
    pub created_at: Timestamp,
    /// Time of the last update.
    pub updated_at: Timestamp,
}

/// The fields that only one kind of source has.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// An inquiry has no further fields.
    Inquiry,
    /// The fields of an order.
    Order(OrderContent),
}

/// The fields of an order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OrderContent {
    /// Items; free JSON of the client.
    pub items: Vec<Value>,
    /// Total, exactly as sent. The currency is not stored.
    pub total: Option<Number>,
    /// Free fields of the client.
    pub metadata: Map<String, Value>,
}

impl Content {
    /// The kind of source with these fields.
    #[must_use]
    pub const fn kind(&self) -> SourceKind {
        match self {
            Self::Inquiry => SourceKind::Inquiry,
            Self::Order(_) => SourceKind::Order,
        }
    }

    /// The fields as one JSON object, for storage.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Inquiry => json!({}),
            Self::Order(OrderContent { items, total, metadata }) => {
                json!({ "items": items, "total": total, "metadata": metadata })
            }
        }
    }

    /// Reads the output of [`Content::to_json`]. `None` if it does not fit the kind.
    #[must_use]
    pub fn from_json(kind: SourceKind, json: Value) -> Option<Self> {
        match kind {
            SourceKind::Inquiry => Some(Self::Inquiry),
            SourceKind::Order => {
                let Value::Object(mut fields) = json else { return None };
                let items = match fields.shift_remove("items") {
                    Some(Value::Array(items)) => items,
                    _ => return None,
                };
                let total = match fields.shift_remove("total") {
                    Some(Value::Number(total)) => Some(total),
                    _ => None,
                };
                let metadata = match fields.shift_remove("metadata") {
                    Some(Value::Object(metadata)) => metadata,
                    _ => return None,
                };
                Some(Self::Order(OrderContent { items, total, metadata }))
            }
        }
    }
}

impl Revised for SourceItem {
    fn revision(&self) -> Revision {
        Revision::of_version(self.version)
    }
}

impl SourceItem {
    /// The title, or kind and number if there is no title.
    #[must_use]
    pub fn name(&self) -> String {
        self.title.clone().unwrap_or_else(|| format!("{} {}", self.id.kind.label(), self.id.id))
    }

    /// The first edits of a case created from this source: customer, title, description and the link to the source.
    #[must_use]
    pub fn for_case(&self) -> Vec<Edit> {
        vec![
            Edit::Customer(Some(self.user)),
            Edit::Name(Some(self.name())),
            Edit::Description(self.description.clone()),
            self.id.link(),
        ]
    }

    /// Reports every field that is not accepted. `free_fields_max` is in bytes of JSON text.
    pub fn check(&self, free_fields_max: usize, faults: &mut FieldErrors) {
        if let Some(title) = &self.title {
            faults.keep(text::check_line("title", title, text::NAME_MAX));
        }
        if let Some(description) = &self.description {
            let field = match self.content {
                Content::Inquiry => "description",
                Content::Order(_) => "notes",
            };
            faults.keep(text::check_lines(field, description, text::LONG_MAX));
        }
        faults.keep(text::check_line("created_by", &self.created_by, text::SHORT_MAX));
        if let Content::Order(order) = &self.content {
            free_json::check_free("items", &order.items, free_fields_max, faults);
            free_json::check_free("metadata", &order.metadata, free_fields_max, faults);
        }
    }
}

/// The fields that guards of a workflow can name. They are those of `EntityType::fields`.
impl Facts for SourceItem {
    fn field(&self, name: &str) -> Option<Value> {
        match (name, &self.content) {
            ("title", _) => self.title.clone().map(Value::from),
            ("user_id", Content::Inquiry) | ("customer_id", Content::Order(_)) => Some(self.user.0.into()),
            ("description", Content::Inquiry) | ("notes", Content::Order(_)) => {
                self.description.clone().map(Value::from)
            }
            ("created_by", Content::Inquiry) => Some(self.created_by.clone().into()),
            (name, Content::Order(order)) => match name {
                "items" => Some(json!(order.items)),
                "total" => order.total.clone().map(Value::Number),
                "metadata" => Some(json!(order.metadata)),
                path => order.metadata.field(path.strip_prefix("metadata.")?),
            },
            (_, Content::Inquiry) => None,
        }
    }
}

/// An entry in the log of a source: the creation, a change of fields or a change of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEvent {
    /// Position in the log, from 1.
    pub version: i64,
    /// Name of the transition. `None` for the creation and for a change of fields.
    pub transition: Option<String>,
    /// Status before the event. `None` for the creation.
    pub from: Option<StatusKey>,
    /// Status after the event.
    pub to: StatusKey,
    /// Reason given by the actor.
    pub reason: Option<String>,
    /// Name of the actor.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Recording time.
    pub recorded_at: Timestamp,
}

/// Filter of a list of sources. All conditions must hold. The list is ordered by creation time, newest first; the id
/// breaks ties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceFilter {
    /// Kind of the source. `None`: every kind.
    pub kind: Option<SourceKind>,
    /// Customer.
    pub user: Option<CustomerId>,
    /// The status is one of these. Empty: any status.
    pub statuses: Vec<StatusKey>,
    /// Creation time.
    pub created: TimeRange,
}

/// A case that is linked to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkedCase {
    /// The source.
    pub source: SourceId,
    /// The case.
    pub case: CaseId,
}

/// The first edits of a follow-up: customer and contractor of the parent, and a title that names the parent.
#[must_use]
pub fn for_follow_up(parent: &crate::case::Case) -> Vec<Edit> {
    let Details { customer, contractor, .. } = &parent.details;
    let title = format!("Follow-up: {}", parent.name()).chars().take(text::NAME_MAX).collect();
    vec![Edit::Customer(*customer), Edit::Contractor(*contractor), Edit::Name(Some(title))]
}
