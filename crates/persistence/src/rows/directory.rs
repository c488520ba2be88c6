//! Rows of the directories.

use diesel::prelude::*;
use docket_domain::{
    directory::{AccessGroup, CaseTask, Client, Region},
    id::{AccessGroupId, AccountId, CaseTaskId, ClientId, RegionId},
    text::search_key,
};

use crate::{
    schema::{access_groups, case_tasks, clients, regions},
    sql_types::Moment,
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
pub(crate) struct ClientRow {
    account_id: i64,
    id: i64,
    name: String,
    name_key: String,
    parent_id: Option<i64>,
    root_id: Option<i64>,
    created_at: Moment,
}

impl ClientRow {
    pub(crate) fn new(client: &Client, id: i64) -> Self {
        Self {
            account_id: client.account.0,
            id,
            name: client.name.clone(),
            name_key: search_key(&client.name),
            parent_id: client.parent.map(|id| id.0),
            root_id: client.root.map(|id| id.0),
            created_at: Moment(client.created_at),
        }
    }
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        Self {
            account: AccountId(row.account_id),
            id: ClientId(row.id),
            name: row.name,
            parent: row.parent_id.map(ClientId),
            root: row.root_id.map(ClientId),
            created_at: row.created_at.0,
        }
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = regions, treat_none_as_default_value = false)]
pub(crate) struct RegionRow {
    account_id: i64,
    id: i64,
    name: String,
    name_key: String,
    created_at: Moment,
}

impl RegionRow {
    pub(crate) fn new(region: &Region, id: i64) -> Self {
        Self {
            account_id: region.account.0,
            id,
            name: region.name.clone(),
            name_key: search_key(&region.name),
            created_at: Moment(region.created_at),
        }
    }
}

impl From<RegionRow> for Region {
    fn from(row: RegionRow) -> Self {
        let (account, id) = (AccountId(row.account_id), RegionId(row.id));
        Self { account, id, name: row.name, created_at: row.created_at.0 }
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_groups, treat_none_as_default_value = false)]
pub(crate) struct AccessGroupRow {
    account_id: i64,
    id: i64,
    name: String,
    name_key: String,
    requires_validation: bool,
    created_at: Moment,
}

impl AccessGroupRow {
    pub(crate) fn new(group: &AccessGroup, id: i64) -> Self {
        Self {
            account_id: group.account.0,
            id,
            name: group.name.clone(),
            name_key: search_key(&group.name),
            requires_validation: group.requires_validation,
            created_at: Moment(group.created_at.unwrap_or_default()),
        }
    }
}

impl From<AccessGroupRow> for AccessGroup {
    fn from(row: AccessGroupRow) -> Self {
        Self {
            account: AccountId(row.account_id),
            id: AccessGroupId(row.id),
            name: row.name,
            requires_validation: row.requires_validation,
            created_at: Some(row.created_at.0),
        }
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_tasks, treat_none_as_default_value = false)]
pub(crate) struct CaseTaskRow {
    account_id: i64,
    id: i64,
    name: String,
    name_key: String,
    created_at: Moment,
}

impl CaseTaskRow {
    pub(crate) fn new(task: &CaseTask, id: i64) -> Self {
        Self {
            account_id: task.account.0,
            id,
            name: task.name.clone(),
            name_key: search_key(&task.name),
            created_at: Moment(task.created_at),
        }
    }
}

impl From<CaseTaskRow> for CaseTask {
    fn from(row: CaseTaskRow) -> Self {
        let (account, id) = (AccountId(row.account_id), CaseTaskId(row.id));
        Self { account, id, name: row.name, created_at: row.created_at.0 }
    }
}
