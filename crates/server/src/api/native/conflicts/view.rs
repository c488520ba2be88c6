//! Responses about conflicts of interest.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use docket_domain::{
    conflict::{ConflictCheck, ConflictHit, HitDecision, HitPerson, HitRole, RuleHeld, Score, Sides, Verdict},
    page::{Cursor, Page},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    log::ActorView,
    view::{PaginationView, linked},
};

/// Letter of the cursors of checks.
pub(super) const CHECKS: char = 'K';

/// Result of a check that is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsView {
    #[schema(example = "conflict")]
    verdict: &'static str,
    /// Who matches: conflicts first, then by score. At most 500.
    hits: Vec<HitView>,
    searched: SearchedView,
}

/// What was searched.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchedView {
    /// Number of people who were compared. The index of names found them among everybody in the directory.
    #[schema(example = 17)]
    people: usize,
    /// How long it took.
    #[schema(example = 4)]
    milliseconds: u64,
}

/// A person who matches.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HitView {
    /// What was looked for.
    #[schema(example = "Bob Jones")]
    queried: String,
    person: HitPersonView,
    /// How sure the surest rule is, from 0 to 1.
    #[schema(example = 0.9)]
    score: f64,
    /// The rules that hold, the surest first.
    matched_by: Vec<RuleView>,
    /// The cases of which the person is a party, at most 20: those on the other side first, then the newest first.
    roles: Vec<RoleView>,
    /// Why it is a conflict, or why it is only possible.
    #[schema(
        example = "Bob Jones is adverse here; Robert Jones has such a name and is a client (client) in case 2026-10-00042-01"
    )]
    why: String,
}

/// Who matches.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HitPersonView {
    #[schema(example = "usr_0000000000047")]
    id: String,
    #[schema(example = "Robert Jones")]
    name: String,
    #[schema(example = json!(["Bobby J."]))]
    aliases: Vec<String>,
}

/// A rule that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleView {
    #[schema(example = "nickname")]
    rule: &'static str,
    /// Why it holds.
    #[schema(
        example = "\"bob\" can be short for \"robert\", and the rest of \"Bob Jones\" and \"Robert Jones\" is the same"
    )]
    explanation: String,
}

/// A role of a person in a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleView {
    case: RoleCaseView,
    #[schema(example = "client")]
    role: String,
    #[schema(example = "client")]
    side: &'static str,
    /// When the person became a party of the case.
    since: DateTime<Utc>,
    /// Whether the case is closed or archived.
    #[schema(example = false)]
    former: bool,
}

/// The case of a role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleCaseView {
    id: Uuid,
    #[schema(example = "2026-10-00042-01")]
    case_number: String,
    /// The name, or the case number if there is no name.
    #[schema(example = "Smith v. Jones")]
    name: String,
    #[schema(example = "active")]
    status: &'static str,
}

/// A check that is kept with its case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConflictCheckView {
    #[schema(example = "chk_0000000000001")]
    id: String,
    case_id: Uuid,
    #[schema(example = "conflict")]
    verdict: &'static str,
    /// Who matches, in the order of their numbers.
    hits: Vec<KeptHitView>,
    /// Whether a party, or a name of one, is not as it was checked.
    #[schema(example = false)]
    stale: bool,
    /// Whether the check is not stale, and no hit is undecided or confirmed.
    #[schema(example = false)]
    cleared: bool,
    run_by: ActorView,
    run_at: DateTime<Utc>,
    /// When a hit was decided last, or else `run_at`.
    updated_at: DateTime<Utc>,
}

/// A hit of a check, with its decision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeptHitView {
    /// Number of the hit in the check, from 1.
    #[schema(example = 1)]
    number: usize,
    #[serde(flatten)]
    hit: HitView,
    decision: Option<DecisionView>,
}

/// What was decided about a hit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecisionView {
    #[schema(example = "cleared")]
    decision: &'static str,
    #[schema(example = "another person of this name, born in 1951")]
    reason: String,
    decided_by: ActorView,
    decided_at: DateTime<Utc>,
}

/// The map of roles to sides.
#[derive(Debug, Serialize, ToSchema)]
pub struct SidesView {
    /// The side by role: `client`, `adverse` or `neutral`.
    #[schema(example = json!({"client": "client", "opponent": "adverse"}))]
    sides: BTreeMap<String, &'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictCheckListView {
    /// Checks, newest first.
    data: Vec<ConflictCheckView>,
    pagination: PaginationView,
}

linked!(ConflictCheckListView);

impl FindingsView {
    pub fn new(verdict: Verdict, hits: Vec<ConflictHit>, people: usize, elapsed: Duration) -> Self {
        let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let hits = hits.into_iter().map(HitView::from).collect();
        Self { verdict: verdict.as_str(), hits, searched: SearchedView { people, milliseconds } }
    }
}

impl From<ConflictHit> for HitView {
    fn from(hit: ConflictHit) -> Self {
        Self {
            score: share(hit.score()),
            queried: hit.queried,
            person: hit.person.into(),
            matched_by: hit.rules.into_iter().map(RuleView::from).collect(),
            roles: hit.roles.into_iter().map(RoleView::from).collect(),
            why: hit.why,
        }
    }
}

fn share(score: Score) -> f64 {
    f64::from(score) / 100.0
}

impl From<HitPerson> for HitPersonView {
    fn from(person: HitPerson) -> Self {
        Self { id: person.id.to_string(), name: person.name, aliases: person.aliases }
    }
}

impl From<RuleHeld> for RuleView {
    fn from(held: RuleHeld) -> Self {
        Self { rule: held.rule.as_str(), explanation: held.explanation }
    }
}

impl From<HitRole> for RoleView {
    fn from(HitRole { party, side }: HitRole) -> Self {
        let former = party.is_former();
        let name = party.case_name.unwrap_or_else(|| party.case_number.clone());
        let status = party.phase.as_str();
        Self {
            case: RoleCaseView { id: party.uuid, case_number: party.case_number, name, status },
            role: party.role,
            side: side.as_str(),
            since: party.since,
            former,
        }
    }
}

impl ConflictCheckView {
    /// `parties` is the digest of the parties as they are now.
    pub(super) fn new(check: ConflictCheck, parties: &str) -> Self {
        let stale = check.parties != parties;
        let cleared = !stale && check.is_cleared();
        let kept = |(number, hit): (usize, ConflictHit)| {
            let decision = hit.decision.clone().map(DecisionView::from);
            KeptHitView { number, hit: hit.into(), decision }
        };
        Self {
            id: check.id.to_string(),
            case_id: check.case_uuid,
            verdict: check.verdict.as_str(),
            hits: (1..).zip(check.hits).map(kept).collect(),
            stale,
            cleared,
            run_by: check.run_by.into(),
            run_at: check.run_at,
            updated_at: check.updated_at,
        }
    }
}

impl From<HitDecision> for DecisionView {
    fn from(decision: HitDecision) -> Self {
        let HitDecision { decision, reason, decided_by, decided_at } = decision;
        Self { decision: decision.as_str(), reason, decided_by: decided_by.into(), decided_at }
    }
}

impl From<Sides> for SidesView {
    fn from(sides: Sides) -> Self {
        Self { sides: sides.iter().map(|(role, side)| (role.to_owned(), side.as_str())).collect() }
    }
}

impl ConflictCheckListView {
    /// `parties` is the digest of the parties as they are now.
    pub fn new(page: Page<ConflictCheck>, parties: &str) -> Self {
        let pagination = PaginationView::new(&page, |check| Cursor { key: 0, id: check.id.0 }.encode(CHECKS));
        Self { data: page.rows.into_iter().map(|check| ConflictCheckView::new(check, parties)).collect(), pagination }
    }
}
