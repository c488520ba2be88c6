//! Queries of the directories. Each directory has a module with the same four queries.

use diesel::{dsl::count_star, prelude::*};
use docket_domain::{
    directory::{AccessGroup, CaseTask, Client, DirectoryFilter, Region},
    id::{AccountId, EntityId},
    text::search_key,
};

use super::{super::next_ids, Conn, Db, RunQueryDsl};
use crate::{
    error::QueryError,
    rows::{AccessGroupRow, CaseTaskRow, ClientRow, RegionRow},
    schema,
};

macro_rules! directory {
    ($(#[doc = $doc:literal])* $module:ident: $entry:ident, $row:ident, $table:ident, |$query:ident, $parent:ident| $narrowed:expr) => {
        $(#[doc = $doc])*
        pub(crate) mod $module {
            use super::*;
            use super::schema::$table as table;

            type Id = <$entry as docket_domain::directory::DirectoryEntry>::Id;

            fn matching<'q>(account: AccountId, filter: &DirectoryFilter) -> table::BoxedQuery<'q, Db> {
                let mut query = table::table.filter(table::account_id.eq(account.0)).into_boxed();
                if let Some(id) = filter.id {
                    query = query.filter(table::id.eq(id));
                }
                if let Some(name) = &filter.name {
                    query = query.filter(table::name_key.eq(search_key(name)));
                }
                match filter.parent {
                    None => query,
                    Some($parent) => {
                        let $query = query;
                        $narrowed
                    }
                }
            }

            async fn load(conn: &mut Conn, query: table::BoxedQuery<'_, Db>) -> Result<Vec<$entry>, QueryError> {
                let rows = query.select($row::as_select()).load::<$row>(conn).await?;
                Ok(rows.into_iter().map($entry::from).collect())
            }

            pub(crate) async fn find(conn: &mut Conn, account: AccountId, ids: &[Id]) -> Result<Vec<$entry>, QueryError> {
                let query = matching(account, &DirectoryFilter::default());
                load(conn, query.filter(table::id.eq_any(ids.iter().map(|id| id.integer())))).await
            }

            pub(crate) async fn list(
                conn: &mut Conn,
                account: AccountId,
                filter: &DirectoryFilter,
                descending: bool,
                offset: i64,
                limit: i64,
            ) -> Result<Vec<$entry>, QueryError> {
                let query = matching(account, filter).limit(limit).offset(offset);
                let query = if descending { query.order_by(table::id.desc()) } else { query.order_by(table::id.asc()) };
                load(conn, query).await
            }

            pub(crate) async fn count(
                conn: &mut Conn,
                account: AccountId,
                filter: &DirectoryFilter,
            ) -> Result<i64, QueryError> {
                Ok(matching(account, filter).select(count_star()).get_result(conn).await?)
            }

            pub(crate) async fn create(conn: &mut Conn, entry: $entry) -> Result<$entry, QueryError> {
                let ids = next_ids(conn, &[Id::ENTITY]).await?;
                let [id] = ids.as_slice() else { return Err(QueryError::defect("one id was asked for")) };
                diesel::insert_into(table::table).values($row::new(&entry, *id)).execute(conn).await?;
                Ok($entry { id: Id::from_integer(*id), ..entry })
            }
        }
    };
}

directory!(
    /// Clients and their locations.
    clients: Client, ClientRow, clients, |query, parent| query.filter(table::parent_id.eq(parent))
);
directory!(
    /// Regions. They have no parent, so a filter by parent matches none.
    regions: Region, RegionRow, regions, |query, _parent| query.filter(table::id.eq(-1))
);
directory!(
    /// The access groups of the account. They have no parent, so a filter by parent matches none.
    access_groups: AccessGroup, AccessGroupRow, access_groups, |query, _parent| query.filter(table::id.eq(-1))
);
directory!(
    /// Events and tasks. They have no parent, so a filter by parent matches none.
    case_tasks: CaseTask, CaseTaskRow, case_tasks, |query, _parent| query.filter(table::id.eq(-1))
);
