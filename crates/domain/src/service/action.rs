//! Actions on a case. The command of an action can depend on the case at the time of the change.

use serde_json::{Map, Value};

use crate::{
    actor::Context,
    case::{Case, Edit},
    command::Command,
    error::{Error, FieldErrors},
    id::{AccountId, CaseRef, PersonId},
    json::merge_patch,
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Who},
    service::{ChangeOptions, change_case_with, check_sources, load_case_file},
    store::Store,
};

/// One action on a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A command that is complete.
    Plain(Command),
    /// Add a person of the directory to the staff.
    AssignStaff {
        /// The person.
        person: PersonId,
        /// Role on the case.
        role: String,
    },
    /// Merge these members into the free fields (RFC 7396): `null` removes a member, objects are merged recursively.
    MergeCustomFields(Map<String, Value>),
}

impl Action {
    /// Checks what the action refers to. The fields at fault are `staff_id` and the linking fields of the case.
    ///
    /// # Errors
    /// [`Rejection::Invalid`](crate::error::Rejection::Invalid) with every unknown reference, or a
    /// [`StoreError`](crate::error::StoreError).
    pub async fn check<S: Store>(&self, store: &S, account: AccountId) -> Result<(), Error> {
        let mut faults = FieldErrors::default();
        match self {
            Self::Plain(Command::Edit(edits)) => check_sources(store, account, edits, &mut faults).await?,
            Self::AssignStaff { person, .. } => {
                if store.find_people(account, &[*person]).await?.is_empty() {
                    faults.add("staff_id", "unknown person");
                }
            }
            Self::Plain(_) | Self::MergeCustomFields(_) => {}
        }
        Ok(faults.finish()?)
    }
}

/// Performs an action on a case.
///
/// # Errors
/// As [`change_case_with`].
pub async fn act<S: Store>(store: &S, context: &Context, case: CaseRef, action: Action) -> Result<Case, Error> {
    let prepare = async |case: &Case| match &action {
        Action::Plain(command) => Ok(command.clone()),
        Action::MergeCustomFields(patch) => {
            let merged = merge_patch(case.details.custom_fields.to_map(), patch.clone());
            Ok(Command::Edit(vec![Edit::CustomFields(merged.into())]))
        }
        Action::AssignStaff { person, role } => {
            let present = load_case_file(store, context.account, case.id.into()).await?.staff;
            let named = store.find_people(context.account, &[*person]).await?.into_iter().next();
            let named = named.ok_or_else(|| Error::invalid("staff_id", "unknown person"))?;
            let new = NewParticipant { who: Who::Known(*person, named.name), role: role.clone() };
            let change = ParticipantsChange::Add(vec![new]);
            Ok(Command::Participants(ParticipantsCommand { side: ParticipantKind::Staff, present, change }))
        }
    };
    change_case_with(store, context, case, prepare, ChangeOptions::default()).await.map(|(case, _)| case)
}
