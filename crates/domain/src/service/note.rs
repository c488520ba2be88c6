//! Notes on cases: read, add, edit, remove.

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decision::{Change, Commit},
    error::{Error, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, Entity, NoteId},
    note::{Note, NoteChange, NoteCommand},
    page::Page,
    service::{ChangeOptions, case::find_effect, change_case_with, load_case},
    store::{NoteStore, Store},
};

/// A case, and a page of its notes and those of its parts, newest first.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn list_notes<S: Store>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    after: Option<NoteId>,
    limit: i64,
) -> Result<(Case, Page<Note>), Error> {
    let case = load_case(store, account, case).await?;
    let notes = store.list_notes(account, &case.whole(), after, limit).await?;
    Ok((case, notes))
}

/// Adds a note to a case.
///
/// # Errors
/// As [`change_case_with`].
pub async fn add_note<S: Store>(store: &S, context: &Context, case: CaseRef, body: String) -> Result<Note, Error> {
    let known =
        find_effect(store, context, |event| if let EventData::Note(event) = event { Some(event.id) } else { None })
            .await?;
    if let Some(known) = known {
        return load(store, context.account, known).await;
    }
    let prepare = async |_: &Case| Ok(Command::Note(NoteCommand::Add(body.clone())));
    let (_, commit) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    commit.and_then(written).ok_or_else(|| StoreError::Defect("a new note is not in its commit".to_owned()).into())
}

/// Changes the text of a note.
///
/// # Errors
/// As [`change_case_with`], or not found.
pub async fn edit_note<S: Store>(store: &S, context: &Context, note: NoteId, body: String) -> Result<Note, Error> {
    let before = load(store, context.account, note).await?;
    let prepare = async |_: &Case| {
        let note = load(store, context.account, note).await?;
        context.precondition.check(&note)?;
        Ok(Command::Note(NoteCommand::Edit { note, body: body.clone() }))
    };
    let (_, commit) =
        change_case_with(store, &context.unconditional(), before.case.into(), prepare, ChangeOptions::default())
            .await?;
    match commit.and_then(written) {
        Some(note) => Ok(note),
        None => load(store, context.account, note).await,
    }
}

/// Removes a note.
///
/// # Errors
/// As [`change_case_with`], or not found.
pub async fn remove_note<S: Store>(store: &S, context: &Context, note: NoteId) -> Result<(), Error> {
    let before = load(store, context.account, note).await?;
    let prepare = async |_: &Case| {
        let note = load(store, context.account, note).await?;
        context.precondition.check(&note)?;
        Ok(Command::Note(NoteCommand::Remove(note)))
    };
    change_case_with(store, &context.unconditional(), before.case.into(), prepare, ChangeOptions::default())
        .await
        .map(|_| ())
}

async fn load<S: NoteStore>(store: &S, account: AccountId, note: NoteId) -> Result<Note, Error> {
    store.find_note(account, note).await?.ok_or(Error::not_found(Entity::Note))
}

fn written(commit: Commit) -> Option<Note> {
    commit.changes.into_iter().find_map(|change| {
        if let Change::Note(NoteChange::Added(note) | NoteChange::Updated(note)) = change { Some(note) } else { None }
    })
}
