//! A row of the table: how a valid request of an operation looks.

use serde_json::Value;

/// A valid request with a slot wherever it names something of the account: `{case}`, in the body `"{case}"`. Which
/// things there are is said by [`World`](super::world::World).
pub(super) struct Row {
    /// Method, path and query.
    pub(super) name: &'static str,
    body: Option<(&'static str, String)>,
    untried: Vec<&'static str>,
}

/// Where a row names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) place: Place,
    pub(super) kind: String,
}

/// Where a slot is.
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
    Row { name, body: None, untried: Vec::new() }
}

/// A name with the query left out and the names of the slots forgotten.
pub(super) fn shape(name: &str) -> String {
    let path = name.split('?').next().unwrap();
    pieces(path, '{', '}').into_iter().map(|(text, slot)| format!("{text}{}", slot.map_or("", |_| "{}"))).collect()
}

impl Row {
    /// The same with a body of JSON.
    pub(super) fn json(self, body: &Value) -> Self {
        self.content("application/json", body.to_string())
    }

    /// The same with a body of any kind.
    pub(super) fn content(mut self, media_type: &'static str, body: String) -> Self {
        self.body = Some((media_type, body));
        self
    }

    /// The same, excused from trying a reference, for a reason.
    pub(super) fn without(mut self, reference: &'static str, _reason: &'static str) -> Self {
        self.untried.push(reference);
        self
    }

    pub(super) fn shape(&self) -> String {
        shape(self.name)
    }

    pub(super) fn is_read(&self) -> bool {
        self.name.starts_with("GET ")
    }

    /// Whether this parameter or field has a slot, or an excuse.
    pub(super) fn tries(&self, reference: &str) -> bool {
        let body = self.body.as_ref().map_or("", |(_, body)| body);
        let ways = [format!("\"{reference}\":\"{{"), format!("\"{reference}\":[\"{{")];
        let query = [format!("?{reference}={{"), format!("&{reference}={{")];
        self.untried.contains(&reference)
            || query.iter().any(|way| self.name.contains(way))
            || ways.iter().any(|way| body.contains(way))
    }

    /// Its slots, in the order of [`Self::fill`].
    pub(super) fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.fill(|slot| {
            slots.push(slot.clone());
            String::new()
        });
        slots
    }

    /// The request with what `value` gives for each slot.
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

/// A text as pairs of what stands before an opening and what stands between it and the closing; none at the end.
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
