//! Tables of cases, their events, tags, former numbers and counts, the imports, the hash chain and the feed.

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
        unlisted_at -> Nullable<DbTime>,
        sla_due_at -> Nullable<DbTime>,
        merged -> Nullable<DbJson>,
        parts -> Nullable<DbJson>,
        log_head -> Binary,
        name_key -> Text,
        search_text -> Text,
        former_numbers -> DbJson,
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
        proof -> Nullable<Binary>,
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
    use diesel::sql_types::{BigInt, SmallInt, Text};
    case_totals (account_id, status, priority, source) {
        account_id -> BigInt,
        status -> Text,
        priority -> SmallInt,
        source -> Text,
        cases -> BigInt,
        resolved -> BigInt,
        resolution_seconds -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    histograms (account_id, histogram, bucket) {
        account_id -> BigInt,
        histogram -> Text,
        bucket -> BigInt,
        entries -> BigInt,
    }
}

// Only PostgreSQL has this table.
diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    histogram_changes (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        histogram -> Text,
        bucket -> BigInt,
        entries -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::DbTime;
    imported_cases (account_id, source, external_id) {
        account_id -> BigInt,
        source -> Text,
        external_id -> Text,
        case_id -> Nullable<BigInt>,
        rows_seen -> BigInt,
        row_digests -> Binary,
        last_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    log_chain (account_id, position) {
        account_id -> BigInt,
        position -> BigInt,
        case_id -> BigInt,
        version -> BigInt,
        head -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    pending_backfills (name) {
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    feed (account_id, position) {
        account_id -> BigInt,
        position -> BigInt,
        case_id -> BigInt,
        version -> BigInt,
        kind -> Text,
        case_number -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    feed_queue (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        version -> BigInt,
        kind -> Text,
        case_number -> Nullable<Text>,
    }
}
