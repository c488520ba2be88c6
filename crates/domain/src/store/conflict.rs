//! What conflicts of interest are found with.

use super::Result;
use crate::{
    conflict::{Candidates, ConflictCheck, Keys, PartyRole, Sides},
    id::{AccountId, CaseId, CheckId, PersonId},
    page::Page,
};

/// Conflicts of interest.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait ConflictStore {
    /// People by these keys. `limits` are the greatest numbers of pairs of a strong key and a person, and of a weak one.
    async fn find_candidates(&self, account: AccountId, keys: &Keys, limits: (usize, usize)) -> Result<Candidates>;

    /// The cases of which these people are parties, deleted ones left out, at most `limit`, in any order.
    async fn list_party_roles(&self, account: AccountId, people: &[PersonId], limit: i64) -> Result<Vec<PartyRole>>;

    /// The account's map of roles to sides, if it has its own.
    async fn load_sides(&self, account: AccountId) -> Result<Option<Sides>>;

    /// Replaces the map.
    async fn save_sides(&self, account: AccountId, sides: &Sides) -> Result<()>;

    /// Finds a check.
    async fn find_conflict_check(&self, account: AccountId, check: CheckId) -> Result<Option<ConflictCheck>>;

    /// A page of the checks of a case, newest first.
    async fn list_conflict_checks(
        &self,
        account: AccountId,
        case: CaseId,
        after: Option<CheckId>,
        limit: i64,
    ) -> Result<Page<ConflictCheck>>;
}
