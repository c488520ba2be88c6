//! Provisional ids of new things, and their replacement by the ids that the store assigns at commit.

use crate::id::{CaseId, EntityId};

/// The numbers that a store assigns for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Id of the new case, if the decision creates one.
    pub case: Option<CaseId>,
    /// First of the assigned instances of the series. [`Needs::instances`](crate::decision::Needs::instances) gives
    /// their count.
    pub first_instance: Option<i32>,
    /// Ids of the new things, in the order of [`Needs::entities`](crate::decision::Needs::entities).
    pub entities: Vec<i64>,
}

impl Numbers {
    /// Replaces a provisional instance by the assigned one. Provisional instances count from 0.
    pub fn set_instance(&self, instance: &mut i32) {
        if let Some(first) = self.first_instance {
            *instance = instance.saturating_add(first);
        }
    }

    /// Replaces a provisional id by the assigned one. Provisional ids are -1, -2 and so on; other ids stay.
    pub fn replace<I: EntityId>(&self, id: &mut I) {
        let given = usize::try_from(-1 - id.integer()).ok().and_then(|at| self.entities.get(at));
        if let Some(given) = given {
            *id = I::from_integer(*given);
        }
    }
}

/// A value that may contain provisional ids.
pub trait Numbering {
    /// Replaces the provisional ids by the assigned ones.
    fn number(&mut self, numbers: &Numbers);
}
