//! Tables of merges.

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime, DbUuid};
    merges (account_id, id) {
        account_id -> BigInt,
        id -> DbUuid,
        into_id -> BigInt,
        into_uuid -> DbUuid,
        cases -> DbJson,
        reason -> Text,
        merged_by_id -> Nullable<BigInt>,
        merged_by_name -> Text,
        merged_at -> DbTime,
        undone_by_id -> Nullable<BigInt>,
        undone_by_name -> Nullable<Text>,
        undone_at -> Nullable<DbTime>,
        undone_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use crate::sql_types::DbUuid;
    merge_cases (account_id, case_id, merge_id) {
        account_id -> BigInt,
        case_id -> BigInt,
        merge_id -> DbUuid,
    }
}
