//! Reading a JSON object field by field, so that a caller learns of every fault at once and by its name.
//!
//! Bodies are not read through serde's derive: it stops at the first fault, does not tell "absent" from `null`, and
//! its flattened and untagged forms would change numbers. A body instead takes its fields one after the other; what it
//! does not take is unknown.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use docket_domain::{
    case::TAGS_GIVEN_MAX,
    error::{FAULTS_MAX, FieldError, FieldErrors},
    note, text,
    time::{Timestamp, to_microseconds},
};
use serde_json::{Map, Value};
use validator::{Validate, ValidationError};

/// A field of a body: absent, `null`, or a value.
pub type Given<T> = Option<Option<T>>;

/// A body that can be read.
pub trait FromFields: Sized + 'static {
    /// Whether fields that it does not know are faults.
    const REFUSES_UNKNOWN: bool = true;

    /// The field that a bare array stands for, where one may be sent instead of an object.
    const LIST: Option<&str> = None;

    /// Whether a request may leave the body out.
    const IS_OPTIONAL: bool = false;

    /// Takes what it knows. Where a value is missing or wrong, the fault is noted in the fields and anything stands in
    /// its place: the result is only used when there are no faults.
    fn from_fields(fields: &mut Fields) -> Self;
}

/// The fields of an object that are not taken yet, and the faults of those that are.
#[derive(Debug)]
pub struct Fields {
    path: String,
    fields: Map<String, Value>,
    faults: FieldErrors,
}

impl Fields {
    /// The fields of a body.
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

    /// Reads a whole body and gives its faults beside it, to be told together with others.
    pub fn read_with_faults<B: FromFields>(mut self) -> (B, FieldErrors) {
        let body = B::from_fields(&mut self);
        if B::REFUSES_UNKNOWN {
            self.refuse_the_rest();
        }
        (body, self.faults)
    }

    /// Notes a fault of a field.
    pub fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.add(format!("{}{name}", self.path), message);
    }

    /// Whether nothing was noted so far.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// Takes over faults of the domain, with its names of fields translated into those of the body.
    pub fn adopt(&mut self, faults: FieldErrors, field: impl Fn(&str) -> std::borrow::Cow<'_, str>) {
        for FieldError { field: name, message } in faults.finish().err().into_iter().flatten() {
            self.fault(&field(&name), message);
        }
    }

    /// Checks what was read by the body's own rules; their faults are named like its fields.
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

    /// Takes a field as it is.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.shift_remove(name)
    }

    /// Takes all fields that are left, as they are and in their order.
    pub fn take_rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.fields)
    }

    /// Takes a field and reads it; where it is not what was expected, notes that.
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

    /// Insists on a value: absent and `null` are faults.
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

    /// A text.
    pub fn text(&mut self, name: &str) -> Given<String> {
        let text = self.given(name, "a string", into_text)?;
        self.without_nul(name, text, |text| text.contains(text::NUL))
    }

    /// Refuses a value with a NUL, here for all bodies: PostgreSQL takes none in a text.
    fn without_nul<T>(&mut self, name: &str, value: Option<T>, has_nul: impl FnOnce(&T) -> bool) -> Given<T> {
        if value.as_ref().is_some_and(has_nul) {
            self.fault(name, text::NUL_REFUSED);
            return None;
        }
        Some(value)
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &str) -> Given<bool> {
        self.given(name, "true or false", |value| value.as_bool())
    }

    /// An id of something that another system knows: a positive integer.
    pub fn integer_id(&mut self, name: &str) -> Given<i64> {
        self.given(name, "a positive integer", |value| value.as_i64().filter(|id| *id > 0))
    }

    /// An id of something of ours: its integer or its opaque form, as `parse` reads it.
    pub fn id<I>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<I>) -> Given<I> {
        self.given(name, "an id", |value| match value {
            Value::String(text) => parse(&text),
            Value::Number(number) => parse(&number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        })
    }

    /// A date, `YYYY-MM-DD`.
    pub fn date(&mut self, name: &str) -> Given<NaiveDate> {
        self.given(name, "a date (YYYY-MM-DD)", |value| parse_date(value.as_str()?))
    }

    /// A point in time, RFC 3339.
    pub fn timestamp(&mut self, name: &str) -> Given<Timestamp> {
        self.given(name, "a time (RFC 3339)", |value| parse_timestamp(value.as_str()?))
    }

    /// Refuses an array of more than `most` items before any of them is read, and drops it.
    pub fn bound(&mut self, name: &str, most: usize) {
        let length = self.fields.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        if length > most {
            self.fault(name, format!("must have at most {most} items, got {length}"));
            self.take(name);
        }
    }

    /// Several texts, at most `most`.
    pub fn texts(&mut self, name: &str, most: usize) -> Given<Vec<String>> {
        self.bound(name, most);
        let texts = self.given(name, "an array of strings", |value| match value {
            Value::Array(items) => items.into_iter().map(into_text).collect::<Option<Vec<_>>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        })?;
        self.without_nul(name, texts, |texts| texts.iter().any(|text| text.contains(text::NUL)))
    }

    /// The tags of a case.
    pub fn tags(&mut self, name: &str) -> Given<Vec<String>> {
        self.texts(name, TAGS_GIVEN_MAX)
    }

    /// Several texts, at most `most`, some of which may be `null`.
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

    /// An object, as it is.
    pub fn object(&mut self, name: &str) -> Given<Map<String, Value>> {
        self.given(name, "an object", |value| match value {
            Value::Object(fields) => Some(fields),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        })
    }

    /// Any JSON, as it is.
    pub fn json(&mut self, name: &str) -> Given<Value> {
        self.given(name, "JSON", Some)
    }

    /// An object within, read by the same rules; its faults are named `outer.inner`.
    pub fn nested<B: FromFields>(&mut self, name: &str) -> Given<B> {
        let fields = self.object(name)?;
        Some(fields.map(|fields| self.within(name, fields)))
    }

    /// Several objects, at most `most`, each read by the same rules; their faults are named `outer[0].inner`.
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

    /// Leaves everything else unread.
    pub fn forget(&mut self) {
        self.fields = Map::new();
    }

    /// Reads an object within, whose faults come to those of this one.
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

    /// Whether a field is there and not taken yet.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Refuses fields with a message of their own, e.g. because they are read-only.
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

/// Reads `YYYY-MM-DD` and nothing else.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    (text.len() == "YYYY-MM-DD".len()).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Reads RFC 3339. In UTC the time must be in the years 0 to 9999, which RFC 3339 can write.
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    parse_instant(text).filter(|time| (0..=9999).contains(&time.year()))
}

/// Reads RFC 3339, also a time whose offset leads out of the years that RFC 3339 can write: a bound of a filter.
#[must_use]
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| to_microseconds(time.with_timezone(&Utc)))
}
