//! The types of events, with the fields of their data. The API documents and the list of types are made from this.

use std::collections::BTreeSet;

/// A type of event. A type never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// The stable name: a noun and a verb in the past.
    pub name: &'static str,
    /// When it happens, as a sentence.
    pub about: &'static str,
    /// Fields of its data. Each is always present.
    pub data: &'static [Field],
}

/// A field in the data of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FieldKind,
    /// What it means.
    pub about: &'static str,
}

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A text or `null`.
    OptionalText,
    /// A whole number.
    Integer,
    /// A list of texts.
    Texts,
    /// A time in RFC 3339, or `null`.
    OptionalTime,
}

const fn text(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: FieldKind::Text, about }
}

const fn optional(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: FieldKind::OptionalText, about }
}

const FIELDS: Field = Field { name: "fields", kind: FieldKind::Texts, about: "Names of the fields that were set." };
const REASON: Field = optional("reason", "The reason that the actor gave.");
const PHASE: Field = text("phase", "The phase of the new status, `active` or `closed`.");
const OUTCOME: Field = optional("outcome", "How the matter ended, if the new status says so.");
const PERSON: Field = text("person_id", "The person.");
const ROLE: Field = text("role", "The role of the person on the case.");
const UPDATE: &[Field] = &[
    text("update_id", "The case update."),
    text("thread_id", "The first update of the thread."),
    text("access_group_id", "The group of readers."),
    FIELDS,
];
const LINK: &[Field] = &[
    text("link_id", "The link."),
    text("linked_case_id", "The case at the other end."),
    text("type", "The kind of link, read from this case."),
];
const MERGE: &[Field] = &[
    text("merge_id", "The merge."),
    text("into", "The case that the others are, or were, parts of."),
    Field { name: "cases", kind: FieldKind::Texts, about: "The cases that the merge made parts." },
    text("reason", "The reason that the actor gave."),
];
const SLA: &[Field] = &[
    text("service_level", "Key of the service level."),
    text("target", "Name of the target."),
    Field { name: "due_at", kind: FieldKind::OptionalTime, about: "When the goal passes, or has passed." },
];
const NOTE: &[Field] = &[text("note_id", "The note.")];
const SUBJECT: &[Field] = &[text("subject_id", "The subject.")];
const DOCUMENT: &[Field] = &[
    text("document_id", "The document."),
    text("file_name", "The name of the file."),
    Field { name: "size", kind: FieldKind::Integer, about: "Size of the file in bytes." },
    text("sha256", "SHA-256 of the file, in hexadecimal."),
];
const DEADLINE: &[Field] =
    &[text("deadline_id", "The deadline."), text("due_at", "The due date after the event."), FIELDS];
const KEY: &[Field] = &[
    text("key_id", "The key."),
    text("name", "Its name."),
    Field { name: "scopes", kind: FieldKind::Texts, about: "Its scopes." },
    Field { name: "expires_at", kind: FieldKind::OptionalTime, about: "Its expiry time." },
];
const VERSION: &[Field] = &[
    text("key", "Key of the workflow."),
    Field { name: "version", kind: FieldKind::Integer, about: "Number of the version." },
    text("workflow_id", "Id of the version."),
];
const SOURCE: Field = Field { name: "id", kind: FieldKind::Integer, about: "Its id." };
const CREATED_SOURCE: &[Field] = &[SOURCE, text("status", "Its first status.")];
const CHANGED_SOURCE: &[Field] = &[SOURCE];
const MOVED_SOURCE: &[Field] = &[
    SOURCE,
    text("transition", "Name of the transition."),
    text("from", "The status before."),
    text("to", "The status after."),
    REASON,
];
const WEBHOOK: &[Field] = &[text("webhook_id", "The webhook.")];
const CHANGED: &[Field] = &[FIELDS];
const PARTICIPANT: &[Field] = &[PERSON, ROLE];

const fn event(name: &'static str, about: &'static str, data: &'static [Field]) -> EventType {
    EventType { name, about, data }
}

/// The type of the event that a test of a webhook sends. It is in no feed.
pub const TEST_EVENT: EventType = event("webhook.test", "A webhook was tested.", &[]);

/// Every type of event in the feed.
pub const EVENT_TYPES: &[EventType] = &[
    event(
        "case.created",
        "A case was created.",
        &[
            optional("type", "The type of the case."),
            text("status", "The first status."),
            PHASE,
            text("priority", "The priority."),
            text("source", "What the case was created from."),
        ],
    ),
    event("case.updated", "Fields of a case were set.", CHANGED),
    event("case.tagged", "The tags of a case changed.", CHANGED),
    event("case.priority_changed", "The priority of a case changed.", &[text("to", "The priority after.")]),
    event(
        "case.status_changed",
        "A case changed its status along a transition.",
        &[
            text("transition", "Name of the transition."),
            text("from", "The status before."),
            text("to", "The status after."),
            PHASE,
            OUTCOME,
            REASON,
        ],
    ),
    event(
        "case.workflow_migrated",
        "A case moved to another version of its workflow, or to another workflow.",
        &[
            text("from_workflow", "Id of the version before."),
            text("to_workflow", "Id of the version after."),
            text("from", "The status before."),
            text("to", "The status after."),
            PHASE,
            OUTCOME,
            REASON,
        ],
    ),
    event("case.archived", "A case was archived.", &[]),
    event("case.unarchived", "A case was taken out of the archive.", &[]),
    event("case.deleted", "A case was deleted.", &[]),
    event("case.restored", "A deleted case was restored.", &[]),
    event("party.added", "A person became a party of a case.", PARTICIPANT),
    event("party.removed", "A person is no party of a case any more.", PARTICIPANT),
    event("staff.added", "A person was assigned to a case.", PARTICIPANT),
    event("staff.removed", "A person is no longer assigned to a case.", PARTICIPANT),
    event("subject.added", "A subject was added to a case.", SUBJECT),
    event("subject.changed", "A subject of a case changed.", SUBJECT),
    event("update.added", "An update was added to a case.", UPDATE),
    event("update.edited", "An update of a case changed.", UPDATE),
    event("update.validated", "An update of a case was validated.", UPDATE),
    event("update.invalidated", "The validation of an update was withdrawn.", UPDATE),
    event("link.created", "Two cases were linked.", LINK),
    event("link.removed", "A link between two cases was removed.", LINK),
    event("note.added", "A note was added to a case.", NOTE),
    event("note.updated", "The text of a note changed.", NOTE),
    event("note.removed", "A note was removed.", NOTE),
    event("document.added", "A document was added to a case.", DOCUMENT),
    event("document.removed", "A document was removed.", DOCUMENT),
    event("deadline.added", "A deadline was added to a case.", DEADLINE),
    event("deadline.updated", "A deadline changed.", DEADLINE),
    event("deadline.met", "A deadline was met, in time or late.", DEADLINE),
    event("deadline.cancelled", "A deadline was cancelled.", DEADLINE),
    event("deadline.reopened", "A deadline is open again.", DEADLINE),
    event("deadline.verified", "A second person verified a deadline.", DEADLINE),
    event("deadline.removed", "A deadline was removed.", DEADLINE),
    event("deadline.warning", "The first day on which to warn about an open deadline has come.", DEADLINE),
    event("deadline.missed", "An open deadline has passed.", DEADLINE),
    event("case.merged", "Cases became parts of another case. Each of them and that case has the event.", MERGE),
    event("case.unmerged", "A merge was undone. The parts and the case that they were parts of have the event.", MERGE),
    event(
        "case.split",
        "A new case was split from another. Both have the event.",
        &[
            text("from", "The case that was split."),
            text("into", "The new case."),
            text("reason", "The reason that the actor gave."),
        ],
    ),
    event(
        "case.item_moved",
        "A thing moved from one case to another. Both have the event.",
        &[
            text("item", "`note`, `document`, `deadline`, `update` or `subject`."),
            text("item_id", "The thing."),
            text("from", "The case that had it."),
            text("into", "The case that has it."),
        ],
    ),
    event(
        "conflict_check.run",
        "The parties of a case were checked for conflicts of interest.",
        &[
            text("check_id", "The check."),
            text("verdict", "`clear`, `possible` or `conflict`."),
            Field { name: "hits", kind: FieldKind::Integer, about: "Number of people who match." },
        ],
    ),
    event(
        "conflict_check.decided",
        "A hit of a check for conflicts was decided.",
        &[
            text("check_id", "The check."),
            Field { name: "hit", kind: FieldKind::Integer, about: "Number of the hit in the check, from 1." },
            text("decision", "`cleared`, `confirmed` or `waived`."),
        ],
    ),
    event("sla.warning", "A running clock of a case is at risk. It occurred at that moment.", SLA),
    event("sla.breached", "The goal of a clock of a case has passed. It occurred at that moment.", SLA),
    event("person.created", "A person was added to the directory.", &[PERSON]),
    event("person.updated", "A person in the directory changed.", &[PERSON, FIELDS]),
    event("key.created", "An API key was created.", KEY),
    event("key.revoked", "An API key was revoked.", KEY),
    event("inquiry.created", "An inquiry was created.", CREATED_SOURCE),
    event("inquiry.updated", "Fields of an inquiry were set.", CHANGED_SOURCE),
    event("inquiry.status_changed", "An inquiry changed its status.", MOVED_SOURCE),
    event("order.created", "An order was created.", CREATED_SOURCE),
    event("order.updated", "Fields of an order were set.", CHANGED_SOURCE),
    event("order.status_changed", "An order changed its status.", MOVED_SOURCE),
    event("workflow.installed", "A version of a workflow was installed.", VERSION),
    event("workflow.activated", "New cases begin with this version of a workflow from now on.", VERSION),
    event("webhook.created", "A webhook was created.", WEBHOOK),
    event("webhook.updated", "A webhook changed.", WEBHOOK),
    event("webhook.secret_rotated", "A webhook got a new secret.", WEBHOOK),
    event(
        "webhook.disabled",
        "The server disabled a webhook.",
        &[text("webhook_id", "The webhook."), optional("reason", "Why.")],
    ),
    event("webhook.removed", "A webhook was removed.", WEBHOOK),
    event("workflow.removed", "A workflow was removed.", &[text("key", "Key of the workflow.")]),
];

/// A set of types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFilter(BTreeSet<&'static str>);

impl TypeFilter {
    /// Reads patterns: the name of a type, or `noun.*` for all types of a noun. `None` if there are no patterns.
    ///
    /// # Errors
    /// The first pattern that matches no type.
    ///
    /// ```
    /// use docket_domain::feed::TypeFilter;
    ///
    /// let wanted = TypeFilter::parse(["note.*"]).unwrap().unwrap();
    /// assert!(wanted.contains("note.added") && !wanted.contains("case.created"));
    /// assert_eq!(TypeFilter::parse(["nothing.like.it"]), Err("nothing.like.it"));
    /// ```
    pub fn parse<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Option<Self>, &'p str> {
        let mut types = BTreeSet::new();
        let mut is_empty = true;
        for pattern in patterns {
            is_empty = false;
            let matches = |name: &str| match pattern.strip_suffix('*') {
                Some(noun) if noun.ends_with('.') => name.starts_with(noun),
                _ => name == pattern,
            };
            let known = EVENT_TYPES.iter().map(|known| known.name).filter(|name| matches(name)).collect::<Vec<_>>();
            if known.is_empty() {
                return Err(pattern);
            }
            types.extend(known);
        }
        Ok((!is_empty).then_some(Self(types)))
    }

    /// Whether the set has this type.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event;

    #[test]
    fn the_catalogue_has_each_type_of_a_case_once() {
        let names = EVENT_TYPES.iter().map(|known| known.name).collect::<BTreeSet<_>>();
        assert_eq!(names.len(), EVENT_TYPES.len());
        for name in event::EVENT_TYPES {
            assert!(names.contains(name), "{name}");
        }
    }

    #[test]
    fn a_pattern_names_one_type_or_all_of_a_noun() {
        let of = |patterns: &[&'static str]| {
            TypeFilter::parse(patterns.iter().copied()).map(|read| read.map(|set| set.0.len()))
        };
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&["note.added", "key.*"]), Ok(Some(3)));
        for unknown in ["", "*", "case*", "case.", "note.add", "nothing.*"] {
            assert_eq!(TypeFilter::parse([unknown]), Err(unknown));
        }
    }
}
