//! The idempotency key of a request, and the fingerprint that a retry must have too.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::{Method, header::HeaderName},
    web,
};
use docket_domain::{
    error::FieldError,
    id::{AccountId, KeyId},
    idempotency::{Attempt, IdempotencyKey},
    store::scopes_to_text,
};
use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    auth::Identity,
    wire::{api_error::RequestError, body::read_bounded, dialect::Dialects, problem::Problem},
};

/// The header that carries the key.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request with an idempotency key.
#[derive(Debug, Clone)]
pub struct Keyed {
    account: AccountId,
    caller: KeyId,
    key: IdempotencyKey,
    digest: Sha256,
}

/// Why a key cannot be used. It is stored in the request extensions and reported after the scope was checked.
#[derive(Debug)]
pub struct Unusable(pub Problem);

impl Keyed {
    /// The key of a POST, PUT or PATCH request. `None` if the header is missing or the method is another one.
    ///
    /// # Errors
    /// If the key is malformed or sent more than once.
    pub fn of(request: &HttpRequest) -> Result<Option<Self>, Problem> {
        let writes = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
        let identity = request.extensions().get::<Identity>().cloned();
        let (Some(identity), true) = (identity, writes) else { return Ok(None) };
        let mut given = request.headers().get_all(&KEY);
        let Some(first) = given.next() else { return Ok(None) };
        if given.next().is_some() {
            return Err(Problem::from(vec![FieldError::new("Idempotency-Key", "must be sent once")]));
        }
        let key = IdempotencyKey::parse(first.to_str().unwrap_or_default());
        let key = key.map_err(|fault| Problem::from(vec![fault]))?;
        let (account, caller) = (identity.key.account, identity.key.id);
        // Scopes are part of the fingerprint: a token with fewer scopes must not get the responses of one with more.
        let keyed = Self { account, caller, key, digest: Sha256::new() }
            .with(Dialects::of(request).map_or("", |dialect| dialect.name))
            .with(request.method().as_str())
            .with(request.path())
            .with(request.query_string())
            .with(scopes_to_text(identity.scopes));
        Ok(Some(keyed))
    }

    /// Adds a part to the fingerprint.
    #[must_use]
    pub fn with(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.digest.update(part.len().to_be_bytes());
        self.digest.update(part);
        self
    }

    /// Adds the body to the fingerprint. The body is read to its end and put back.
    ///
    /// # Errors
    /// If the body is too large or incomplete.
    pub async fn with_body(self, request: &mut ServiceRequest) -> Result<Self, Problem> {
        let mut payload = request.take_payload();
        let payload = web::Payload::from_request(request.request(), &mut payload).await;
        let bytes = read_bounded(request.request(), payload).await?;
        request.set_payload(Payload::from(bytes.clone()));
        Ok(self.with(bytes))
    }

    pub(super) fn attempt(&self, app: &App) -> Attempt {
        Attempt { account: self.account, caller: self.caller, key: self.key.clone(), id: app.new_uuid() }
    }

    /// SHA-256 of all parts.
    pub(super) fn fingerprint(&self) -> Vec<u8> {
        self.digest.clone().finalize().to_vec()
    }
}

/// The key of a request whose handler reads the body itself. The handler adds what it read to the fingerprint and runs
/// its work with [`once_if`](super::once_if).
#[derive(Debug)]
pub struct MaybeKeyed(pub Option<Keyed>);

impl FromRequest for MaybeKeyed {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.extensions_mut().remove::<Keyed>())))
    }
}
