//! The error body of the native and the Trackops dialect: `{"error": {"code", "message", "details"?, …}}`.

use docket_domain::workflow::{AllowedMove, Reason};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::problem::Problem;

/// An error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    error: ErrorView,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
struct ErrorView {
    /// For programs; stable.
    #[schema(example = "VALIDATION_ERROR")]
    code: &'static str,
    /// For people.
    #[schema(example = "the request is not valid")]
    message: String,
    /// The fields that are at fault, all of them at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    details: Vec<FaultView>,
    /// Seconds to wait before retrying; with 429, 503 and a request in progress.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_after: Option<u64>,
    /// With a refused transition: the moves that are open instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed_transitions: Option<Vec<AllowedView>>,
    /// With a refused transition: every reason against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reasons: Option<Vec<ReasonView>>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
struct FaultView {
    /// The field.
    #[schema(example = "limit")]
    field: String,
    /// What was expected.
    #[schema(example = "must be from 1 to 100")]
    message: String,
}

/// A move that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedView {
    /// The name of the transition.
    #[schema(example = "resolve")]
    name: String,
    /// The status that it leads to.
    #[schema(example = "resolved")]
    to: String,
    /// What has to be handed in with it.
    requires: Vec<&'static str>,
}

/// One reason against a move.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonView {
    /// For programs; stable.
    #[schema(example = "not_from_here")]
    code: &'static str,
    /// For people.
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

/// The error body of a problem.
pub fn envelope(problem: &Problem) -> Value {
    let faults = problem.details().iter();
    let refusal = problem.refusal();
    let error = ErrorView {
        code: problem.kind().answer().code,
        message: problem.message(),
        details: faults.map(|fault| FaultView { field: fault.field.clone(), message: fault.message.clone() }).collect(),
        retry_after: problem.retry_after(),
        allowed_transitions: refusal.map(|refusal| refusal.allowed.iter().map(AllowedView::from).collect()),
        reasons: refusal.map(|refusal| refusal.reasons.iter().map(ReasonView::from).collect()),
    };
    json!(ErrorBody { error })
}
