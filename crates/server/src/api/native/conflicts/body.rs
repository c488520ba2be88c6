//! Request bodies of conflicts of interest.

use docket_domain::{
    conflict::{CheckQuery, Decided, Identity, Score, Side, Sides},
    error::{Error, Rejection},
    id::CaseRef,
    service::MIN_SCORE,
    text,
};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::wire::fields::{Fields, FromFields};

/// Greatest number of names, and of e-mail addresses, of a check.
const NAMES_MAX: usize = 50;

/// What a check looks for.
#[derive(Debug)]
pub(super) enum Looked {
    Names(Vec<CheckQuery>),
    Case(CaseRef),
}

#[derive(Debug)]
pub struct CheckBody {
    pub(super) looked: Looked,
    pub(super) min_score: Score,
}

/// Names and e-mail addresses with their side, or a case.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the fields of `CheckBody`")]
struct CheckFields {
    /// Names to look for, at most 50; each has 1 to 500 characters.
    #[schema(required = false, min_items = 1, max_items = 50, example = json!(["Bob Jones"]))]
    names: Vec<String>,
    /// E-mail addresses to look for, at most 50.
    #[schema(required = false, max_items = 50, example = json!(["bob.jones@example.org"]))]
    emails: Vec<String>,
    /// The side on which those who are looked for would stand: `client` or `adverse`. Required without `case`.
    #[schema(required = false, example = "adverse")]
    side: String,
    /// The case whose parties are looked for, by UUID or integer id, instead of names.
    #[schema(value_type = String, required = false, example = json!(null))]
    case: String,
    /// Matches with a lower score are left out, from 0 to 1.
    #[schema(required = false, minimum = 0, maximum = 1, default = 0.7, example = 0.7)]
    min_score: f64,
}

impl PartialSchema for CheckBody {
    fn schema() -> RefOr<Schema> {
        CheckFields::schema()
    }
}

impl ToSchema for CheckBody {}

impl FromFields for CheckBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let min_score = fields.not_null("min_score", |fields| fields.given("min_score", "a number from 0 to 1", score));
        let read = |value: Value| match value {
            Value::String(text) => Some(CaseRef::parse(&text).unwrap_or(NONE)),
            Value::Number(number) => Some(CaseRef::parse(&number.to_string()).unwrap_or(NONE)),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let case = fields.not_null("case", |fields| fields.given("case", "an id", read));
        let names = fields.not_null("names", |fields| fields.texts("names", NAMES_MAX));
        let emails = fields.not_null("emails", |fields| fields.texts("emails", NAMES_MAX));
        let side = |fields: &mut Fields| {
            fields.word("side", "client or adverse", |word| Side::parse(word).filter(|side| *side != Side::Neutral))
        };
        let looked = match case {
            Some(case) => {
                fields.refuse(&["side"], "must not be given together with case");
                for (name, is_given) in [("names", names.is_some()), ("emails", emails.is_some())] {
                    if is_given {
                        fields.fault(name, "must not be given together with case");
                    }
                }
                Looked::Case(case)
            }
            None => {
                let is_empty = names.is_none() && emails.is_none();
                if is_empty && fields.is_sound() {
                    fields.fault("names", "is required without emails or case");
                }
                let side = fields.required("side", side).unwrap_or(Side::Neutral);
                Looked::Names(queries(fields, names, emails, side))
            }
        };
        Self { looked, min_score: min_score.unwrap_or(MIN_SCORE) }
    }
}

/// An id that no case has.
const NONE: CaseRef = CaseRef::Number(docket_domain::id::CaseId(-1));

fn queries(
    fields: &mut Fields,
    names: Option<Vec<String>>,
    emails: Option<Vec<String>>,
    side: Side,
) -> Vec<CheckQuery> {
    let (names, emails) = (names.unwrap_or_default(), emails.unwrap_or_default());
    for (field, lines, most) in [("names", &names, text::NAME_MAX), ("emails", &emails, text::SHORT_MAX)] {
        for (at, line) in lines.iter().enumerate() {
            if let Err(fault) = text::check_line(&format!("{field}[{at}]"), &text::line(line), most) {
                fields.fault(&fault.field, fault.message);
            }
        }
    }
    let query = |identity| CheckQuery { identity, side, person: None };
    let of_email = |email: String| Identity { email: Some(email), ..Identity::default() };
    names.into_iter().map(Identity::named).chain(emails.into_iter().map(of_email)).map(query).collect()
}

/// A share as whole percent, rounded up, so that no match below it passes.
fn score(value: Value) -> Option<Score> {
    let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
    Some((share * 100.0 - 1e-9).ceil().max(0.0) as Score)
}

/// An unknown case in the body is a fault of the field `case`.
pub(super) fn unknown_case(error: Error) -> Error {
    if matches!(error, Error::Rejected(Rejection::NotFound(_))) {
        return Error::invalid("case", "must be an existing case");
    }
    error
}

/// The sides of all roles.
#[derive(Debug)]
pub struct SidesBody {
    pub(super) sides: Sides,
}

/// The map of roles to sides.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the fields of `SidesBody`")]
struct SidesFields {
    /// The side by role: `client`, `adverse` or `neutral`. At most 500 roles.
    #[schema(example = json!({"client": "client", "opponent": "adverse", "witness": "neutral"}))]
    sides: std::collections::BTreeMap<String, String>,
}

impl PartialSchema for SidesBody {
    fn schema() -> RefOr<Schema> {
        SidesFields::schema()
    }
}

impl ToSchema for SidesBody {}

impl FromFields for SidesBody {
    fn from_fields(fields: &mut Fields) -> Self {
        // The map on its own is accepted too.
        let map = if fields.has("sides") {
            fields.required("sides", |fields| fields.object("sides")).unwrap_or_default()
        } else {
            fields.take_rest()
        };
        let mut sides = Vec::new();
        for (role, side) in map {
            match side.as_str().and_then(Side::parse) {
                Some(side) => sides.push((role, side)),
                None => fields.fault(&format!("sides.{role}"), "must be client, adverse or neutral"),
            }
        }
        let sides = Sides::new(sides).unwrap_or_else(|why| {
            fields.fault("sides", why);
            Sides::default()
        });
        Self { sides }
    }
}

/// A decision about a hit.
#[derive(Debug, ToSchema)]
pub struct DecisionBody {
    /// `cleared`, `confirmed` or `waived`.
    #[schema(value_type = String, example = "cleared")]
    pub(super) decision: Decided,
    /// Why, 1 to 2,000 characters.
    #[schema(value_type = String, example = "another person of this name, born in 1951", min_length = 1, max_length = 2000)]
    pub(super) reason: Option<String>,
}

impl FromFields for DecisionBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let decision = fields.required("decision", |fields| {
            fields.word("decision", "one of cleared, confirmed, waived", Decided::parse)
        });
        let reason = fields.required("reason", |fields| fields.text("reason"));
        if reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            fields.fault("reason", "must not be empty");
        }
        Self { decision: decision.unwrap_or(Decided::Cleared), reason }
    }
}
