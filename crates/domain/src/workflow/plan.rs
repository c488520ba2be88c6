//! Finds the move that a request means, or refuses it with every reason at once.

use super::{
    explain::{AllowedMove, Explanation},
    guard::Facts,
    model::Workflow,
    reason::{Grants, Reason, ReasonCode, ReasonKind},
    status::{Status, StatusKey},
    text::{listed, quoted},
    transition::Transition,
};

/// A requested change of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// A transition by name. Refused if it does not start from the current status.
    Named {
        /// The name.
        name: String,
        /// One of its targets. Default: its default target.
        to: Option<StatusKey>,
    },
    /// A change to a status, by the transition that leads there. A request for the current status changes nothing.
    To(StatusKey),
}

impl Move {
    /// The transition of this name, to its default target.
    pub fn named(name: impl Into<String>) -> Self {
        Self::Named { name: name.into(), to: None }
    }

    /// A change to this status.
    pub fn to(status: impl Into<StatusKey>) -> Self {
        Self::To(status.into())
    }
}

/// Result of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum TransitionPlan<'w> {
    /// The entity already has the status; nothing is written.
    Unchanged(&'w Status),
    /// The status changes by one transition.
    Change(PlannedTransition<'w>),
}

/// The transition to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedTransition<'w> {
    /// The transition.
    pub transition: &'w Transition,
    /// The current status.
    pub from: &'w Status,
    /// The new status.
    pub to: &'w Status,
}

/// Why a request is refused, and which moves are possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(.reasons, "and"))]
pub struct Refusal {
    /// The current status.
    pub from: StatusKey,
    /// Every reason; never empty.
    pub reasons: Vec<Reason>,
    /// The moves that this actor can make now, with the input that they require.
    pub allowed: Vec<AllowedMove>,
    /// The moves from the current status that are denied now, each with every reason.
    pub blocked: Vec<Explanation>,
}

impl Refusal {
    /// Class of the refusal. If reasons differ, forbidden comes before invalid and invalid before not allowed: the
    /// order of checks in the API contract.
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        self.reasons.iter().map(Reason::kind).min().unwrap_or(ReasonKind::NotAllowed)
    }

    /// The reasons of one class.
    pub fn of_kind(&self, kind: ReasonKind) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(move |reason| reason.kind() == kind)
    }
}

impl Workflow {
    /// The move that a word means: a transition by name or label, or else a status by label. Case is ignored.
    ///
    /// ```
    /// use docket_domain::workflow::{EntityType, Move, builtin};
    ///
    /// let resolve = builtin(EntityType::Case).move_by_word("Resolve");
    /// assert_eq!(resolve, Some(Move::named("resolve")));
    /// ```
    #[must_use]
    pub fn move_by_word(&self, word: &str) -> Option<Move> {
        let transition = self.transition_by_word(word).map(|transition| Move::named(&transition.name));
        transition.or_else(|| self.status_by_label(word).map(|status| Move::To(status.key.clone())))
    }

    /// Finds the transition that a request means and checks it. There is no other way to change a status.
    ///
    /// `from` is the current status, `facts` the entity with the edits of the same command, `actor` the caller, and
    /// `reason` the reason given; a blank one counts as none.
    ///
    /// # Errors
    /// A [`Refusal`] with every reason against the move, not only the first.
    pub fn plan(
        &self,
        from: &StatusKey,
        request: &Move,
        facts: &dyn Facts,
        actor: &dyn Grants,
        reason: Option<&str>,
    ) -> Result<TransitionPlan<'_>, Refusal> {
        self.choose(from, request, facts, actor, reason).map_err(|reasons| {
            let (allowed, blocked): (Vec<_>, Vec<_>) =
                self.explain_from(from, facts, actor).partition(|explanation| explanation.allowed);
            Refusal {
                from: from.clone(),
                reasons,
                allowed: allowed.into_iter().map(AllowedMove::from).collect(),
                blocked,
            }
        })
    }

    /// The status of a new entity: the requested one, which must not be terminal, or else the initial one.
    ///
    /// # Errors
    /// [`ReasonCode::UnknownStatus`] or [`ReasonCode::TerminalAtCreation`], on the field `status`.
    pub fn plan_creation(&self, requested: Option<&StatusKey>) -> Result<&Status, Reason> {
        let Some(key) = requested else { return Ok(self.initial()) };
        let status = self.status(key).ok_or_else(|| self.unknown_status("status", key))?;
        if status.is_creatable() {
            return Ok(status);
        }
        let creatable = self.statuses().iter().filter(|status| status.is_creatable()).map(|status| &status.key);
        let message = format!(
            "no {} can be created in the terminal status {key}, expected {}",
            self.entity_type(),
            listed(creatable, "or")
        );
        Err(Reason::on_field(ReasonCode::TerminalAtCreation, "status", message))
    }

    fn choose(
        &self,
        from: &StatusKey,
        request: &Move,
        facts: &dyn Facts,
        actor: &dyn Grants,
        reason: Option<&str>,
    ) -> Result<TransitionPlan<'_>, Vec<Reason>> {
        let mut reasons = Vec::new();
        let mut note = |problem: Reason| reasons.push(problem);
        let here = self.status(from).ok_or_else(|| self.present_status_unknown(from)).map_err(&mut note).ok();
        let chosen = match request {
            Move::Named { name, to } => {
                let transition = self.transition(name).ok_or_else(|| self.unknown_transition(name));
                let transition = transition.map_err(&mut note).ok();
                let target = to.as_ref().or(transition.map(|transition| &transition.to));
                let target = target.and_then(|key| {
                    self.status(key).ok_or_else(|| self.unknown_status("to", key)).map_err(&mut note).ok()
                });
                transition.zip(target)
            }
            Move::To(key) => {
                let target = self.status(key).ok_or_else(|| self.unknown_status("to", key)).map_err(&mut note).ok();
                if let (Some(here), Some(target)) = (here, target)
                    && here.key == target.key
                {
                    return Ok(TransitionPlan::Unchanged(here));
                }
                here.zip(target).and_then(|(here, target)| {
                    let transition = self.transition_to(&here.key, &target.key);
                    transition.ok_or_else(|| self.no_way(here, target)).map_err(&mut note).ok().zip(Some(target))
                })
            }
        };
        if let Some((transition, to)) = chosen {
            reasons.extend(self.objections(here, transition, to, facts, actor));
            if transition.requires_reason && reason.is_none_or(|reason| reason.trim().is_empty()) {
                reasons.push(reason_required(transition));
            }
            if let Some(from) = here
                && reasons.is_empty()
            {
                return Ok(TransitionPlan::Change(PlannedTransition { transition, from, to }));
            }
        }
        Err(reasons)
    }

    /// Every reason against a transition, except that a required reason is missing.
    pub(super) fn objections(
        &self,
        here: Option<&Status>,
        transition: &Transition,
        to: &Status,
        facts: &dyn Facts,
        actor: &dyn Grants,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !transition.leads_to(&to.key) {
            reasons.push(not_a_target(transition, to));
        }
        if let Some(here) = here
            && !transition.starts_from(&here.key)
        {
            reasons.push(self.not_from_here(here, transition));
        }
        if let Some(scope) = &transition.scope
            && !actor.has_scope(scope)
        {
            let message = format!("{} needs the scope {scope}", transition.name);
            reasons.push(Reason::new(ReasonCode::ScopeMissing, message));
        }
        reasons.extend(transition.guards.iter().filter_map(|guard| guard.objection(facts, actor)));
        reasons
    }

    pub(super) fn present_status_unknown(&self, from: &StatusKey) -> Reason {
        let message = format!(
            "the {} is in status {}, which the workflow {} does not have",
            self.entity_type(),
            quoted(from.as_str()),
            quoted(self.name())
        );
        Reason::new(ReasonCode::PresentStatusUnknown, message)
    }

    fn unknown_transition(&self, name: &str) -> Reason {
        let known = listed(self.transitions().iter().map(|transition| &transition.name), "or");
        let message = format!("unknown transition {}, expected {known}", quoted(name));
        Reason::on_field(ReasonCode::UnknownTransition, "transition", message)
    }

    fn unknown_status(&self, field: &str, key: &StatusKey) -> Reason {
        let known = listed(self.statuses().iter().map(|status| &status.key), "or");
        let message = format!("unknown status {}, expected {known}", quoted(key.as_str()));
        Reason::on_field(ReasonCode::UnknownStatus, field, message)
    }

    fn not_from_here(&self, here: &Status, transition: &Transition) -> Reason {
        let message = format!(
            "the {} is in status {}; {} starts from {}",
            self.entity_type(),
            here.key,
            transition.name,
            listed(&transition.from, "or")
        );
        Reason::new(ReasonCode::NotFromHere, message)
    }

    fn no_way(&self, here: &Status, to: &Status) -> Reason {
        let sources: Vec<_> = self.rules().into_iter().filter(|rule| *rule.to_status == to.key).collect();
        let message = format!(
            "the {} is in status {}; transitions to {} start from {}",
            self.entity_type(),
            here.key,
            to.key,
            listed(sources.iter().map(|rule| rule.from_status), "or")
        );
        Reason::new(ReasonCode::NotFromHere, message)
    }
}

fn not_a_target(transition: &Transition, to: &Status) -> Reason {
    let message = format!("{} leads to {}, not to {}", transition.name, listed(transition.targets(), "or"), to.key);
    Reason::on_field(ReasonCode::NotATarget, "to", message)
}

fn reason_required(transition: &Transition) -> Reason {
    Reason::on_field(ReasonCode::ReasonRequired, "reason", format!("{} needs a reason", transition.name))
}
