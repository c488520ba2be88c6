//! Reads the query of a request parameter by parameter, so that a response lists all faults at once.
//!
//! The macro `params!` describes each parameter in one line, for its reader and for the OpenAPI documents.

pub mod param;

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    future::{Ready, ready},
    ops::RangeInclusive,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use docket_domain::{
    error::{FAULTS_MAX, FieldError, FieldErrors},
    text,
    time::TimeBound,
};
use percent_encoding::percent_decode_str;

use crate::wire::{
    api_error::RequestError,
    fields::{parse_date, parse_instant},
};

/// Maximum number of unknown parameters that an error names.
const UNKNOWN_MAX: usize = 20;

/// The query of a request.
pub trait FromParams: Sized + 'static {
    /// Takes the known parameters and adds their faults.
    fn from_params(params: &mut Params) -> Self;
}

/// Defines groups of parameters. Each line has the description, the name, the type and the kind (see `param`) of a
/// parameter. The parameters are read and documented in this order.
macro_rules! params {
    ($($(#[$about:meta])* $visible:vis struct $group:ident {
        $($(#[doc = $line:literal])+ $field:ident: $type:ty = $param:expr;)*
    })*) => {$(
        $(#[$about])*
        #[derive(Debug)]
        $visible struct $group {
            $(pub $field: $type,)*
        }

        impl $crate::wire::params::FromParams for $group {
            fn from_params(params: &mut $crate::wire::params::Params) -> Self {
                Self { $($field: $param.read(params, $crate::wire::params::name(stringify!($field))),)* }
            }
        }

        impl utoipa::IntoParams for $group {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$($param.describe($crate::wire::params::name(stringify!($field)), &[$($line),+]),)*]
            }
        }
    )*};
}
pub(crate) use params;

/// The name of a parameter, without the prefix of a raw identifier.
#[must_use]
pub fn name(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

macro_rules! query_of_groups {
    ($($group:ident)+) => {
        /// A query of several groups of parameters.
        impl<$($group: FromParams),+> FromParams for ($($group,)+) {
            fn from_params(params: &mut Params) -> Self {
                ($($group::from_params(params),)+)
            }
        }
    };
}
query_of_groups!(A B);
query_of_groups!(A B C);
query_of_groups!(A B C D);

/// Application data of a path that ignores unknown parameters.
#[derive(Debug, Clone, Copy)]
pub struct IgnoresUnknown;

/// The query of a request. Unknown parameters are refused, unless the path has [`IgnoresUnknown`].
#[derive(Debug)]
pub struct Query<Q>(pub Q);

/// Marks a request, in its extensions, whose query was read.
struct WasRead;

/// For handlers that read the query without [`Query`].
pub fn note_read(request: &HttpRequest) {
    request.extensions_mut().insert(WasRead);
}

/// Refuses the parameters of a request whose handler reads no query. It must be extracted after everything else.
#[derive(Debug)]
pub struct NothingLeft;

impl FromRequest for NothingLeft {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if request.query_string().is_empty() || request.extensions().contains::<WasRead>() || ignores_unknown(request) {
            return ready(Ok(Self));
        }
        let mut params = Params::new(request.query_string());
        params.refuse_untaken();
        ready(params.finish().map(|()| Self).map_err(|faults| RequestError::new(request, faults)))
    }
}

fn ignores_unknown(request: &HttpRequest) -> bool {
    request.app_data::<IgnoresUnknown>().is_some()
}

impl<Q: FromParams> FromRequest for Query<Q> {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        note_read(request);
        let mut params = Params::new(request.query_string());
        let query = Q::from_params(&mut params);
        if !ignores_unknown(request) {
            params.refuse_untaken();
        }
        let query = params.finish().map(|()| query);
        ready(query.map(Self).map_err(|faults| RequestError::new(request, faults)))
    }
}

/// Maximum number of parameters in a query.
const PARAMS_MAX: usize = 1_000;

/// The parameters, and the faults found so far.
#[derive(Debug, Default)]
pub struct Params {
    values: Vec<(String, String)>,
    /// Names that were asked for, and whether each may be given more than once.
    taken: Vec<(String, bool)>,
    faults: FieldErrors,
}

impl Params {
    #[must_use]
    pub fn new(query: &str) -> Self {
        let mut params = Self::default();
        let mut pairs = query.split('&').filter(|pair| !pair.is_empty());
        for pair in pairs.by_ref().take(PARAMS_MAX) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) if value.contains(text::NUL) => params.fault(&name, text::NUL_REFUSED),
                (Some(name), Some(value)) => params.values.push((name, value)),
                (Some(name), None) => params.fault(&name, "must be UTF-8"),
                (None, _) => params.fault("query", "must be UTF-8"),
            }
        }
        if pairs.next().is_some() {
            params.fault("query", format!("must have at most {PARAMS_MAX} parameters"));
        }
        params
    }

    /// Reads a whole query.
    ///
    /// # Errors
    /// All faults.
    pub fn read<Q: FromParams>(mut self) -> Result<Q, Vec<FieldError>> {
        let query = Q::from_params(&mut self);
        self.finish().map(|()| query)
    }

    /// Refuses every parameter that `Q` does not have, and each of its parameters that is given more than once.
    pub fn only<Q: FromParams>(&mut self) {
        let mut asked = Self::default();
        Q::from_params(&mut asked);
        let names = asked.taken.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
        let given = self.values.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let mut seen = HashSet::new();
        for name in &given {
            let earlier = !seen.insert(name);
            match (names.contains(&name.as_str()), earlier) {
                (true, false) | (false, true) => {}
                (true, true) => self.fault(name, "must be given once"),
                (false, false) if self.faults.len() >= FAULTS_MAX => {}
                (false, false) => {
                    let shown = name.chars().take(100).collect::<String>();
                    self.fault(&shown, format!("is not a known parameter, expected {}", names.join(", ")));
                }
            }
        }
    }

    /// Refuses every parameter that was not asked for, and each that was asked for once but is given more than once.
    fn refuse_untaken(&mut self) {
        let (mut seen, mut untaken) = (HashMap::<&str, usize>::new(), Vec::new());
        self.values.iter().for_each(|(name, _)| *seen.entry(name).or_default() += 1);
        let taken = self.taken.iter().map(|(name, repeats)| (name.as_str(), *repeats)).collect::<HashMap<_, _>>();
        for (name, count) in seen {
            match taken.get(name) {
                None => untaken.push((name.to_owned(), "is not a known parameter")),
                Some(false) if count > 1 => untaken.push((name.to_owned(), "must be given once")),
                Some(_) => {}
            }
        }
        untaken.sort_unstable();
        for (name, message) in untaken.into_iter().take(UNKNOWN_MAX) {
            self.fault(&name.chars().take(100).collect::<String>(), message);
        }
    }

    /// The faults, for callers that add others.
    #[must_use]
    pub fn into_faults(self) -> FieldErrors {
        self.faults
    }

    /// # Errors
    /// All faults, if there are any.
    pub fn finish(self) -> Result<(), Vec<FieldError>> {
        self.faults.finish()
    }

    pub fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.add(name, message);
    }

    pub fn all(&mut self, name: &str) -> Vec<String> {
        self.taken.push((name.to_owned(), true));
        self.values.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether the parameter is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    /// The last value of a parameter that may have aliases, with the name that was used.
    fn last(&mut self, name: &str, aliases: &[&str]) -> Option<(String, String)> {
        let is_asked = |given: &str| given == name || aliases.contains(&given);
        let names = std::iter::once(&name).chain(aliases);
        self.taken.extend(names.map(|name| ((*name).to_owned(), false)));
        self.values.iter().rev().find(|(given, _)| is_asked(given)).cloned()
    }

    /// Reads a parameter. Adds a fault if the value is not as `expected`.
    pub fn value<T>(&mut self, name: &str, expected: impl Display, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.aliased(name, &[], expected, read)
    }

    /// Reads a parameter that has aliases. Adds a fault, under the name that was used, if the value is not as
    /// `expected`.
    pub fn aliased<T>(
        &mut self,
        name: &str,
        aliases: &[&str],
        expected: impl Display,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = self.last(name, aliases)?;
        let value = read(&value);
        if value.is_none() {
            self.fault(&name, format!("must be {expected}"));
        }
        value
    }

    /// One line of text, normalized like stored names. An empty one counts as absent.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let (name, value) = self.last(name, &[]).filter(|(_, value)| !value.is_empty())?;
        match text::check_line(&name, &value, text::NAME_MAX) {
            Ok(()) => Some(text::line(&value)),
            Err(fault) => {
                self.faults.extend([fault]);
                None
            }
        }
    }

    /// An integer within inclusive bounds.
    pub fn integer(&mut self, name: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let expected = match (*bounds.start(), *bounds.end()) {
            (from, i64::MAX) => format!("an integer from {from}"),
            (from, to) => format!("an integer from {from} to {to}"),
        };
        self.value(name, expected, |value| value.parse().ok().filter(|value| bounds.contains(value)))
    }

    /// A boolean, in any of the words that Trackops accepts.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        self.value(name, "true or false", |value| match value.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        })
    }

    /// A date or a time.
    pub fn bound(&mut self, name: &str, aliases: &[&str]) -> Option<TimeBound> {
        self.aliased(name, aliases, "a date (YYYY-MM-DD) or a time (RFC 3339)", parse_bound)
    }
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// Reads a date, RFC 3339 (also if an unescaped `+` became a space), or `YYYY-MM-DD HH:MM:SS` in UTC.
#[must_use]
pub fn parse_bound(text: &str) -> Option<TimeBound> {
    if let Some(day) = parse_date(text) {
        return Some(TimeBound::Day(day));
    }
    let instant = parse_instant(text)
        .or_else(|| parse_instant(&text.replace(' ', "+")))
        .or_else(|| parse_instant(&format!("{}Z", text.replacen(' ', "T", 1))));
    instant.map(if text.contains('.') { TimeBound::Instant } else { TimeBound::Second })
}
