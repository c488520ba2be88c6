//! Error envelope of the services dialect: `{"success": false, "message", "errors"?}`.
//!
//! It translates problems. It never decides which status a problem has: that table is in `wire/problem.rs`.

use std::{borrow::Cow, collections::BTreeMap};

use actix_web::http::StatusCode;
use docket_domain::{
    error::{Error, Rejection},
    workflow::{Reason, Refusal, Requirement},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::wire::{
    api_error::{ApiError, Envelope},
    problem::{ErrorMapping, Problem},
};

#[derive(Debug)]
pub enum Services {}

pub type ServicesError = ApiError<Services>;

/// Error response.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Always false.
    #[schema(example = false)]
    success: bool,
    /// Summary of the error, for display.
    #[schema(example = "the request is not valid")]
    message: String,
    /// Invalid fields by name, each with its messages. For a refused transition, `status` has every reason. Absent if
    /// no field is invalid.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Vec<String>>, required = false, example = json!({"title": ["is required"]}))]
    errors: BTreeMap<String, Vec<String>>,
    /// Transitions that are allowed from the current status. Present only if a transition was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed_transitions: Option<Vec<AllowedView>>,
    /// Transitions that start from the current status but are denied now. Present only if a transition was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    denied_transitions: Option<Vec<DeniedView>>,
}

/// A transition that is allowed now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedView {
    /// Current status.
    #[schema(example = "closed")]
    from_status: String,
    /// Status after the transition.
    #[schema(example = "open")]
    to_status: String,
    /// Name of the transition.
    #[schema(example = "reopen")]
    name: String,
    /// Body fields that the transition requires.
    #[schema(example = json!(["reason"]))]
    requires: Vec<&'static str>,
}

/// A transition that is denied now.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeniedView {
    /// Current status.
    #[schema(example = "in_progress")]
    from_status: String,
    /// Status after the transition.
    #[schema(example = "resolved")]
    to_status: String,
    /// Name of the transition.
    #[schema(example = "resolve")]
    name: String,
    /// Body fields that the transition requires.
    #[schema(example = json!([]))]
    requires: Vec<&'static str>,
    /// Every reason why the transition is denied.
    reasons: Vec<ReasonView>,
}

/// Reason why a transition is denied.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonView {
    /// Stable code, for programs.
    #[schema(example = "field_missing")]
    code: &'static str,
    /// Text of the reason, for display.
    #[schema(example = "resolution must be set")]
    message: String,
}

fn words(requires: &[Requirement]) -> Vec<&'static str> {
    requires.iter().map(|requirement| requirement.as_str()).collect()
}

fn allowed(refusal: &Refusal) -> Vec<AllowedView> {
    let view = |open: &docket_domain::workflow::AllowedMove| AllowedView {
        from_status: refusal.from.to_string(),
        to_status: open.to.to_string(),
        name: open.name.clone(),
        requires: words(&open.requires),
    };
    refusal.allowed.iter().map(view).collect()
}

fn denied(refusal: &Refusal) -> Vec<DeniedView> {
    let reason = |reason: &Reason| ReasonView { code: reason.code.as_str(), message: reason.message.clone() };
    let view = |denied: &docket_domain::workflow::Explanation| DeniedView {
        from_status: refusal.from.to_string(),
        to_status: denied.to.to_string(),
        name: denied.name.clone(),
        requires: words(&denied.requires),
        reasons: denied.reasons.iter().map(reason).collect(),
    };
    refusal.blocked.iter().map(view).collect()
}

/// The API documents of this dialect write `Inquiry not found`, with a capital letter.
fn message(problem: &Problem) -> String {
    if let Problem::Domain(Error::Rejected(Rejection::NotFound(entity))) = problem {
        let (first, rest) = entity.noun().split_at(1);
        return format!("{}{rest} not found", first.to_uppercase());
    }
    problem.message()
}

impl Envelope for Services {
    fn status(answer: &ErrorMapping) -> StatusCode {
        answer.services_status
    }

    fn field(name: &str) -> Cow<'_, str> {
        Cow::Borrowed(match name {
            "name" => "title",
            "inquiry_id" => "initial_inquiry_id",
            "custom_fields" => "metadata",
            "parent" => "parent_case_id",
            "to" => "status",
            "transition" => "action",
            "staff[0].role" => "role",
            other => other,
        })
    }

    fn word(_: &ErrorMapping) -> Option<&'static str> {
        None
    }

    fn body(problem: &Problem) -> Value {
        let mut errors = BTreeMap::<_, Vec<_>>::new();
        for fault in problem.details() {
            errors.entry(fault.field.clone()).or_default().push(fault.message.clone());
        }
        let refusal = problem.refusal();
        if let Some(refusal) = refusal {
            errors.insert("status".to_owned(), refusal.reasons.iter().map(|reason| reason.message.clone()).collect());
        }
        json!(ErrorBody {
            success: false,
            message: message(problem),
            errors,
            allowed_transitions: refusal.map(allowed),
            denied_transitions: refusal.map(denied),
        })
    }
}
