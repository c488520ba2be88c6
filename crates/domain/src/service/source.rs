//! Inquiries and orders, and cases made from them.

use crate::{
    actor::Context,
    case::{Case, Details, Edit},
    command::NewCase,
    decide,
    error::{Error, FieldError, FieldErrors, StoreError},
    id::{AccountId, CaseRef, Entity},
    idempotency::Effect,
    service::{case::load_effect, check_references, load_current_workflow, load_workflow},
    source::{self, NewSource, SourceChange, SourceId, SourceItem},
    store::{SourceStore, Store},
    workflow::{EntityType, StatusKey},
};
use uuid::Uuid;

/// How often a change is decided again because somebody else changed the source in between.
const ATTEMPTS: usize = 64;

/// Reads an inquiry or an order.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_source<S: SourceStore>(store: &S, account: AccountId, id: SourceId) -> Result<SourceItem, Error> {
    store.find_source(account, id).await?.ok_or(Error::not_found(id.kind.entity()))
}

/// Creates an inquiry or an order in the account's current workflow of its kind.
///
/// # Errors
/// The rejection of the decision, or a [`StoreError`].
pub async fn create_source<S: Store>(store: &S, context: &Context, new: NewSource) -> Result<SourceItem, Error> {
    let kind = new.content.kind();
    if let Some(id) = context.effect.and_then(Effect::other) {
        return load_source(store, context.account, SourceId { kind, id }).await;
    }
    let workflow = load_current_workflow(store, context.account, kind.entity_type()).await?;
    Ok(store.commit_source(source::create(new, &workflow, context)?).await?)
}

/// Changes an inquiry or an order: loads, decides, commits, and again where somebody else was quicker.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], the rejection of the decision, or a [`StoreError`].
pub async fn change_source<S: Store>(
    store: &S,
    context: &Context,
    id: SourceId,
    change: SourceChange,
) -> Result<SourceItem, Error> {
    if context.effect.is_some() {
        return load_source(store, context.account, id).await;
    }
    for _ in 0..ATTEMPTS {
        let item = load_source(store, context.account, id).await?;
        context.precondition.check(&item)?;
        let workflow = load_workflow(store, context.account, item.workflow).await?;
        let decision = source::change(&item, &workflow, change.clone(), context)?;
        if decision.events.is_empty() {
            return Ok(item);
        }
        match store.commit_source(decision).await {
            Ok(item) => return Ok(item),
            Err(StoreError::Stale) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(StoreError::Stale.into())
}

/// What a case is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing but what is written about it, or another case that the caller names as its parent.
    Alone {
        /// The case that it follows up. An unknown one is a fault of the field `parent`.
        parent: Option<CaseRef>,
    },
    /// An inquiry or an order.
    Source(SourceId),
    /// Another case, which it follows up and from which it inherits.
    FollowUp(CaseRef),
}

/// A case to open.
#[derive(Debug)]
pub struct OpenCase {
    /// Its public id.
    pub uuid: Uuid,
    /// What it is made from.
    pub basis: Basis,
    /// What is written about it. It comes after what the basis gives, and so overrides it.
    pub edits: Vec<Edit>,
    /// Its first status.
    pub status: Option<StatusKey>,
    /// What is known to be wrong with the request already.
    pub faults: FieldErrors,
}

/// Opens a case, on its own, from a source or as a follow-up, in the account's current workflow.
///
/// # Errors
/// [`Rejection::Invalid`](crate::error::Rejection::Invalid) with everything that is wrong with the request, that which
/// was known before included; then not found where the basis is not there; or a [`StoreError`].
pub async fn open_case<S: Store>(store: &S, context: &Context, request: OpenCase) -> Result<Case, Error> {
    let account = context.account;
    if let Some(effect) = context.effect.and_then(Effect::on_case) {
        return load_effect(store, account, effect).await;
    }
    let OpenCase { uuid, basis, edits, status, mut faults } = request;
    let workflow = load_current_workflow(store, account, EntityType::Case).await?;
    let planned = workflow.plan_creation(status.as_ref());
    faults.keep(planned.map_err(|reason| FieldError::new("status", reason.message)));
    let mut details = Details::opened_on(context.now.date_naive());
    edits.iter().cloned().for_each(|edit| edit.apply(&mut details));
    details.clean();
    details.check(&mut faults);
    details.check_free_fields(context.free_fields_max, &mut faults);
    let named = match basis {
        Basis::Alone { parent } => parent,
        Basis::Source(_) | Basis::FollowUp(_) => None,
    };
    let mut parent = check_references(store, account, &edits, named, &mut faults).await?;
    faults.finish()?;
    let mut given = Vec::new();
    match basis {
        Basis::Alone { .. } => {}
        Basis::Source(id) => given = load_source(store, account, id).await?.for_case(),
        Basis::FollowUp(named) => {
            let found = store.find_case(account, named).await?.ok_or(Error::not_found(Entity::Case))?;
            given = source::for_follow_up(&found);
            parent = Some(found);
        }
    }
    let mut details = Details::opened_on(context.now.date_naive());
    given.into_iter().chain(edits).for_each(|edit| edit.apply(&mut details));
    let new = NewCase { status, parent: parent.map(Box::new), ..NewCase::new(uuid, details) };
    let decision = decide::create(new, &workflow, context)?;
    Ok(store.commit(decision).await?.case)
}
