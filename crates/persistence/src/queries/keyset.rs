//! Row comparisons that continue a list after a cursor.

use diesel::{
    backend::Backend,
    expression::{
        AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType, ValidGrouping,
        is_aggregate,
    },
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::{BigInt, Bool, SqlType},
};

/// `(column, id) < (key, id)`, or `>` in ascending order. Both backends can start an index scan from a row comparison,
/// so no rows are read in vain when many share a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Behind<C, I, K, B> {
    columns: (C, I),
    bounds: (K, B),
    descending: bool,
}

/// The rows of a list that come after this key and id.
pub(crate) fn behind<C, I, K>(
    columns: (C, I),
    key: K,
    id: i64,
    descending: bool,
) -> Behind<C, I, K::Expression, <i64 as AsExpression<BigInt>>::Expression>
where
    C: Expression,
    C::SqlType: SqlType + TypedExpressionType,
    K: AsExpression<C::SqlType>,
{
    Behind { columns, bounds: (key.as_expression(), AsExpression::<BigInt>::as_expression(id)), descending }
}

impl<C, I, K, B> Expression for Behind<C, I, K, B>
where
    C: Expression,
    I: Expression,
    K: Expression,
    B: Expression,
{
    type SqlType = Bool;
}

impl<C, I, K, B, GroupBy> ValidGrouping<GroupBy> for Behind<C, I, K, B> {
    type IsAggregate = is_aggregate::No;
}

impl<C, I, K, B, QS> AppearsOnTable<QS> for Behind<C, I, K, B>
where
    C: AppearsOnTable<QS>,
    I: AppearsOnTable<QS>,
    K: AppearsOnTable<QS>,
    B: AppearsOnTable<QS>,
{
}

impl<C, I, K, B, QS> SelectableExpression<QS> for Behind<C, I, K, B>
where
    C: SelectableExpression<QS>,
    I: SelectableExpression<QS>,
    K: SelectableExpression<QS>,
    B: SelectableExpression<QS>,
{
}

impl<C, I, K, B> QueryId for Behind<C, I, K, B> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, I, K, B, DB> QueryFragment<DB> for Behind<C, I, K, B>
where
    DB: Backend,
    C: QueryFragment<DB>,
    I: QueryFragment<DB>,
    K: QueryFragment<DB>,
    B: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.columns.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.columns.1.walk_ast(out.reborrow())?;
        out.push_sql(if self.descending { ") < (" } else { ") > (" });
        self.bounds.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.bounds.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
