//! Deadlines on a case: adding, changing, verifying, meeting and cancelling them.

use serde_json::{Map, Value, json};

use super::DecisionBuilder;
use crate::{
    deadline::{
        Computation, ComputedDeadline, Deadline, DeadlineChange, DeadlineChanges, DeadlineCommand, DeadlineEvent,
        DeadlineHappening, DeadlineState, DeadlineStatus, Due, NewDeadline, Step, When, compute,
    },
    decision::Change,
    error::{FieldError, FieldErrors, Rejection},
    event::EventData,
    id::PersonId,
    revision::next_change,
    text,
    time::Timestamp,
};

/// A verification by the person who entered or last changed the deadline.
const VERIFIED_BY_ANOTHER: Rejection = Rejection::FourEyes {
    why: "the deadline must be verified by another person than the one who entered or last changed it",
};

pub(super) fn deadline(builder: &mut DecisionBuilder<'_>, command: DeadlineCommand) -> Result<(), Rejection> {
    match command {
        DeadlineCommand::Add { new, known } => add(builder, new, &known),
        DeadlineCommand::Change { deadline, changes, known } => change(builder, *deadline, changes, &known),
        DeadlineCommand::Remove(deadline) => {
            record(builder, DeadlineHappening::Removed, &deadline, Map::new());
            builder.change(Change::Deadline(DeadlineChange::Removed(deadline.id)));
            Ok(())
        }
    }
}

fn add(builder: &mut DecisionBuilder<'_>, new: NewDeadline, known: &[PersonId]) -> Result<(), Rejection> {
    let NewDeadline { title, kind, when, assigned_to, warn_on } = new;
    let title = text::line(&title);
    let mut faults = FieldErrors::default();
    faults.keep(text::check_line("title", &title, text::NAME_MAX));
    check_person(&mut faults, "assigned_to", assigned_to, known);
    let found = find_due(when, &mut faults);
    if let Some(found) = &found {
        check_warning(&mut faults, warn_on, found.due);
    }
    faults.finish()?;
    let Some(Found { due, computation, steps }) = found else { return Ok(()) };
    let deadline = Deadline {
        account: builder.case.account,
        id: builder.new_id(),
        case: builder.case.id,
        case_uuid: builder.case.uuid,
        title,
        kind,
        due,
        computation,
        steps,
        state: DeadlineState::Open,
        assigned_to,
        verified_by: None,
        set_by: builder.context.actor.id,
        warn_on,
        created_at: builder.context.now,
        updated_at: builder.context.now,
    };
    record(builder, DeadlineHappening::Added, &deadline, fields(&deadline));
    builder.change(Change::Deadline(DeadlineChange::Added(Box::new(deadline))));
    Ok(())
}

fn change(
    builder: &mut DecisionBuilder<'_>,
    before: Deadline,
    changes: DeadlineChanges,
    known: &[PersonId],
) -> Result<(), Rejection> {
    let (now, actor) = (builder.context.now, builder.context.actor.id);
    let mut faults = FieldErrors::default();
    let verification = verification(&before, &changes, actor, &mut faults);
    let mut after = applied(&before, changes, known, actor, now, &mut faults);
    check_warning(&mut faults, after.warn_on, after.due);
    faults.finish()?;
    match verification {
        Verification::Stays => {}
        Verification::Ends => after.verified_by = None,
        // Four-eyes principle: the person who set a deadline cannot verify it.
        Verification::By(person) if after.set_by == Some(person) => return Err(VERIFIED_BY_ANOTHER),
        Verification::By(person) => after.verified_by = Some(person),
    }
    if after == before {
        return Ok(());
    }
    let after = Deadline { updated_at: next_change(before.updated_at, now), ..after };
    note_changes(builder, &before, &after);
    builder.change(Change::Deadline(DeadlineChange::Updated(Box::new(after))));
    Ok(())
}

/// What the changes do to the verification.
enum Verification {
    Stays,
    Ends,
    By(PersonId),
}

/// Only the actor can be named as verifier.
fn verification(
    before: &Deadline,
    changes: &DeadlineChanges,
    actor: Option<PersonId>,
    faults: &mut FieldErrors,
) -> Verification {
    let named = changes.verified_by.filter(|named| *named != before.verified_by);
    match (changes.verified, named) {
        (Some(true), Some(None)) | (Some(false), Some(Some(_))) => {
            faults.add("verified", "must agree with verified_by");
            Verification::Stays
        }
        (_, Some(Some(person))) if Some(person) != actor => {
            faults.add("verified_by", "must be the person of the calling key");
            Verification::Stays
        }
        (Some(true), None | Some(Some(_))) | (None, Some(Some(_))) => match actor {
            Some(person) => Verification::By(person),
            None => {
                faults.add("verified", "the calling key has no person who could verify the deadline");
                Verification::Stays
            }
        },
        (Some(false), None | Some(None)) | (None, Some(None)) => Verification::Ends,
        (None, None) => Verification::Stays,
    }
}

/// The deadline with the changes. A change of what was verified removes the verification.
fn applied(
    before: &Deadline,
    changes: DeadlineChanges,
    known: &[PersonId],
    actor: Option<PersonId>,
    now: Timestamp,
    faults: &mut FieldErrors,
) -> Deadline {
    let DeadlineChanges { title, kind, when, status, assigned_to, warn_on, verified: _, verified_by: _ } = changes;
    let mut after = before.clone();
    if let Some(title) = title.as_deref().map(text::line) {
        faults.keep(text::check_line("title", &title, text::NAME_MAX));
        after.title = title;
    }
    after.kind = kind.unwrap_or(after.kind);
    if let Some(found) = when.and_then(|when| find_due(when, faults)) {
        // A given date equal to the current one keeps the stored computation.
        if found.computation.is_some() || found.due != after.due {
            Found { due: after.due, computation: after.computation, steps: after.steps } = found;
        }
    }
    if substance(&after) != substance(before) {
        after.verified_by = None;
        after.set_by = actor;
    }
    if let Some(assigned_to) = assigned_to {
        check_person(faults, "assigned_to", assigned_to, known);
        after.assigned_to = assigned_to;
    }
    after.warn_on = warn_on.unwrap_or(after.warn_on);
    if let Some(status) = status {
        after.state = state(status);
        if status == DeadlineStatus::Missed && !after.due.is_over(now) {
            faults.add("status", "must be pending, met or cancelled: the deadline has not passed");
        }
    }
    after
}

/// The fields that a second person verifies.
fn substance(deadline: &Deadline) -> (&str, crate::deadline::DeadlineKind, Due, &Option<Computation>) {
    (&deadline.title, deadline.kind, deadline.due, &deadline.computation)
}

const fn state(status: DeadlineStatus) -> DeadlineState {
    match status {
        DeadlineStatus::Pending | DeadlineStatus::Missed => DeadlineState::Open,
        DeadlineStatus::Met => DeadlineState::Met,
        DeadlineStatus::Cancelled => DeadlineState::Cancelled,
    }
}

/// A due date with its computation.
struct Found {
    due: Due,
    computation: Option<Computation>,
    steps: Vec<Step>,
}

fn find_due(when: When, faults: &mut FieldErrors) -> Option<Found> {
    match when {
        When::At(due) => Some(Found { due, computation: None, steps: Vec::new() }),
        When::Computed(computation) => {
            let outcome = computed(&computation).map_err(|found| faults.extend(found)).ok()?;
            let due = Due::from(&outcome);
            // A computation can end in a year that `Due` does not accept.
            faults.keep(due.to_string().parse::<Due>())?;
            Some(Found { due, computation: Some(computation), steps: outcome.steps })
        }
    }
}

/// Runs the computation. Field errors have the prefix `compute.`.
fn computed(computation: &Computation) -> Result<ComputedDeadline, Vec<FieldError>> {
    let violations = computation.violations();
    let faults =
        violations.iter().map(|fault| FieldError::new(format!("compute.{}", fault.field()), fault.to_string()));
    let faults = faults.collect::<Vec<_>>();
    if !faults.is_empty() {
        return Err(faults);
    }
    compute(computation).map_err(|fault| vec![FieldError::new(format!("compute.{}", fault.field()), fault.to_string())])
}

fn check_person(faults: &mut FieldErrors, field: &str, person: Option<PersonId>, known: &[PersonId]) {
    if person.is_some_and(|person| !known.contains(&person)) {
        faults.add(field, "must be an existing person");
    }
}

fn check_warning(faults: &mut FieldErrors, warn_on: Option<chrono::NaiveDate>, due: Due) {
    if warn_on.is_some_and(|day| day > due.day()) {
        faults.add("warn_on", "must not be after the deadline");
    }
}

/// Records separate events for changed fields, a verification and a new state.
fn note_changes(builder: &mut DecisionBuilder<'_>, before: &Deadline, after: &Deadline) {
    let (old, mut new) = (fields(before), fields(after));
    new.retain(|field, value| old.get(field) != Some(value));
    if after.title != before.title {
        new.insert("title".to_owned(), json!(after.title));
    }
    let verified = after.verified_by != before.verified_by && after.verified_by.is_some();
    let verifier = if verified { new.shift_remove("verified_by") } else { None };
    if !new.is_empty() {
        record(builder, DeadlineHappening::Updated, after, new);
    }
    if let Some(verifier) = verifier {
        record(builder, DeadlineHappening::Verified, after, Map::from_iter([("verified_by".to_owned(), verifier)]));
    }
    if after.state != before.state {
        let (what, fields) = match after.state {
            DeadlineState::Open => (DeadlineHappening::Reopened, Map::new()),
            DeadlineState::Cancelled => (DeadlineHappening::Cancelled, Map::new()),
            DeadlineState::Met => {
                let late = after.due.is_over(builder.context.occurred_at);
                (DeadlineHappening::Met, Map::from_iter([("late".to_owned(), Value::Bool(late))]))
            }
        };
        record(builder, what, after, fields);
    }
}

/// The fields that events show besides the title, by their public names.
fn fields(deadline: &Deadline) -> Map<String, Value> {
    let person = |person: Option<PersonId>| person.map_or(Value::Null, |person| json!(person.to_string()));
    let fields = [
        ("kind", json!(deadline.kind)),
        ("due_at", json!(deadline.due)),
        ("assigned_to", person(deadline.assigned_to)),
        ("verified_by", person(deadline.verified_by)),
        ("warn_on", json!(deadline.warn_on)),
        ("compute", json!(deadline.computation)),
    ];
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

fn record(builder: &mut DecisionBuilder<'_>, what: DeadlineHappening, deadline: &Deadline, fields: Map<String, Value>) {
    builder.record(EventData::Deadline(DeadlineEvent::new(what, deadline, fields)));
}
