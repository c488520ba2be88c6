//! Reading links.

use super::Result;
use crate::{
    id::{AccountId, CaseId, LinkId},
    link::Link,
};

/// Links between cases of which neither is deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait LinkStore {
    /// The links of a case as they are seen from it, oldest first: all of them, as a case has few.
    async fn list_links(&self, account: AccountId, case: CaseId) -> Result<Vec<Link>>;

    /// A link of a case, as it is seen from there.
    async fn find_link(&self, account: AccountId, case: CaseId, link: LinkId) -> Result<Option<Link>>;
}
