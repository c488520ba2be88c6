//! Request bodies of service levels.

use std::collections::{BTreeMap, HashSet};

use docket_domain::{
    case::Priority,
    error::{Error, FieldErrors, Rejection},
    id::ClientId,
    service_level::{AppliesTo, EventPattern, ServiceLevel, Share, TARGETS_MAX, Target, WorkDuration},
    time::Timestamp,
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{check_key, name};
use crate::wire::{
    fields::{Fields, FromFields},
    filter::CaseFilterParams,
    params::{FromParams as _, Params},
};

/// Maximum number of values of a condition, and of statuses.
const VALUES_MAX: usize = 100;

/// A service level: targets for the cases that it applies to.
#[derive(Debug, ToSchema)]
pub struct ServiceLevelBody {
    /// The key in the path; it may be repeated here.
    #[schema(value_type = String, required = false, example = json!(null))]
    key: Option<String>,
    /// Name, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500, example = "Standard")]
    name: String,
    #[schema(required = false)]
    applies_to: AppliesToBody,
    /// Place among the service levels: a case follows the first one that applies to it.
    #[schema(required = false, default = 0, example = 1)]
    position: i64,
    /// Targets, 1 to 20.
    #[schema(min_items = 1, max_items = 20)]
    targets: Vec<TargetBody>,
}

/// Conditions on a case; all that are given must hold. Each list has at most 100 values, one of which must fit.
#[derive(Debug, Default, ToSchema)]
pub(super) struct AppliesToBody {
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["litigation"]))]
    types: Option<Vec<String>>,
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["high", "urgent"]))]
    priorities: Option<Vec<Priority>>,
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["vip"]))]
    tags: Option<Vec<String>>,
    /// Ids of root clients.
    #[schema(value_type = Vec<i64>, required = false, max_items = 100, example = json!([1]))]
    client_ids: Option<Vec<i64>>,
}

/// A target.
#[derive(Debug, ToSchema)]
pub(super) struct TargetBody {
    /// Name, 1 to 500 characters, unique in the service level.
    #[schema(min_length = 1, max_length = 500, example = "Resolution")]
    name: String,
    /// The event that starts the clock: `created`, `status:KEY`, `phase:active`, `phase:closed`, `outcome:resolved`,
    /// `outcome:closed`, `outcome:cancelled`, or the name of an event such as `staff.added`.
    #[schema(value_type = String, example = "created")]
    starts_on: Option<EventPattern>,
    /// The event that stops it.
    #[schema(value_type = String, example = "outcome:resolved")]
    stops_on: Option<EventPattern>,
    /// Keys of the statuses in which it pauses, at most 100.
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["pending_customer"]))]
    pauses_in: Vec<String>,
    /// How long it may take, in working time: an ISO 8601 duration of hours, minutes and seconds.
    #[schema(value_type = String, example = "PT4H")]
    goal: Option<WorkDuration>,
    /// How long it may take at some priorities.
    #[schema(value_type = Object, required = false, example = json!({"urgent": "PT1H"}))]
    goal_by_priority: BTreeMap<Priority, WorkDuration>,
    /// Key of the calendar whose hours count.
    #[schema(example = "office")]
    calendar: String,
    /// Share of the goal after which the clock is at risk, from 0 to 1.
    #[schema(value_type = f64, required = false, minimum = 0, maximum = 1, default = 0.8, example = 0.8)]
    warn_at: Option<Share>,
    /// Whether a stopped clock begins anew, at zero, when the event that starts it happens again or the case is reopened.
    #[schema(required = false, default = false, example = false)]
    restarts: bool,
}

impl FromFields for ServiceLevelBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let position = |fields: &mut Fields| {
            fields.given("position", "an integer from -1000000 to 1000000", |value| {
                value.as_i64().filter(|position| (-1_000_000..=1_000_000).contains(position))
            })
        };
        let body = Self {
            key: fields.not_null("key", |fields| fields.text("key")),
            name: name(fields, "name"),
            applies_to: fields.not_null("applies_to", |fields| fields.nested("applies_to")).unwrap_or_default(),
            position: fields.not_null("position", position).unwrap_or_default(),
            targets: fields.required("targets", |fields| fields.list("targets", TARGETS_MAX)).unwrap_or_default(),
        };
        if body.targets.is_empty() && fields.is_sound() {
            fields.fault("targets", "must have at least one target");
        }
        let mut names = HashSet::new();
        for (at, target) in body.targets.iter().enumerate() {
            if !names.insert(target.name.as_str()) {
                fields.fault(&format!("targets[{at}].name"), "must be unique in the service level");
            }
        }
        body
    }
}

impl FromFields for AppliesToBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let texts = |fields: &mut Fields, name: &str| fields.not_null(name, |fields| fields.texts(name, VALUES_MAX));
        let priority = |value: &Value| Priority::ALL.into_iter().find(|one| value.as_str() == Some(one.as_str()));
        let priorities = |value: Value| value.as_array()?.iter().map(priority).collect();
        // A malformed id is that of no client.
        let client = |text: &str| ClientId::parse(text).map_or(-1, |client| client.0);
        fields.bound("priorities", VALUES_MAX);
        Self {
            types: texts(fields, "types"),
            priorities: fields.not_null("priorities", |fields| {
                fields.given("priorities", "an array of low, normal, high or urgent", priorities)
            }),
            tags: texts(fields, "tags"),
            client_ids: fields.not_null("client_ids", |fields| fields.ids("client_ids", VALUES_MAX, client)),
        }
    }
}

impl FromFields for TargetBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let share =
            |fields: &mut Fields| fields.given("warn_at", "a number from 0 to 1", |value| Share::new(value.as_f64()?));
        Self {
            name: name(fields, "name"),
            starts_on: fields.required("starts_on", |fields| parsed(fields, "starts_on")),
            stops_on: fields.required("stops_on", |fields| parsed(fields, "stops_on")),
            pauses_in: fields.not_null("pauses_in", |fields| fields.texts("pauses_in", VALUES_MAX)).unwrap_or_default(),
            goal: fields.required("goal", |fields| parsed(fields, "goal")),
            goal_by_priority: fields.not_null("goal_by_priority", goals).unwrap_or_default(),
            calendar: fields.required("calendar", |fields| fields.text("calendar")).unwrap_or_default(),
            warn_at: fields.not_null("warn_at", share),
            restarts: fields.not_null("restarts", |fields| fields.boolean("restarts")).unwrap_or_default(),
        }
    }
}

/// A text that the domain reads. Its error says what is expected.
fn parsed<T: std::str::FromStr>(fields: &mut Fields, name: &str) -> Option<Option<T>>
where
    T::Err: std::fmt::Display,
{
    let given = fields.text(name)?;
    let Some(text) = given else { return Some(None) };
    match text.parse::<T>() {
        Ok(value) => Some(Some(value)),
        Err(error) => {
            fields.fault(name, error.to_string());
            None
        }
    }
}

fn goals(fields: &mut Fields) -> Option<Option<BTreeMap<Priority, WorkDuration>>> {
    let goal = |(word, value): (&String, &Value)| {
        let priority = Priority::ALL.into_iter().find(|priority| priority.as_str() == word)?;
        Some((priority, value.as_str()?.parse::<WorkDuration>().ok()?))
    };
    fields.given("goal_by_priority", "an object of durations such as PT1H by low, normal, high or urgent", |value| {
        value.as_object()?.iter().map(goal).collect()
    })
}

impl ServiceLevelBody {
    pub(crate) fn into_level(self, key: String) -> Result<ServiceLevel, Error> {
        let mut faults = FieldErrors::default();
        check_key(&key, self.key.as_deref(), &mut faults);
        faults.finish()?;
        let AppliesToBody { types, priorities, tags, client_ids } = self.applies_to;
        let target = |target: TargetBody| -> Option<Target> {
            Some(Target {
                name: target.name,
                starts_on: target.starts_on?,
                stops_on: target.stops_on?,
                pauses_in: target.pauses_in,
                goal: target.goal?,
                goal_by_priority: target.goal_by_priority,
                calendar: target.calendar,
                warn_at: target.warn_at.unwrap_or(Share::WARN_AT),
                restarts: target.restarts,
            })
        };
        Ok(ServiceLevel {
            key,
            name: self.name,
            applies_to: AppliesTo { types, priorities, tags, client_ids },
            position: self.position,
            // Reading the body has refused targets that are not complete.
            targets: self.targets.into_iter().filter_map(target).collect(),
        })
    }
}

/// A question about a service level.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "policy": {
        "name": "Faster",
        "targets": [{ "name": "Resolution", "starts_on": "created", "stops_on": "outcome:resolved", "goal": "PT2H", "calendar": "office" }],
    },
    "filter": { "priority": "high" },
}))]
pub struct WhatIfBody {
    /// The service level.
    policy: ServiceLevelBody,
    /// Filters of the cases, as parameters of `GET /api/v1/cases`.
    #[schema(value_type = Object, required = false, example = json!({"priority": "high"}))]
    filter: Map<String, Value>,
    /// The instant at which the clocks are read. Default: now.
    #[schema(value_type = String, format = DateTime, required = false, example = "2026-06-01T00:00:00Z")]
    as_of: Option<Timestamp>,
}

impl FromFields for WhatIfBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let filter = fields.not_null("filter", |fields| fields.object("filter")).unwrap_or_default();
        let as_of = fields.not_null("as_of", |fields| fields.timestamp("as_of"));
        // A service level without an object around it is accepted too.
        if fields.has("targets") && !fields.has("policy") {
            return Self { policy: ServiceLevelBody::from_fields(fields), filter, as_of };
        }
        let policy = fields.required("policy", |fields| fields.nested("policy"));
        let policy = policy.unwrap_or_else(|| ServiceLevelBody {
            key: None,
            name: String::new(),
            applies_to: AppliesToBody::default(),
            position: 0,
            targets: Vec::new(),
        });
        Self { policy, filter, as_of }
    }
}

impl WhatIfBody {
    pub(crate) fn into_parts(self) -> Result<(ServiceLevel, CaseFilterParams, Option<Timestamp>), Error> {
        let value = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.filter.iter().map(|(name, given)| (name, value(given))));
        let mut params = Params::new(&query.finish());
        let filter = CaseFilterParams::from_params(&mut params);
        let faults = params.finish().err().unwrap_or_default().into_iter().map(|mut fault| {
            fault.field = format!("filter.{}", fault.field);
            fault
        });
        let faults = faults.collect::<Vec<_>>();
        if !faults.is_empty() {
            return Err(Rejection::Invalid(faults).into());
        }
        let key = self.policy.key.clone().unwrap_or_else(|| "what-if".to_owned());
        Ok((self.policy.into_level(key)?, filter, self.as_of))
    }
}
