//! Tables of case updates.

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
