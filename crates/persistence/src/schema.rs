//! The tables, as diesel sees them: the same on both databases, whatever native type each column has there.
//!
//! Why a column is there stands in the migrations.

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
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::sql_types::DbTime;
    people (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        name -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        title -> Nullable<Text>,
        active -> Bool,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, SmallInt, Text};
    use crate::sql_types::{DbJson, DbTime, DbUuid};
    cases (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        uuid -> DbUuid,
        version -> BigInt,
        workflow_id -> DbUuid,
        status -> Text,
        phase -> Text,
        outcome -> Nullable<Text>,
        series_number -> BigInt,
        series_instance -> Integer,
        case_number -> Text,
        source -> Text,
        parent_id -> Nullable<BigInt>,
        parent_uuid -> Nullable<DbUuid>,
        name -> Nullable<Text>,
        file_number -> Nullable<Text>,
        case_type -> Nullable<Text>,
        description -> Nullable<Text>,
        dezernat -> Nullable<Text>,
        priority -> SmallInt,
        tags -> DbJson,
        opened_on -> Date,
        due_on -> Nullable<Date>,
        resolution -> Nullable<Text>,
        owner -> Nullable<Text>,
        notes -> Nullable<Text>,
        is_request -> Bool,
        reference_1 -> Nullable<Text>,
        reference_2 -> Nullable<Text>,
        reference_3 -> Nullable<Text>,
        customer_id -> Nullable<BigInt>,
        contractor_id -> Nullable<BigInt>,
        client_id -> Nullable<BigInt>,
        location_id -> Nullable<BigInt>,
        region_id -> Nullable<BigInt>,
        inquiry_id -> Nullable<BigInt>,
        order_id -> Nullable<BigInt>,
        offer_id -> Nullable<BigInt>,
        invoice_id -> Nullable<BigInt>,
        primary_contact_id -> Nullable<BigInt>,
        primary_investigator_id -> Nullable<BigInt>,
        primary_manager_id -> Nullable<BigInt>,
        primary_salesperson_id -> Nullable<BigInt>,
        primary_subject_id -> Nullable<BigInt>,
        custom_fields -> DbJson,
        created_by -> Text,
        occurred_at -> DbTime,
        created_at -> DbTime,
        updated_at -> DbTime,
        resolved_at -> Nullable<DbTime>,
        closed_at -> Nullable<DbTime>,
        first_resolved_at -> Nullable<DbTime>,
        archived_at -> Nullable<DbTime>,
        deleted_at -> Nullable<DbTime>,
        log_head -> Binary,
        name_key -> Text,
        search_text -> Text,
        resolution_seconds -> Nullable<BigInt>,
        series_last -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    case_events (account_id, case_id, version) {
        account_id -> BigInt,
        case_id -> BigInt,
        version -> BigInt,
        kind -> Text,
        actor_id -> Nullable<BigInt>,
        actor_name -> Nullable<Text>,
        occurred_at -> DbTime,
        recorded_at -> DbTime,
        data -> DbJson,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    case_tags (account_id, tag, case_id) {
        account_id -> BigInt,
        tag -> Text,
        case_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    former_case_numbers (account_id, case_number, case_id) {
        account_id -> BigInt,
        case_number -> Text,
        case_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    participants (account_id, case_id, side, person_id, role) {
        account_id -> BigInt,
        case_id -> BigInt,
        side -> Text,
        person_id -> BigInt,
        role -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::DbTime;
    case_links (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        linked_case_id -> BigInt,
        kind -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::DbTime;
    notes (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        body -> Text,
        author_id -> Nullable<BigInt>,
        author_name -> Text,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::DbTime;
    documents (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        title -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Binary,
        created_at -> DbTime,
        created_by_id -> Nullable<BigInt>,
        created_by_name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    deadlines (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        title -> Text,
        kind -> Text,
        due_at -> Text,
        last_moment -> DbTime,
        computation -> Nullable<DbJson>,
        steps -> DbJson,
        state -> Text,
        assigned_to -> Nullable<BigInt>,
        verified_by -> Nullable<BigInt>,
        set_by -> Nullable<BigInt>,
        warn_on -> Nullable<Date>,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, SmallInt, Text};
    case_tallies (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        created_on -> Date,
        status -> Text,
        priority -> SmallInt,
        source -> Text,
        cases -> BigInt,
        resolved -> BigInt,
        resolution_seconds -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::DbTime;
    clients (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        parent_id -> Nullable<BigInt>,
        root_id -> Nullable<BigInt>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::DbTime;
    regions (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Text};
    use crate::sql_types::DbTime;
    access_groups (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        requires_validation -> Bool,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::DbTime;
    case_tasks (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::{DbJson, DbTime};
    subjects (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        name -> Text,
        name_key -> Text,
        custom_fields -> DbJson,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::sql_types::DbTime;
    case_updates (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        revision -> BigInt,
        case_id -> BigInt,
        subject_id -> Nullable<BigInt>,
        task_id -> Nullable<BigInt>,
        access_group_id -> BigInt,
        thread_id -> BigInt,
        title -> Text,
        body -> Text,
        activity_at -> DbTime,
        is_allday -> Bool,
        validated_at -> Nullable<DbTime>,
        validated_by_id -> Nullable<BigInt>,
        is_valid -> Bool,
        created_by_id -> Nullable<BigInt>,
        behalf_of_id -> Nullable<BigInt>,
        author_id -> Nullable<BigInt>,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Text};
    update_details (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        update_id -> BigInt,
        place -> Integer,
        start_at -> Text,
        notes -> Text,
    }
}

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

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    imported_cases (account_id, source, external_id) {
        account_id -> BigInt,
        source -> Text,
        external_id -> Text,
        case_id -> Nullable<BigInt>,
        rows_seen -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    access_tokens,
    accounts,
    api_keys,
    idempotency_keys,
    workflows,
    people,
    cases,
    case_events,
    case_tags,
    former_case_numbers,
    participants,
    case_links,
    notes,
    documents,
    deadlines,
    case_tallies,
    subjects,
    case_updates,
    sources,
    source_events,
    imported_cases,
);
