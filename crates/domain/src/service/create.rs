//! Creating cases. Every use case that creates a case calls [`create`]: find the workflow, resolve the references, decide,
//! commit, and retry where the commit was stale.
//!
//! The import of an event log ([`replay_batch`](super::replay_batch)) shares only the decision: one commit of it writes
//! many cases, each with several events and with the marks of the rows that it processed.

use uuid::Uuid;

use crate::{
    actor::Context,
    case::{Case, Details, Edit},
    command::NewCase,
    decide,
    error::{Error, FieldError, FieldErrors, StoreError},
    id::CaseRef,
    idempotency::Effect,
    service::{
        case::{commit_decided, load_effect},
        check_references, choose_workflow, load_case, load_source,
        references::References,
        workflow::{Chosen, Wanted},
    },
    source::{self, SourceId},
    store::Store,
    workflow::{EntityType, StatusKey},
};

/// Creates a case in the workflow that the request wants. `prepare` resolves what the new case refers to, and runs again at
/// each retry. A request that was carried out before gets the case that it created.
///
/// # Errors
/// The error of `prepare`, the rejection of the decision, or a [`StoreError`].
pub(super) async fn create<S: Store>(
    store: &S,
    context: &Context,
    wanted: Wanted<'_>,
    prepare: impl AsyncFn(&Chosen) -> Result<NewCase, Error>,
) -> Result<Case, Error> {
    if let Some(effect) = context.effect.and_then(Effect::on_case) {
        return load_effect(store, context.account, effect).await;
    }
    let chosen = choose_workflow(store, context.account, EntityType::Case, wanted).await?;
    let commits = commit_decided(store, async || {
        let new = prepare(&chosen).await?;
        Ok(vec![decide::create(new, &chosen.workflow, context)?])
    })
    .await?;
    let created = commits.into_iter().next().map(|commit| commit.case);
    created.ok_or_else(|| StoreError::Defect("a new case is not in its commit".to_owned()).into())
}

/// The type of a new case, if the request names one.
pub(super) fn case_type(edits: &[Edit]) -> Option<&str> {
    edits.iter().rev().find_map(|edit| if let Edit::CaseType(name) = edit { Some(name.as_deref()) } else { None })?
}

/// Details of a new case, opened today (UTC) unless an edit says otherwise. Every fault is noted.
pub(super) fn new_details(edits: &[Edit], context: &Context, faults: &mut FieldErrors) -> Details {
    let mut details = Details::opened_on(context.now.date_naive());
    edits.iter().cloned().for_each(|edit| edit.apply(&mut details));
    details.clean();
    details.check(faults);
    details.check_free_fields(context.free_fields_max, faults);
    details
}

/// Creates a case that refers to nothing, or whose references the caller has resolved.
///
/// # Errors
/// The rejection of the decision, or a [`StoreError`].
pub async fn create_case<S: Store>(store: &S, context: &Context, new: NewCase) -> Result<Case, Error> {
    let wanted = Wanted { case_type: new.details.case_type.as_deref(), key: None };
    create(store, context, wanted, async |_: &Chosen| Ok(new.clone())).await
}

/// What a new case is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing, or a parent case.
    Alone {
        /// The case that it follows up. An unknown case is a fault of the field `parent`.
        parent: Option<CaseRef>,
    },
    /// An inquiry or an order. The new case takes fields from it.
    Source(SourceId),
    /// Another case, which the new case follows up. The new case takes fields from it.
    FollowUp(CaseRef),
}

/// A case to open.
#[derive(Debug)]
pub struct OpenCase {
    /// UUID of the new case.
    pub uuid: Uuid,
    /// What the new case is based on.
    pub basis: Basis,
    /// Fields of the new case. They override the fields from the basis.
    pub edits: Vec<Edit>,
    /// Key of the workflow. Default: the workflow of the type of the case.
    pub workflow: Option<String>,
    /// First status. Default: the initial status of the workflow.
    pub status: Option<StatusKey>,
    /// Faults of the request that the caller found before.
    pub faults: FieldErrors,
}

/// Opens a case on its own, from a source or as a follow-up.
///
/// # Errors
/// [`Rejection::Invalid`](crate::error::Rejection::Invalid) with every fault of the request, the faults that the caller
/// found first. Then not found where the basis does not exist. Or a [`StoreError`].
pub async fn open_case<S: Store>(store: &S, context: &Context, request: OpenCase) -> Result<Case, Error> {
    let wanted = Wanted { case_type: case_type(&request.edits), key: request.workflow.as_deref() };
    let prepare = async |chosen: &Chosen| {
        let OpenCase { uuid, basis, edits, status, .. } = &request;
        let References { parent, client } = check(store, chosen, context, &request).await?;
        let (given, parent) = match *basis {
            Basis::Alone { .. } => (Vec::new(), parent),
            Basis::Source(id) => (load_source(store, context.account, id).await?.for_case(), None),
            Basis::FollowUp(named) => {
                let followed = load_case(store, context.account, named).await?;
                (source::for_follow_up(&followed), Some(followed))
            }
        };
        let mut details = Details::opened_on(context.now.date_naive());
        given.into_iter().chain(edits.iter().cloned()).chain(client).for_each(|edit| edit.apply(&mut details));
        Ok(NewCase { status: status.clone(), parent: parent.map(Box::new), ..NewCase::new(*uuid, details) })
    };
    create(store, context, wanted, prepare).await
}

/// Checks the request itself and resolves its references.
async fn check<S: Store>(
    store: &S,
    chosen: &Chosen,
    context: &Context,
    request: &OpenCase,
) -> Result<References, Error> {
    let mut faults = request.faults.clone();
    match &chosen.fault {
        Some(fault) => faults.extend([fault.clone()]),
        None => {
            faults.keep(chosen.workflow.plan_creation(request.status.as_ref()).map_err(FieldError::from));
        }
    }
    new_details(&request.edits, context, &mut faults);
    let named = match request.basis {
        Basis::Alone { parent } => parent,
        Basis::Source(_) | Basis::FollowUp(_) => None,
    };
    let references = check_references(store, context.account, &request.edits, named, &mut faults).await?;
    faults.finish()?;
    Ok(references)
}
