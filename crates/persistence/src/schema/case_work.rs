//! Tables of the parts of a case.

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
    use diesel::sql_types::{BigInt, Bool, Text};
    use crate::sql_types::DbTime;
    deadline_moments (account_id, deadline_id, what, at) {
        account_id -> BigInt,
        deadline_id -> BigInt,
        what -> Text,
        at -> DbTime,
        told -> Bool,
    }
}
