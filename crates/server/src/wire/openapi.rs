//! What all OpenAPI documents share, put behind what utoipa reads from the handlers.
//!
//! A handler names its own errors by status alone (`(status = 404)`); here they get the dialect's error body, as do
//! the errors that every operation of its kind can give. Examples of whole bodies follow from those of the fields.

mod errors;
mod examples;

use actix_web::http::StatusCode;
use docket_domain::scope::Scope;
use serde_json::{Map, Value, json};
use utoipa::openapi::{
    OpenApi,
    security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use self::{
    errors::error_response,
    examples::{add_examples, forget_marks},
};
use crate::wire::{failure::Envelope, problem::Kind};

/// The finished document.
#[must_use]
pub fn finish<E: Envelope>(mut document: OpenApi) -> Value {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer()));
    components.add_security_scheme("basic", SecurityScheme::Http(basic()));
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let mut document = json!(document);
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for (method, operation) in operations.flat_map(|path| path.iter_mut()) {
        let repeatable = scope_of(operation).is_some() && ["post", "put", "patch"].contains(&method.as_str());
        refuse_null_body(operation);
        add_entity_tags(operation, method == "get");
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
    let description = "An api key: `Authorization: Bearer dk_….…`.";
    HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("api key").description(Some(description)).build()
}

fn basic() -> Http {
    let description = "The name of an api key with `/token` behind it, and the key as the password.";
    HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(description)).build()
}

/// A body that may be left out is absent then, and never `null`, as which utoipa describes it.
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

/// What follows from the conditional headers: a refusal, and where the thing is answered its tag.
fn add_entity_tags(operation: &mut Value, is_read: bool) {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    if !parameters.any(|parameter| parameter["name"] == "If-Match") {
        return;
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let refused = Kind::PreconditionFailed.answer().status;
    responses.entry(refused.as_str()).or_insert_with(|| json!({}));
    if is_read {
        responses.entry("304").or_insert_with(|| json!({ "description": "The caller has the present state." }));
    }
    let tag = json!({ "description": "Entity tag of the present state.", "schema": { "type": "string" } });
    for status in ["200", "206", "304"] {
        let headers = responses.get_mut(status).and_then(Value::as_object_mut);
        let headers = headers.map(|response| response.entry("headers").or_insert_with(|| json!({})));
        headers.and_then(Value::as_object_mut).map(|headers| headers.entry("ETag").or_insert_with(|| tag.clone()));
    }
}

/// Gives every error its body, and adds those that follow from the operation's kind.
fn add_errors<E: Envelope>(operation: &mut Value, repeatable: bool) {
    let scope = scope_of(operation);
    let takes_body = operation.get("requestBody").is_some();
    if let Some(operation) = operation.as_object_mut() {
        // Nothing said would leave open whether a credential is needed.
        operation.entry("security").or_insert_with(|| json!([]));
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let mut common = Vec::new();
    if scope.is_some() {
        let any = [Kind::Unauthenticated, Kind::ScopeMissing, Kind::TooManyRequests, Kind::Unavailable, Kind::Internal];
        common.extend(any);
    }
    if takes_body {
        common.extend([Kind::PayloadTooLarge, Kind::UnsupportedMediaType]);
    }
    if repeatable {
        common.extend([Kind::Invalid, Kind::RequestInFlight, Kind::IdempotencyKeyReused]);
    }
    for kind in common {
        responses.entry(E::status(&kind.answer()).as_str()).or_insert_with(|| json!({}));
    }
    for (status, response) in responses.iter_mut() {
        let status = StatusCode::from_bytes(status.as_bytes()).ok().filter(|status| status.as_u16() >= 400);
        if let Some(status) = status.filter(|_| response.get("content").is_none()) {
            *response = error_response::<E>(status, scope.unwrap_or(Scope::CasesRead));
        }
    }
    responses.sort_keys();
}

/// The header by which a request may be sent again, and the one by which the answer to a repetition is known.
fn add_idempotency(operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else { return };
    let key = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A text that the caller makes up for this request (a UUID, say). Sent again with the same key within \
            24 hours, the request is not carried out again: it gets the first answer.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
    });
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    parameters.as_array_mut().into_iter().for_each(|parameters| parameters.push(key.clone()));
    let replayed = json!({
        "description": "`true` where the answer was given before, to a request with the same `Idempotency-Key`.",
        "schema": { "type": "string", "enum": ["true"] },
    });
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for response in responses.filter(|(status, _)| status.starts_with('2')).filter_map(|(_, it)| it.as_object_mut()) {
        let headers = response.entry("headers").or_insert_with(|| json!({})).as_object_mut();
        headers.map(|headers| headers.insert("Idempotency-Replayed".to_owned(), replayed.clone()));
    }
}

/// The scope that the operation says it needs; none where it needs no credential.
fn scope_of(operation: &Value) -> Option<Scope> {
    let alternatives = operation.get("security")?.as_array()?.iter().filter_map(Value::as_object);
    let mut scopes = alternatives.flat_map(Map::values).filter_map(Value::as_array).flatten();
    scopes.find_map(|scope| scope.as_str()?.parse().ok())
}
