//! Conflicts of interest.

use docket_domain::{
    conflict::{Candidates, ConflictCheck, Keys, PartyRole, Sides},
    id::{AccountId, CaseId, CheckId, PersonId},
    page::Page,
    store::{ConflictStore, Result},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl ConflictStore for Database {
    async fn find_candidates(&self, account: AccountId, keys: &Keys, limits: (usize, usize)) -> Result<Candidates> {
        let keys = keys.clone();
        scan!(self, conflicts::find_candidates(account, &keys, limits))
    }

    async fn list_party_roles(&self, account: AccountId, people: &[PersonId], limit: i64) -> Result<Vec<PartyRole>> {
        let people = people.to_vec();
        scan!(self, conflicts::list_roles(account, &people, limit))
    }

    async fn load_sides(&self, account: AccountId) -> Result<Option<Sides>> {
        read!(self, conflicts::load_sides(account))
    }

    async fn save_sides(&self, account: AccountId, sides: &Sides) -> Result<()> {
        let sides = sides.clone();
        write!(self, conflicts::save_sides(account, &sides))
    }

    async fn find_conflict_check(&self, account: AccountId, check: CheckId) -> Result<Option<ConflictCheck>> {
        read!(self, conflicts::find(account, check))
    }

    async fn list_conflict_checks(
        &self,
        account: AccountId,
        case: CaseId,
        after: Option<CheckId>,
        limit: i64,
    ) -> Result<Page<ConflictCheck>> {
        read!(self, conflicts::list(account, case, after, limit))
    }
}
