//! Links between cases: read, create, remove.

use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decision::{Change, Commit},
    error::{Error, StoreError},
    event::EventData,
    id::{AccountId, CaseRef, Entity, LinkId},
    link::{Link, LinkChange, LinkCommand, LinkKind},
    service::{ChangeOptions, case::find_effect, change_case_with, load_case},
    store::Store,
};

/// A case, and its links and those of its parts, each from the point of view of the one that has it.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn list_links<S: Store>(store: &S, account: AccountId, case: CaseRef) -> Result<(Case, Vec<Link>), Error> {
    let case = load_case(store, account, case).await?;
    let links = store.list_links(account, &case.whole()).await?;
    Ok((case, links))
}

/// Links a case to another.
///
/// # Errors
/// As [`change_case_with`]. A fault of `linked_case_id` if that case does not exist, is the case itself, or is already
/// linked in the same way.
pub async fn create_link<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    linked: CaseRef,
    kind: LinkKind,
) -> Result<Link, Error> {
    let known =
        find_effect(store, context, |event| if let EventData::Link(event) = event { Some(event.id) } else { None })
            .await?;
    if let Some(known) = known {
        let case = load_case(store, context.account, case).await?;
        let link = store.find_link(context.account, case.id, known).await?;
        return link.ok_or(Error::not_found(Entity::Link));
    }
    let prepare = async |case: &Case| {
        let linked = store.find_case(context.account, linked).await?;
        let linked_has = match &linked {
            Some(linked) => store.list_links(context.account, &[linked.id]).await?.len(),
            None => 0,
        };
        let present = store.list_links(context.account, &[case.id]).await?;
        let linked = linked.map(|linked| (linked.id, linked.uuid));
        Ok(Command::Link(LinkCommand::Add { linked, kind: kind.clone(), present, linked_has }))
    };
    let (_, commit) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    commit.and_then(made).ok_or_else(|| StoreError::Defect("a new link is not in its commit".to_owned()).into())
}

/// Removes a link, from either of its two cases.
///
/// # Errors
/// As [`change_case_with`]. Not found if the case has no such link.
pub async fn remove_link<S: Store>(store: &S, context: &Context, case: CaseRef, link: LinkId) -> Result<(), Error> {
    let prepare = async |case: &Case| {
        let link = store.find_link(context.account, case.id, link).await?;
        Ok(Command::Link(LinkCommand::Remove(link.ok_or(Error::not_found(Entity::Link))?)))
    };
    change_case_with(store, context, case, prepare, ChangeOptions::default()).await.map(|_| ())
}

fn made(commit: Commit) -> Option<Link> {
    commit
        .changes
        .into_iter()
        .find_map(|change| if let Change::Link(LinkChange::Added(link)) = change { Some(link) } else { None })
}
