//! What text may be: bounds and characters, the same in every dialect.

use caseless::default_case_fold_str;
use unicode_normalization::UnicodeNormalization as _;

use crate::error::FieldError;

/// The longest name of a case, in characters.
pub const NAME_MAX: usize = 500;
/// The longest short text (file number, type, reference, tag, role …), in characters.
pub const SHORT_MAX: usize = 255;
/// The longest long text (description, note, resolution …), in characters.
pub const LONG_MAX: usize = 100_000;
/// The longest reason of a transition, in characters.
pub const REASON_MAX: usize = 2_000;

/// A name, tag or title as it is stored: in NFC and without blanks at its ends.
#[must_use]
pub fn line(text: &str) -> String {
    text.trim_matches(is_blank).nfc().collect()
}

/// [`line()`] of a text that may be absent.
pub fn clean(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = line(text);
    }
}

/// Blanks, and characters that take no room and join nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether nothing of the text can be seen: it holds blanks and ignorable characters only (Unicode, Default_Ignorable).
#[must_use]
pub fn is_invisible(text: &str) -> bool {
    let is_ignorable = |c| {
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    };
    text.chars().all(|c| c.is_whitespace() || is_ignorable(c))
}

/// Checks one line of text: not blank, at most `max` characters, no control characters.
///
/// # Errors
/// One [`FieldError`] for the first rule that is broken.
pub fn check_line(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    if is_invisible(text) {
        return Err(FieldError::new(field, "must not be empty"));
    }
    check_length(field, text, max)?;
    if text.chars().any(char::is_control) {
        return Err(FieldError::new(field, "must not contain control characters"));
    }
    Ok(())
}

/// Checks text of several lines: at most `max` characters, no control characters but tab and line breaks.
///
/// # Errors
/// One [`FieldError`] for the first rule that is broken.
pub fn check_lines(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    check_length(field, text, max)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(FieldError::new(field, "must not contain control characters other than tabs and line breaks"));
    }
    Ok(())
}

/// The character that PostgreSQL stores in no text.
pub const NUL: char = '\0';
/// What a caller is told of a text with it.
pub const NUL_REFUSED: &str = "must not contain the character U+0000";

fn check_length(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    if text.chars().nth(max).is_some() {
        return Err(FieldError::new(field, format!("must have at most {max} characters")));
    }
    Ok(())
}

/// The form in which texts are searched and compared: trimmed, in NFKC, and with full Unicode case folding, so that
/// `STRASSE` equals `Straße` and a composed letter a decomposed one. Folding can undo NFKC, which is therefore done twice.
#[must_use]
pub fn search_key(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    default_case_fold_str(&text.nfkc().collect::<String>()).nfkc().collect()
}
