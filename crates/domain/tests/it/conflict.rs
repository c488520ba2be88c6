//! Names that are those of one person, and names that are not.

use std::collections::BTreeMap;

use docket_domain::{
    case::CasePhase,
    conflict::{
        Candidates, CheckQuery, Identity, Keys, PartyRole, Rule, Side, Sides, TooMany, Verdict, assess, compare,
        find_matches,
    },
    id::{AccountId, CaseId, PersonId},
    person::{Person, PersonKind},
    service::MIN_SCORE,
};
use sha2::{Digest as _, Sha256};

const PAIRS: &str = include_str!("data/name_pairs.tsv");

struct Pair {
    /// `None` for different people.
    rule: Option<Rule>,
    names: [Identity; 2],
    /// A third of the pairs, chosen by their hash. The rules were written without looking at how they treat these.
    is_held_back: bool,
}

fn pairs() -> Vec<Pair> {
    let lines = PAIRS.lines().filter(|line| !line.starts_with('#'));
    let pair = |line: &str| {
        let [word, one, other] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let rule = Rule::ALL.into_iter().find(|rule| rule.as_str() == word);
        assert!(rule.is_some() || word == "different", "{line}");
        let is_held_back = Sha256::digest(line)[0] % 3 == 0;
        Pair { rule, names: [Identity::named(one), Identity::named(other)], is_held_back }
    };
    lines.map(pair).collect()
}

/// Recall and precision, and the pairs that are judged wrongly.
fn judge<'p>(pairs: impl Iterator<Item = &'p Pair>) -> (f64, f64, Vec<String>) {
    let (mut found, mut missed, mut wrong, mut faults) = (0_u32, 0_u32, 0_u32, Vec::new());
    for Pair { rule, names: [one, other], .. } in pairs {
        let held = compare(one, other);
        let is_match = held.first().is_some_and(|best| best.score >= MIN_SCORE);
        match rule {
            Some(rule) => {
                if is_match {
                    found += 1;
                } else {
                    missed += 1;
                }
                if !held.iter().any(|found| found.rule == *rule) {
                    faults.push(format!("{} / {}: not {}: {held:?}", one.name, other.name, rule.as_str()));
                }
            }
            None if is_match => {
                wrong += 1;
                faults.push(format!("{} / {}: {held:?}", one.name, other.name));
            }
            None => {}
        }
    }
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    (share(found, found + missed), share(found, found + wrong), faults)
}

#[test]
fn pairs_are_judged_with_high_recall_and_precision() {
    let pairs = pairs();
    assert!(pairs.len() >= 300);
    for is_held_back in [false, true] {
        let chosen = pairs.iter().filter(|pair| pair.is_held_back == is_held_back).collect::<Vec<_>>();
        let (recall, precision, faults) = judge(chosen.iter().copied());
        println!("{} pairs, held back: {is_held_back}: recall {recall:.3}, precision {precision:.3}", chosen.len());
        assert!(recall >= 0.97 && precision >= 0.9, "{recall} {precision} {faults:#?}");
        assert!(faults.len() * 12 <= chosen.len(), "{faults:#?}");
    }
}

/// The index finds whom the rules match: names that match have a key in common.
#[test]
fn names_that_match_have_a_key_in_common() {
    for Pair { names: [one, other], .. } in pairs() {
        let held = compare(&one, &other);
        if held.first().is_none_or(|best| best.score < MIN_SCORE) {
            continue;
        }
        let (keys, others) = (Keys::of(&one), Keys::of(&other));
        assert!(
            keys.all().any(|key| others.all().any(|other| key == other)),
            "{} / {}: {held:?}",
            one.name,
            other.name
        );
        let sure = [Rule::Identical, Rule::SameLetters, Rule::Transliterated, Rule::Reordered];
        if held.iter().any(|found| sure.contains(&found.rule)) {
            assert!(!keys.strong.is_disjoint(&others.strong), "{} / {}", one.name, other.name);
        }
    }
}

#[test]
fn matching_is_symmetric() {
    for Pair { names: [one, other], .. } in pairs() {
        let rules = |held: Vec<docket_domain::conflict::RuleHeld>| {
            held.into_iter().map(|held| (held.rule, held.score)).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(rules(compare(&one, &other)), rules(compare(&other, &one)), "{} / {}", one.name, other.name);
    }
}

#[test]
fn aliases_and_addresses_match() {
    let known = Identity {
        aliases: vec!["The Fox".to_owned()],
        email: Some("Rob@Example.org".to_owned()),
        phone: Some("+49 (30) 1234-5678".to_owned()),
        ..Identity::named("Robert Jones")
    };
    let rules = |queried: &Identity| compare(queried, &known).into_iter().map(|held| held.rule).collect::<Vec<_>>();
    assert!(rules(&Identity::named("the fox")).contains(&Rule::Alias));
    assert_eq!(rules(&Identity { email: Some("rob@example.ORG".to_owned()), ..Identity::default() }), [Rule::Email]);
    assert_eq!(rules(&Identity { phone: Some("030 12345678".to_owned()), ..Identity::default() }), [Rule::Phone]);
    assert_eq!(rules(&Identity { phone: Some("12".to_owned()), ..Identity::default() }), []);
    assert_eq!(rules(&Identity::default()), []);
}

/// People of one name cost no more than the limits, and if not all can be compared, the check says so.
#[test]
fn matches_hits_and_roles_are_bounded() {
    let named = |id: i64| {
        let person = Person::named(AccountId(1), PersonKind::Contact, "Maria Garcia", chrono::DateTime::UNIX_EPOCH);
        (PersonId(id), Person { id: PersonId(id), ..person })
    };
    let identity = Identity::named("Garcia, Maria");
    let keys = Keys::of(&identity).strong;
    let of = |count: i64, is_cut: bool| {
        let people = (1..=count).map(named).collect::<BTreeMap<_, _>>();
        let ids = people.keys().copied().collect::<Vec<_>>();
        Candidates { by_key: keys.iter().map(|key| (*key, ids.clone())).collect(), people, is_cut }
    };
    let queries = [CheckQuery { identity: identity.clone(), side: Side::Adverse, person: None }];
    assert_eq!(find_matches(&queries, &of(10_001, false), MIN_SCORE), Err(TooMany));
    assert_eq!(find_matches(&queries, &of(5, true), MIN_SCORE), Err(TooMany));
    let three = [queries.clone(), queries.clone(), queries.clone()].concat();
    let candidates = of(4_000, false);
    assert_eq!(find_matches(&three, &candidates, MIN_SCORE), Err(TooMany));
    let matches = find_matches(&queries, &candidates, MIN_SCORE).unwrap();
    assert_eq!(matches.len(), 4_000);
    let role = |case: i64| PartyRole {
        person: PersonId(4_000),
        case: CaseId(case),
        uuid: uuid::Uuid::nil(),
        case_number: case.to_string(),
        case_name: None,
        phase: CasePhase::Closed,
        role: "client".to_owned(),
        since: chrono::DateTime::UNIX_EPOCH,
    };
    let roles = (1..=30).map(role).collect::<Vec<_>>();
    let findings = assess(&queries, &candidates, matches, &roles, &Sides::default(), Some(CaseId(30)));
    assert_eq!((findings.verdict, findings.hits.len()), (Verdict::Conflict, 500));
    let worst = &findings.hits[0];
    assert_eq!((worst.person.id, worst.roles.len()), (PersonId(4_000), 20));
    assert_eq!(worst.roles[0].party.case, CaseId(29));
    assert!(worst.why.contains("former client"), "{}", worst.why);
}
