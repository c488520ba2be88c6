//! Changing fields of a case, with everything that is wrong with the request reported at once.

use crate::{
    actor::Context,
    case::{Case, Edit},
    command::{Command, TransitionRequest},
    error::{Error, FieldErrors},
    id::{AccountId, CaseRef},
    service::{ChangeOptions, change_case_with, check_references, places::check_places, workflow::check_status},
    store::Store,
    workflow::Move,
};

/// A change of fields.
#[derive(Debug)]
pub struct EditCase {
    /// Fields to set.
    pub edits: Vec<Edit>,
    /// Parent of the case, if the request names one. The parent is set at creation: any other parent is a fault of the
    /// field `parent`.
    pub parent: Option<Option<CaseRef>>,
    /// Change of status in the same step. It sees the case with the edits.
    pub then: Option<Command>,
    /// Faults of the request that the caller found before.
    pub faults: FieldErrors,
}

/// Changes fields of a case. A request that changes nothing writes nothing.
///
/// # Errors
/// [`Rejection::Invalid`](crate::error::Rejection::Invalid) with every fault of the request, the faults that the caller
/// found first. Then as [`change_case_with`].
pub async fn edit_case<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    request: EditCase,
) -> Result<Case, Error> {
    let EditCase { edits, parent, then, mut faults } = request;
    check_references(store, context.account, &edits, None, &mut faults).await?;
    if !faults.is_empty() {
        check_target(store, context.account, then.as_ref(), &mut faults).await?;
    }
    faults.finish()?;
    let command = async |present: &Case| {
        let mut faults = FieldErrors::default();
        let client = check_places(store, context.account, &edits, Some(present), &mut faults).await?;
        faults.finish()?;
        let edits = edits.iter().cloned().chain(client).collect();
        let parent = parent.map(Command::ExpectParent);
        Ok(Command::All(parent.into_iter().chain([Command::Edit(edits)]).chain(then.clone()).collect()))
    };
    change_case_with(store, context, case, command, ChangeOptions::default()).await.map(|(case, _)| case)
}

/// Notes an unknown target status. Needed beside other faults only: without them, the workflow version of the case decides.
async fn check_target<S: Store>(
    store: &S,
    account: AccountId,
    then: Option<&Command>,
    faults: &mut FieldErrors,
) -> Result<(), Error> {
    let Some(Command::Transition(TransitionRequest { movement: Move::To(status), .. })) = then else { return Ok(()) };
    check_status(store, account, status, faults).await
}
