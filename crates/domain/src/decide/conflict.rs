//! Keeping checks for conflicts of interest, and deciding their hits.

use super::DecisionBuilder;
use crate::{
    conflict::{CheckChange, CheckCommand, CheckEvent, CheckHappening, ConflictCheck, HitDecision},
    decision::Change,
    error::{FieldError, Rejection},
    event::EventData,
    id::Entity,
    revision::next_change,
    text,
};

/// A decision by the actor who ran the check.
const DECIDED_BY_ANOTHER: Rejection =
    Rejection::FourEyes { why: "a hit must be decided by another person than the one who ran the check" };

pub(super) fn conflict_check(builder: &mut DecisionBuilder<'_>, command: CheckCommand) -> Result<(), Rejection> {
    match command {
        CheckCommand::Keep(new) => {
            let check = ConflictCheck {
                account: builder.case.account,
                id: builder.new_id(),
                case: builder.case.id,
                case_uuid: builder.case.uuid,
                verdict: new.verdict,
                hits: new.hits,
                parties: new.parties,
                run_by: builder.context.actor.clone(),
                run_at: builder.context.now,
                updated_at: builder.context.now,
            };
            let what = CheckHappening::Run { verdict: check.verdict, hits: check.hits.len() };
            builder.record(EventData::ConflictCheck(CheckEvent { id: check.id, what }));
            builder.change(Change::ConflictCheck(CheckChange::Added(Box::new(check))));
        }
        CheckCommand::Decide { mut check, hit, decision, reason } => {
            let reason = reason.trim().to_owned();
            if reason.is_empty() {
                return Err(FieldError::new("reason", "must not be empty").into());
            }
            text::check_lines("reason", &reason, text::REASON_MAX)?;
            if check.run_by == builder.context.actor {
                return Err(DECIDED_BY_ANOTHER);
            }
            let at = hit.checked_sub(1).ok_or(Rejection::NotFound(Entity::ConflictCheck))?;
            let found = check.hits.get_mut(at).ok_or(Rejection::NotFound(Entity::ConflictCheck))?;
            let now = builder.context.now;
            let (decided_by, decided_at) = (builder.context.actor.clone(), now);
            found.decision = Some(HitDecision { decision, reason: reason.clone(), decided_by, decided_at });
            check.updated_at = next_change(check.updated_at, now);
            let what = CheckHappening::Decided { hit, decision, reason };
            builder.record(EventData::ConflictCheck(CheckEvent { id: check.id, what }));
            builder.change(Change::ConflictCheck(CheckChange::Decided(check)));
        }
    }
    Ok(())
}
