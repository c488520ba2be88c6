//! What all OpenAPI documents share, put behind what utoipa reads from the handlers.
//!
//! A handler names its own errors by status alone (`(status = 404)`); here they get the dialect's error body, as do
//! the errors that every operation of its kind can give. Examples of whole bodies follow from those of the fields.

use actix_web::http::StatusCode;
use docket_domain::{
    error::{Error, StoreError},
    id::Entity,
    scope::Scope,
};
use serde_json::{Map, Value, json};
use utoipa::openapi::{
    OpenApi,
    security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    failure::Envelope,
    problem::{Kind, Problem},
};

/// The schema of a dialect's error body, by its name among the components.
const ERROR_BODY: &str = "#/components/schemas/ErrorBody";
/// How deep examples go into schemas that hold each other.
const DEEPEST: usize = 8;

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
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
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

fn error_response<E: Envelope>(status: StatusCode, scope: Scope) -> Value {
    let problem = example_problem::<E>(status, scope);
    let mut response = json!({
        "description": description::<E>(status),
        "content": { "application/json": { "schema": { "$ref": ERROR_BODY }, "example": E::body(&problem) } },
    });
    let integer = |description: &str| json!({ "description": description, "schema": { "type": "integer" } });
    let mut headers = Map::new();
    if problem.retry_after().is_some() || status == StatusCode::CONFLICT {
        headers.insert("Retry-After".to_owned(), integer(retry_after(status)));
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let named = [
            ("RateLimit-Limit", "How many requests the key may make at once after a rest."),
            ("RateLimit-Remaining", "How many it may make now."),
            ("RateLimit-Reset", "The seconds after which it may make all of them."),
        ];
        headers.extend(named.map(|(name, description)| (name.to_owned(), integer(description))));
    }
    if let Some(response) = response.as_object_mut().filter(|_| !headers.is_empty()) {
        response.insert("headers".to_owned(), Value::Object(headers));
    }
    response
}

const fn retry_after(status: StatusCode) -> &'static str {
    match status {
        StatusCode::CONFLICT => "Where the same request is under way: the seconds after which to ask again.",
        _ => "The seconds after which to try again.",
    }
}

fn example_problem<E: Envelope>(status: StatusCode, scope: Scope) -> Problem {
    match status {
        StatusCode::UNAUTHORIZED => Problem::Unauthenticated,
        StatusCode::FORBIDDEN => Problem::scope_missing(scope),
        StatusCode::NOT_FOUND if scope == Scope::Admin => Problem::not_found(Entity::Key),
        StatusCode::NOT_FOUND => Problem::not_found(Entity::Case),
        // Where what is invalid has this status as well, that is the likelier.
        StatusCode::UNPROCESSABLE_ENTITY if E::status(&Kind::Invalid.answer()) != status => Problem::OtherRequest,
        StatusCode::CONFLICT => Problem::Domain(StoreError::Stale.into()),
        StatusCode::PRECONDITION_FAILED => Problem::Domain(Error::PreconditionFailed { holds: 2 }),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge(2 << 20),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::WrongMediaType("application/json"),
        StatusCode::RANGE_NOT_SATISFIABLE => Problem::RangeNotSatisfiable,
        StatusCode::TOO_MANY_REQUESTS => Problem::TooManyRequests(1),
        StatusCode::INTERNAL_SERVER_ERROR => Problem::defect(String::new()),
        StatusCode::SERVICE_UNAVAILABLE => Problem::TimedOut,
        _ => Problem::invalid("name", "is required"),
    }
}

/// What every error of that status means, with the words by which a program tells it from others.
fn description<E: Envelope>(status: StatusCode) -> String {
    let kinds = [
        Kind::Invalid,
        Kind::Unauthenticated,
        Kind::ScopeMissing,
        Kind::TransitionNotAllowed,
        Kind::CaseNotClosed,
        Kind::CaseNotDeleted,
        Kind::VersionConflict,
        Kind::WorkflowMismatch,
        Kind::PreconditionFailed,
        Kind::PayloadTooLarge,
        Kind::UnsupportedMediaType,
        Kind::RangeNotSatisfiable,
        Kind::TooManyRequests,
        Kind::RequestInFlight,
        Kind::AnswerLost,
        Kind::IdempotencyKeyReused,
        Kind::Unavailable,
        Kind::Internal,
    ];
    let answers = kinds.into_iter().map(Kind::answer).filter(|answer| E::status(answer) == status);
    let mut words = answers.filter_map(|answer| E::word(&answer)).collect::<Vec<_>>();
    words.dedup();
    let meaning = match status {
        StatusCode::UNPROCESSABLE_ENTITY if E::status(&Kind::Invalid.answer()) != status => {
            "The `Idempotency-Key` was used for another request"
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            "The request in itself is wrong, every field at fault is named; or its `Idempotency-Key` was used for another"
        }
        StatusCode::BAD_REQUEST => "The request in itself is wrong; every field at fault is named",
        StatusCode::UNAUTHORIZED => "There is no credential, or it opens nothing",
        StatusCode::FORBIDDEN => "The key lacks the scope",
        StatusCode::NOT_FOUND => "There is no such thing in the account",
        StatusCode::CONFLICT => {
            "The request does not fit the present state, or the same `Idempotency-Key` is under way or its answer lost"
        }
        StatusCode::PRECONDITION_FAILED => "The case has another version than `If-Match` says",
        StatusCode::PAYLOAD_TOO_LARGE => "The body is too large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "The body is of another media type",
        StatusCode::RANGE_NOT_SATISFIABLE => "The range lies outside of the content",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "The database does not answer in time; try again",
        _ => "A defect of the server",
    };
    if words.is_empty() { format!("{meaning}.") } else { format!("{meaning}: `{}`.", words.join("`, `")) }
}

/// Puts an example beside every schema of a body that has none.
fn add_examples(operation: &mut Value, schemas: &Value) {
    let request = operation.get_mut("requestBody").into_iter();
    let request = request.filter_map(|body| body.get_mut("content")).collect::<Vec<_>>();
    for content in request {
        fill(content, schemas);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        if let Some(content) = response.get_mut("content") {
            fill(content, schemas);
        }
    }
}

/// Bodies of JSON, in whichever dress, and forms, which have its fields.
fn fill(content: &mut Value, schemas: &Value) {
    let media = content.as_object_mut().into_iter().flatten();
    let readable = media.filter(|(name, _)| name.ends_with("json") || name.ends_with("x-www-form-urlencoded"));
    for media in readable.filter_map(|(_, media)| media.as_object_mut()) {
        if let Some(schema) = media.get("schema").filter(|_| !media.contains_key("example")) {
            let example = example(schema, schemas, 0);
            media.insert("example".to_owned(), example);
        }
    }
}

/// An example of a schema: its own, or one made of those of its parts.
fn example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(own) = schema.get("example") {
        return own.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        return schemas.get(name).map_or(Value::Null, |schema| example(schema, schemas, depth + 1));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let mut branches = schema.get(choice).and_then(Value::as_array).into_iter().flatten();
        if let Some(branch) = branches.find(|branch| branch.get("type").is_none_or(|kind| kind != "null")) {
            return example(branch, schemas, depth + 1);
        }
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let shown = properties.iter().filter(|(_, field)| !is_left_out(field));
        let fields = shown.map(|(name, field)| (name.clone(), example(field, schemas, depth + 1)));
        return Value::Object(fields.collect());
    }
    plain_example(schema, schemas, depth)
}

/// Whether examples leave a field or parameter out: its own example is null, which it cannot be.
fn is_left_out(field: &Value) -> bool {
    let kind = field.get("schema").unwrap_or(field).get("type");
    field.get("example").is_some_and(Value::is_null) && kind.is_some_and(Value::is_string)
}

/// Takes away the marks by which fields and parameters are left out of examples.
fn forget_marks(part: &mut Value) {
    if is_left_out(part)
        && let Some(part) = part.as_object_mut()
    {
        part.shift_remove("example");
    }
    match part {
        Value::Object(fields) => fields.values_mut().for_each(forget_marks),
        Value::Array(items) => items.iter_mut().for_each(forget_marks),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn plain_example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first()) {
        return first.clone();
    }
    let kinds = schema.get("type").into_iter();
    let mut kinds = kinds.flat_map(|kind| kind.as_array().map_or(std::slice::from_ref(kind), Vec::as_slice));
    let kind = kinds.find_map(|kind| kind.as_str().filter(|kind| *kind != "null"));
    let format = schema.get("format").and_then(Value::as_str);
    match (kind, format) {
        (Some("array"), _) => {
            schema.get("items").map_or_else(|| json!([]), |items| json!([example(items, schemas, depth + 1)]))
        }
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("object"), _) => json!({}),
        (Some("string"), Some("uuid")) => json!("550e8400-e29b-41d4-a716-446655440000"),
        (Some("string"), Some("date-time")) => json!("2026-01-15T09:00:00Z"),
        (Some("string"), Some("date")) => json!("2026-01-15"),
        (Some("string"), _) => json!("text"),
        _ => Value::Null,
    }
}
