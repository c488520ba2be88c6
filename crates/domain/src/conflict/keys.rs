//! The keys under which people are found: two names that any rule matches have a key in common.

use std::collections::BTreeSet;

use rphonetic::{Cologne, DoubleMetaphone, Encoder as _};
use sha2::{Digest as _, Sha256};

use super::{
    Identity,
    name::{Latin, Name},
    nicknames::full_forms,
};

/// A key, as a number: the beginning of a digest. Different texts can have the same key, so what is found is compared.
pub type Key = i64;

/// Words of a name that get a key.
const WORDS: usize = 4;
/// Combinations of full forms of the given names of one person.
const FORMS_MAX: usize = 16;

/// The keys of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    /// Keys of the same name, however it is written, of the same e-mail address and of the same number. Everybody with
    /// one of them is compared.
    pub strong: BTreeSet<Key>,
    /// Keys of similar names. Of a very common one, not everybody is compared.
    pub weak: BTreeSet<Key>,
}

impl Keys {
    /// The keys of an identity: those of its names, of its e-mail address and of its telephone number.
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        let mut keys = Self::default();
        for name in identity.names() {
            let name = Name::new(name);
            keys.strong.insert(key("t", &name.letters));
            name.latin.iter().for_each(|latin| keys.add(latin));
        }
        keys.strong.extend(identity.email.as_deref().map(|email| key("e", &email_key(email))));
        keys.strong.extend(identity.phone.as_deref().and_then(phone_key).map(|phone| key("p", &phone)));
        keys
    }

    /// All keys.
    pub fn all(&self) -> impl Iterator<Item = Key> {
        self.strong.union(&self.weak).copied()
    }

    fn add(&mut self, name: &Latin) {
        self.strong.insert(key("t", &name.joined()));
        self.strong.insert(key("t", &name.core()));
        self.strong.extend(forms(name).iter().map(|form| key("o", &form.join(" "))));
        if let [first, .., last] = name.words.as_slice() {
            let initial = |word: &str| word.chars().take(1).collect::<String>();
            self.weak.insert(key("i", &format!("{last} {}", initial(first))));
            self.weak.insert(key("i", &format!("{first} {}", initial(last))));
        }
        self.weak.extend(sounds(name).map(|(language, sound)| key(language, &sound)));
        self.weak.extend(neighbours(name).iter().map(|text| key("m", text)));
    }
}

fn key(kind: &str, text: &str) -> Key {
    let digest = Sha256::digest(format!("{kind} {text}"));
    let mut first = [0; 8];
    first.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
    Key::from_be_bytes(first)
}

pub(super) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The last digits of a telephone number: what comes before them depends on where one calls from.
pub(super) fn phone_key(phone: &str) -> Option<String> {
    let digits = phone.chars().filter(char::is_ascii_digit).collect::<String>();
    (digits.len() >= 7).then(|| digits.chars().skip(digits.len().saturating_sub(8)).collect())
}

/// The sorted words, with each combination of the full forms of given names.
pub(super) fn forms(name: &Latin) -> Vec<Vec<String>> {
    let mut forms = vec![Vec::new()];
    for word in &name.words {
        let full = full_forms(word);
        forms = forms
            .into_iter()
            .flat_map(|form| full.iter().map(move |word| [form.as_slice(), &[(*word).to_owned()]].concat()))
            .take(FORMS_MAX)
            .collect();
    }
    forms.iter_mut().for_each(|form| form.sort_unstable());
    forms
}

/// How the name sounds, by language.
pub(super) fn sounds(name: &Latin) -> impl Iterator<Item = (&'static str, String)> {
    let english = DoubleMetaphone::default();
    let sorted = |code: &dyn Fn(&str) -> String| {
        let mut codes = name.words.iter().map(|word| code(word)).filter(|code| !code.is_empty()).collect::<Vec<_>>();
        codes.sort_unstable();
        codes.join(" ")
    };
    let sounds = [("s", sorted(&|word| english.encode(word))), ("g", sorted(&|word| Cologne.encode(word)))];
    sounds.into_iter().filter(|(_, sound)| sound.len() >= 2)
}

/// Texts that a name shares with one that is misspelt in one word.
fn neighbours(name: &Latin) -> Vec<String> {
    let words = name.words.iter().filter(|word| word.len() > 1).take(WORDS).collect::<Vec<_>>();
    let ends = |word: &str| {
        [word.chars().next(), word.chars().next_back()].into_iter().flatten().enumerate().collect::<Vec<_>>()
    };
    match words.as_slice() {
        [] => Vec::new(),
        [word] => without_one(word),
        words => {
            let pairs = words.iter().enumerate().flat_map(|(at, kept)| {
                let others = words.iter().enumerate().filter(move |(other, _)| *other != at);
                others.flat_map(move |(_, other)| {
                    ends(other).into_iter().map(move |(end, letter)| format!("{kept} {end}{letter}"))
                })
            });
            pairs.collect()
        }
    }
}

/// A single word, whole and without each of its letters. Of a long one, the beginning and the end.
fn without_one(word: &str) -> Vec<String> {
    const LONG: usize = 9;
    let letters = word.chars().collect::<Vec<_>>();
    if letters.len() >= LONG {
        let (first, last) =
            (letters.iter().take(5).collect::<String>(), letters.iter().skip(letters.len() - 5).collect::<String>());
        return vec![format!("^{first}"), format!("{last}$")];
    }
    let without = (0..letters.len()).map(|left_out| {
        letters.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, letter)| *letter).collect::<String>()
    });
    std::iter::once(word.to_owned()).chain(without).collect()
}
