//! The connection and the SQL dialect of PostgreSQL.

pub(crate) type Conn = diesel_async::AsyncPgConnection;
pub(crate) type Db = diesel::pg::Pg;
