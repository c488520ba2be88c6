//! What cases are made from: inquiries and orders.
//!
//! They are resources of their own, with a status that the workflow engine runs and a log of its changes. What all of
//! them have stands in [`SourceItem`]; what only one kind has, in [`Content`]. A further source is one more value of
//! [`SourceKind`], of `EntityType` and of `case::Source`: there is one table, one decision and one list for all of them.

mod decide;

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

/// The kinds of things that cases are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceKind {
    /// An inquiry: somebody asks something.
    Inquiry,
    /// An order: somebody wants something.
    Order,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Inquiry, Self::Order];

    /// What kind of thing it is to the workflow engine.
    #[must_use]
    pub const fn entity_type(self) -> EntityType {
        match self {
            Self::Inquiry => EntityType::Inquiry,
            Self::Order => EntityType::Order,
        }
    }

    /// What kind of thing it is to messages and ids.
    #[must_use]
    pub const fn entity(self) -> Entity {
        match self {
            Self::Inquiry => Entity::Inquiry,
            Self::Order => Entity::Order,
        }
    }

    /// How a case that is made from it came about.
    #[must_use]
    pub const fn source(self) -> Source {
        match self {
            Self::Inquiry => Source::Inquiry,
            Self::Order => Source::Order,
        }
    }

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.entity_type().as_str()
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word at the beginning of a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Inquiry => "Inquiry",
            Self::Order => "Order",
        }
    }
}

/// Names one source. The integers run through all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId {
    /// Of which kind it is.
    pub kind: SourceKind,
    /// Its integer.
    pub id: i64,
}

impl SourceId {
    /// The setting of a case's field that links the case to it.
    #[must_use]
    pub const fn link(self) -> Edit {
        match self.kind {
            SourceKind::Inquiry => Edit::Inquiry(Some(InquiryId(self.id))),
            SourceKind::Order => Edit::Order(Some(OrderId(self.id))),
        }
    }

    /// The source that a setting of a field links to, if it links to one.
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
    /// The account that owns it.
    pub account: AccountId,
    /// Its name.
    pub id: SourceId,
    /// How many entries its log has.
    pub version: i64,
    /// Whose it is: the customer of a case that is made from it.
    pub user: CustomerId,
    /// Title.
    pub title: Option<String>,
    /// An inquiry's description, an order's notes.
    pub description: Option<String>,
    /// The workflow version that it is in.
    pub workflow: WorkflowId,
    /// Its status in that workflow.
    pub status: StatusKey,
    /// The phase of that status.
    pub phase: Phase,
    /// What only its kind has.
    pub content: Content,
    /// The name of who made it.
    pub created_by: String,
    /// When it came about; an import keeps the time of its source.
    pub created_at: Timestamp,
    /// Time of the last update in the system.
    pub updated_at: Timestamp,
}

/// What only one kind of source has.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing more.
    Inquiry,
    /// What was ordered.
    Order(OrderContent),
}

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OrderContent {
    /// The items, each as the client has it.
    pub items: Vec<Value>,
    /// The total, in whatever currency the client means, exactly as sent.
    pub total: Option<Number>,
    /// Free fields of the client's own.
    pub metadata: Map<String, Value>,
}

impl Content {
    /// The kind of source that has it.
    #[must_use]
    pub const fn kind(&self) -> SourceKind {
        match self {
            Self::Inquiry => SourceKind::Inquiry,
            Self::Order(_) => SourceKind::Order,
        }
    }

    /// As one JSON object, which is how stores keep it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Inquiry => json!({}),
            Self::Order(OrderContent { items, total, metadata }) => {
                json!({ "items": items, "total": total, "metadata": metadata })
            }
        }
    }

    /// Reads what [`Content::to_json`] wrote for that kind.
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
    /// What it is called, or its kind and number where nobody gave it a title.
    #[must_use]
    pub fn name(&self) -> String {
        self.title.clone().unwrap_or_else(|| format!("{} {}", self.id.kind.label(), self.id.id))
    }

    /// What a case that is made from it begins with: its customer, title and description, and the link back.
    #[must_use]
    pub fn for_case(&self) -> Vec<Edit> {
        vec![
            Edit::Customer(Some(self.user)),
            Edit::Name(Some(self.name())),
            Edit::Description(self.description.clone()),
            self.id.link(),
        ]
    }

    /// Notes what no store should keep.
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

/// Guards of a workflow read a source through these; the names are those of `EntityType::fields`.
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

/// A change of a source's status, its creation included: an entry of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEvent {
    /// Its place in the log, from 1.
    pub version: i64,
    /// The transition; none at creation, and none where only fields changed.
    pub transition: Option<String>,
    /// The status before; none at creation.
    pub from: Option<StatusKey>,
    /// The status after.
    pub to: StatusKey,
    /// Why, as the actor put it.
    pub reason: Option<String>,
    /// The name of who did it.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Time of recording in the system.
    pub recorded_at: Timestamp,
}

/// Which sources a list shows; all that is given must hold. Newest first, the id breaks ties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceFilter {
    /// Of this kind; of every kind where none is given.
    pub kind: Option<SourceKind>,
    /// Of this user.
    pub user: Option<CustomerId>,
    /// In one of these statuses; any where none is given.
    pub statuses: Vec<StatusKey>,
    /// When it came about.
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

/// What a follow-up of a case begins with: the case's customer and contractor, and a title that names it.
#[must_use]
pub fn for_follow_up(parent: &crate::case::Case) -> Vec<Edit> {
    let Details { customer, contractor, .. } = &parent.details;
    let title = format!("Follow-up: {}", parent.name()).chars().take(text::NAME_MAX).collect();
    vec![Edit::Customer(*customer), Edit::Contractor(*contractor), Edit::Name(Some(title))]
}
