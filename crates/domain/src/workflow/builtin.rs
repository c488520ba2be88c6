//! The built-in workflows, for accounts without their own workflow.

use std::sync::{Arc, LazyLock};

use super::{entity_type::EntityType, model::Workflow};

/// The built-in workflow of a kind of entity.
#[must_use]
pub fn builtin(entity_type: EntityType) -> &'static Workflow {
    shared(entity_type)
}

/// [`builtin`] as the use cases hand it on, beside the accounts' own workflows.
pub(crate) fn shared(entity_type: EntityType) -> &'static Arc<Workflow> {
    static CASE: LazyLock<Arc<Workflow>> = LazyLock::new(|| load(include_str!("builtin/case.json")));
    static INQUIRY: LazyLock<Arc<Workflow>> = LazyLock::new(|| load(include_str!("builtin/inquiry.json")));
    static ORDER: LazyLock<Arc<Workflow>> = LazyLock::new(|| load(include_str!("builtin/order.json")));

    match entity_type {
        EntityType::Case => &CASE,
        EntityType::Inquiry => &INQUIRY,
        EntityType::Order => &ORDER,
    }
}

#[expect(clippy::expect_used, reason = "the text is part of the program, and a test loads every one of them")]
fn load(json: &str) -> Arc<Workflow> {
    Arc::new(Workflow::from_json(json).expect("a built-in workflow is sound"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_workflow_loads_and_is_of_its_kind() {
        for entity_type in EntityType::ALL {
            assert_eq!(builtin(entity_type).entity_type(), entity_type);
        }
    }
}
