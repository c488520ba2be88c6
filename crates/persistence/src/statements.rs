//! Wrappers that decide how a statement is prepared. They change no result.

use diesel::{
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{BigInt, HasSqlType},
};

/// Page sizes of the APIs' defaults and of common callers, each also with the extra row that shows whether more follow,
/// and the bound of lists without pages.
const USUAL_LIMITS: [i64; 15] = [1, 2, 10, 11, 15, 16, 20, 21, 25, 26, 50, 51, 100, 101, 1_000];

/// The rows of a query to return.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    offset: i64,
    limit: Option<i64>,
}

impl Span {
    /// All rows.
    pub(crate) const ALL: Self = Self { offset: 0, limit: None };

    /// The first `limit` rows.
    pub(crate) const fn first(limit: i64) -> Self {
        Self { offset: 0, limit: Some(limit) }
    }

    /// `limit` rows after the first `offset` rows.
    pub(crate) const fn after(offset: i64, limit: i64) -> Self {
        Self { offset, limit: Some(limit) }
    }
}

/// A SELECT with a limit. Usual limits are literals in the SQL, others are bound.
///
/// PostgreSQL does not reuse the plan of a prepared statement with a bound limit, because it cannot estimate its cost:
/// it plans every execution again. Bounding the number of literals bounds the number of prepared statements.
#[derive(Debug, Clone)]
pub(crate) struct Limited<Q> {
    query: Q,
    span: Span,
}

/// Limits a SELECT that has no limit yet.
pub(crate) trait Limit: Sized {
    /// The rows of the span.
    fn span(self, span: Span) -> Limited<Self> {
        Limited { query: self, span }
    }

    /// The first `limit` rows.
    fn first_rows(self, limit: i64) -> Limited<Self> {
        self.span(Span::first(limit))
    }
}

impl<Q: Query> Limit for Q {}

impl<Q: Query> Query for Limited<Q> {
    type SqlType = Q::SqlType;
}

/// Without a static id, diesel finds the prepared statement by its SQL.
impl<Q> QueryId for Limited<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, DB> QueryFragment<DB> for Limited<Q>
where
    DB: Backend + HasSqlType<BigInt>,
    Q: QueryFragment<DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        let Span { offset, limit: Some(limit) } = &self.span else { return Ok(()) };
        out.push_sql(" LIMIT ");
        if USUAL_LIMITS.contains(limit) {
            out.push_sql(&limit.to_string());
        } else {
            out.push_bind_param::<BigInt, _>(limit)?;
        }
        if *offset > 0 {
            out.push_sql(" OFFSET ");
            out.push_bind_param::<BigInt, _>(offset)?;
        }
        Ok(())
    }
}

impl<Q, C> diesel::RunQueryDsl<C> for Limited<Q> {}

/// A statement that is prepared once per connection. diesel prepares an UPDATE, an upsert and raw SQL at every
/// execution, because their SQL might have many variants.
///
/// Only for statements with few variants: each stays in the connection's cache.
#[derive(Debug, Clone)]
pub(crate) struct Prepared<Q>(pub(crate) Q);

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, DB> QueryFragment<DB> for Prepared<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q, C> diesel::RunQueryDsl<C> for Prepared<Q> {}

/// Inserts rows. A single row, the usual case, has a statement that stays prepared.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut rows = $rows;
        if rows.len() > 1 {
            diesel::insert_into($table).values(rows).execute($conn).await?;
        } else if let Some(row) = rows.pop() {
            diesel::insert_into($table).values(row).execute($conn).await?;
        }
    }};
}
pub(crate) use insert_rows;
