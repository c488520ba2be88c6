//! The forms of a name in which names are compared.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::text::search_key;

/// Legal forms of companies, and words that say no more than that, in plain Latin letters.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "anstalt",
    "aps",
    "as",
    "bhd",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "dac",
    "doo",
    "eg",
    "ek",
    "ev",
    "gbr",
    "ges",
    "gesellschaft",
    "gmbh",
    "ggmbh",
    "haftungsbeschrankt",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "oao",
    "ohg",
    "ooo",
    "oy",
    "oyj",
    "pao",
    "partg",
    "partnership",
    "plc",
    "pt",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "sca",
    "se",
    "sl",
    "sp",
    "spa",
    "sprl",
    "srl",
    "sro",
    "stiftung",
    "ug",
    "zao",
    "zoo",
];
/// Words of a company's name that are often left out.
const FILLERS: &[&str] = &["the", "and", "und", "et", "y", "of", "der", "die", "das"];
/// Titles that are no part of a name.
const TITLES: &[&str] =
    &["dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "sir", "dipl", "ing", "med", "jr", "sr"];

/// Words per name that are compared. A name has at most 500 characters.
const WORDS_MAX: usize = 12;

/// A name in the forms in which names are compared.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// As given, trimmed, with single spaces.
    pub(super) given: String,
    /// Only its letters and digits: in lower case, without accents, in its own script.
    pub(super) letters: String,
    /// In Latin letters: with plain letters, and if that differs with `ae` for `ä`.
    pub(super) latin: Vec<Latin>,
}

/// A name as words of plain Latin letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Latin {
    /// The words as they stand. What follows a comma comes first: `Jones, Robert` is `robert jones`.
    pub(super) words: Vec<String>,
    /// Whether there was such a comma.
    pub(super) is_turned: bool,
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        let given = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = search_key(&given);
        let bare = folded.nfkd().filter(|letter| !is_combining_mark(*letter)).collect::<String>();
        let ligatures =
            bare.replace('æ', "ae").replace('œ', "oe").replace('ø', "o").replace('ł', "l").replace('đ', "d");
        let letters = ligatures.chars().filter(|letter| letter.is_alphanumeric()).collect();
        let plain = Latin::new(&greek(&folded));
        // In German and the Nordic languages, two letters can stand for one.
        let spread = folded.nfc().collect::<String>();
        let spread =
            spread.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ø', "oe").replace('å', "aa");
        let spread = Latin::new(&greek(&spread));
        let latin = if plain == spread { vec![plain] } else { vec![plain, spread] };
        Self { given, letters, latin }
    }
}

impl Latin {
    fn new(folded: &str) -> Self {
        let (before, after) = folded.split_once(',').unwrap_or((folded, ""));
        let (mut words, first) = (words(before), words(after));
        // `Acme, Inc.` has no given name behind the comma.
        let is_turned = !first.is_empty() && !first.iter().all(|word| is_legal_form(word) || is_title(word));
        if is_turned {
            words.splice(0..0, first);
        } else {
            words.extend(first);
        }
        let names = words.iter().filter(|word| !is_title(word)).cloned().collect::<Vec<_>>();
        if !names.is_empty() {
            words = names;
        }
        words.truncate(WORDS_MAX);
        Self { words, is_turned }
    }

    /// The words as one.
    pub(super) fn joined(&self) -> String {
        self.words.concat()
    }

    pub(super) fn sorted(&self) -> Vec<&str> {
        let mut sorted = self.words.iter().map(String::as_str).collect::<Vec<_>>();
        sorted.sort_unstable();
        sorted
    }

    /// The words without legal forms and fillers, as one; the words themselves if nothing else remains.
    pub(super) fn core(&self) -> String {
        let kept = self.words.iter().filter(|word| !is_legal_form(word) && !FILLERS.contains(&word.as_str()));
        let kept = kept.map(String::as_str).collect::<String>();
        if kept.is_empty() { self.joined() } else { kept }
    }

    /// Whether it has a legal form or begins with an article, so that it is the name of a company.
    pub(super) fn is_company(&self) -> bool {
        self.words.len() > 1
            && (self.words.iter().skip(1).any(|word| is_legal_form(word))
                || self.words.first().is_some_and(|word| FILLERS.contains(&word.as_str())))
    }
}

fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.contains(&word)
}

fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

/// Two letters that Greek writes for one sound.
fn greek(text: &str) -> String {
    text.replace("ου", "ou").replace("ού", "ou").replace("ευ", "ev").replace("αυ", "av")
}

/// The words in plain Latin letters. An apostrophe and a full stop within a word are no limit: `O'Brien`, `S.A.`.
fn words(text: &str) -> Vec<String> {
    let text = text.replace(['\'', '’', '`', '´'], "").replace(['&', '+'], " and ");
    let plain = text.chars().map(plain_letters).collect::<String>().to_ascii_lowercase();
    let parts =
        plain.split(|letter: char| letter.is_whitespace() || letter == '-' || letter == '/').map(joined_initials);
    let parts = parts.flat_map(|part| {
        let words = part.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>()
    });
    parts.collect()
}

/// A letter in plain Latin letters. Signs that stand for no sound, like the Cyrillic soft sign, are left out.
fn plain_letters(letter: char) -> String {
    let plain = any_ascii::any_ascii_char(letter);
    if letter.is_alphabetic() { plain.chars().filter(char::is_ascii_alphanumeric).collect() } else { plain.to_owned() }
}

/// Joins a legal form that is written with full stops: `g.m.b.h.` becomes `gmbh`. Initials stay apart.
fn joined_initials(part: &str) -> String {
    let bare = part.replace('.', "");
    if bare.len() > 1 && is_legal_form(&bare) { bare } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(name: &str) -> Vec<Vec<String>> {
        Name::new(name).latin.into_iter().map(|latin| latin.words).collect()
    }

    #[test]
    fn words_are_plain_latin_letters() {
        assert_eq!(words_of("Jürgen  Müller"), [["jurgen", "muller"], ["juergen", "mueller"]]);
        assert_eq!(words_of("Иванов"), [["ivanov"]]);
        assert_eq!(words_of("Jones, Robert"), [["robert", "jones"]]);
        assert_eq!(words_of("Dr. J.R. O'Brien-Smith"), [["j", "r", "obrien", "smith"]]);
        assert_eq!(words_of("Acme, Inc."), [["acme", "inc"]]);
        assert_eq!(words_of("Weiß G.m.b.H. & Co. KG"), [["weiss", "gmbh", "and", "co", "kg"]]);
    }

    #[test]
    fn the_core_of_a_company_has_no_legal_form() {
        let core = |name: &str| Name::new(name).latin[0].core();
        assert_eq!(core("The Acme Company Ltd."), "acme");
        assert_eq!(core("Weiß GmbH & Co. KG"), "weiss");
        assert_eq!(core("AG"), "ag");
    }
}
