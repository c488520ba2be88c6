//! Documents on cases: metadata only. The bytes are stored before a document is added, and swept after it is removed.

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decision::{Change, Commit},
    document::{Document, DocumentChange, DocumentCommand, NewDocument},
    error::{Error, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, DocumentId, Entity},
    page::Page,
    service::{ChangeOptions, case::find_effect, change_case_with, load_case},
    store::{DocumentStore, Store},
};

/// Reads a document.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_document<S: DocumentStore>(
    store: &S,
    account: AccountId,
    document: DocumentId,
) -> Result<Document, Error> {
    store.find_document(account, document).await?.ok_or(Error::not_found(Entity::Document))
}

/// A case, and a page of its documents and those of its parts, newest first.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn list_documents<S: Store>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    after: Option<DocumentId>,
    limit: i64,
) -> Result<(Case, Page<Document>), Error> {
    let case = load_case(store, account, case).await?;
    let documents = store.list_documents(account, &case.whole(), after, limit).await?;
    Ok((case, documents))
}

/// Adds a document to a case. Its bytes are already stored.
///
/// # Errors
/// As [`change_case_with`].
pub async fn add_document<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    new: NewDocument,
) -> Result<Document, Error> {
    let known =
        find_effect(store, context, |event| if let EventData::Document(event) = event { Some(event.id) } else { None })
            .await?;
    if let Some(known) = known {
        return load_document(store, context.account, known).await;
    }
    let prepare = async |_: &Case| Ok(Command::Document(DocumentCommand::Add(new.clone())));
    let (_, commit) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    commit.and_then(added).ok_or_else(|| StoreError::Defect("a new document is not in its commit".to_owned()).into())
}

/// Removes a document. Its bytes stay until the sweeper removes them.
///
/// # Errors
/// As [`change_case_with`], or not found.
pub async fn remove_document<S: Store>(store: &S, context: &Context, document: DocumentId) -> Result<(), Error> {
    let before = load_document(store, context.account, document).await?;
    let prepare = async |_: &Case| {
        let document = load_document(store, context.account, document).await?;
        context.precondition.check(&document)?;
        Ok(Command::Document(DocumentCommand::Remove(document)))
    };
    change_case_with(store, &context.unconditional(), before.case.into(), prepare, ChangeOptions::default())
        .await
        .map(|_| ())
}

fn added(commit: Commit) -> Option<Document> {
    commit.changes.into_iter().find_map(|change| {
        if let Change::Document(DocumentChange::Added(document)) = change { Some(document) } else { None }
    })
}
