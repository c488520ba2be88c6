//! What a check finds.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};

use super::{
    Identity,
    decision::HitDecision,
    keys::{Key, Keys},
    rule::{Names, Rule, RuleHeld, Score},
    side::{Side, Sides},
};
use crate::{
    case::CasePhase,
    id::{CaseId, PersonId},
    person::Person,
    time::Timestamp,
};

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No person with such a name is known.
    Clear,
    /// A person has a similar name, and no case is known in which they stand on the other side.
    Possible,
    /// A person who matches stands on the other side in a case.
    Conflict,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Clear, Self::Possible, Self::Conflict];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Possible => "possible",
            Self::Conflict => "conflict",
        }
    }

    /// The verdict with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}

/// A person to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckQuery {
    /// What is known.
    pub identity: Identity,
    /// The side on which they stand.
    pub side: Side,
    /// The entry of the directory that is looked for, if it is one.
    pub person: Option<PersonId>,
}

impl CheckQuery {
    /// What is looked for, in words.
    #[must_use]
    pub fn text(&self) -> &str {
        let identity = &self.identity;
        if !identity.name.is_empty() {
            return &identity.name;
        }
        identity.email.as_deref().or(identity.phone.as_deref()).unwrap_or_default()
    }
}

/// A party of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartyRole {
    /// The party.
    pub person: PersonId,
    /// The case.
    pub case: CaseId,
    /// Public id of the case.
    pub uuid: uuid::Uuid,
    /// Number of the case.
    pub case_number: String,
    /// Name of the case, if it has one.
    pub case_name: Option<String>,
    /// Phase of the case.
    pub phase: CasePhase,
    /// Role of the party.
    pub role: String,
    /// When the party was added.
    pub since: Timestamp,
}

impl PartyRole {
    /// Whether the case is closed or archived.
    #[must_use]
    pub fn is_former(&self) -> bool {
        self.phase != CasePhase::Active
    }
}

/// A role of a person who matches, with its side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HitRole {
    /// The party.
    pub party: PartyRole,
    /// The side of the role.
    pub side: Side,
}

/// Who matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitPerson {
    /// Entry of the directory.
    pub id: PersonId,
    /// Its name.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
}

/// A person who matches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictHit {
    /// What was looked for.
    pub queried: String,
    /// The side on which it stands.
    pub side: Side,
    /// Who matches.
    pub person: HitPerson,
    /// The rules that hold, the surest first.
    pub rules: Vec<RuleHeld>,
    /// Their roles, the newest case first.
    pub roles: Vec<HitRole>,
    /// Whether one of the roles is on the other side.
    pub is_conflict: bool,
    /// Why it is one, or why it is only possible.
    pub why: String,
    /// What was decided about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<HitDecision>,
}

impl ConflictHit {
    /// How sure the surest rule is, in percent.
    #[must_use]
    pub fn score(&self) -> Score {
        self.rules.first().map_or(0, |rule| rule.score)
    }
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The outcome.
    pub verdict: Verdict,
    /// Who matches: conflicts first, then by score.
    pub hits: Vec<ConflictHit>,
}

/// People who may match, by what is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidates {
    /// Keys with the people who have them.
    pub by_key: BTreeMap<Key, Vec<PersonId>>,
    /// The people.
    pub people: BTreeMap<PersonId, Person>,
    /// Whether more people have a strong key than were asked for.
    pub is_cut: bool,
}

/// A person who matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Position of what was looked for.
    pub query: usize,
    /// Who matches.
    pub person: PersonId,
    /// The rules that hold, the surest first.
    pub rules: Vec<RuleHeld>,
}

/// Greatest number of pairs of what is looked for and a person that are compared because of the same name.
pub const SAME_MAX: usize = 10_000;
/// Greatest number of pairs of a key and a person that are read because of a similar name.
pub const SIMILAR_MAX: usize = 5_000;
/// People who are compared because of a similar name, for each thing that is looked for, even if these are many.
const SIMILAR_LEAST: usize = 200;
/// Greatest number of hits of a check.
pub const HITS_MAX: usize = 500;
/// Greatest number of roles of a hit.
const ROLES_MAX: usize = 20;

/// More people have the same name as what is looked for than a check compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// Compares what is looked for with the people who have one of its keys: with everybody who has a strong one, and with some
/// of the others. Matches below `min_score` are left out.
///
/// # Errors
/// If not everybody with a strong key can be compared.
pub fn find_matches(queries: &[CheckQuery], candidates: &Candidates, min_score: Score) -> Result<Vec<Match>, TooMany> {
    let keys = queries.iter().map(|query| Keys::of(&query.identity)).collect::<Vec<_>>();
    let having = |keys: &BTreeSet<Key>| {
        keys.iter().filter_map(|key| candidates.by_key.get(key)).flatten().copied().collect::<BTreeSet<_>>()
    };
    let same = keys.iter().map(|keys| having(&keys.strong)).collect::<Vec<_>>();
    if candidates.is_cut || same.iter().map(BTreeSet::len).sum::<usize>() > SAME_MAX {
        return Err(TooMany);
    }
    let identities = candidates.people.iter().map(|(id, person)| (*id, Identity::of(person)));
    let identities = identities.collect::<BTreeMap<_, _>>();
    let people = identities.iter().map(|(id, identity)| (*id, Names::of(identity))).collect::<BTreeMap<_, _>>();
    let mut matches = Vec::new();
    for (at, ((query, keys), mut found)) in queries.iter().zip(&keys).zip(same).enumerate() {
        found.extend(having(&keys.weak).into_iter().take((SIMILAR_MAX / queries.len()).max(SIMILAR_LEAST)));
        let names = Names::of(&query.identity);
        for (person, known) in found.into_iter().filter_map(|id| people.get_key_value(&id)) {
            let rules = names.compare(known);
            if rules.first().is_some_and(|rule| rule.score >= min_score) {
                matches.push(Match { query: at, person: *person, rules });
            }
        }
    }
    Ok(matches)
}

/// Judges the matches by the roles that the people have. `within` is the case that is checked: its own roles do not count,
/// and its own parties only if they have others. Of many hits, and of many roles of one, the worst are kept.
#[must_use]
pub fn assess(
    queries: &[CheckQuery],
    candidates: &Candidates,
    matches: Vec<Match>,
    roles: &[PartyRole],
    sides: &Sides,
    within: Option<CaseId>,
) -> Findings {
    let mut by_person = BTreeMap::<PersonId, Vec<&PartyRole>>::new();
    for role in roles.iter().filter(|role| Some(role.case) != within) {
        by_person.entry(role.person).or_default().push(role);
    }
    let judged = matches.into_iter().filter_map(|found| {
        let (query, person) = (queries.get(found.query)?, candidates.people.get(&found.person)?);
        let others = by_person.get(&person.id).into_iter().flatten();
        let mut roles = others.map(|party| (sides.of(&party.role), *party)).collect::<Vec<_>>();
        roles.sort_by_key(|(side, party)| (!side.is_against(query.side), Reverse(party.case)));
        // A party of the case is no news by itself.
        let is_against = roles.first().is_some_and(|(side, _)| side.is_against(query.side));
        if query.person == Some(person.id) && !is_against {
            return None;
        }
        let roles = roles.into_iter().take(ROLES_MAX).map(|(side, party)| HitRole { side, party: party.clone() });
        Some(hit(query, person, found.rules, roles.collect()))
    });
    let mut hits = judged.collect::<Vec<_>>();
    hits.sort_by_key(|hit| (!hit.is_conflict, Reverse(hit.score()), hit.person.id));
    hits.truncate(HITS_MAX);
    let verdict = match hits.first() {
        Some(hit) if hit.is_conflict => Verdict::Conflict,
        Some(_) => Verdict::Possible,
        None => Verdict::Clear,
    };
    Findings { verdict, hits }
}

fn hit(query: &CheckQuery, person: &Person, rules: Vec<RuleHeld>, roles: Vec<HitRole>) -> ConflictHit {
    let against = roles.iter().find(|role| role.side.is_against(query.side));
    let how = match rules.first().map(|rule| rule.rule) {
        Some(Rule::Identical) => "has the same name",
        Some(Rule::Email) => "has the same e-mail address",
        Some(Rule::Phone) => "has the same telephone number",
        Some(_) | None => "has such a name",
    };
    let why = match against {
        Some(role) => {
            let (party, former) = (&role.party, if role.party.is_former() { "former " } else { "" });
            format!(
                "{} is {} here; {} {how} and is a {former}{} ({}) in case {}",
                query.text(),
                query.side.as_str(),
                person.name,
                role.side.as_str(),
                party.role,
                party.case_number,
            )
        }
        None if roles.is_empty() => format!("{} {how}; they are a party of no other case", person.name),
        None => format!("{} {how}, and stands on the other side in no case", person.name),
    };
    let (queried, side, is_conflict) = (query.text().to_owned(), query.side, against.is_some());
    let person = HitPerson { id: person.id, name: person.name.clone(), aliases: person.aliases.clone() };
    ConflictHit { queried, side, person, rules, roles, is_conflict, why, decision: None }
}
