//! What a request refers to must exist in its account: for every dialect, checked here.

use crate::{
    case::{Case, Edit},
    error::{Error, FieldErrors},
    id::{AccountId, CaseRef},
    store::CaseStore,
};

/// Checks everything that the edits refer to, and loads the case that a new one is to follow up. Customers,
/// contractors, offers and invoices are known elsewhere: of them any integer is taken.
///
/// # Errors
/// Every reference that leads nowhere, by its field; or a [`StoreError`](crate::error::StoreError).
pub async fn resolve_references<S: CaseStore>(
    store: &S,
    account: AccountId,
    edits: &[Edit],
    parent: Option<CaseRef>,
) -> Result<Option<Box<Case>>, Error> {
    let mut faults = FieldErrors::default();
    check_edits(edits, &mut faults);
    let found = match parent {
        Some(parent) => store.find_case(account, parent).await?,
        None => None,
    };
    if parent.is_some() && found.is_none() {
        faults.add("parent", "there is no such case");
    }
    faults.finish()?;
    Ok(found.map(Box::new))
}

/// The directories of clients, regions, inquiries, orders and subjects are not there yet, so that nothing is in them.
fn check_edits(edits: &[Edit], faults: &mut FieldErrors) {
    for edit in edits {
        let missing = match edit {
            Edit::Client(Some(_)) | Edit::Location(Some(_)) => Some("client"),
            Edit::Region(Some(_)) => Some("region"),
            Edit::Inquiry(Some(_)) => Some("inquiry"),
            Edit::Order(Some(_)) => Some("order"),
            Edit::PrimarySubject(Some(_)) => Some("subject"),
            _ => None,
        };
        if let Some(noun) = missing {
            faults.add(edit.field(), format!("there is no such {noun}"));
        }
    }
}
