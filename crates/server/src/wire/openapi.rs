//! Completes the OpenAPI documents that utoipa generates from the handlers.
//!
//! A handler declares its specific errors by status only (`(status = 404)`). This module adds the error body of the
//! dialect, the errors common to all operations of a kind, and examples of whole bodies, built from the examples of
//! their fields.

mod errors;
mod examples;
mod schemas;
pub mod version_3_0;
mod words;

use actix_web::http::StatusCode;
use docket_domain::scope::Scope;
use serde_json::{Map, Value, json};
use utoipa::openapi::{
    OpenApi, Server,
    security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

pub use self::words::Words;
use self::{
    errors::error_response,
    examples::{add_examples, forget_marks},
    schemas::complete,
};
use crate::wire::{api_error::Envelope, problem::Kind};

/// The complete document.
#[must_use]
pub fn finish<E: Envelope>(mut document: OpenApi, vocabularies: &[Words]) -> Value {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer()));
    components.add_security_scheme("basic", SecurityScheme::Http(basic()));
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document.servers.get_or_insert_with(|| vec![Server::new("/")]);
    let mut document = json!(document);
    if let Some(document) = document.as_object_mut() {
        document
            .insert("externalDocs".to_owned(), json!({ "url": "http://127.0.0.1:8080/docs/", "description": "Docs page of a server at its default address." }));
        let info = document.get_mut("info").and_then(Value::as_object_mut);
        info.map(|info| info.insert("contact".to_owned(), json!({ "name": "The operator of this server" })));
    }
    complete(&mut document, vocabularies);
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for (method, operation) in operations.flat_map(|path| path.iter_mut()) {
        let repeatable = scope_of(operation).is_some() && ["post", "put", "patch"].contains(&method.as_str());
        refuse_null_body(operation);
        refuse_null_parameters(operation);
        add_entity_tags(operation, method == "get");
        forget_optional_examples(operation);
        add_links(operation);
        add_errors::<E>(operation, repeatable);
        if repeatable {
            add_idempotency(operation);
        }
        add_examples(operation, &schemas);
    }
    forget_marks(&mut document);
    document
}

fn bearer() -> Http {
    let description = "API key or access token: `Authorization: Bearer dk_….…`.";
    HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("api key").description(Some(description)).build()
}

fn basic() -> Http {
    let description = "User name: the name of the API key followed by `/token`. Password: the API key.";
    HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(description)).build()
}

/// utoipa describes an optional body as nullable. It may be omitted, but not `null`.
fn refuse_null_body(operation: &mut Value) {
    let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
    for media in content.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        let choices = media.get("schema").and_then(|schema| schema.get("oneOf")).and_then(Value::as_array);
        let body = choices.and_then(|choices| choices.iter().find(|choice| choice.get("type") != Some(&json!("null"))));
        if let Some(body) = body.cloned() {
            media.insert("schema".to_owned(), body);
        }
    }
}

/// utoipa describes an optional header as nullable. It may be omitted, but no text of it means `null`.
fn refuse_null_parameters(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for kind in parameters.filter_map(|parameter| parameter.pointer_mut("/schema/type")) {
        let other = kind.as_array().and_then(|kinds| kinds.iter().find(|kind| **kind != json!("null"))).cloned();
        *kind = other.unwrap_or_else(|| kind.take());
    }
}

/// Pages that try requests out send every parameter that has an example. Only the parameters that identify a resource
/// keep theirs.
fn forget_optional_examples(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    let optional = parameters.filter(|parameter| parameter["required"] != json!(true));
    for parameter in optional.filter_map(Value::as_object_mut) {
        parameter.shift_remove("example");
        parameter.get_mut("schema").and_then(Value::as_object_mut).map(|schema| schema.shift_remove("example"));
    }
}

/// Adds the response header `Link` of a list with pages.
fn add_links(operation: &mut Value) {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    if !parameters.any(|parameter| ["cursor", "page"].iter().any(|name| parameter["name"] == *name)) {
        return;
    }
    let link = json!({
        "description": "Neighbouring pages (RFC 8288): `next`, for numbered pages also `first`, `prev` and `last`.",
        "schema": { "type": "string" },
    });
    let page = operation.pointer_mut("/responses/200").and_then(Value::as_object_mut);
    let headers = page.and_then(|page| page.entry("headers").or_insert_with(|| json!({})).as_object_mut());
    headers.map(|headers| headers.insert("Link".to_owned(), link));
}

/// Adds what follows from the conditional headers: 412, and for a read 304 and the header `ETag`.
fn add_entity_tags(operation: &mut Value, is_read: bool) {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    if !parameters.any(|parameter| parameter["name"] == "If-Match") {
        return;
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let refused = Kind::PreconditionFailed.mapping().status;
    responses.entry(refused.as_str()).or_insert_with(|| json!({}));
    if is_read {
        responses.entry("304").or_insert_with(|| json!({ "description": "The caller has the current state." }));
    }
    let tag = json!({ "description": "Entity tag of the current state.", "schema": { "type": "string" } });
    for status in ["200", "206", "304"] {
        let headers = responses.get_mut(status).and_then(Value::as_object_mut);
        let headers = headers.map(|response| response.entry("headers").or_insert_with(|| json!({})));
        headers.and_then(Value::as_object_mut).map(|headers| headers.entry("ETag").or_insert_with(|| tag.clone()));
    }
}

/// Adds the body of every error, and the errors that all operations of this kind have.
fn add_errors<E: Envelope>(operation: &mut Value, repeatable: bool) {
    let (scope, needs_key) = (scope_of(operation), needs_key(operation));
    let takes_body = operation.get("requestBody").is_some();
    if let Some(operation) = operation.as_object_mut() {
        // Without this list, the document leaves open whether a credential is required.
        operation.entry("security").or_insert_with(|| json!([]));
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let mut common = Vec::new();
    if needs_key {
        common.extend([Kind::Unauthenticated, Kind::TooManyRequests, Kind::Unavailable, Kind::Internal]);
        common.extend(scope.map(|_| Kind::ScopeMissing));
    }
    if takes_body {
        common.extend([Kind::PayloadTooLarge, Kind::UnsupportedMediaType]);
    }
    if repeatable {
        common.extend([Kind::Invalid, Kind::RequestInFlight, Kind::IdempotencyKeyReused]);
    }
    if !responses.keys().any(|status| status.starts_with('4')) {
        common.push(Kind::NotAcceptable);
    }
    for kind in common {
        responses.entry(E::status(&kind.mapping()).as_str()).or_insert_with(|| json!({}));
    }
    for (status, response) in responses.iter_mut() {
        let status = StatusCode::from_bytes(status.as_bytes()).ok().filter(|status| status.as_u16() >= 400);
        if let Some(status) = status.filter(|_| response.get("content").is_none()) {
            *response = error_response::<E>(status, scope.unwrap_or(Scope::CasesRead));
        }
    }
    responses.sort_keys();
}

/// Adds the request header `Idempotency-Key` and the response header `Idempotency-Replayed`.
fn add_idempotency(operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else { return };
    let key = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "Unique key of this request, chosen by the caller, for example a UUID. A retry with the same \
            key within 24 hours is not processed again; it returns the first response.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
    });
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    parameters.as_array_mut().into_iter().for_each(|parameters| parameters.push(key.clone()));
    let replayed = json!({
        "description": "`true` if this is the response to an earlier request with the same `Idempotency-Key`.",
        "schema": { "type": "string", "enum": ["true"] },
    });
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for response in responses.filter(|(status, _)| status.starts_with('2')).filter_map(|(_, it)| it.as_object_mut()) {
        let headers = response.entry("headers").or_insert_with(|| json!({})).as_object_mut();
        headers.map(|headers| headers.insert("Idempotency-Replayed".to_owned(), replayed.clone()));
    }
}

/// Whether the operation requires a credential.
fn needs_key(operation: &Value) -> bool {
    operation.get("security").and_then(Value::as_array).is_some_and(|alternatives| !alternatives.is_empty())
}

/// The scope that the operation requires. `None` if it requires no credential.
fn scope_of(operation: &Value) -> Option<Scope> {
    let alternatives = operation.get("security")?.as_array()?.iter().filter_map(Value::as_object);
    let mut scopes = alternatives.flat_map(Map::values).filter_map(Value::as_array).flatten();
    scopes.find_map(|scope| scope.as_str()?.parse().ok())
}
