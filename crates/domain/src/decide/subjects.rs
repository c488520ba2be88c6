//! Adding and changing subjects, and choosing the primary one.

use serde_json::{Map, Value};

use super::{DecisionBuilder, edit::edit};
use crate::{
    case::Edit,
    decision::Change,
    error::{FieldError, FieldErrors, Rejection},
    event::EventData,
    id::SubjectId,
    revision::next_change,
    subject::{SUBJECTS_MAX, Subject, SubjectEntry, SubjectEvent, SubjectsCommand, WhichSubject, default_name},
    text,
};

pub(super) fn subjects(builder: &mut DecisionBuilder<'_>, command: SubjectsCommand) -> Result<(), Rejection> {
    let SubjectsCommand { mut present, entries, list_name } = command;
    let mut faults = FieldErrors::default();
    // Checked first, because each entry is compared with all subjects of the case.
    if entries.len() > SUBJECTS_MAX {
        let message = format!("must have at most {SUBJECTS_MAX} subjects, got {}", entries.len());
        return Err(FieldError::new(list_name.unwrap_or("name"), message).into());
    }
    let label = |at: usize| list_name.map_or_else(String::new, |list| format!("{list}[{at}]."));
    if entries.iter().filter(|entry| entry.is_primary == Some(true)).count() > 1 {
        faults.add(list_name.unwrap_or("is_primary"), "must not have more than one primary subject");
    }
    let mut primary = builder.case.details.primary_subject;
    for (at, mut entry) in entries.into_iter().enumerate() {
        // When the list is sent again, the entry gets the same name and so means the same subject.
        let number = match entry.which {
            WhichSubject::New => Some(present.len() + 1),
            WhichSubject::Named => Some(at + 1),
            WhichSubject::Known(_) => None,
        };
        if let (None, Some(number)) = (&entry.name, number) {
            entry.name = Some(default_name(entry.custom_fields.as_ref(), number));
        }
        let is_primary = entry.is_primary;
        let Some(subject) = have(builder, &mut present, entry, &label(at), &mut faults) else { continue };
        match is_primary {
            Some(true) => primary = Some(subject),
            Some(false) if primary == Some(subject) => primary = None,
            Some(false) | None => {}
        }
    }
    if present.len() > SUBJECTS_MAX {
        faults.add(list_name.unwrap_or("name"), format!("must leave the case with at most {SUBJECTS_MAX} subjects"));
    }
    faults.finish()?;
    edit(builder, vec![Edit::PrimarySubject(primary)])
}

fn have(
    builder: &mut DecisionBuilder<'_>,
    present: &mut Vec<Subject>,
    entry: SubjectEntry,
    label: &str,
    faults: &mut FieldErrors,
) -> Option<SubjectId> {
    let found = match entry.which {
        WhichSubject::New => None,
        WhichSubject::Named => present.iter_mut().find(|subject| Some(&subject.name) == entry.name.as_ref()),
        WhichSubject::Known(id) => {
            let found = present.iter_mut().find(|subject| subject.id == id);
            if found.is_none() {
                faults.add(format!("{label}id"), "unknown subject of the case");
                return None;
            }
            found
        }
    };
    match found {
        Some(subject) => change(builder, subject, entry, label, faults),
        None => add(builder, present, entry, label, faults),
    }
}

fn add(
    builder: &mut DecisionBuilder<'_>,
    present: &mut Vec<Subject>,
    entry: SubjectEntry,
    label: &str,
    faults: &mut FieldErrors,
) -> Option<SubjectId> {
    let subject = Subject {
        account: builder.case.account,
        id: builder.new_id(),
        case: builder.case.id,
        name: text::line(&entry.name.unwrap_or_default()),
        custom_fields: entry.custom_fields.unwrap_or_else(|| Value::Object(Map::new())),
        created_at: builder.context.now,
        updated_at: builder.context.now,
    };
    subject.check(label, builder.context.free_fields_max, faults);
    builder.change(Change::SubjectAdded(subject.clone()));
    record(builder, &subject, true);
    let id = subject.id;
    present.push(subject);
    Some(id)
}

fn change(
    builder: &mut DecisionBuilder<'_>,
    subject: &mut Subject,
    entry: SubjectEntry,
    label: &str,
    faults: &mut FieldErrors,
) -> Option<SubjectId> {
    let before = subject.clone();
    if let Some(name) = entry.name {
        subject.name = text::line(&name);
    }
    if let Some(fields) = entry.custom_fields {
        subject.custom_fields = fields;
    }
    if *subject != before {
        subject.updated_at = next_change(before.updated_at, builder.context.now);
        subject.check(label, builder.context.free_fields_max, faults);
        builder.change(Change::SubjectChanged(subject.clone()));
        record(builder, subject, false);
    }
    Some(subject.id)
}

fn record(builder: &mut DecisionBuilder<'_>, subject: &Subject, added: bool) {
    builder.record(EventData::Subject(SubjectEvent { added, subject: subject.id, name: subject.name.clone() }));
}
