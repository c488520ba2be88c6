//! Reads a JSON object field by field, so that a response lists all faults at once, each with its field.
//!
//! Bodies do not use the serde derive: it stops at the first fault, does not distinguish absent from `null`, and its
//! flattened and untagged forms would change numbers. A body takes its fields one by one; fields that remain are
//! unknown.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use docket_domain::{
    case::TAGS_GIVEN_MAX,
    error::{FAULTS_MAX, FieldError, FieldErrors},
    id::{CaseId, CaseRef},
    note, text,
    time::{Timestamp, to_microseconds},
};
use serde_json::{Map, Value};
use validator::{Validate, ValidationError};

/// A field of a body: absent, `null`, or a value.
pub type Given<T> = Option<Option<T>>;

/// A case that does not exist.
pub const UNKNOWN_CASE: CaseRef = CaseRef::Number(CaseId(-1));

/// A request body.
pub trait FromFields: Sized + 'static {
    /// Whether unknown fields are faults.
    const REFUSES_UNKNOWN: bool = true;

    /// The field that a bare array fills, if an array may be sent instead of an object.
    const LIST: Option<&str> = None;

    /// Whether a request may omit the body.
    const IS_OPTIONAL: bool = false;

    /// Takes the known fields. A missing or wrong value adds a fault and leaves any placeholder: the result is used
    /// only if there are no faults.
    fn from_fields(fields: &mut Fields) -> Self;
}

/// The fields of an object that are not taken yet, and the faults found so far.
#[derive(Debug)]
pub struct Fields {
    path: String,
    fields: Map<String, Value>,
    faults: FieldErrors,
}

impl Fields {
    #[must_use]
    pub fn new(fields: Map<String, Value>) -> Self {
        Self { path: String::new(), fields, faults: FieldErrors::default() }
    }

    /// Reads a whole body.
    ///
    /// # Errors
    /// All faults.
    pub fn read<B: FromFields>(mut self) -> Result<B, Vec<FieldError>> {
        let body = B::from_fields(&mut self);
        if B::REFUSES_UNKNOWN {
            self.refuse_the_rest();
        }
        self.faults.finish().map(|()| body)
    }

    /// Reads a whole body and returns its faults too, for callers that add others.
    pub fn read_with_faults<B: FromFields>(mut self) -> (B, FieldErrors) {
        let body = B::from_fields(&mut self);
        if B::REFUSES_UNKNOWN {
            self.refuse_the_rest();
        }
        (body, self.faults)
    }

    pub fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.add(format!("{}{name}", self.path), message);
    }

    /// Whether there are no faults so far.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// Adds faults of the domain. `field` translates the field names of the domain to those of the body.
    pub fn adopt(&mut self, faults: FieldErrors, field: impl Fn(&str) -> std::borrow::Cow<'_, str>) {
        for FieldError { field: name, message } in faults.finish().err().into_iter().flatten() {
            self.fault(&field(&name), message);
        }
    }

    /// Checks the `validator` rules of a body and adds their faults.
    pub fn validate(&mut self, body: &impl Validate) {
        let Err(errors) = body.validate() else { return };
        let mut faults = errors.field_errors().into_iter().collect::<Vec<_>>();
        faults.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (field, errors) in faults {
            for error in errors {
                let message = error.message.clone().unwrap_or_else(|| error.code.clone());
                self.fault(&field, message);
            }
        }
    }

    /// Takes a field with its JSON value.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.shift_remove(name)
    }

    /// Takes all remaining fields in their order.
    pub fn take_rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.fields)
    }

    /// Takes and reads a field. Adds a fault if the value is not as `expected`.
    pub fn given<T>(&mut self, name: &str, expected: &str, read: impl FnOnce(Value) -> Option<T>) -> Given<T> {
        let given = self.take(name)?;
        if given.is_null() {
            return Some(None);
        }
        let value = read(given);
        if value.is_none() {
            self.fault(name, format!("must be {expected}"));
        }
        value.map(Some)
    }

    /// A field that must be present and not `null`.
    pub fn required<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Given<T>) -> Option<T> {
        if self.fields.get(name).is_none_or(Value::is_null) {
            self.take(name);
            self.fault(name, "is required");
            return None;
        }
        read(self).flatten()
    }

    /// A field that may be absent but not `null`.
    pub fn not_null<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Given<T>) -> Option<T> {
        let given = read(self)?;
        if given.is_none() {
            self.fault(name, "must not be null");
        }
        given
    }

    pub fn text(&mut self, name: &str) -> Given<String> {
        let text = self.given(name, "a string", into_text)?;
        self.without_nul(name, text, |text| text.contains(text::NUL))
    }

    /// Refuses NUL in all bodies: PostgreSQL cannot store it in a text.
    fn without_nul<T>(&mut self, name: &str, value: Option<T>, has_nul: impl FnOnce(&T) -> bool) -> Given<T> {
        if value.as_ref().is_some_and(has_nul) {
            self.fault(name, text::NUL_REFUSED);
            return None;
        }
        Some(value)
    }

    pub fn boolean(&mut self, name: &str) -> Given<bool> {
        self.given(name, "true or false", |value| value.as_bool())
    }

    /// An id in another system: a positive integer.
    pub fn integer_id(&mut self, name: &str) -> Given<i64> {
        self.given(name, "a positive integer", |value| value.as_i64().filter(|id| *id > 0))
    }

    /// An id of this system, integer or opaque, as `parse` reads it.
    pub fn id<I>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<I>) -> Given<I> {
        self.given(name, "an id", |value| match value {
            Value::String(text) => parse(&text),
            Value::Number(number) => parse(&number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        })
    }

    /// A case, by UUID or integer id. A malformed id becomes [`UNKNOWN_CASE`].
    pub fn case(&mut self, name: &str) -> Given<CaseRef> {
        self.id(name, |text| Some(CaseRef::parse(text).unwrap_or(UNKNOWN_CASE)))
    }

    /// A date, `YYYY-MM-DD`.
    pub fn date(&mut self, name: &str) -> Given<NaiveDate> {
        self.given(name, "a date (YYYY-MM-DD)", |value| parse_date(value.as_str()?))
    }

    /// A time, RFC 3339.
    pub fn timestamp(&mut self, name: &str) -> Given<Timestamp> {
        self.given(name, "a time (RFC 3339)", |value| parse_timestamp(value.as_str()?))
    }

    /// Refuses and drops an array of more than `most` items before any item is read.
    pub fn bound(&mut self, name: &str, most: usize) {
        let length = self.fields.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        if length > most {
            self.fault(name, format!("must have at most {most} items, got {length}"));
            self.take(name);
        }
    }

    /// An array of at most `most` strings.
    pub fn texts(&mut self, name: &str, most: usize) -> Given<Vec<String>> {
        self.bound(name, most);
        let texts = self.given(name, "an array of strings", |value| match value {
            Value::Array(items) => items.into_iter().map(into_text).collect::<Option<Vec<_>>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        })?;
        self.without_nul(name, texts, |texts| texts.iter().any(|text| text.contains(text::NUL)))
    }

    /// An array of at most `most` ids, integer or opaque, as `read` reads them.
    pub fn ids<I>(&mut self, name: &str, most: usize, read: impl Fn(&str) -> I) -> Given<Vec<I>> {
        self.bound(name, most);
        let one = |item: Value| match item {
            Value::String(text) => Some(read(&text)),
            Value::Number(number) => Some(read(&number.to_string())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        self.given(name, "an array of ids", |value| match value {
            Value::Array(items) => items.into_iter().map(one).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        })
    }

    pub fn tags(&mut self, name: &str) -> Given<Vec<String>> {
        self.texts(name, TAGS_GIVEN_MAX)
    }

    /// An array of at most `most` strings or nulls.
    pub fn nullable_texts(&mut self, name: &str, most: usize) -> Given<Vec<Option<String>>> {
        self.bound(name, most);
        let read = |item: Value| if item.is_null() { Some(None) } else { into_text(item).map(Some) };
        let texts = self.given(name, "an array of strings", |value| match value {
            Value::Array(items) => items.into_iter().map(read).collect::<Option<Vec<_>>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        })?;
        self.without_nul(name, texts, |texts| texts.iter().flatten().any(|text| text.contains(text::NUL)))
    }

    /// A word of a closed vocabulary.
    pub fn word<T>(&mut self, name: &str, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Given<T> {
        self.given(name, expected, |value| parse(value.as_str()?))
    }

    pub fn object(&mut self, name: &str) -> Given<Map<String, Value>> {
        self.given(name, "an object", |value| match value {
            Value::Object(fields) => Some(fields),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        })
    }

    pub fn json(&mut self, name: &str) -> Given<Value> {
        self.given(name, "JSON", Some)
    }

    /// A nested object, read by the same rules. Its faults are named `outer.inner`.
    pub fn nested<B: FromFields>(&mut self, name: &str) -> Given<B> {
        let fields = self.object(name)?;
        Some(fields.map(|fields| self.within(name, fields)))
    }

    /// An array of at most `most` objects, each read by the same rules. Their faults are named `outer[0].inner`.
    pub fn list<B: FromFields>(&mut self, name: &str, most: usize) -> Given<Vec<B>> {
        self.bound(name, most);
        let items = self.given(name, "an array of objects", |value| match value {
            Value::Array(items) => items.into_iter().map(into_object).collect::<Option<Vec<_>>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        })?;
        Some(items.map(|items| {
            let items = items.into_iter().enumerate();
            items.map(|(at, fields)| self.within(&format!("{name}[{at}]"), fields)).collect()
        }))
    }

    /// Ignores all remaining fields.
    pub fn forget(&mut self) {
        self.fields = Map::new();
    }

    /// Reads a nested object and adds its faults.
    fn within<B: FromFields>(&mut self, name: &str, fields: Map<String, Value>) -> B {
        let path = format!("{}{name}.", self.path);
        let mut inner = Self { path, fields, faults: std::mem::take(&mut self.faults) };
        let body = B::from_fields(&mut inner);
        if B::REFUSES_UNKNOWN {
            inner.refuse_the_rest();
        }
        self.faults = inner.faults;
        body
    }

    /// Whether a field is present and not taken yet.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Refuses fields with a message, for example because they are read-only.
    pub fn refuse(&mut self, names: &[&str], message: &str) {
        for name in names {
            if self.take(name).is_some() {
                self.fault(name, message);
            }
        }
    }

    fn refuse_the_rest(&mut self) {
        for (name, _) in std::mem::take(&mut self.fields).into_iter().take(FAULTS_MAX.saturating_sub(self.faults.len()))
        {
            let shown = name.chars().take(100).collect::<String>();
            self.fault(&shown, "is not a known field");
        }
    }
}

/// A rule for `validator`: one line of at most 255 characters.
pub fn short_line(text: &str) -> Result<(), ValidationError> {
    rule(text::check_line("", text, text::SHORT_MAX))
}

/// A rule for `validator`: one line of at most 500 characters.
pub fn name_line(text: &str) -> Result<(), ValidationError> {
    rule(text::check_line("", text, text::NAME_MAX))
}

/// A rule for `validator`: the text of a note.
pub fn note_text(text: &str) -> Result<(), ValidationError> {
    rule(note::check_body(text))
}

/// The domain has the rules of texts; `validator` names the field.
fn rule(checked: Result<(), FieldError>) -> Result<(), ValidationError> {
    checked.map_err(|fault| ValidationError::new("text").with_message(fault.message.into()))
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads `YYYY-MM-DD` and no other form.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    (text.len() == "YYYY-MM-DD".len()).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Reads RFC 3339. In UTC, the time must be in the years 0 to 9999, the range of RFC 3339.
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    parse_instant(text).filter(|time| (0..=9999).contains(&time.year()))
}

/// Reads RFC 3339 as the bound of a filter. In UTC, the time may be outside the years 0 to 9999.
#[must_use]
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| to_microseconds(time.with_timezone(&Utc)))
}
