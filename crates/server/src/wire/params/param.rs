//! A parameter of a query, described once: its schema in the OpenAPI documents and how it is read.
//!
//! The macro `params!` makes tables of them. Nothing here names a parameter.

use std::{
    fmt::{self, Display},
    ops::RangeInclusive,
    str::FromStr,
};

use docket_domain::time::TimeBound;
use serde_json::{Value, json};
use utoipa::openapi::{
    KnownFormat, ObjectBuilder, Required, SchemaFormat, Type,
    path::{Parameter, ParameterBuilder, ParameterIn},
};

use super::Params;

/// Makes the schema of a parameter. The schema is built for a document only, not for each request.
pub trait Schema: FnOnce() -> ObjectBuilder {}

impl<S: FnOnce() -> ObjectBuilder> Schema for S {}

/// Reads a parameter by its name and adds its faults.
pub trait Read<T>: FnOnce(&mut Params, &str) -> T {}

impl<T, R: FnOnce(&mut Params, &str) -> T> Read<T> for R {}

/// A parameter without its name.
#[derive(Debug)]
#[must_use]
pub struct Param<S, R> {
    schema: S,
    read: R,
    required: bool,
    example: Option<Literal>,
}

/// A default or an example.
#[derive(Debug, Clone, Copy)]
pub enum Literal {
    Text(&'static str),
    Integer(i64),
    Boolean(bool),
}

impl From<&'static str> for Literal {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Literal {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<bool> for Literal {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<Literal> for Value {
    fn from(literal: Literal) -> Self {
        match literal {
            Literal::Text(text) => json!(text),
            Literal::Integer(integer) => json!(integer),
            Literal::Boolean(boolean) => json!(boolean),
        }
    }
}

const fn param<T, S: Schema, R: Read<T>>(schema: S, read: R) -> Param<S, R> {
    Param { schema, read, required: false, example: None }
}

impl<S: Schema, R> Param<S, R> {
    pub fn read<T>(self, params: &mut Params, name: &str) -> T
    where
        R: Read<T>,
    {
        (self.read)(params, name)
    }

    #[must_use]
    pub fn describe(self, name: &str, lines: &[&str]) -> Parameter {
        let description = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(if self.required { Required::True } else { Required::False })
            .description(Some(description))
            .schema(Some((self.schema)()))
            .example(self.example.map(Value::from))
            .build()
    }

    pub fn example(self, example: impl Into<Literal>) -> Self {
        Self { example: Some(example.into()), ..self }
    }

    pub fn map<T, U>(self, convert: impl FnOnce(T) -> U) -> Param<S, impl Read<Option<U>>>
    where
        R: Read<Option<T>>,
    {
        self.and_then(|value| Some(convert(value)))
    }

    pub fn and_then<T, U>(self, convert: impl FnOnce(T) -> Option<U>) -> Param<S, impl Read<Option<U>>>
    where
        R: Read<Option<T>>,
    {
        let Self { schema, read, required, example } = self;
        let read = |params: &mut Params, name: &str| read(params, name).and_then(convert);
        Param { schema, read, required, example }
    }

    /// Gives an absent parameter a value that the document does not name.
    pub fn or<T>(self, value: T) -> Param<S, impl Read<T>>
    where
        R: Read<Option<T>>,
    {
        let Self { schema, read, required, example } = self;
        let read = |params: &mut Params, name: &str| read(params, name).unwrap_or(value);
        Param { schema, read, required, example }
    }

    /// Gives an absent parameter its default.
    pub fn default<T: Into<Literal> + Copy>(self, default: T) -> Param<impl Schema, impl Read<T>>
    where
        R: Read<Option<T>>,
    {
        self.default_word(default, default)
    }

    /// Gives an absent parameter the value that its default `word` stands for.
    pub fn default_word<T>(self, word: impl Into<Literal>, value: T) -> Param<impl Schema, impl Read<T>>
    where
        R: Read<Option<T>>,
    {
        let (word, Param { schema, read, required, example }) = (word.into(), self.or(value));
        Param { schema: move || schema().default(Some(word.into())), read, required, example }
    }

    /// Refuses an absent parameter. `placeholder` is the value of a parameter with a fault.
    pub fn required<T>(self, expected: impl Display, placeholder: T) -> Param<S, impl Read<T>>
    where
        R: Read<Option<T>>,
    {
        let Param { schema, read, example, .. } = self.or(placeholder);
        let read = move |params: &mut Params, name: &str| {
            if !params.has(name) {
                params.fault(name, format!("is required: {expected}"));
            }
            read(params, name)
        };
        Param { schema, read, required: true, example }
    }

    pub fn not_empty(self) -> Param<impl Schema, R> {
        let Self { schema, read, required, example } = self;
        Param { schema: || schema().min_length(Some(1)), read, required, example }
    }
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn integer_as(format: KnownFormat) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).format(Some(SchemaFormat::KnownFormat(format)))
}

/// One line of text, normalized like stored names. An empty one counts as absent.
pub fn text() -> Param<impl Schema, impl Read<Option<String>>> {
    param(string, |params: &mut Params, name: &str| params.text(name))
}

/// A text exactly as it was sent. An empty one counts as absent.
pub fn verbatim() -> Param<impl Schema, impl Read<Option<String>>> {
    param(string, |params: &mut Params, name: &str| {
        params.value(name, "", |text| Some(text.to_owned())).filter(|text| !text.is_empty())
    })
}

/// A parameter that can be repeated.
pub fn repeated<T>(read: impl Fn(&str) -> T) -> Param<impl Schema, impl Read<Vec<T>>> {
    param(string, move |params: &mut Params, name: &str| params.all(name).iter().map(|value| read(value)).collect())
}

/// An integer within inclusive bounds. `i64::MAX` means no upper bound.
pub fn integer(bounds: RangeInclusive<i64>) -> Param<impl Schema, impl Read<Option<i64>>> {
    let (least, most) = (*bounds.start(), Some(*bounds.end()).filter(|most| *most < i64::MAX));
    param(
        move || integer_as(KnownFormat::Int64).minimum(Some(least)).maximum(most),
        move |params: &mut Params, name: &str| params.integer(name, bounds),
    )
}

/// An integer type of the documents.
pub trait Integer: FromStr {
    const FORMAT: KnownFormat;
}

impl Integer for i64 {
    const FORMAT: KnownFormat = KnownFormat::Int64;
}

impl Integer for i32 {
    const FORMAT: KnownFormat = KnownFormat::Int32;
}

/// Any integer within the range of the type.
pub fn number<T: Integer>() -> Param<impl Schema, impl Read<Option<T>>> {
    number_of(&[])
}

/// Any integer within the range of the type. The schema does not list the aliases of the parameter.
pub fn number_of<T: Integer>(aliases: &[&str]) -> Param<impl Schema, impl Read<Option<T>>> {
    param(
        || integer_as(T::FORMAT),
        |params: &mut Params, name: &str| params.aliased(name, aliases, "an integer", |value| value.parse().ok()),
    )
}

/// An id in another system: a positive integer.
pub fn foreign_id() -> Param<impl Schema, impl Read<Option<i64>>> {
    param(|| integer_as(KnownFormat::Int64), |params: &mut Params, name: &str| params.integer(name, 1..=i64::MAX))
}

/// An id, as `parse` reads it. The document describes its integer form.
pub fn id<I>(parse: impl FnOnce(&str) -> Option<I>) -> Param<impl Schema, impl Read<Option<I>>> {
    param(|| integer_as(KnownFormat::Int64), |params: &mut Params, name: &str| params.value(name, "an id", parse))
}

/// An id, as `parse` reads it. The document describes its opaque form.
pub fn opaque_id<I>(parse: impl FnOnce(&str) -> Option<I>) -> Param<impl Schema, impl Read<Option<I>>> {
    param(string, |params: &mut Params, name: &str| params.value(name, "an id", parse))
}

/// A boolean, in any of the words that Trackops accepts.
pub fn boolean() -> Param<impl Schema, impl Read<Option<bool>>> {
    param(|| ObjectBuilder::new().schema_type(Type::Boolean), |params: &mut Params, name: &str| params.boolean(name))
}

/// A date or a time. The schema does not list the aliases of the parameter.
pub fn bound(aliases: &[&str]) -> Param<impl Schema, impl Read<Option<TimeBound>>> {
    param(string, |params: &mut Params, name: &str| params.bound(name, aliases))
}

/// Words separated by commas, each as `parse` reads it.
pub fn list<T>(
    expected: impl Display,
    parse: impl Fn(&str) -> Option<T>,
) -> Param<impl Schema, impl Read<Option<Vec<T>>>> {
    param(string, |params: &mut Params, name: &str| {
        params.value(name, expected, move |value| value.split(',').map(|word| parse(word.trim())).collect())
    })
}

/// A closed vocabulary: its values, and the word for each.
#[derive(Debug)]
#[must_use]
pub struct Words<T: 'static> {
    values: &'static [T],
    word: fn(T) -> &'static str,
}

impl<T> Clone for Words<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Words<T> {}

impl<T: Copy> Words<T> {
    pub const fn new(values: &'static [T], word: fn(T) -> &'static str) -> Self {
        Self { values, word }
    }

    #[must_use]
    pub fn parse(self, text: &str) -> Option<T> {
        self.values.iter().copied().find(|value| (self.word)(*value) == text)
    }

    fn joined(self, separator: &str) -> String {
        self.values.iter().map(|value| (self.word)(*value)).collect::<Vec<_>>().join(separator)
    }

    fn alternatives(self) -> String {
        format!("({})", self.joined("|"))
    }
}

/// `one of a, b, c`
impl<T: Copy> Display for Words<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.joined(", "))
    }
}

/// The values of a table of words.
pub const fn table<T: Copy>(values: &'static [(&'static str, T)]) -> Words<(&'static str, T)> {
    Words::new(values, |(word, _)| word)
}

/// A word of a closed vocabulary.
pub fn word<T: Copy>(words: Words<T>) -> Param<impl Schema, impl Read<Option<T>>> {
    param(
        move || string().pattern(Some(format!("^{}$", words.alternatives()))),
        move |params: &mut Params, name: &str| params.value(name, words, |text| words.parse(text)),
    )
}

/// Words of a closed vocabulary, separated by commas.
pub fn word_list<T: Copy>(words: Words<T>) -> Param<impl Schema, impl Read<Option<Vec<T>>>> {
    let param = list(Among(words), move |text| words.parse(text));
    let pattern = move || {
        let word = words.alternatives();
        format!("^{word}(,{word})*$")
    };
    Param { schema: move || string().pattern(Some(pattern())), read: param.read, required: false, example: None }
}

/// `among a, b, c`
#[derive(Debug)]
pub struct Among<T: 'static>(pub Words<T>);

impl<T: Copy> Display for Among<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "among {}", self.0.joined(", "))
    }
}

/// A word of a closed vocabulary, or the word with a leading `-`. The flag says whether it has one.
pub fn signed_word<T: Copy>(words: Words<T>) -> Param<impl Schema, impl Read<Option<(T, bool)>>> {
    param(
        move || string().pattern(Some(format!("^-?{}$", words.alternatives()))),
        move |params: &mut Params, name: &str| {
            params.value(name, format_args!("{words}, each with - or without"), |text| {
                let (key, signed) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
                words.parse(key).map(|value| (value, signed))
            })
        },
    )
}

/// `asc` or `desc`: whether the order is descending. `spell` prepares the word that was sent.
pub fn direction(spell: impl FnOnce(&str) -> String) -> Param<impl Schema, impl Read<Option<bool>>> {
    const WORDS: Words<(&str, bool)> = table(&[("asc", false), ("desc", true)]);
    param(
        || string().pattern(Some(format!("^{}$", WORDS.alternatives()))),
        |params: &mut Params, name: &str| {
            params.value(name, "asc or desc", |text| WORDS.parse(&spell(text)).map(|(_, descending)| descending))
        },
    )
}

/// A single word that turns something on.
pub fn flag(word: &'static str) -> Param<impl Schema, impl Read<bool>> {
    let read = move |params: &mut Params, name: &str| params.value(name, word, |text| (text == word).then_some(true));
    param(move || string().pattern(Some(format!("^{word}$"))), read).or(false)
}
