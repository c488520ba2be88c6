//! Use cases: checks for conflicts of interest.

use std::collections::BTreeSet;

use super::{
    ChangeOptions,
    case::find_effect,
    change_case_with,
    conflict_parties::{digest, load_parties},
    load_case,
};
use crate::{
    actor::Context,
    case::Case,
    command::Command,
    conflict::{
        CheckChange, CheckCommand, CheckQuery, ConflictCheck, Decided, Findings, Identity, Keys, NewCheck, SAME_MAX,
        SIMILAR_MAX, Score, Side, Sides, TooMany, assess, find_matches,
    },
    decision::{Change, Commit},
    error::{Error, Rejection, StoreError},
    event::EventData,
    id::{AccountId, CaseId, CaseRef, CheckId, Entity, PersonId},
    page::Page,
    party::Party,
    person::Person,
    store::{ConflictStore, Store},
};

/// Greatest number of roles that a check looks at.
const ROLES_MAX: i64 = 20_000;

/// Score below which a match is left out, unless the caller names another one, in percent.
pub const MIN_SCORE: Score = 70;

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// Who matches.
    pub findings: Findings,
    /// Number of people who were compared.
    pub people: usize,
}

/// Checks names and addresses.
///
/// # Errors
/// On the field `names` if too many people have one of them; or a [`StoreError`].
pub async fn check_names<S: ConflictStore>(
    store: &S,
    account: AccountId,
    queries: &[CheckQuery],
    min_score: Score,
) -> Result<Searched, Error> {
    let sides = load_sides(store, account).await?;
    search(store, account, Wanted { queries, within: None, min_score, sides: &sides }).await
}

/// Checks the parties of a case, and keeps nothing.
///
/// # Errors
/// Not found, or as [`check_names`].
pub async fn check_case<S: Store>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    min_score: Score,
) -> Result<Searched, Error> {
    let case = load_case(store, account, case).await?;
    let (parties, people) = load_parties(store, &case).await?;
    search_parties(store, &case, &parties, &people, min_score).await
}

/// Neutral parties are left out.
async fn search_parties<S: ConflictStore>(
    store: &S,
    case: &Case,
    parties: &[Party],
    people: &[Person],
    min_score: Score,
) -> Result<Searched, Error> {
    let sides = load_sides(store, case.account).await?;
    let queries = queries(parties, people, &sides);
    let wanted = Wanted { queries: &queries, within: Some(case.id), min_score, sides: &sides };
    search(store, case.account, wanted).await
}

/// What is searched for.
struct Wanted<'w> {
    queries: &'w [CheckQuery],
    within: Option<CaseId>,
    min_score: Score,
    sides: &'w Sides,
}

async fn search<S: ConflictStore>(store: &S, account: AccountId, wanted: Wanted<'_>) -> Result<Searched, Error> {
    let Wanted { queries, within, min_score, sides } = wanted;
    let mut keys = Keys::default();
    for of_query in queries.iter().map(|query| Keys::of(&query.identity)) {
        keys.strong.extend(of_query.strong);
        keys.weak.extend(of_query.weak);
    }
    let candidates = store.find_candidates(account, &keys, (SAME_MAX, SIMILAR_MAX)).await?;
    let matches = find_matches(queries, &candidates, min_score);
    let matches = matches.map_err(|TooMany| {
        Error::invalid("names", format!("more than {SAME_MAX} people have these names; check fewer or longer ones"))
    })?;
    let people = matches.iter().map(|found| found.person).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let roles = store.list_party_roles(account, &people, ROLES_MAX).await?;
    let findings = assess(queries, &candidates, matches, &roles, sides, within);
    Ok(Searched { findings, people: candidates.people.len() })
}

/// The account's map of roles to sides, or else the default.
///
/// # Errors
/// A [`StoreError`].
pub async fn load_sides<S: ConflictStore>(store: &S, account: AccountId) -> Result<Sides, StoreError> {
    Ok(store.load_sides(account).await?.unwrap_or_default())
}

/// Replaces the account's map of roles to sides.
///
/// # Errors
/// A [`StoreError`].
pub async fn replace_sides<S: ConflictStore>(store: &S, account: AccountId, sides: &Sides) -> Result<(), StoreError> {
    store.save_sides(account, sides).await
}

fn queries(parties: &[Party], people: &[Person], sides: &Sides) -> Vec<CheckQuery> {
    let query = |party: &Party| {
        let person = people.iter().find(|person| person.id == party.person)?;
        Some(CheckQuery { identity: Identity::of(person), side: sides.of(&party.role), person: Some(person.id) })
    };
    let mut seen = BTreeSet::<(PersonId, Side)>::new();
    let queries = parties.iter().filter_map(query).filter(|query| query.side != Side::Neutral);
    queries.filter(|query| query.person.is_some_and(|person| seen.insert((person, query.side)))).collect()
}

/// Digest of the parties and their names as they are now. A check with another one is stale.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn find_parties_digest<S: Store>(store: &S, account: AccountId, case: CaseId) -> Result<String, Error> {
    let case = load_case(store, account, case.into()).await?;
    let (parties, people) = load_parties(store, &case).await?;
    Ok(digest(&parties, &people))
}

/// Checks the parties of a case, and keeps the result with it.
///
/// # Errors
/// As [`change_case_with`].
pub async fn run_conflict_check<S: Store>(store: &S, context: &Context, case: CaseRef) -> Result<ConflictCheck, Error> {
    let of_check = |event: EventData| if let EventData::ConflictCheck(event) = event { Some(event.id) } else { None };
    if let Some(known) = find_effect(store, context, of_check).await? {
        return load_conflict_check(store, context.account, known).await;
    }
    let prepare = async |case: &Case| {
        let (parties, people) = load_parties(store, case).await?;
        let searched = search_parties(store, case, &parties, &people, MIN_SCORE).await?;
        let Findings { verdict, hits } = searched.findings;
        Ok(Command::ConflictCheck(CheckCommand::Keep(NewCheck { verdict, hits, parties: digest(&parties, &people) })))
    };
    let (_, commit) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    commit.and_then(written).ok_or_else(|| StoreError::Defect("a new check is not in its commit".to_owned()).into())
}

/// Finds a check.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_conflict_check<S: ConflictStore>(
    store: &S,
    account: AccountId,
    check: CheckId,
) -> Result<ConflictCheck, Error> {
    let found = store.find_conflict_check(account, check).await?;
    found.ok_or_else(|| Rejection::NotFound(Entity::ConflictCheck).into())
}

/// A page of the checks of a case, newest first, with the digest of its parties now.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn list_conflict_checks<S: Store>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    after: Option<CheckId>,
    limit: i64,
) -> Result<(Page<ConflictCheck>, String), Error> {
    let case = load_case(store, account, case).await?;
    let page = store.list_conflict_checks(account, case.id, after, limit).await?;
    let (parties, people) = load_parties(store, &case).await?;
    Ok((page, digest(&parties, &people)))
}

/// Decides a hit of a check. `hit` is its number, from 1.
///
/// # Errors
/// As [`change_case_with`]; not found; [`Rejection::FourEyes`] for the actor who ran the check.
pub async fn decide_conflict_hit<S: Store>(
    store: &S,
    context: &Context,
    check: CheckId,
    hit: usize,
    decision: Decided,
    reason: String,
) -> Result<ConflictCheck, Error> {
    let before = load_conflict_check(store, context.account, check).await?;
    let prepare = async |_: &Case| {
        let check = Box::new(load_conflict_check(store, context.account, check).await?);
        context.precondition.check(&*check)?;
        Ok(Command::ConflictCheck(CheckCommand::Decide { check, hit, decision, reason: reason.clone() }))
    };
    let options = ChangeOptions::default();
    let (_, commit) = change_case_with(store, &context.unconditional(), before.case.into(), prepare, options).await?;
    commit.and_then(written).ok_or_else(|| StoreError::Defect("a decision is not in its commit".to_owned()).into())
}

fn written(commit: Commit) -> Option<ConflictCheck> {
    commit.changes.into_iter().find_map(|change| {
        let Change::ConflictCheck(CheckChange::Added(check) | CheckChange::Decided(check)) = change else {
            return None;
        };
        Some(*check)
    })
}
