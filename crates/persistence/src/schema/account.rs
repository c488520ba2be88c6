//! Tables of accounts, credentials, idempotency keys, workflows and people.

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::DbTime;
    accounts (id) {
        id -> BigInt,
        name -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::DbTime;
    api_keys (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        name -> Text,
        client_id -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        created_at -> DbTime,
        expires_at -> Nullable<DbTime>,
        revoked_at -> Nullable<DbTime>,
        last_used_at -> Nullable<DbTime>,
        created_by -> Nullable<BigInt>,
        revoked_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::sql_types::DbTime;
    access_tokens (account_id, hash) {
        account_id -> BigInt,
        hash -> Binary,
        key_id -> BigInt,
        scopes -> Text,
        created_at -> DbTime,
        expires_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Nullable, SmallInt, Text};
    use crate::sql_types::{DbJson, DbTime, DbUuid};
    idempotency_keys (account_id, caller_id, key) {
        account_id -> BigInt,
        caller_id -> BigInt,
        key -> Text,
        fingerprint -> Binary,
        attempt -> DbUuid,
        created_at -> DbTime,
        lease_until -> DbTime,
        effected -> Bool,
        case_id -> Nullable<BigInt>,
        case_version -> Nullable<BigInt>,
        other_id -> Nullable<BigInt>,
        status -> Nullable<SmallInt>,
        headers -> Nullable<DbJson>,
        body -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Text};
    use crate::sql_types::{DbJson, DbTime, DbUuid};
    workflows (account_id, id) {
        account_id -> BigInt,
        id -> DbUuid,
        entity_type -> Text,
        definition -> DbJson,
        is_current -> Bool,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    workflow_catalogs (account_id) {
        account_id -> BigInt,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::{DbJson, DbUuid};
    own_workflows (account_id, key) {
        account_id -> BigInt,
        key -> Text,
        entity_type -> Text,
        case_types -> DbJson,
        assertions -> DbJson,
        active_id -> DbUuid,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{DbTime, DbUuid};
    workflow_versions (account_id, key, id) {
        account_id -> BigInt,
        key -> Text,
        id -> DbUuid,
        number -> BigInt,
        created_at -> Nullable<DbTime>,
        created_by -> Nullable<BigInt>,
        created_by_name -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    people (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        name -> Text,
        aliases -> DbJson,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        title -> Nullable<Text>,
        active -> Bool,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    account_events (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        subject_type -> Text,
        subject_id -> BigInt,
        actor_id -> Nullable<BigInt>,
        actor_name -> Nullable<Text>,
        occurred_at -> DbTime,
        recorded_at -> DbTime,
        data -> DbJson,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime, DbUuid};
    workflow_migrations (account_id, id) {
        account_id -> BigInt,
        id -> DbUuid,
        key -> Text,
        from_ids -> DbJson,
        to_id -> DbUuid,
        status_map -> DbJson,
        reason -> Nullable<Text>,
        actor_id -> Nullable<BigInt>,
        actor_name -> Text,
        state -> Text,
        planned -> BigInt,
        moved -> BigInt,
        refused -> BigInt,
        after_case -> BigInt,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::DbUuid;
    migration_refusals (account_id, migration_id, case_id) {
        account_id -> BigInt,
        migration_id -> DbUuid,
        case_id -> BigInt,
        status -> Text,
        obstacle -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    webhooks (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        version -> BigInt,
        url -> Text,
        types -> DbJson,
        description -> Nullable<Text>,
        active -> Bool,
        secret -> Text,
        old_secret -> Nullable<Text>,
        old_secret_until -> Nullable<DbTime>,
        created_at -> DbTime,
        disabled_at -> Nullable<DbTime>,
        disabled_reason -> Nullable<Text>,
        position -> BigInt,
        failing_since -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    webhook_deliveries (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        webhook_id -> BigInt,
        position -> BigInt,
        event_id -> Text,
        kind -> Text,
        case_id -> BigInt,
        status -> Text,
        attempts -> DbJson,
        due_at -> Nullable<DbTime>,
        taken_until -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}
