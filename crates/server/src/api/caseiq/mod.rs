//! The Case IQ dialect: `/case`, the same paths under `/api-public/1.0`, and the token endpoint. It only translates;
//! the domain decides.

pub mod body;
pub mod cases;
pub mod error;
pub mod metadata;
pub mod token;
pub mod view;

use actix_web::{HttpRequest, web::ServiceConfig};
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::words;
use crate::{
    http::endpoint::Endpoint,
    wire::{
        api_error::respond,
        dialect::Dialect,
        openapi::{self, Words},
    },
};

/// Clients of the vendor use both.
const PREFIXES: [&str; 2] = ["", "/api-public/1.0"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Docket: the Case IQ dialect",
        description = "Create, retrieve, change, close and reopen cases. A case can have fields of the client in \
            addition to those of the schema: they are stored as free fields and returned exactly as sent.\n\n\
            `POST /case` returns the `id` of the case; all other requests for the case use it. Times are UTC in \
            RFC 3339. The error of an invalid request names every invalid field. Authenticate with \
            `Authorization: Bearer` and an API key or an access token of the token endpoint."
    ),
    servers((url = "/"), (url = "/api-public/1.0", description = "Base path of the vendor, with the same paths.")),
    tags(
        (name = "cases", description = "Create, retrieve, replace and patch cases."),
        (name = "workflow", description = "Update the status of a case."),
        (name = "tokens", description = "Access tokens (OAuth2 client credentials grant)."),
    ),
    paths(
        cases::create_case, cases::load_case, cases::replace_case, cases::patch_case, cases::apply_transition,
        token::grant_token, metadata::load_metadata,
    ),
    components(schemas(error::ErrorBody)),
)]
struct Document;

/// The fixed vocabularies of the document.
pub(super) const WORDS: &[Words] =
    &[Words { name: "Priority", words: words::priorities, fields: &["CaseBody.priority", "CaseView.priority"] }];

pub const DIALECT: Dialect = Dialect { name: "caseiq", claims, respond: respond::<error::CaseIq>, document };

fn claims(request: &HttpRequest) -> bool {
    ["/case", "/api-public/", "/auth/", "/.well-known/"].iter().any(|start| request.path().starts_with(start))
}

fn document() -> Value {
    let mut document = openapi::finish::<error::CaseIq>(Document::openapi(), WORDS);
    for schema in ["CaseBody", "CaseView"] {
        let schema = document.pointer_mut(&format!("/components/schemas/{schema}")).and_then(Value::as_object_mut);
        schema.map(|schema| schema.insert("additionalProperties".to_owned(), Value::Bool(true)));
    }
    // Generators make one type of each schema and media type, so the two need two names.
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.get("TokenBody").cloned().map(|body| schemas.insert("TokenForm".to_owned(), body));
    }
    let form = "/paths/~1auth~1oauth2~1token/post/requestBody/content/application~1x-www-form-urlencoded/schema";
    if let Some(form) = document.pointer_mut(form) {
        *form = json!({ "$ref": "#/components/schemas/TokenForm" });
    }
    document
}

pub fn configure(config: &mut ServiceConfig) {
    let metadata = Endpoint::at("/.well-known/oauth-authorization-server").get(metadata::load_metadata);
    config.service(metadata.ignores_unknown_parameters());
    for prefix in PREFIXES {
        let at = |path: &str| Endpoint::at(&format!("{prefix}{path}"));
        config
            .service(at("/case").post(cases::create_case))
            .service(at("/case/{case}").get(cases::load_case).put(cases::replace_case).patch(cases::patch_case))
            .service(at("/case/{case}/transition").post(cases::apply_transition))
            .service(at("/auth/oauth2/token").post(token::grant_token).login().ignores_unknown_parameters());
    }
}
