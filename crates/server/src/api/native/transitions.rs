//! Handlers that change the status of a case along its workflow, and explain which changes are possible. The workflow
//! engine decides.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use docket_domain::{revision::Revised as _, service, workflow::Explanation};
use serde::Serialize;
use utoipa::ToSchema;

use super::{body::TransitionBody, cases::view, error::NativeError, view::CaseView};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, tagged},
        error_body::ReasonView,
        path::CasePath,
    },
};

#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionListView {
    /// Transitions, one entry for each target status, in the order of the workflow.
    data: Vec<TransitionView>,
}

/// A transition to one target status: whether the caller can apply it now, and if not, why.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionView {
    /// Name of the transition.
    #[schema(example = "resolve")]
    name: String,
    /// Target status.
    #[schema(example = "resolved")]
    to: String,
    /// Whether the caller can apply it now, provided that the input in `requires` is given.
    #[schema(example = true)]
    allowed: bool,
    /// Required input: `reason`, or nothing.
    #[schema(example = json!([]))]
    requires: Vec<&'static str>,
    /// Every reason against it; empty if it is allowed.
    #[schema(example = json!([]))]
    reasons: Vec<ReasonView>,
}

impl From<Explanation> for TransitionView {
    fn from(explanation: Explanation) -> Self {
        Self {
            to: explanation.to.to_string(),
            allowed: explanation.allowed,
            requires: explanation.requires.iter().map(|requirement| requirement.as_str()).collect(),
            reasons: explanation.reasons.iter().map(ReasonView::from).collect(),
            name: explanation.name,
        }
    }
}

/// The case after a transition.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionedView {
    #[serde(flatten)]
    case: CaseView,
    /// `true` if this was a dry run: the case is as it would be, and nothing changed.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false, example = false)]
    dry_run: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde requires")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Apply a transition
///
/// Select the transition by name (`transition`), by target status (`to`), or by both if it has several targets. If the
/// transition is not possible now, the response is 409 with every reason and the transitions that are allowed instead.
/// With `dry_run` the response is the same, with `"dry_run": true`, but nothing changes.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/transitions",
    tag = "transitions",
    params(CasePath, EntityTags),
    request_body = TransitionBody,
    responses(
        (status = 200, description = "The case after the transition.", body = TransitionedView),
        (status = 400), (status = 404), (status = 409), (status = 412),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn apply_transition(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<TransitionBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (command, terms) = body.0.into_command();
    let dry_run = terms.dry_run;
    let case = service::change_case(&app.store, &who.context(&app), case.0, command, terms).await?;
    let revision = case.revision();
    Ok(tagged(&revision, TransitionedView { case: view(&app, case).await?, dry_run }))
}

/// Explain the transitions of a case
///
/// Returns every transition of the workflow: allowed for the caller now, or denied with every reason.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/transitions",
    tag = "transitions",
    params(CasePath),
    responses((status = 200, description = "The transitions.", body = TransitionListView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn explain_transitions(
    who: Authed<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<Json<TransitionListView>, NativeError> {
    let explained = service::explain_transitions(&app.store, &who.context(&app), case.0).await?;
    Ok(Json(TransitionListView { data: explained.into_iter().map(TransitionView::from).collect() }))
}
