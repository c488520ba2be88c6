//! Handlers for API keys. A secret is shown once, in the response that creates it.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Json},
};
use chrono::{DateTime, Utc};
use docket_domain::{
    account::ApiKey,
    id::{Entity, KeyId},
    scope::{Scope, Scopes},
    service,
    store::AccountStore as _,
};
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use super::error::NativeError;
use crate::{
    app::App,
    auth::{self, Admin, Authed, KeyRequest, NewKey},
    wire::{
        body::Body,
        fields::{Fields, FromFields, short_line},
        path::IdPath,
        problem::Problem,
    },
};

/// Bound on the list, which has no pages.
const MOST_KEYS: i64 = 10_000;

#[derive(Debug, Default, Validate, ToSchema)]
pub struct CreateKeyBody {
    /// Name of the key, 1 to 255 characters. Timelines show it as the actor.
    #[validate(custom(function = "short_line"))]
    #[schema(value_type = String, example = "front desk", min_length = 1, max_length = 255)]
    name: Option<String>,
    /// At least one of `cases:read`, `cases:write`, `cases:delete` and `admin`. No scope includes another.
    #[validate(length(min = 1, message = "must name at least one scope"))]
    #[schema(value_type = Vec<String>, example = json!(["cases:read", "cases:write"]), min_items = 1)]
    scopes: Option<Vec<Scope>>,
    /// Expiry time, in the future. Omit it for a key that does not expire.
    #[schema(value_type = Option<String>, format = DateTime, example = json!(null))]
    expires_at: Option<DateTime<Utc>>,
}

impl FromFields for CreateKeyBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let expected = "an array of scopes: cases:read, cases:write, cases:delete, admin";
        let body = Self {
            name: fields.required("name", |fields| fields.text("name")),
            scopes: fields.required("scopes", |fields| {
                fields.given("scopes", expected, |value| {
                    value.as_array()?.iter().map(|scope| scope.as_str()?.parse().ok()).collect()
                })
            }),
            expires_at: fields.timestamp("expires_at").flatten(),
        };
        fields.validate(&body);
        body
    }
}

impl CreateKeyBody {
    fn into_request(self, maker: &ApiKey) -> KeyRequest {
        KeyRequest {
            account: maker.account,
            name: self.name.unwrap_or_default(),
            scopes: self.scopes.into_iter().flatten().collect::<Scopes>(),
            expires_at: self.expires_at,
            created_by: maker.actor.id,
        }
    }
}

/// A new API key with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewKeyView {
    #[schema(example = "key_0000000000003")]
    id: String,
    #[schema(example = "front desk")]
    name: String,
    /// Scopes of the key. No scope includes another.
    #[schema(example = json!(["cases:read", "cases:write"]))]
    scopes: Vec<&'static str>,
    /// The API key. No later response shows it.
    #[schema(example = "dk_examplekey0000X.example-secret-that-opens-nothing-0000000000X")]
    key: String,
    created_at: DateTime<Utc>,
    /// Expiry time; `null` for a key that does not expire.
    #[schema(example = json!(null))]
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeyListView {
    /// Keys, oldest first.
    data: Vec<KeyView>,
}

/// An API key without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    #[schema(example = "key_0000000000003")]
    id: String,
    #[schema(example = "front desk")]
    name: String,
    /// Scopes of the key. No scope includes another.
    #[schema(example = json!(["cases:read", "cases:write"]))]
    scopes: Vec<&'static str>,
    created_at: DateTime<Utc>,
    /// When the key was last used, to within a minute; `null` if it was never used.
    last_used_at: Option<DateTime<Utc>>,
    /// Expiry time; `null` for a key that does not expire.
    #[schema(example = json!(null))]
    expires_at: Option<DateTime<Utc>>,
    /// Revocation time; `null` if the key is not revoked.
    #[schema(example = json!(null))]
    revoked_at: Option<DateTime<Utc>>,
    /// Id of the person whose key created this key; `null` if it was created on the command line.
    #[schema(example = "usr_0000000000001")]
    created_by: Option<String>,
    /// Id of the person whose key revoked this key; `null` if it is not revoked or was revoked on the command line.
    #[schema(example = json!(null))]
    revoked_by: Option<String>,
}

fn words(scopes: Scopes) -> Vec<&'static str> {
    scopes.iter().map(Scope::as_str).collect()
}

impl From<NewKey> for NewKeyView {
    fn from(NewKey { key, token }: NewKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.actor.name,
            scopes: words(key.scopes),
            key: token,
            created_at: key.created_at,
            expires_at: key.expires_at,
        }
    }
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.actor.name,
            scopes: words(key.scopes),
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            created_by: key.created_by.map(|person| person.to_string()),
            revoked_by: key.revoked_by.map(|person| person.to_string()),
        }
    }
}

/// Create a key
///
/// Only this response shows the key; the server stores a hash. The response is 403 if the new key would have a scope
/// that the calling key lacks, if it would expire later than the calling key, or if the credential is an access token.
#[utoipa::path(
    post,
    path = "/api/v1/keys",
    tag = "keys",
    request_body = CreateKeyBody,
    responses((status = 201, description = "The key with its secret.", body = NewKeyView), (status = 400), (status = 403)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn create_key(
    who: Authed<Admin>,
    body: Body<CreateKeyBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let request = body.0.into_request(&who.identity().key);
    let made = auth::create_key(&app, who.identity(), request).await?;
    let no_store = (header::CACHE_CONTROL, "no-store");
    Ok(HttpResponse::Created().insert_header(no_store).json(NewKeyView::from(made)))
}

/// List keys
///
/// Returns the keys of the account without their secrets, oldest first, including revoked and expired keys.
#[utoipa::path(
    get,
    path = "/api/v1/keys",
    tag = "keys",
    responses((status = 200, description = "The keys.", body = KeyListView)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn list_keys(who: Authed<Admin>, app: Data<App>) -> Result<Json<KeyListView>, NativeError> {
    let keys = app.store.list_keys(who.account(), MOST_KEYS).await?;
    Ok(Json(KeyListView { data: keys.into_iter().map(KeyView::from).collect() }))
}

/// Revoke a key
///
/// The key stops working at once on this server and within two seconds on other servers of the same database.
#[utoipa::path(
    delete,
    path = "/api/v1/keys/{id}",
    tag = "keys",
    params(("id" = String, Path, description = "The id of the key.", example = "key_0000000000003")),
    responses((status = 204, description = "The key is revoked."), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn revoke_key(who: Authed<Admin>, id: IdPath, app: Data<App>) -> Result<HttpResponse, NativeError> {
    let found = service::revoke_key(&app.store, &who.context(&app), id.read(KeyId::parse)).await?;
    app.keys().clear();
    found.then(|| HttpResponse::NoContent().finish()).ok_or_else(|| Problem::not_found(Entity::Key).into())
}
