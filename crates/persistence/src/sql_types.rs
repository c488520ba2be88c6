//! SQL types that map each concept to the native type of each backend.
//!
//! | concept | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`DbUuid`] | `uuid` | blob of 16 bytes |
//! | [`DbTime`] | `timestamptz` | text, RFC 3339 with six decimals and `Z`, which sorts by time |
//! | [`DbJson`] | `json`, which keeps the original text | text |
//!
//! `table!` matches column types by *name*: a type named `Timestamptz` would get arithmetic that only PostgreSQL
//! supports.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{self, SqlType},
    sqlite::Sqlite,
};
use uuid::Uuid;

/// A UUID.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct DbUuid;

/// A point in time.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct DbTime;

/// JSON. The text is stored unchanged.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 114, array_oid = 199))]
#[diesel(sqlite_type(name = "Text"))]
pub struct DbJson;

impl sql_types::SqlOrd for DbTime {}
impl sql_types::SqlOrd for DbUuid {}

type SqliteValue<'a> = <Sqlite as diesel::backend::Backend>::RawValue<'a>;

/// Column value of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = DbUuid)]
pub(crate) struct Uid(pub(crate) Uuid);

/// Column value of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = DbTime)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

/// A stored time, or none if the text in the column is not a time. The verification needs this: the text may have been
/// changed outside Docket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromSqlRow)]
pub(crate) struct MomentIfReadable(pub(crate) Option<DateTime<Utc>>);

impl FromSql<DbTime, Pg> for MomentIfReadable {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Moment as FromSql<DbTime, Pg>>::from_sql(value).map(|time| Self(Some(time.0)))
    }
}

impl FromSql<DbTime, Sqlite> for MomentIfReadable {
    fn from_sql(mut value: SqliteValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(DateTime::parse_from_rfc3339(value.read_text()).map(|time| time.to_utc()).ok()))
    }
}

/// Column value of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = DbJson)]
pub(crate) struct JsonText(pub(crate) String);

/// The last time with a four-digit year. Stored times are never later. A filter's time may be; its text (`+10000-…`)
/// would sort before all others, so it is capped.
const LAST_MOMENT: DateTime<Utc> = match DateTime::from_timestamp_micros(253_402_300_799_999_999) {
    Some(time) => time,
    None => DateTime::<Utc>::MAX_UTC,
};

/// Implements the conversions of a column type. PostgreSQL takes the native value; SQLite needs a conversion to its
/// storage class.
macro_rules! column {
    ($sql:ident, $rust:ident($inner:ty), postgres: $native:ty, to_sqlite: |$value:ident| $to:expr, from_sqlite: |$raw:ident| $from:expr) => {
        impl ToSql<$sql, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <$inner as ToSql<$native, Pg>>::to_sql(&self.0, out)
            }
        }

        impl FromSql<$sql, Pg> for $rust {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                <$inner as FromSql<$native, Pg>>::from_sql(value).map(Self)
            }
        }

        impl ToSql<$sql, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let $value = &self.0;
                out.set_value($to);
                Ok(IsNull::No)
            }
        }

        impl FromSql<$sql, Sqlite> for $rust {
            fn from_sql(mut $raw: SqliteValue<'_>) -> deserialize::Result<Self> {
                Ok(Self($from))
            }
        }
    };
}

column!(DbUuid, Uid(Uuid), postgres: sql_types::Uuid,
    to_sqlite: |uuid| &uuid.as_bytes()[..],
    from_sqlite: |raw| Uuid::from_slice(raw.read_blob())?);
column!(DbTime, Moment(DateTime<Utc>), postgres: sql_types::Timestamptz,
    to_sqlite: |time| time.min(&LAST_MOMENT).to_rfc3339_opts(SecondsFormat::Micros, true),
    from_sqlite: |raw| DateTime::parse_from_rfc3339(raw.read_text())?.to_utc());
column!(DbJson, JsonText(String), postgres: sql_types::Text,
    to_sqlite: |text| text.as_str(),
    from_sqlite: |raw| raw.read_text().to_owned());
