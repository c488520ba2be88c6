//! Tables of inquiries and orders.

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime, DbUuid};
    sources (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        entity_type -> Text,
        version -> BigInt,
        user_id -> BigInt,
        title -> Nullable<Text>,
        description -> Nullable<Text>,
        workflow_id -> DbUuid,
        status -> Text,
        phase -> Text,
        content -> DbJson,
        created_by -> Text,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::DbTime;
    source_events (account_id, source_id, version) {
        account_id -> BigInt,
        source_id -> BigInt,
        version -> BigInt,
        transition -> Nullable<Text>,
        from_status -> Nullable<Text>,
        to_status -> Text,
        reason -> Nullable<Text>,
        actor_name -> Text,
        occurred_at -> DbTime,
        recorded_at -> DbTime,
    }
}
