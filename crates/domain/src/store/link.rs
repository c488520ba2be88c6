//! Reading links.

use super::Result;
use crate::{
    id::{AccountId, CaseId, LinkId},
    link::Link,
};

/// Links between two cases that are not deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait LinkStore {
    /// All links of these cases, each from the point of view of one of them, oldest first. A case has few.
    async fn list_links(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<Link>>;

    /// Finds a link of a case, from its point of view.
    async fn find_link(&self, account: AccountId, case: CaseId, link: LinkId) -> Result<Option<Link>>;
}
