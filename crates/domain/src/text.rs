//! What text may be: bounds and characters, the same in every dialect.

use crate::error::FieldError;

/// The longest name of a case, in characters.
pub const NAME_MAX: usize = 500;
/// The longest short text (file number, type, reference, tag, role …), in characters.
pub const SHORT_MAX: usize = 255;
/// The longest long text (description, note, resolution …), in characters.
pub const LONG_MAX: usize = 100_000;
/// The longest reason of a transition, in characters.
pub const REASON_MAX: usize = 2_000;

/// Checks one line of text: not blank, at most `max` characters, no control characters.
///
/// # Errors
/// One [`FieldError`] for the first rule that is broken.
pub fn check_line(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    if text.trim().is_empty() {
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

/// The form in which texts are compared without regard to case, beyond ASCII as well.
#[must_use]
pub fn fold_case(text: &str) -> String {
    text.to_lowercase()
}
