//! Loading what guards ask for besides the fields of a case.

use super::conflict_parties::is_cleared;
use crate::{
    case::Case,
    deadline::{DeadlineFilter, DeadlineStatus},
    error::{Error, StoreError},
    event::EventData,
    page::PageNumber,
    party::ParticipantKind,
    store::Store,
    time::{TimeRange, Timestamp},
    update::UpdateFilter,
    workflow::{Asked, Related, Workflow},
};

/// Number of documents that are read at once.
const BATCH: i64 = 100;

/// The case with what the guards of its workflow ask for. Whatever changes it later also changes the version of the case,
/// so a decision on it is stale then.
///
/// # Errors
/// A [`StoreError`].
pub(super) async fn with_related<S: Store>(
    store: &S,
    mut case: Case,
    workflow: &Workflow,
    now: Timestamp,
) -> Result<Case, Error> {
    let asked = workflow.asked();
    if asked != Asked::default() {
        case.related = Some(Box::new(load(store, &case, asked, now).await?));
    }
    Ok(case)
}

async fn load<S: Store>(store: &S, case: &Case, asked: Asked, now: Timestamp) -> Result<Related, StoreError> {
    let mut related = Related::default();
    if asked.roles
        && let Some(file) = store.find_case_file(case.account, case.id.into()).await?
    {
        let roles = |side| file.whole(side).into_iter().map(|(party, _)| party.role).collect();
        related.party_roles = roles(ParticipantKind::Party);
        related.staff_roles = roles(ParticipantKind::Staff);
    }
    if asked.deadlines {
        for status in [DeadlineStatus::Pending, DeadlineStatus::Missed] {
            let case_filter = DeadlineFilter {
                cases: Some(case.whole()),
                due: TimeRange::default(),
                status: Some(status),
                assigned_to: None,
                now,
            };
            let found = store.list_deadlines(case.account, &case_filter, None, 1).await?;
            related.has_open_deadlines |= !found.rows.is_empty();
        }
    }
    if asked.updates {
        let filter = UpdateFilter { cases: Some(case.whole()), is_valid: Some(false), ..UpdateFilter::default() };
        let found = store.list_updates(case.account, &filter, false, PageNumber { page: 1, per_page: 1 }).await?;
        related.has_unvalidated_updates = !found.is_empty();
    }
    if asked.documents {
        let mut after = None;
        loop {
            let page = store.list_documents(case.account, &case.whole(), after, BATCH).await?;
            after = page.rows.last().filter(|_| page.has_more).map(|document| document.id);
            related.document_titles.extend(page.rows.into_iter().map(|document| document.title));
            if after.is_none() {
                break;
            }
        }
    }
    if asked.conflicts {
        related.conflicts_cleared = is_cleared(store, case).await?;
    }
    if asked.actors {
        for event in store.list_status_events(case.account, case.id).await? {
            if let (EventData::StatusChanged(change), Some(actor)) = (event.data, event.actor) {
                related.last_actors.insert(change.transition, actor.key());
            }
        }
    }
    Ok(related)
}
