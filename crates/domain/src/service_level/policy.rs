//! Service levels: targets for the cases that they apply to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{duration::WorkDuration, pattern::EventPattern};
use crate::{
    case::{Case, Priority},
    event::EventData,
};

/// A share from 0 to 1, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(u16);

impl Share {
    /// The default share of a goal after which a clock is at risk.
    pub const WARN_AT: Self = Self(800);

    /// The share with this value; `None` unless it is from 0 to 1.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        if !(0.0..=1.0).contains(&value) {
            return None;
        }
        // The value has at most four digits.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        let thousandths = (value * 1_000.0).round() as u16;
        Some(Self(thousandths))
    }

    /// Its value.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }

    /// That share of a duration.
    #[must_use]
    pub const fn of(self, duration: WorkDuration) -> WorkDuration {
        WorkDuration::seconds(duration.as_seconds() * self.0 as i64 / 1_000)
    }
}

/// The cases that a service level applies to. An absent condition always holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AppliesTo {
    /// The type is one of these.
    pub types: Option<Vec<String>>,
    /// The priority is one of these.
    pub priorities: Option<Vec<Priority>>,
    /// The case has one of these tags.
    pub tags: Option<Vec<String>>,
    /// The root client is one of these.
    pub client_ids: Option<Vec<i64>>,
}

/// A target of a service level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its name in the service level.
    pub name: String,
    /// The event that starts its clock.
    pub starts_on: EventPattern,
    /// The event that stops its clock.
    pub stops_on: EventPattern,
    /// The statuses in which its clock pauses.
    pub pauses_in: Vec<String>,
    /// How long it may take.
    pub goal: WorkDuration,
    /// How long it may take at some priorities.
    pub goal_by_priority: BTreeMap<Priority, WorkDuration>,
    /// The key of the calendar whose hours count.
    pub calendar: String,
    /// The share of the goal after which it is at risk.
    pub warn_at: Share,
    /// Whether a stopped clock begins anew, at zero, when the event that starts it happens again or the case is reopened.
    pub restarts: bool,
}

impl Target {
    /// The goal at a priority.
    #[must_use]
    pub fn goal_at(&self, priority: Priority) -> WorkDuration {
        self.goal_by_priority.get(&priority).copied().unwrap_or(self.goal)
    }
}

/// A service level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// Its key in the account.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The cases that it applies to.
    pub applies_to: AppliesTo,
    /// Its place: a case follows the first service level that applies to it.
    pub position: i64,
    /// Its targets.
    pub targets: Vec<Target>,
}

impl ServiceLevel {
    /// Whether it applies to a case.
    #[must_use]
    pub fn applies_to(&self, case: &Case) -> bool {
        let AppliesTo { types, priorities, tags, client_ids } = &self.applies_to;
        let details = &case.details;
        types.as_ref().is_none_or(|types| details.case_type.as_ref().is_some_and(|of_case| types.contains(of_case)))
            && priorities.as_ref().is_none_or(|priorities| priorities.contains(&details.priority))
            && tags.as_ref().is_none_or(|tags| tags.iter().any(|tag| details.tags.contains(tag)))
            && client_ids.as_ref().is_none_or(|ids| details.client.is_some_and(|client| ids.contains(&client.0)))
    }

    /// Whether an event can move a clock, or decide whether the service level applies.
    #[must_use]
    pub fn may_move_at(&self, data: &EventData) -> bool {
        let is_pattern = |target: &Target| target.starts_on.names(data) || target.stops_on.names(data);
        let of_case = matches!(
            data,
            EventData::Created(_) | EventData::StatusChanged(_) | EventData::WorkflowMigrated(_) | EventData::Edited(_)
        );
        of_case || matches!(data, EventData::Sla(_)) || self.targets.iter().any(is_pattern)
    }

    /// The service level of a case: the first one that applies.
    #[must_use]
    pub fn of_case<'l>(all: &'l [Self], case: &Case) -> Option<&'l Self> {
        all.iter().filter(|level| level.applies_to(case)).min_by_key(|level| (level.position, &level.key))
    }
}
