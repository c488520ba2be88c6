//! Handlers that compute deadlines and list calendars. They store nothing and need no case.

use std::collections::BTreeSet;

use actix_web::web::{Data, Json};
use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::deadline::{
    self, Calendar, CalendarKey, Computation, ComputedDeadline, Direction, MAX_COUNT, Rule, Service, Step, Trigger,
    Unit,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::error::NativeError;
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::{
        body::Body,
        fields::{Fields, FromFields, parse_date},
        problem::Problem,
    },
};

/// A period whose end is computed.
#[derive(Debug, Default, ToSchema)]
#[expect(dead_code, reason = "most fields only describe the body, which from_fields reads")]
pub struct ComputeBody {
    /// Body of law: `frcp6` (Federal Rule of Civil Procedure 6), `bgb` (§§ 187–193 BGB with § 222 ZPO) or `plain` (a
    /// plain count; the last day never moves).
    #[schema(value_type = String, example = "frcp6")]
    rule: (),
    /// Event from which the period is counted: a date (`YYYY-MM-DD`); with `hours` a timestamp with its UTC offset
    /// (RFC 3339).
    #[schema(value_type = String, example = "2026-07-03")]
    trigger: (),
    /// Number of units, 1 to 100,000.
    #[schema(value_type = i64, example = 30, minimum = 1, maximum = 100_000)]
    count: (),
    /// `days`, `business_days` (only with `plain`), `weeks`, `months`, `years` or `hours`.
    #[schema(value_type = String, example = "days")]
    unit: (),
    /// Whether the period runs `after` or `before` the event. Default: `after`.
    #[schema(value_type = Option<String>, example = "after", default = "after", nullable = false)]
    direction: (),
    /// How the paper was served: `personal`, `office_or_dwelling`, `mail`, `clerk`, `electronic` or `other_consented`.
    /// Only with `frcp6` and `after`. `mail`, `clerk` and `other_consented` add three days; `electronic` adds them only
    /// for triggers from 1 December 2001 to 30 November 2016.
    #[schema(value_type = Option<String>, example = "mail")]
    service: (),
    /// Whether the day of the event is the first day of the period (§ 187 (2) BGB). Not with `frcp6` or `hours`.
    /// Default: `false`.
    #[schema(value_type = Option<bool>, example = false, default = false)]
    counts_trigger_day: (),
    /// Key of the holiday calendar. Default: `us-federal` for `frcp6`, `de` for `bgb`, none for `plain`.
    #[schema(value_type = Option<String>, example = "us-federal")]
    calendar: (),
    /// Further days that are not working days (`YYYY-MM-DD`), at most 5,000.
    #[schema(value_type = Option<Vec<String>>, example = json!([]))]
    closed_days: (),
    /// `None` if a field is invalid.
    #[schema(ignore)]
    read: Option<Computation>,
}

impl FromFields for ComputeBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let rule = fields.required("rule", |fields| fields.word("rule", &one_of(Rule::ALL), |word| word.parse().ok()));
        let trigger = fields.required("trigger", |fields| {
            let expected = "a date such as 2026-03-31, or for hours a timestamp such as 2026-03-31T09:30:00-04:00";
            fields.word("trigger", expected, trigger)
        });
        let count = fields.required("count", |fields| {
            let expected = format!("an integer from 1 to {MAX_COUNT}; to count backward use direction");
            fields.given("count", &expected, |value| {
                value
                    .as_u64()
                    .and_then(|count| u32::try_from(count).ok())
                    .filter(|count| (1..=MAX_COUNT).contains(count))
            })
        });
        let unit = fields.required("unit", |fields| fields.word("unit", &one_of(Unit::ALL), |word| word.parse().ok()));
        let direction = fields.not_null("direction", |fields| {
            fields.word("direction", &one_of(Direction::ALL), |word| word.parse().ok())
        });
        let service = fields.word("service", &one_of(Service::ALL), |word| word.parse::<Service>().ok()).flatten();
        let counts_trigger_day = fields.boolean("counts_trigger_day").flatten().unwrap_or_default();
        let calendar =
            fields.word("calendar", &one_of(CalendarKey::ALL), |word| word.parse::<CalendarKey>().ok()).flatten();
        let closed_days = fields.given("closed_days", "an array of dates (YYYY-MM-DD)", closed_days).flatten();
        let (Some(rule), Some(trigger), Some(count), Some(unit)) = (rule, trigger, count, unit) else {
            return Self::default();
        };
        let (direction, closed_days) = (direction.unwrap_or(Direction::After), closed_days.unwrap_or_default());
        let computation =
            Computation { rule, trigger, count, unit, direction, service, counts_trigger_day, calendar, closed_days };
        for violation in computation.violations() {
            fields.fault(violation.field(), violation.to_string());
        }
        Self { read: Some(computation), ..Self::default() }
    }
}

impl ComputeBody {
    #[must_use]
    pub fn into_computation(self) -> Option<Computation> {
        self.read
    }
}

fn one_of<T: ToString>(words: &[T]) -> String {
    format!("one of {}", words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

/// Accepts a date only as `YYYY-MM-DD`.
fn trigger(text: &str) -> Option<Trigger> {
    let trigger = text.parse().ok()?;
    match trigger {
        Trigger::Date(_) => parse_date(text).map(Trigger::Date),
        Trigger::At(_) => Some(trigger),
    }
}

fn closed_days(value: Value) -> Option<BTreeSet<NaiveDate>> {
    value.as_array()?.iter().map(|day| parse_date(day.as_str()?)).collect()
}

/// A computed due date.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// Last day to act, in local time of the place.
    #[schema(example = "2026-08-06")]
    due_on: NaiveDate,
    /// Last moment to act; only for periods in `hours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(null))]
    due_at: Option<DateTime<Utc>>,
    /// Steps of the computation, in order. The date of the last step is the due date.
    steps: Vec<StepView>,
}

/// One step of a computation.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// Stable id of the step, for example `count` or `next_day`.
    #[schema(example = "service")]
    rule: String,
    /// Legal provision of the step.
    #[schema(example = "Fed. R. Civ. P. 6(d)")]
    citation: String,
    /// What the step does in this computation.
    #[schema(
        example = "Service by mail adds 3 days after the period would otherwise expire: Wednesday, 5 August 2026."
    )]
    explanation: String,
    /// Date after the step.
    #[schema(example = "2026-08-05")]
    date: NaiveDate,
}

impl From<Step> for StepView {
    fn from(Step { rule, citation, explanation, date }: Step) -> Self {
        Self { rule, citation, explanation, date }
    }
}

impl From<ComputedDeadline> for OutcomeView {
    fn from(ComputedDeadline { due_on, due_at, steps }: ComputedDeadline) -> Self {
        Self { due_on, due_at, steps: steps.into_iter().map(StepView::from).collect() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarListView {
    data: Vec<CalendarView>,
}

/// A holiday calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarView {
    #[schema(example = "us-federal")]
    key: &'static str,
    #[schema(example = "United States: federal legal holidays")]
    name: &'static str,
    /// First year for which the calendar is verified.
    #[schema(example = 2000)]
    verified_from: i32,
    /// Last year for which the calendar is verified. Computations that reach other years are refused.
    #[schema(example = 2035)]
    verified_to: i32,
}

impl From<Calendar> for CalendarView {
    fn from(calendar: Calendar) -> Self {
        let Calendar { key, name, verified_from, verified_to, .. } = calendar;
        Self { key: key.as_str(), name, verified_from, verified_to }
    }
}

/// Compute a deadline
///
/// Returns the due date and the steps that lead to it, each with its legal provision. The result is an aid to counting,
/// not legal advice. Input that the rule does not cover is an error of that field, and so is a year for which the
/// calendar is not verified.
#[utoipa::path(
    post,
    path = "/api/v1/deadlines/compute",
    tag = "deadlines",
    request_body = ComputeBody,
    responses((status = 200, description = "The due date and its steps.", body = OutcomeView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn compute_deadline(
    _who: Authed<CasesRead>,
    body: Body<ComputeBody>,
    _app: Data<App>,
) -> Result<Json<OutcomeView>, NativeError> {
    let computation = body.0.into_computation().ok_or_else(|| Problem::invalid("rule", "is required"))?;
    let outcome = deadline::compute(&computation);
    Ok(Json(outcome.map_err(|fault| Problem::invalid(fault.field(), fault.to_string()))?.into()))
}

/// List calendars
///
/// Returns the holiday calendars and the years for which each is verified.
#[utoipa::path(
    get,
    path = "/api/v1/deadlines/calendars",
    tag = "deadlines",
    responses((status = 200, description = "The calendars.", body = CalendarListView)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_calendars(_who: Authed<CasesRead>) -> Result<Json<CalendarListView>, NativeError> {
    Ok(Json(CalendarListView { data: deadline::calendars().map(CalendarView::from).collect() }))
}
