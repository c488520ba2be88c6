//! A row of the access table: one valid request of an operation.

use serde_json::Value;

/// A valid request with a slot for each id of the account: `{case}` in path and query, `"{case}"` in the body.
/// [`World`](super::world::World) defines the kinds of slots.
pub(super) struct Row {
    /// Method, path and query.
    pub(super) name: &'static str,
    body: Option<(&'static str, String)>,
    exempt: Vec<&'static str>,
}

/// A place in a request that takes an id of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) place: Place,
    pub(super) kind: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Body,
}

/// A row with its slots filled.
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) target: String,
    pub(super) media_type: Option<&'static str>,
    pub(super) body: String,
}

/// A row without a body.
pub(super) const fn row(name: &'static str) -> Row {
    Row { name, body: None, exempt: Vec::new() }
}

/// Method and path, without the query and without the names of the slots.
pub(super) fn shape(name: &str) -> String {
    let path = name.split('?').next().unwrap();
    pieces(path, '{', '}').into_iter().map(|(text, slot)| format!("{text}{}", slot.map_or("", |_| "{}"))).collect()
}

impl Row {
    pub(super) fn json(self, body: &Value) -> Self {
        self.content("application/json", body.to_string())
    }

    pub(super) fn content(mut self, media_type: &'static str, body: String) -> Self {
        self.body = Some((media_type, body));
        self
    }

    /// Exempts the row from testing a reference. `_reason` documents why.
    pub(super) fn without(mut self, reference: &'static str, _reason: &'static str) -> Self {
        self.exempt.push(reference);
        self
    }

    pub(super) fn shape(&self) -> String {
        shape(self.name)
    }

    pub(super) fn is_read(&self) -> bool {
        self.name.starts_with("GET ")
    }

    /// Whether the parameter or field has a slot or is exempt.
    pub(super) fn tries(&self, reference: &str) -> bool {
        let body = self.body.as_ref().map_or("", |(_, body)| body);
        let ways = [format!("\"{reference}\":\"{{"), format!("\"{reference}\":[\"{{")];
        let query = [format!("?{reference}={{"), format!("&{reference}={{")];
        self.exempt.contains(&reference)
            || query.iter().any(|way| self.name.contains(way))
            || ways.iter().any(|way| body.contains(way))
    }

    /// The slots, in the order in which [`Self::fill`] visits them.
    pub(super) fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.fill(|slot| {
            slots.push(slot.clone());
            String::new()
        });
        slots
    }

    /// The request with each slot replaced by the result of `value`.
    pub(super) fn fill(&self, mut value: impl FnMut(&Slot) -> String) -> Request {
        let (method, target) = self.name.split_once(' ').unwrap();
        let mut filled = String::new();
        for (text, slot) in pieces(target, '{', '}') {
            filled.push_str(text);
            let place = if filled.contains('?') { Place::Query } else { Place::Path };
            filled.extend(slot.map(|kind| value(&Slot { place, kind: kind.to_owned() })));
        }
        let mut body = String::new();
        for (text, string) in pieces(self.body.as_ref().map_or("", |(_, body)| body), '"', '"') {
            body.push_str(text);
            match string.map(|string| (string, string.strip_prefix('{').and_then(|kind| kind.strip_suffix('}')))) {
                Some((_, Some(kind))) => {
                    let value = value(&Slot { place: Place::Body, kind: kind.to_owned() });
                    body.push_str(&value.parse::<i64>().map_or_else(|_| format!("\"{value}\""), |id| id.to_string()));
                }
                Some((string, None)) => body.push_str(&format!("\"{string}\"")),
                None => {}
            }
        }
        Request { method, target: filled, media_type: self.body.as_ref().map(|(media_type, _)| *media_type), body }
    }
}

/// Splits a text into pairs: the text before an opening delimiter, and the text between it and the closing delimiter.
/// The last pair has no second part.
fn pieces(text: &str, open: char, close: char) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once(open).and_then(|(before, after)| Some((before, after.split_once(close)?)))
    {
        pieces.push((before, Some(inside)));
        rest = after;
    }
    pieces.push((rest, None));
    pieces
}
