//! Request bodies of conflicts of interest.

use docket_domain::{
    conflict::{CheckQuery, Decided, Identity, Score, Side, Sides},
    error::{Error, Rejection},
    id::CaseRef,
    service::MIN_SCORE,
    text,
};
use serde_json::Value;
use utoipa::ToSchema;

use crate::wire::fields::{Fields, FromFields};

/// Greatest number of names, and of e-mail addresses, of a check.
const NAMES_MAX: usize = 50;

/// Names and e-mail addresses with their side, or a case.
#[derive(Debug, ToSchema)]
pub struct CheckBody {
    /// Names to look for, at most 50; each has 1 to 500 characters.
    #[schema(value_type = Vec<String>, required = false, max_items = 50, example = json!(["Bob Jones"]))]
    names: Option<Vec<String>>,
    /// E-mail addresses to look for, at most 50.
    #[schema(value_type = Vec<String>, required = false, max_items = 50, example = json!(["bob.jones@example.org"]))]
    emails: Option<Vec<String>>,
    /// The side on which those who are looked for would stand: `client` or `adverse`. Required without `case`.
    #[schema(value_type = String, required = false, example = "adverse")]
    side: Option<Side>,
    /// The case whose parties are looked for, by UUID or integer id, instead of names.
    #[schema(value_type = String, required = false, example = json!(null))]
    pub(super) case: Option<CaseRef>,
    /// Matches with a lower score are left out, from 0 to 1.
    #[schema(value_type = f64, required = false, minimum = 0, maximum = 1, default = 0.7, example = 0.7)]
    min_score: Option<Score>,
}

impl FromFields for CheckBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let side = |word: &str| Side::parse(word).filter(|side| *side != Side::Neutral);
        let body = Self {
            names: fields.not_null("names", |fields| fields.texts("names", NAMES_MAX)),
            emails: fields.not_null("emails", |fields| fields.texts("emails", NAMES_MAX)),
            side: fields.not_null("side", |fields| fields.word("side", "client or adverse", side)),
            case: fields.not_null("case", |fields| fields.case("case")),
            min_score: fields.not_null("min_score", |fields| fields.given("min_score", "a number from 0 to 1", score)),
        };
        body.check(fields);
        body
    }
}

impl CheckBody {
    fn check(&self, fields: &mut Fields) {
        let given = [("names", self.names.is_some()), ("emails", self.emails.is_some()), ("side", self.side.is_some())];
        if self.case.is_some() {
            for (name, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
                fields.fault(name, "must not be given together with case");
            }
        } else if fields.is_sound() {
            if self.names.is_none() && self.emails.is_none() {
                fields.fault("names", "is required without emails or case");
            }
            if self.side.is_none() {
                fields.fault("side", "is required without case: client or adverse");
            }
        }
        let (names, emails) = (self.names.iter().flatten(), self.emails.iter().flatten());
        let names = names.enumerate().map(|(at, name)| (format!("names[{at}]"), name, text::NAME_MAX));
        let emails = emails.enumerate().map(|(at, email)| (format!("emails[{at}]"), email, text::SHORT_MAX));
        for (field, line, most) in names.chain(emails) {
            if let Err(fault) = text::check_line(&field, &text::line(line), most) {
                fields.fault(&fault.field, fault.message);
            }
        }
    }

    pub(super) fn min_score(&self) -> Score {
        self.min_score.unwrap_or(MIN_SCORE)
    }

    /// Who is looked for by name or e-mail address.
    pub(super) fn into_queries(self) -> Vec<CheckQuery> {
        let side = self.side.unwrap_or(Side::Neutral);
        let of_email = |email: String| Identity { email: Some(email), ..Identity::default() };
        let names = self.names.into_iter().flatten().map(Identity::named);
        let identities = names.chain(self.emails.into_iter().flatten().map(of_email));
        identities.map(|identity| CheckQuery { identity, side, person: None }).collect()
    }
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
#[derive(Debug, ToSchema)]
pub struct SidesBody {
    /// The side by role: `client`, `adverse` or `neutral`. At most 500 roles.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"client": "client", "opponent": "adverse", "witness": "neutral"}))]
    pub(super) sides: Sides,
}

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
