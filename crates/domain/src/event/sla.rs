//! Events of service levels: moments that only time brings about.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::time::Timestamp;

/// A moment of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlaMoment {
    /// The running clock is at risk.
    Warning,
    /// The goal has passed.
    Breached,
}

/// Event: a clock of the case reached a moment. It occurred at that moment, also if it is recorded later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaEvent {
    /// The moment.
    pub moment: SlaMoment,
    /// Key of the service level.
    pub level: String,
    /// Name of the target.
    pub target: String,
    /// When the goal passes, or has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

impl SlaEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.moment {
            SlaMoment::Warning => "sla.warning",
            SlaMoment::Breached => "sla.breached",
        }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        match self.moment {
            SlaMoment::Warning => format!("{} is at risk", self.target),
            SlaMoment::Breached => format!("{} has passed its goal", self.target),
        }
    }

    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({ "service_level": self.level, "target": self.target, "due_at": self.due_at })
    }
}
