//! The rules by which two names are those of one person.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strsim::osa_distance;

use super::{
    Identity,
    keys::{email_key, forms, phone_key, sounds},
    name::{Latin, Name},
};

/// A rule by which an identity matches another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The names are equal.
    Identical,
    /// The letters are equal: case, accents, punctuation, spaces and ligatures do not count.
    SameLetters,
    /// The names are equal in Latin letters.
    Transliterated,
    /// The words are equal in another order.
    Reordered,
    /// A given name is abbreviated or left out.
    Initials,
    /// A given name is a short form of the other one.
    Nickname,
    /// Only the legal form of the company differs.
    Company,
    /// The names sound alike, in English or German.
    SoundsAlike,
    /// A few letters differ.
    Misspelt,
    /// An alias matches.
    Alias,
    /// The e-mail addresses are equal.
    Email,
    /// The telephone numbers are equal.
    Phone,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 12] = [
        Self::Identical,
        Self::SameLetters,
        Self::Transliterated,
        Self::Reordered,
        Self::Initials,
        Self::Nickname,
        Self::Company,
        Self::SoundsAlike,
        Self::Misspelt,
        Self::Alias,
        Self::Email,
        Self::Phone,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::SameLetters => "same_letters",
            Self::Transliterated => "transliterated",
            Self::Reordered => "reordered",
            Self::Initials => "initials",
            Self::Nickname => "nickname",
            Self::Company => "company",
            Self::SoundsAlike => "sounds_alike",
            Self::Misspelt => "misspelt",
            Self::Alias => "alias",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// How sure a rule is, in percent.
pub type Score = u8;

/// A rule that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleHeld {
    /// The rule.
    pub rule: Rule,
    /// How sure it is, in percent.
    pub score: Score,
    /// Why it holds.
    pub explanation: String,
}

/// The rules that hold between two identities, the surest first; none if they are those of different people.
///
/// ```
/// use docket_domain::conflict::{Identity, Rule, compare};
///
/// let held = compare(&Identity::named("Jones, Bob"), &Identity::named("Robert Jones"));
/// assert_eq!(held[0].rule, Rule::Nickname);
/// assert!(compare(&Identity::named("Robert Jones"), &Identity::named("Rita Jonas")).is_empty());
/// ```
#[must_use]
pub fn compare(queried: &Identity, known: &Identity) -> Vec<RuleHeld> {
    Names::of(queried).compare(&Names::of(known))
}

/// An identity with the forms of its names.
pub(super) struct Names<'i> {
    identity: &'i Identity,
    /// Each with whether it is an alias.
    names: Vec<(bool, Name)>,
}

impl<'i> Names<'i> {
    pub(super) fn of(identity: &'i Identity) -> Self {
        let names = identity.names_and_aliases().map(|(is_alias, name)| (is_alias, Name::new(name))).collect();
        Self { identity, names }
    }

    /// See [`compare`].
    pub(super) fn compare(&self, other: &Names<'_>) -> Vec<RuleHeld> {
        let mut held = Vec::<RuleHeld>::new();
        for (is_alias, name) in &self.names {
            for (is_known_alias, known) in &other.names {
                let rules = compare_names(name, known);
                let Some(best) = rules.first().cloned() else { continue };
                held.extend(rules);
                if *is_alias || *is_known_alias {
                    let explanation =
                        format!("{:?} is an alias of {:?}: {}", known.given, other.identity.name, best.explanation);
                    held.push(RuleHeld { rule: Rule::Alias, score: best.score, explanation });
                }
            }
        }
        held.extend(compare_addresses(self.identity, other.identity));
        held.sort_by_key(|rule| (std::cmp::Reverse(rule.score), rule.rule));
        let mut seen = BTreeSet::new();
        held.retain(|rule| seen.insert(rule.rule));
        held
    }
}

fn compare_addresses(queried: &Identity, known: &Identity) -> Vec<RuleHeld> {
    let mut held = Vec::new();
    if let (Some(email), Some(other)) = (&queried.email, &known.email)
        && email_key(email) == email_key(other)
    {
        held.push(RuleHeld {
            rule: Rule::Email,
            score: 98,
            explanation: format!("both have the e-mail address {other}"),
        });
    }
    if let (Some(phone), Some(other)) = (&queried.phone, &known.phone)
        && phone_key(phone).is_some_and(|digits| Some(digits) == phone_key(other))
    {
        held.push(RuleHeld { rule: Rule::Phone, score: 90, explanation: format!("both have the number {other}") });
    }
    held
}

/// The rules that hold between two names, the surest first.
fn compare_names(name: &Name, other: &Name) -> Vec<RuleHeld> {
    let (given, known) = (&name.given, &other.given);
    let mut held = Vec::new();
    let mut add = |rule: Rule, score: Score, explanation: String| held.push(RuleHeld { rule, score, explanation });
    if given == known {
        add(Rule::Identical, 100, format!("the name is {known:?}"));
    }
    if !name.letters.is_empty() && name.letters == other.letters {
        add(Rule::SameLetters, 99, format!("{given:?} has the letters of {known:?}"));
    }
    let pairs = || name.latin.iter().flat_map(|latin| other.latin.iter().map(move |other| (latin, other)));
    if pairs().any(|(a, b)| a.joined() == b.joined() && !a.words.is_empty()) {
        add(Rule::Transliterated, 97, format!("{given:?} and {known:?} are both {:?} in Latin letters", latin(other)));
    }
    if pairs().any(|(a, b)| {
        a.words.len() > 1 && a.sorted() == b.sorted() && (a.words != b.words || a.is_turned != b.is_turned)
    }) {
        add(Rule::Reordered, 95, format!("{given:?} has the words of {known:?} in another order"));
    }
    if pairs().any(|(a, b)| (a.is_company() || b.is_company()) && a.core() == b.core() && a.words != b.words) {
        add(Rule::Company, 95, format!("{given:?} and {known:?} differ only in the legal form"));
    }
    if let Some((short, full)) = pairs().find_map(|(a, b)| nickname(a, b)) {
        add(
            Rule::Nickname,
            90,
            format!("{short:?} can be short for {full:?}, and the rest of {given:?} and {known:?} is the same"),
        );
    }
    if let Some(score) = pairs().filter_map(|(a, b)| initials(a, b)).max() {
        add(
            Rule::Initials,
            score,
            format!("{given:?} and {known:?} can be one name with initials or without a middle name"),
        );
    }
    if let Some(language) = pairs().find_map(|(a, b)| sounding(a, b)) {
        add(Rule::SoundsAlike, 80, format!("{given:?} sounds like {known:?} in {language}"));
    }
    if let Some((edits, score)) = pairs().filter_map(|(a, b)| misspelt(a, b)).max_by_key(|(_, score)| *score) {
        let letters = if edits == 1 { "one letter".to_owned() } else { format!("{edits} letters") };
        add(Rule::Misspelt, score, format!("{given:?} and {known:?} differ in {letters}"));
    }
    held
}

fn latin(name: &Name) -> String {
    name.latin.first().map(|latin| latin.words.join(" ")).unwrap_or_default()
}

/// The short and the full form, if only they differ.
fn nickname<'n>(a: &'n Latin, b: &'n Latin) -> Option<(&'n str, &'n str)> {
    if a.words.len() != b.words.len() || a.sorted() == b.sorted() || a.words.len() < 2 {
        return None;
    }
    let others = forms(b);
    forms(a).iter().any(|form| others.contains(form)).then_some(())?;
    let lone = |name: &'n Latin, other: &Latin| name.words.iter().find(|word| !other.words.contains(word));
    Some((lone(a, b)?, lone(b, a)?))
}

/// Whether one name has initials where the other has given names, or lacks a middle name.
fn initials(a: &Latin, b: &Latin) -> Option<Score> {
    let ([a_given @ .., a_last], [b_given @ .., b_last]) = (a.words.as_slice(), b.words.as_slice()) else {
        return None;
    };
    if a_last != b_last
        || a_last.len() < 2
        || a_given.is_empty()
        || b_given.is_empty()
        || a.is_company()
        || b.is_company()
    {
        return None;
    }
    let (few, many) = if a_given.len() <= b_given.len() { (a_given, b_given) } else { (b_given, a_given) };
    let agrees = |one: &String, other: &String| {
        one == other || (one.len() == 1 && other.starts_with(one)) || (other.len() == 1 && one.starts_with(other))
    };
    let is_initial = few.iter().zip(many).any(|(one, other)| one != other);
    let mut rest = many.iter();
    // The first given name must agree; of the others, some may be left out.
    let all = few.first().zip(many.first()).is_some_and(|(one, other)| agrees(one, other))
        && few.iter().all(|one| rest.any(|other| agrees(one, other)));
    if !all || (!is_initial && few.len() == many.len()) {
        return None;
    }
    Some(if is_initial { 80 } else { 85 })
}

/// The language in which the names sound alike.
fn sounding(a: &Latin, b: &Latin) -> Option<&'static str> {
    let pairs = differing(a, b)?;
    // Short words sound like too many others, and a few vowels can make another name.
    let is_close = |one: &str, other: &str| {
        let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
        short >= 4 && osa_distance(one, other) * 2 <= long
    };
    let differ_in_gender = matches!(pairs.as_slice(), [(one, other)] if differ_in_gender(one, other));
    if differ_in_gender || !pairs.iter().all(|(one, other)| is_close(one, other)) {
        return None;
    }
    let others = sounds(b).collect::<Vec<_>>();
    let (language, _) = sounds(a).find(|sound| others.contains(sound))?;
    Some(if language == "s" { "English" } else { "German" })
}

/// The number of letters that differ, if they are in one word and few for its length.
fn misspelt(a: &Latin, b: &Latin) -> Option<(usize, Score)> {
    let pairs = differing(a, b)?;
    let [(one, other)] = pairs.as_slice() else { return None };
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    let edits = osa_distance(one, other);
    let most = match short {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    // Numbers are not misspelt.
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if edits > most || differ_in_gender(one, other) || has_digit(one) || has_digit(other) {
        return None;
    }
    let lost = u8::try_from(edits * 100 / long.max(1)).unwrap_or(100);
    Some((edits, 92_u8.saturating_sub(lost).max(60)))
}

/// The words that only one of the names has, in pairs; none if the names have the same words, or not equally many.
fn differing<'n>(a: &'n Latin, b: &'n Latin) -> Option<Vec<(&'n str, &'n str)>> {
    let lone = |name: &'n Latin, other: &'n Latin| {
        name.sorted().into_iter().filter(|word| !other.words.iter().any(|known| known == word)).collect::<Vec<_>>()
    };
    let (left, right) = (lone(a, b), lone(b, a));
    (a.words.len() == b.words.len() && left.len() == right.len() && !left.is_empty())
        .then(|| left.into_iter().zip(right).collect())
}

/// Whether only a last vowel differs: `Mario` and `Maria`, `Paul` and `Paula` are different people.
fn differ_in_gender(one: &str, other: &str) -> bool {
    let shared = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let ends_in_vowel =
        |word: &str| word.len() <= shared + 1 && word.chars().nth(shared).is_none_or(|letter| "aoe".contains(letter));
    ends_in_vowel(one) && ends_in_vowel(other)
}
