//! Errors as callers of the services dialect see them: `{"success": false, "message", "errors"?}`.

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
    failure::{Envelope, Failure},
    problem::{Answer, Problem},
};

/// The envelope of this dialect.
#[derive(Debug)]
pub enum Services {}

/// What its handlers fail with.
pub type ServicesError = Failure<Services>;

/// An error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Always false.
    #[schema(example = false)]
    success: bool,
    /// For people.
    #[schema(example = "the request is not valid")]
    message: String,
    /// The fields that are at fault, all of them at once, each with what was expected.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object, required = false, example = json!({"title": ["is required"]}))]
    errors: BTreeMap<String, Vec<String>>,
    /// With a refused transition: the moves that are open instead, and what each needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed_transitions: Option<Vec<AllowedView>>,
    /// With a refused transition: the moves that start from here but are denied as things stand, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    denied_transitions: Option<Vec<DeniedView>>,
}

/// A move that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedView {
    /// The present status.
    #[schema(example = "closed")]
    from_status: String,
    /// Where it leads.
    #[schema(example = "open")]
    to_status: String,
    /// The name of the transition.
    #[schema(example = "reopen")]
    name: String,
    /// What has to be handed in with it.
    #[schema(example = json!(["reason"]))]
    requires: Vec<&'static str>,
}

/// A move that is denied as things stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeniedView {
    /// The present status.
    #[schema(example = "in_progress")]
    from_status: String,
    /// Where it would lead.
    #[schema(example = "resolved")]
    to_status: String,
    /// The name of the transition.
    #[schema(example = "resolve")]
    name: String,
    /// What would have to be handed in with it.
    #[schema(example = json!([]))]
    requires: Vec<&'static str>,
    /// Every reason against it.
    reasons: Vec<ReasonView>,
}

/// A reason against a move.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonView {
    /// For programs; stable.
    #[schema(example = "field_missing")]
    code: &'static str,
    /// For people.
    #[schema(example = "resolution has to be filled in first")]
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

/// What does not exist is named at the beginning of the sentence, as the dialect's own documents have it.
fn message(problem: &Problem) -> String {
    if let Problem::Domain(Error::Rejected(Rejection::NotFound(entity))) = problem {
        let (first, rest) = entity.noun().split_at(1);
        return format!("{}{rest} not found", first.to_uppercase());
    }
    problem.message()
}

impl Envelope for Services {
    fn status(answer: &Answer) -> StatusCode {
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

    fn word(_: &Answer) -> Option<&'static str> {
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
