//! Provisional ids of new things, and the ids that a store assigns to them at commit.

use crate::id::{CaseId, EntityId};

/// The numbers that a store gives to a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// The id of a new case.
    pub case: Option<CaseId>,
    /// The first of the instances of the series, as many as
    /// [`Needs::instances`](crate::decision::Needs::instances) asks for.
    pub first_instance: Option<i32>,
    /// The ids of the new things, as [`Needs::entities`](crate::decision::Needs::entities) lists them.
    pub entities: Vec<i64>,
}

impl Numbers {
    /// Replaces a provisional instance, 0 for the first that is needed, by the one that was given.
    pub fn set_instance(&self, instance: &mut i32) {
        if let Some(first) = self.first_instance {
            *instance = instance.saturating_add(first);
        }
    }

    /// Replaces a provisional id by the one that was given.
    pub fn replace<I: EntityId>(&self, id: &mut I) {
        let given = usize::try_from(-1 - id.integer()).ok().and_then(|at| self.entities.get(at));
        if let Some(given) = given {
            *id = I::from_integer(*given);
        }
    }
}

/// Something that may hold provisional ids.
pub trait Numbering {
    /// Puts in the ids that the store gave.
    fn number(&mut self, numbers: &Numbers);
}
