//! Adding subjects to cases.

use crate::{
    actor::Context,
    command::Command,
    decision::Change,
    error::{Error, StoreError},
    event::EventData,
    id::CaseRef,
    service::{ChangeOptions, case::find_effect, change_case_with},
    store::Store,
    subject::{ListedSubject, SubjectEntry, SubjectsCommand},
};

/// Adds a subject to a case.
///
/// # Errors
/// A fault of `case_id` for an unknown case, every fault of the entry, or a [`StoreError`].
pub async fn add_subject<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    entry: SubjectEntry,
) -> Result<ListedSubject, Error> {
    if store.find_case(context.account, case).await?.is_none() {
        return Err(Error::invalid("case_id", "unknown case"));
    }
    let known =
        find_effect(
            store,
            context,
            |event| if let EventData::Subject(event) = event { Some(event.subject) } else { None },
        )
        .await?;
    let prepare = async |case: &crate::case::Case| {
        let present = store.list_subjects_of(context.account, &[case.id]).await?;
        let entries = vec![entry.clone()];
        Ok(Command::Subjects(SubjectsCommand { present, entries, list_name: None }))
    };
    let (case, commit) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    let known = match known {
        Some(known) => {
            let mut subjects = store.list_subjects_of(context.account, &[case.id]).await?.into_iter();
            subjects.find(|subject| subject.id == known)
        }
        None => None,
    };
    let added = commit
        .into_iter()
        .flat_map(|commit| commit.changes)
        .find_map(|change| if let Change::SubjectAdded(subject) = change { Some(subject) } else { None });
    let subject = known.or(added).ok_or_else(|| StoreError::Defect("an added subject is missing".to_owned()))?;
    let is_primary = case.details.primary_subject == Some(subject.id);
    Ok(ListedSubject { subject, is_primary })
}
