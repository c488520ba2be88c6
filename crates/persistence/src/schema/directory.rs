//! Tables of the directories.

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
