//! Moving a case along its workflow.

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

/// Every move, allowed and denied.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionListView {
    /// The moves.
    data: Vec<TransitionView>,
}

/// One move: whether the caller can make it now, and if not, why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionView {
    /// The name of the transition.
    #[schema(example = "resolve")]
    name: String,
    /// Where it leads.
    #[schema(example = "resolved")]
    to: String,
    /// Whether it can be made now, given what it requires.
    #[schema(example = true)]
    allowed: bool,
    /// What has to be handed in with it.
    #[schema(example = json!([]))]
    requires: Vec<&'static str>,
    /// Every reason against it; none where it is allowed.
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

/// Apply a transition
///
/// By `transition`, by `to`, or by both where a transition has several targets. A refusal lists every reason and what
/// is allowed instead. `dry_run` answers the same and changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/transitions",
    tag = "transitions",
    params(CasePath, EntityTags),
    request_body = TransitionBody,
    responses(
        (status = 200, description = "The case after it.", body = CaseView),
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
    let case = service::change_case(&app.store, &who.context(&app), case.0, command, terms).await?;
    Ok(tagged(&case.revision(), view(&app, case).await?))
}

/// Explain all transitions
///
/// Every move that the workflow knows: allowed for the caller now, or denied with every reason.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/transitions",
    tag = "transitions",
    params(CasePath),
    responses((status = 200, description = "The moves.", body = TransitionListView), (status = 404)),
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
