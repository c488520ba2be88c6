//! The OAuth2 token endpoint: client credentials grant (RFC 6749, section 4.4).
//!
//! Client id and secret are the two halves of an API key, in the body or by HTTP Basic (section 2.3.1). The body is a
//! form, as in the RFC, or JSON. Errors have the format of section 5.2, not that of the dialect.

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::{StatusCode, header},
    web::{self, Data},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_domain::{
    access_token::{AccessToken, TokenRefusal, TokenRequest},
    account::ApiKey,
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
    app::App,
    auth::{find_key, new_access_token},
    http::gate,
    wire::problem::Problem,
};

/// In bytes.
const LONGEST_REQUEST: usize = 16 << 10;
const CLIENT_CREDENTIALS: &str = "client_credentials";

#[derive(Debug, Default, ToSchema)]
pub struct TokenBody {
    /// Must be `client_credentials`.
    #[schema(value_type = String, example = "client_credentials", pattern = "^client_credentials$")]
    grant_type: Option<String>,
    /// First half of an API key, before the dot (`dk_…`). Required unless sent by HTTP Basic.
    #[schema(example = "dk_examplekey0000X")]
    client_id: Option<String>,
    /// Second half of the API key, after the dot. Required unless sent by HTTP Basic.
    #[schema(example = "example-secret-that-opens-nothing-0000000000X")]
    client_secret: Option<String>,
    /// Scopes of the token, separated by spaces. The API key must have them. Default: all scopes of the API key.
    #[schema(example = "cases:read")]
    scope: Option<String>,
    /// Lifetime in seconds, from 1 to 3600. If the API key expires earlier, the token expires with it.
    #[schema(value_type = Option<i64>, example = 600, minimum = 1, maximum = 3600, default = 600)]
    ttl: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Access token for `Authorization: Bearer`. It cannot be retrieved again.
    #[schema(example = "at_exampletokenthatopensnothing000000000000000X")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Lifetime in seconds.
    #[schema(example = 600)]
    expires_in: i64,
    /// Scopes of the token, separated by spaces.
    #[schema(example = "cases:read cases:write")]
    scope: String,
}

impl TokenView {
    fn new(access_token: String, granted: &AccessToken) -> Self {
        let (expires_in, scope) = (granted.seconds(), scopes_to_text(granted.scopes));
        Self { access_token, token_type: "Bearer", expires_in, scope }
    }

    /// Caches must not keep a token (RFC 6749, section 5.1).
    fn respond(self) -> HttpResponse {
        let no_store = (header::CACHE_CONTROL, "no-store");
        HttpResponse::Ok().insert_header(no_store).insert_header((header::PRAGMA, "no-cache")).json(self)
    }
}

/// An error in the format of RFC 6749, section 5.2.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenErrorView {
    /// `invalid_request`, `invalid_client`, `invalid_scope` or `unsupported_grant_type`.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// Error message in plain text.
    #[schema(example = "the client is unknown, or its secret is wrong")]
    error_description: Cow<'static, str>,
}

#[derive(Debug)]
pub enum TokenError {
    /// Error code and description of RFC 6749, section 5.2.
    OAuth(&'static str, Cow<'static, str>),
    /// Any other error, in the format of the dialect.
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
    /// A parameter without a value counts as omitted, and a repeated parameter is refused (RFC 6749, section 3.2).
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
            // Unknown parameters are ignored (RFC 6749, section 3.2).
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

    /// Reads client id and secret from HTTP Basic; each is form-encoded (RFC 6749, section 2.3.1). The body may repeat
    /// the client id. A second authentication method is refused (section 2.3).
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

/// Create an access token
///
/// OAuth2 client credentials grant (RFC 6749, section 4.4). The client id and the client secret are the two halves of
/// an API key; send them in the body or by HTTP Basic. The body is a form or JSON. The token has the scopes of the API
/// key or fewer, and becomes invalid with it.
#[utoipa::path(
    post,
    path = "/auth/oauth2/token",
    tag = "tokens",
    request_body(content((TokenBody = "application/x-www-form-urlencoded"), (TokenBody = "application/json"))),
    responses(
        (status = 200, description = "The access token.", body = TokenView, headers(
            ("Cache-Control" = String, description = "Always `no-store`."),
        )),
        (
            status = 400,
            description = "Invalid request: `invalid_request`, `invalid_scope` or `unsupported_grant_type`.",
            body = TokenErrorView,
        ),
        (status = 401, description = "Unknown client or wrong secret: `invalid_client`.", body = TokenErrorView),
    ),
)]
pub async fn grant_token(request: HttpRequest, body: TokenBody, app: Data<App>) -> Result<HttpResponse, TokenError> {
    body.check_grant()?;
    let key = body.authenticate(&app, &request).await?;
    let (token, hash) = new_access_token()?;
    let wanted = TokenRequest { scope: body.scope.as_deref(), ttl: body.ttl()? };
    let granted = AccessToken::grant(&key, hash, wanted, app.now())?;
    let view = TokenView::new(token, &granted);
    service::create_access_token(&app.store, granted).await?;
    Ok(view.respond())
}

impl TokenBody {
    /// Finds the API key of the client and counts the request against its rate limit.
    async fn authenticate(&self, app: &Data<App>, request: &HttpRequest) -> Result<Arc<ApiKey>, TokenError> {
        let identity = match (&self.client_id, &self.client_secret) {
            (Some(id), Some(secret)) => find_key(app, id, secret).await?,
            (Some(_) | None, _) => None,
        };
        let identity = identity.ok_or(TokenError::client())?;
        let key = Arc::clone(&identity.key);
        request.extensions_mut().insert(identity);
        gate::count(app, request, key.id).map_err(CaseIqError::from).map_err(TokenError::Other)?;
        Ok(key)
    }

    fn check_grant(&self) -> Result<(), TokenError> {
        match self.grant_type.as_deref() {
            Some(CLIENT_CREDENTIALS) => Ok(()),
            Some(_) => Err(TokenError::OAuth("unsupported_grant_type", "grant_type must be client_credentials".into())),
            None => Err(TokenError::request("grant_type is required: client_credentials")),
        }
    }
}
