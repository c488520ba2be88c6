//! Authorization by type: a handler names the required scope in the type of its first parameter.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use docket_domain::{actor::Context, id::AccountId, idempotency::Effect, scope::Scope};

use super::Identity;
use crate::{
    app::App,
    http::idempotency::Unusable,
    wire::{
        api_error::RequestError,
        conditional::{Conditionality, Conditions, Unconditional},
        problem::Problem,
    },
};

/// A scope as a type.
pub trait Requires: 'static {
    const SCOPE: Option<Scope>;
}

macro_rules! scopes {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}

        impl Requires for $name {
            const SCOPE: Option<Scope> = Some(Scope::$name);
        }
    )*};
}

scopes! {
    /// `cases:read`
    CasesRead;
    /// `cases:write`
    CasesWrite;
    /// `cases:delete`
    CasesDelete;
    /// `admin`
    Admin;
}

/// A key with any scopes.
#[derive(Debug, Clone, Copy)]
pub enum AnyScope {}

impl Requires for AnyScope {
    const SCOPE: Option<Scope> = None;
}

/// A caller who has the scope `S`. It must be the first parameter of a handler, so that the scope is checked first.
///
/// Conditional requests are refused, unless the handler takes [`Conditional`] instead.
#[derive(Debug, Clone)]
pub struct Authed<S, C = Unconditional> {
    identity: Identity,
    effect: Option<Effect>,
    conditions: C,
    scope: PhantomData<S>,
}

/// A caller of a path that has an entity tag. The [`Context`] passes the conditions of a write to the domain. A handler
/// that reads checks [`Authed::conditions`].
pub type Conditional<S> = Authed<S, Conditions>;

impl<S> Conditional<S> {
    #[must_use]
    pub const fn conditions(&self) -> &Conditions {
        &self.conditions
    }
}

impl<S, C: Conditionality> Authed<S, C> {
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.identity.key.account
    }

    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The context of a command by this caller, at the current time.
    #[must_use]
    pub fn context(&self, app: &App) -> Context {
        let context = Context::new(self.account(), self.identity.key.actor.clone(), self.identity.scopes, app.now());
        Context {
            effect: self.effect,
            free_fields_max: app.config().max_free_fields,
            precondition: self.conditions.precondition(),
            ..context
        }
    }
}

impl<S: Requires, C: Conditionality> FromRequest for Authed<S, C> {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut left = request.extensions_mut();
        let (identity, effect, unusable) = (left.get().cloned(), left.get().copied(), left.remove());
        drop(left);
        let missing = |identity: &Identity| S::SCOPE.filter(|scope| !identity.scopes.has(*scope));
        let missing = identity.as_ref().and_then(missing);
        let problem = match (identity, missing, unusable) {
            (None::<Identity>, ..) => Problem::Unauthenticated,
            (Some(_), Some(scope), _) => Problem::scope_missing(scope),
            (Some(_), None, Some(Unusable(problem))) => problem,
            (Some(identity), None, None) => match C::read(request) {
                Ok(conditions) => return ready(Ok(Self { identity, effect, conditions, scope: PhantomData })),
                Err(problem) => problem,
            },
        };
        ready(Err(RequestError::new(request, problem)))
    }
}
