//! References of a request. Everything that a request of any dialect refers to must exist in its account.

use crate::{
    case::{Case, Edit},
    error::{FieldErrors, StoreError},
    id::{AccountId, CaseRef},
    service::places::{check_places, check_region},
    source::SourceId,
    store::{SourceStore, Store},
};

/// What the references of a request lead to.
pub(super) struct References {
    /// The parent, if it exists.
    pub parent: Option<Case>,
    /// The edit that sets the client of a location, for a case without a client.
    pub client: Option<Edit>,
}

/// Adds every unknown reference of the edits to `faults`.
/// Customers, contractors, offers and invoices belong to other systems: any integer is accepted.
///
/// # Errors
/// A [`StoreError`].
pub(super) async fn check_references<S: Store>(
    store: &S,
    account: AccountId,
    edits: &[Edit],
    parent: Option<CaseRef>,
    faults: &mut FieldErrors,
) -> Result<References, StoreError> {
    let client = check_places(store, account, edits, None, faults).await?;
    check_region(store, account, edits, faults).await?;
    check_edits(edits, faults);
    check_sources(store, account, edits, faults).await?;
    let found = match parent {
        Some(parent) => store.find_case(account, parent).await?,
        None => None,
    };
    if parent.is_some() && found.is_none() {
        faults.add("parent", "unknown case");
    }
    Ok(References { parent: found, client })
}

/// Subjects belong to one case. A use case that accepts a primary subject checks it against its case instead.
fn check_edits(edits: &[Edit], faults: &mut FieldErrors) {
    for edit in edits {
        if let Edit::PrimarySubject(Some(_)) = edit {
            faults.add(edit.field(), "unknown subject");
        }
    }
}

/// Adds every field to `faults` that links to an unknown inquiry or order.
///
/// # Errors
/// A [`StoreError`].
pub async fn check_sources<S: SourceStore>(
    store: &S,
    account: AccountId,
    edits: &[Edit],
    faults: &mut FieldErrors,
) -> Result<(), StoreError> {
    for edit in edits {
        let Some(source) = SourceId::linked_by(edit) else { continue };
        if store.find_source(account, source).await?.is_none() {
            faults.add(edit.field(), format!("unknown {}", source.kind.entity().noun()));
        }
    }
    Ok(())
}
