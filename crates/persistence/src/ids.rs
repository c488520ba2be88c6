//! Source of integer ids for each kind of entity.

use docket_domain::id::Entity;

use crate::error::QueryError;

/// The table whose id column numbers this kind of entity.
pub(crate) fn table(entity: Entity) -> Result<&'static str, QueryError> {
    match entity {
        Entity::Case => Ok("cases"),
        Entity::Person => Ok("people"),
        Entity::Key => Ok("api_keys"),
        Entity::Subject => Ok("subjects"),
        Entity::Update => Ok("case_updates"),
        Entity::UpdateDetail => Ok("update_details"),
        Entity::Client => Ok("clients"),
        Entity::Region => Ok("regions"),
        Entity::AccessGroup => Ok("access_groups"),
        Entity::CaseTask => Ok("case_tasks"),
        Entity::Inquiry | Entity::Order => Ok("sources"),
        Entity::Link => Ok("case_links"),
        Entity::Note => Ok("notes"),
        Entity::Document => Ok("documents"),
        Entity::Deadline => Ok("deadlines"),
        Entity::ConflictCheck => Ok("conflict_checks"),
        Entity::Webhook => Ok("webhooks"),
        Entity::Delivery => Ok("webhook_deliveries"),
        Entity::Staff | Entity::Workflow | Entity::Merge | Entity::Calendar | Entity::ServiceLevel => {
            Err(QueryError::defect("an entity without an integer id"))
        }
    }
}
