//! Metadata of the token endpoint (RFC 8414), by which OAuth2 clients configure themselves.

use actix_web::{HttpRequest, web::Json};
use docket_domain::scope::Scope;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct MetadataView {
    /// Address of the server, as the client reached it.
    #[schema(example = "https://docket.example.org")]
    issuer: String,
    #[schema(example = "https://docket.example.org/auth/oauth2/token")]
    token_endpoint: String,
    #[schema(value_type = Vec<String>, example = json!(["client_credentials"]))]
    grant_types_supported: [&'static str; 1],
    #[schema(value_type = Vec<String>, example = json!(["client_secret_basic", "client_secret_post"]))]
    token_endpoint_auth_methods_supported: [&'static str; 2],
    /// Empty: there is no authorization endpoint.
    #[schema(value_type = Vec<String>, example = json!([]))]
    response_types_supported: [&'static str; 0],
    #[schema(value_type = Vec<String>, example = json!(["cases:read", "cases:write", "cases:delete", "admin"]))]
    scopes_supported: Vec<&'static str>,
    #[schema(example = "https://docket.example.org/docs/")]
    service_documentation: String,
}

/// Get the metadata of the token endpoint
///
/// Metadata of an OAuth2 authorization server (RFC 8414).
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "tokens",
    responses((status = 200, description = "The metadata.", body = MetadataView)),
)]
pub async fn load_metadata(request: HttpRequest) -> Json<MetadataView> {
    let connection = request.connection_info();
    let issuer = format!("{}://{}", connection.scheme(), connection.host());
    Json(MetadataView {
        token_endpoint: format!("{issuer}/auth/oauth2/token"),
        service_documentation: format!("{issuer}/docs/"),
        issuer,
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        response_types_supported: [],
        scopes_supported: Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
    })
}
