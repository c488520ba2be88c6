//! Rows of links between cases.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::{AccountId, CaseId, LinkId},
    link::{Link, LinkKind},
};
use uuid::Uuid;

use super::damaged;
use crate::{schema::case_links, sql_types::Moment};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_links)]
pub(crate) struct LinkRow {
    account_id: i64,
    id: i64,
    case_id: i64,
    linked_case_id: i64,
    kind: String,
    created_at: Moment,
}

impl From<&Link> for LinkRow {
    fn from(link: &Link) -> Self {
        let link = link.as_kept();
        Self {
            account_id: link.account.0,
            id: link.id.0,
            case_id: link.case.0,
            linked_case_id: link.linked.0,
            kind: link.kind.as_str().to_owned(),
            created_at: Moment(link.created_at),
        }
    }
}

impl LinkRow {
    /// The link in its stored direction, with the public ids of both cases.
    pub(crate) fn link(self, case_uuid: Uuid, linked_uuid: Uuid) -> Result<Link, StoreError> {
        Ok(Link {
            account: AccountId(self.account_id),
            id: LinkId(self.id),
            case: CaseId(self.case_id),
            case_uuid,
            linked: CaseId(self.linked_case_id),
            linked_uuid,
            kind: LinkKind::parse(&self.kind).map_err(|_| damaged("case_links.kind", &self.kind))?,
            created_at: self.created_at.0,
        })
    }
}
