//! Tables of conflicts of interest, of settings, and of clocks.

diesel::table! {
    person_keys (account_id, key, person_id) {
        account_id -> BigInt,
        key -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use crate::sql_types::DbJson;
    conflict_sides (account_id) {
        account_id -> BigInt,
        sides -> DbJson,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{DbJson, DbTime};
    conflict_checks (account_id, id) {
        account_id -> BigInt,
        id -> BigInt,
        case_id -> BigInt,
        verdict -> Text,
        hits -> DbJson,
        parties -> Text,
        run_by_id -> Nullable<BigInt>,
        run_by_name -> Text,
        run_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::DbJson;
    settings (account_id, kind, key) {
        account_id -> BigInt,
        kind -> Text,
        key -> Text,
        definition -> DbJson,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::DbTime;
    clocks (account_id, case_id, target) {
        account_id -> BigInt,
        case_id -> BigInt,
        target -> Text,
        level -> Text,
        state -> Text,
        warn_at -> Nullable<DbTime>,
        due_at -> Nullable<DbTime>,
        next_at -> Nullable<DbTime>,
    }
}
