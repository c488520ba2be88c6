//! The caller's account and key.

use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use docket_domain::{account::ApiKey, error::StoreError, scope::Scope, store::AccountStore as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::NativeError;
use crate::{
    app::App,
    auth::{AnyScope, Authed},
};

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallerView {
    /// Name of the account.
    #[schema(example = "main")]
    account: String,
    key: CallerKeyView,
}

/// The key of the caller. For an access token, the key that it was granted to.
#[derive(Debug, Serialize, ToSchema)]
struct CallerKeyView {
    #[schema(example = "key_0000000000003")]
    id: String,
    #[schema(example = "front desk")]
    name: String,
    /// Scopes of the request: those of the key or, for an access token, those of the token.
    #[schema(example = json!(["cases:read", "cases:write"]))]
    scopes: Vec<&'static str>,
    /// Expiry time of the key; `null` for a key that does not expire.
    #[schema(example = json!(null))]
    expires_at: Option<DateTime<Utc>>,
}

/// Get the caller
///
/// Returns the account and the key of the request. Every key can call this, whatever its scopes.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "keys",
    responses((status = 200, description = "The account and the key.", body = CallerView)),
    security(("bearer" = []), ("basic" = [])),
)]
pub async fn load_caller(who: Authed<AnyScope>, app: Data<App>) -> Result<Json<CallerView>, NativeError> {
    let account = app.store.find_account_by_id(who.account()).await?;
    let account = account.ok_or_else(|| StoreError::Defect("the account of a key is missing".to_owned()))?.name;
    let identity = who.identity();
    let ApiKey { id, actor, expires_at, .. } = &*identity.key;
    let scopes = identity.scopes.iter().map(Scope::as_str).collect();
    let key = CallerKeyView { id: id.to_string(), name: actor.name.clone(), scopes, expires_at: *expires_at };
    Ok(Json(CallerView { account, key }))
}
