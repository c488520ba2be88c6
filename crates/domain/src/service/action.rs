//! Changes of a case whose command depends on what the case is when they are made.

use serde_json::{Map, Value};

use crate::{
    actor::Context,
    case::{Case, Edit},
    command::Command,
    error::{Error, FieldErrors},
    id::{AccountId, CaseRef, PersonId},
    json::merge_patch,
    party::{NewParticipant, ParticipantsChange, ParticipantsCommand, Side, Who},
    service::{Terms, change_case_with, check_sources, load_case_file},
    store::Store,
};

/// What is asked of a case by one action.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A command that needs nothing but itself.
    Plain(Command),
    /// Put somebody of the directory on the staff.
    AssignStaff {
        /// Who.
        person: PersonId,
        /// Role on the case.
        role: String,
    },
    /// Merge these members into the free fields: `null` removes one, objects are merged in turn (RFC 7396).
    MergeCustomFields(Map<String, Value>),
}

impl Action {
    /// Notes whatever it refers to and is not there: the fields are `staff_id` and those of the case that link.
    ///
    /// # Errors
    /// A [`StoreError`](crate::error::StoreError), or a rejection.
    pub async fn check<S: Store>(&self, store: &S, account: AccountId) -> Result<(), Error> {
        let mut faults = FieldErrors::default();
        match self {
            Self::Plain(Command::Edit(edits)) => check_sources(store, account, edits, &mut faults).await?,
            Self::AssignStaff { person, .. } => {
                if store.find_people(account, &[*person]).await?.is_empty() {
                    faults.add("staff_id", "there is no such person");
                }
            }
            Self::Plain(_) | Self::MergeCustomFields(_) => {}
        }
        Ok(faults.finish()?)
    }
}

/// Does it.
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
            let named = named.ok_or_else(|| Error::invalid("staff_id", "there is no such person"))?;
            let new = NewParticipant { who: Who::Known(*person, named.name), role: role.clone() };
            let change = ParticipantsChange::Add(vec![new]);
            Ok(Command::Participants(ParticipantsCommand { side: Side::Staff, present, change }))
        }
    };
    change_case_with(store, context, case, prepare, Terms::default()).await.map(|(case, _)| case)
}
