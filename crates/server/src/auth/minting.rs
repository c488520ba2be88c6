//! New keys on behalf of a key.

use docket_domain::{error::Error, service};

use super::{Identity, KeyRequest, NewKey};
use crate::{app::App, wire::problem::Problem};

/// Generates and stores a key on behalf of the caller.
///
/// # Errors
/// [`Problem::Unauthenticated`] if the caller's key was revoked meanwhile, or an error of [`service::create_key`].
pub async fn create_key(app: &App, caller: &Identity, request: KeyRequest) -> Result<NewKey, Problem> {
    let (creator, now) = (caller.creator().map_err(Error::from)?, app.now());
    let NewKey { key, token } = NewKey::make(request, now)?;
    let key = service::create_key(&app.store, creator, key, now).await?;
    Ok(NewKey { key: key.ok_or(Problem::Unauthenticated)?, token })
}
