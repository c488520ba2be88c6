//! The parties of a case as a check for conflicts sees them, and whether its last check clears them.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    case::Case,
    error::StoreError,
    party::{ParticipantKind, Party},
    person::Person,
    store::{CaseStore, ConflictStore, PeopleStore},
};

/// The parties of a case, and their entries in the directory.
pub(super) async fn load_parties<S: CaseStore + PeopleStore>(
    store: &S,
    case: &Case,
) -> Result<(Vec<Party>, Vec<Person>), StoreError> {
    let file = store.find_case_file(case.account, case.id.into()).await?;
    let parties = file.map(|file| file.whole(ParticipantKind::Party)).unwrap_or_default();
    let parties = parties.into_iter().map(|(party, _)| party).collect::<Vec<_>>();
    let ids = parties.iter().map(|party| party.person).collect::<Vec<_>>();
    let people = store.find_people(case.account, &ids).await?;
    Ok((parties, people))
}

/// Digest of the parties and their names: a check is stale when it differs.
pub(super) fn digest(parties: &[Party], people: &[Person]) -> String {
    let line = |party: &Party| {
        let person = people.iter().find(|person| person.id == party.person);
        let names = person.map(|person| (&person.name, &person.aliases, &person.email, &person.phone));
        json!([party.person.0, party.role, names]).to_string()
    };
    let mut lines = parties.iter().map(line).collect::<Vec<_>>();
    lines.sort_unstable();
    Sha256::digest(lines.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the last check of the case is of its parties as they are now, and no hit is undecided or confirmed.
pub(super) async fn is_cleared<S: CaseStore + PeopleStore + ConflictStore>(
    store: &S,
    case: &Case,
) -> Result<bool, StoreError> {
    let checks = store.list_conflict_checks(case.account, case.id, None, 1).await?;
    let Some(last) = checks.rows.first().filter(|check| check.is_cleared()) else { return Ok(false) };
    let (parties, people) = load_parties(store, case).await?;
    Ok(last.parties == digest(&parties, &people))
}
