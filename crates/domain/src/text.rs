//! Rules for text: bounds, allowed characters and normalization, the same in every dialect.

use caseless::default_case_fold_str;
use unicode_normalization::UnicodeNormalization as _;

use crate::error::FieldError;

/// Maximum length of a name or title, in characters.
pub const NAME_MAX: usize = 500;
/// Maximum length of a short text (file number, type, reference, tag, role …), in characters.
pub const SHORT_MAX: usize = 255;
/// Maximum length of a long text (description, note, resolution …), in characters.
pub const LONG_MAX: usize = 100_000;
/// Maximum length of the reason of a transition, in characters.
pub const REASON_MAX: usize = 2_000;

/// Normalizes one line of text for storage: NFC, without blanks at its ends.
#[must_use]
pub fn line(text: &str) -> String {
    text.trim_matches(is_blank).nfc().collect()
}

/// Applies [`line()`] to an optional text.
pub fn clean(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = line(text);
    }
}

/// The text as content or attribute of XML.
#[must_use]
pub fn xml_escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// White space, zero width space, word joiner and byte order mark.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether the text has only blanks and characters that are not displayed (Unicode Default_Ignorable_Code_Point).
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
/// A [`FieldError`] for the first broken rule.
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

/// Checks text of several lines: at most `max` characters, no control characters other than tabs and line breaks.
///
/// # Errors
/// A [`FieldError`] for the first broken rule.
pub fn check_lines(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    check_length(field, text, max)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(FieldError::new(field, "must not contain control characters other than tabs and line breaks"));
    }
    Ok(())
}

/// The character that PostgreSQL cannot store in a text.
pub const NUL: char = '\0';
/// Error message for a text with this character.
pub const NUL_REFUSED: &str = "must not contain the character U+0000";

fn check_length(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    if text.chars().nth(max).is_some() {
        return Err(FieldError::new(field, format!("must have at most {max} characters")));
    }
    Ok(())
}

/// The form in which texts are searched and compared: trimmed, NFKC, with full Unicode case folding. `STRASSE` equals
/// `Straße`, and a composed letter equals a decomposed one. Folding can undo NFKC, so NFKC is applied again after it.
///
/// ```
/// use docket_domain::text::search_key;
///
/// assert_eq!(search_key(" STRASSE"), search_key("Straße"));
/// ```
#[must_use]
pub fn search_key(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    default_case_fold_str(&text.nfkc().collect::<String>()).nfkc().collect()
}
