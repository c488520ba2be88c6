//! The token endpoint of OAuth2: the client credentials grant (RFC 6749, section 4.4).
//!
//! Client id and secret are the two halves of an api key, in the body or as HTTP Basic (section 2.3.1). Requests come as
//! a form, as the RFC has it, or as JSON. Errors are those of section 5.2, not the dialect's own.

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::{StatusCode, header},
    web::{self, Data},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_domain::{
    access_token::{AccessToken, TokenRefusal, TokenRequest},
    error::StoreError,
    service,
    store::scopes_to_text,
};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, fmt, future::Future, pin::Pin, sync::Arc};
use utoipa::ToSchema;

use super::error::CaseIqError;
use crate::{
    api::problem::Problem,
    app::App,
    auth::{find_key, new_access_token},
    http::gate,
};

/// The most bytes of a request for a token.
const LONGEST_REQUEST: usize = 16 << 10;
/// The one grant that is given.
const CLIENT_CREDENTIALS: &str = "client_credentials";

/// A request for a token, as a form or as JSON.
#[derive(Debug, Default, ToSchema)]
pub struct TokenBody {
    /// Always `client_credentials`.
    #[schema(value_type = String, example = "client_credentials", pattern = "^client_credentials$")]
    grant_type: Option<String>,
    /// The first half of an api key, unless it comes by HTTP Basic.
    #[schema(example = "dk_examplekey0000X")]
    client_id: Option<String>,
    /// The second half of an api key, unless it comes by HTTP Basic.
    #[schema(example = "example-secret-that-opens-nothing-0000000000X")]
    client_secret: Option<String>,
    /// What the token is to do, as words with blanks between; all that the key may do where nothing is said.
    #[schema(example = "cases:read")]
    scope: Option<String>,
    /// How many seconds it is to live.
    #[schema(value_type = Option<i64>, example = 600, minimum = 1, maximum = 3600, default = 600)]
    ttl: Option<String>,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// The token, for `Authorization: Bearer`. It is shown here and never again.
    #[schema(example = "at_exampletokenthatopensnothing000000000000000X")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How many seconds it lives.
    #[schema(example = 600)]
    expires_in: i64,
    /// What it may do.
    #[schema(example = "cases:read cases:write")]
    scope: String,
}

/// An error of RFC 6749, section 5.2.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenErrorView {
    /// `invalid_request`, `invalid_client`, `invalid_scope` or `unsupported_grant_type`.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// What was expected.
    #[schema(example = "the client is unknown, or its secret is wrong")]
    error_description: Cow<'static, str>,
}

/// Why no token is given.
#[derive(Debug)]
pub enum TokenError {
    /// In the words of the RFC.
    OAuth(&'static str, Cow<'static, str>),
    /// We failed, and say so as everywhere in this dialect.
    Other(CaseIqError),
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Other(CaseIqError::from(Problem::from(error)))
    }
}

impl From<TokenRefusal> for TokenError {
    fn from(refusal: TokenRefusal) -> Self {
        let code = match refusal {
            TokenRefusal::Ttl => "invalid_request",
            TokenRefusal::Scope => "invalid_scope",
        };
        Self::OAuth(code, refusal.to_string().into())
    }
}

impl TokenError {
    const fn request(description: &'static str) -> Self {
        Self::OAuth("invalid_request", Cow::Borrowed(description))
    }

    const fn client() -> Self {
        Self::OAuth("invalid_client", Cow::Borrowed("the client is unknown, or its secret is wrong"))
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth(error, description) => write!(f, "{error}: {description}"),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl ResponseError for TokenError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::OAuth("invalid_client", _) => StatusCode::UNAUTHORIZED,
            Self::OAuth(..) => StatusCode::BAD_REQUEST,
            Self::Other(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let Self::OAuth(error, description) = self else {
            let Self::Other(error) = self else { return HttpResponse::InternalServerError().finish() };
            return error.error_response();
        };
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"docket\", charset=\"UTF-8\""));
        }
        response.json(TokenErrorView { error, error_description: description.clone() })
    }
}

impl FromRequest for TokenBody {
    type Error = TokenError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, TokenError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let unreadable = || TokenError::request("the body could not be read, or is too large");
            let payload = payload.await.map_err(|_| unreadable())?;
            let bytes = payload.to_bytes_limited(LONGEST_REQUEST).await.map_err(|_| unreadable())?;
            let bytes = bytes.map_err(|_| unreadable())?;
            let mut body = match media_type(&request).as_str() {
                "application/x-www-form-urlencoded" => Self::from_form(&bytes)?,
                "application/json" => Self::from_json(&bytes)?,
                _ => {
                    return Err(TokenError::request(
                        "the body must be a form (application/x-www-form-urlencoded) or JSON",
                    ));
                }
            };
            body.take_basic(&request)?;
            Ok(body)
        })
    }
}

fn media_type(request: &HttpRequest) -> String {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|declared| declared.to_str().ok());
    declared.and_then(|declared| declared.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase()
}

impl TokenBody {
    /// Parameters without a value count as left out, and none may come twice (RFC 6749, section 3.2).
    fn from_form(bytes: &[u8]) -> Result<Self, TokenError> {
        let mut body = Self::default();
        for (name, value) in form_urlencoded::parse(bytes).filter(|(_, value)| !value.is_empty()) {
            body.set(&name, value.into_owned())?;
        }
        Ok(body)
    }

    fn from_json(bytes: &[u8]) -> Result<Self, TokenError> {
        let Ok(Value::Object(members)) = serde_json::from_slice(bytes) else {
            return Err(TokenError::request("the body must be a JSON object"));
        };
        let mut body = Self::default();
        for (name, value) in members {
            match value {
                Value::Null => {}
                Value::String(text) => body.set(&name, text)?,
                Value::Number(number) if name == "ttl" => body.set(&name, number.to_string())?,
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => body.refuse(&name)?,
            }
        }
        Ok(body)
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "grant_type" => Some(&mut self.grant_type),
            "client_id" => Some(&mut self.client_id),
            "client_secret" => Some(&mut self.client_secret),
            "scope" => Some(&mut self.scope),
            "ttl" => Some(&mut self.ttl),
            // Parameters that are not known are ignored.
            _ => None,
        }
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), TokenError> {
        match self.field(name) {
            Some(field) if field.is_some() => Err(TokenError::request("no parameter may be given twice")),
            Some(field) => {
                *field = Some(value);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn refuse(&mut self, name: &str) -> Result<(), TokenError> {
        self.field(name).map_or(Ok(()), |_| Err(TokenError::request("the parameters must be strings, ttl an integer")))
    }

    /// The client's id and secret by HTTP Basic, each encoded as in a form (RFC 6749, section 2.3.1). That the body names
    /// the client as well does no harm, another way of showing the secret does.
    fn take_basic(&mut self, request: &HttpRequest) -> Result<(), TokenError> {
        let header = request.headers().get(header::AUTHORIZATION).and_then(|header| header.to_str().ok());
        let Some(encoded) = header.and_then(basic_scheme) else { return Ok(()) };
        let (id, secret) = basic(encoded).ok_or(TokenError::client())?;
        if self.client_secret.is_some() || self.client_id.as_ref().is_some_and(|named| *named != id) {
            return Err(TokenError::request("the client must show its secret in one way only"));
        }
        (self.client_id, self.client_secret) = (Some(id), Some(secret));
        Ok(())
    }

    fn ttl(&self) -> Result<Option<i64>, TokenRefusal> {
        self.ttl.as_deref().map(|ttl| ttl.parse().map_err(|_| TokenRefusal::Ttl)).transpose()
    }
}

fn basic_scheme(header: &str) -> Option<&str> {
    let (scheme, encoded) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| encoded.trim())
}

fn basic(encoded: &str) -> Option<(String, String)> {
    let decoded = STANDARD.decode(encoded).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

/// Get an access token
///
/// The client credentials grant of OAuth2 (RFC 6749, section 4.4): a key's two halves against a token that lives a short
/// while, may do what the key may or less, and ends with the key. As a form or as JSON, the client in the body or by HTTP
/// Basic.
#[utoipa::path(
    post,
    path = "/auth/oauth2/token",
    tag = "tokens",
    request_body(content((TokenBody = "application/x-www-form-urlencoded"), (TokenBody = "application/json"))),
    responses(
        (status = 200, description = "The token.", body = TokenView, headers(("Cache-Control" = String, description = "`no-store`."))),
        (status = 400, description = "`invalid_request`, `invalid_scope` or `unsupported_grant_type`.", body = TokenErrorView),
        (status = 401, description = "`invalid_client`.", body = TokenErrorView),
    ),
)]
pub async fn grant_token(request: HttpRequest, body: TokenBody, app: Data<App>) -> Result<HttpResponse, TokenError> {
    body.check_grant()?;
    let key = match (&body.client_id, &body.client_secret) {
        (Some(id), Some(secret)) => find_key(&app, id, secret).await?,
        (Some(_) | None, _) => None,
    };
    let identity = key.ok_or(TokenError::client())?;
    let key = Arc::clone(&identity.key);
    request.extensions_mut().insert(identity);
    gate::count(&app, &request, key.id).map_err(CaseIqError::from).map_err(TokenError::Other)?;
    let (token, hash) = new_access_token()?;
    let wanted = TokenRequest { scope: body.scope.as_deref(), ttl: body.ttl()? };
    let granted = AccessToken::grant(&key, hash, wanted, app.now())?;
    let (expires_in, scope) = (granted.seconds(), scopes_to_text(granted.scopes));
    service::create_access_token(&app.store, granted).await?;
    let view = TokenView { access_token: token, token_type: "Bearer", expires_in, scope };
    let no_store = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    let mut response = HttpResponse::Ok();
    no_store.into_iter().fold(&mut response, |response, header| response.insert_header(header));
    Ok(response.json(view))
}

impl TokenBody {
    fn check_grant(&self) -> Result<(), TokenError> {
        match self.grant_type.as_deref() {
            Some(CLIENT_CREDENTIALS) => Ok(()),
            Some(_) => Err(TokenError::OAuth("unsupported_grant_type", "grant_type must be client_credentials".into())),
            None => Err(TokenError::request("grant_type is required: client_credentials")),
        }
    }
}
