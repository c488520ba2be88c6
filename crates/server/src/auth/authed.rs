//! The scope that a handler needs, in its type.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use docket_domain::{actor::Context, id::AccountId, idempotency::Effect, scope::Scope};

use super::Identity;
use crate::{
    api::{failure::RequestFailure, problem::Problem},
    app::App,
    http::idempotency::Unusable,
};

/// A scope as a type.
pub trait Requires: 'static {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! scopes {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}

        impl Requires for $name {
            const SCOPE: Scope = Scope::$name;
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

/// A caller who holds the scope `S`. It must be the first parameter of its handler, so that it is checked first.
#[derive(Debug, Clone)]
pub struct Authed<S> {
    identity: Identity,
    effect: Option<Effect>,
    scope: PhantomData<S>,
}

impl<S> Authed<S> {
    /// The account that the caller's key opens.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.identity.key.account
    }

    /// The caller.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The circumstances of a command by this caller, now.
    #[must_use]
    pub fn context(&self, app: &App) -> Context {
        let context = Context::new(self.account(), self.identity.key.actor.clone(), self.identity.scopes, app.now());
        Context { effect: self.effect, free_fields_max: app.config().max_free_fields, ..context }
    }
}

impl<S: Requires> FromRequest for Authed<S> {
    type Error = RequestFailure;
    type Future = Ready<Result<Self, RequestFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut left = request.extensions_mut();
        let (identity, effect, unusable) = (left.get().cloned(), left.get().copied(), left.remove());
        drop(left);
        let problem = match (identity, unusable) {
            (None::<Identity>, _) => Problem::Unauthenticated,
            (Some(identity), _) if !identity.scopes.has(S::SCOPE) => Problem::scope_missing(S::SCOPE),
            (Some(_), Some(Unusable(problem))) => problem,
            (Some(identity), None) => return ready(Ok(Self { identity, effect, scope: PhantomData })),
        };
        ready(Err(RequestFailure::new(request, problem)))
    }
}
