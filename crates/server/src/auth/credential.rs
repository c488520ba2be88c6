//! The `Authorization` header: parsing it, and finding its key.

use std::sync::Arc;

use actix_web::{
    http::header::{self, HeaderMap},
    rt,
    web::Data,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_domain::{account::ApiKey, error::StoreError, store::AccountStore as _};

use super::{
    Identity,
    key::{is_client_id, is_secret_of},
    token,
};
use crate::app::App;

/// A parsed `Authorization` header.
enum Credential {
    /// An API key. HTTP Basic also sends the name of the key, which must match.
    Key { name: Option<String>, client_id: String, secret: String },
    /// The hash of an access token.
    Token(Vec<u8>),
}

/// Finds the caller of a request. `None` if the credential is missing or invalid.
pub async fn authenticate(app: &Data<App>, headers: &HeaderMap) -> Result<Option<Identity>, StoreError> {
    match read(headers) {
        None => Ok(None),
        Some(Credential::Key { name, client_id, secret }) => {
            let key = app.keys().find(&app.store, &client_id).await?;
            let key = key.filter(|key| opens(key, name.as_deref(), &secret, app));
            Ok(key.map(|key| admit(app, key)))
        }
        Some(Credential::Token(hash)) => {
            let found = app.keys().find_token(&app.store, &hash).await?;
            let found = found.filter(|found| found.token.is_usable(&found.key, app.now()));
            let admitted = found.map(|found| (found.token.scopes, admit(app, Arc::clone(&found.key))));
            Ok(admitted.map(|(scopes, identity)| Identity { scopes, is_token: true, ..identity }))
        }
    }
}

/// Finds a valid key by its two halves, for the token endpoint.
pub async fn find_key(app: &Data<App>, client_id: &str, secret: &str) -> Result<Option<Identity>, StoreError> {
    let found = app.keys().find(&app.store, client_id).await?;
    Ok(found.filter(|key| opens(key, None, secret, app)).map(|key| admit(app, key)))
}

fn opens(key: &ApiKey, name: Option<&str>, secret: &str, app: &App) -> bool {
    let named = name.is_none_or(|name| name == key.actor.name);
    is_secret_of(key, secret) && named && key.is_usable(app.now())
}

fn admit(app: &Data<App>, key: Arc<ApiKey>) -> Identity {
    if app.keys().is_due(key.id) {
        let (app, key) = (app.clone(), Arc::clone(&key));
        rt::spawn(async move {
            if let Err(error) = app.store.touch_key(key.account, key.id, app.now()).await {
                log::warn!("failed to record the last use of a key: {error}");
            }
        });
    }
    Identity { scopes: key.scopes, key, is_token: false }
}

fn read(headers: &HeaderMap) -> Option<Credential> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => token::hash(rest).map(Credential::Token).or_else(|| halves(rest, None)),
        "basic" => {
            let decoded = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
            // A name may contain a colon, a key never does.
            let (user, key) = decoded.rsplit_once(':')?;
            halves(key, Some(user.strip_suffix("/token")?.to_owned()))
        }
        _ => None,
    }
}

fn halves(key: &str, name: Option<String>) -> Option<Credential> {
    let (client_id, secret) = key.split_once('.')?;
    (is_client_id(client_id) && secret.len() == 43).then(|| Credential::Key {
        name,
        client_id: client_id.to_owned(),
        secret: secret.to_owned(),
    })
}
