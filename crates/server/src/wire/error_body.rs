//! The error body of the native and the Trackops dialects: `{"error": {"code", "message", "details"?, …}}`.

use docket_domain::workflow::{AllowedMove, Reason};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::problem::Problem;

#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    error: ErrorView,
}

/// An error.
#[derive(Debug, Serialize, ToSchema)]
struct ErrorView {
    /// Stable code for programs.
    #[schema(example = "VALIDATION_ERROR")]
    code: &'static str,
    /// Message for people.
    #[schema(example = "the request is not valid")]
    message: String,
    /// Every invalid field of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    details: Vec<FaultView>,
    /// Seconds to wait before retrying. Present with 429, with 503, and if the same request is still in progress (409).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_after: Option<u64>,
    /// For a refused transition: the transitions that are allowed now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed_transitions: Option<Vec<AllowedView>>,
    /// For a refused transition: every reason against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reasons: Option<Vec<ReasonView>>,
}

/// An invalid field of the request.
#[derive(Debug, Serialize, ToSchema)]
struct FaultView {
    /// Name or path of the field, for example `parties[0].role`.
    #[schema(example = "limit")]
    field: String,
    /// What is expected.
    #[schema(example = "must be an integer from 1 to 100")]
    message: String,
}

/// A transition to one target status that is allowed now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedView {
    /// Name of the transition.
    #[schema(example = "resolve")]
    name: String,
    /// Target status.
    #[schema(example = "resolved")]
    to: String,
    /// Required input: `reason`, or nothing.
    requires: Vec<&'static str>,
}

/// A reason against a transition.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonView {
    /// Stable code for programs.
    #[schema(example = "not_from_here")]
    code: &'static str,
    /// Message for people.
    #[schema(example = "the case is in status closed; resolve starts from open")]
    message: String,
}

impl From<&AllowedMove> for AllowedView {
    fn from(allowed: &AllowedMove) -> Self {
        Self {
            name: allowed.name.clone(),
            to: allowed.to.to_string(),
            requires: allowed.requires.iter().map(|requirement| requirement.as_str()).collect(),
        }
    }
}

impl From<&Reason> for ReasonView {
    fn from(reason: &Reason) -> Self {
        Self { code: reason.code.as_str(), message: reason.message.clone() }
    }
}

pub fn envelope(problem: &Problem) -> Value {
    let faults = problem.details().iter();
    let refusal = problem.refusal();
    let error = ErrorView {
        code: problem.kind().mapping().code,
        message: problem.message(),
        details: faults.map(|fault| FaultView { field: fault.field.clone(), message: fault.message.clone() }).collect(),
        retry_after: problem.retry_after(),
        allowed_transitions: refusal.map(|refusal| refusal.allowed.iter().map(AllowedView::from).collect()),
        reasons: refusal.map(|refusal| refusal.reasons.iter().map(ReasonView::from).collect()),
    };
    json!(ErrorBody { error })
}
