//! A path with its methods. Every path of every dialect is registered as an [`Endpoint`], so that all of them
//! authenticate, apply the timeout, answer HEAD like GET, and refuse other methods in the same way.

use actix_web::{
    FromRequest, Handler, HttpRequest, Resource, Responder, Route,
    dev::{AppService, HttpServiceFactory},
    guard,
    http::Method,
    middleware::from_fn,
    web,
};

use crate::{
    http::gate,
    wire::{
        api_error::RequestError,
        dialect::basic_credential,
        params::{IgnoresUnknown, NothingLeft},
        problem::Problem,
    },
};

/// A handler that runs only if no query parameter was left unread.
#[derive(Debug, Clone)]
struct WholeQuery<F>(F);

impl<F: Handler<Args>, Args> Handler<(Args, NothingLeft)> for WholeQuery<F> {
    type Output = F::Output;
    type Future = F::Future;

    fn call(&self, (args, NothingLeft): (Args, NothingLeft)) -> Self::Future {
        self.0.call(args)
    }
}

pub struct Endpoint {
    resource: Resource,
    methods: Vec<Method>,
    basic_only: bool,
    streams: bool,
    logs_in: bool,
}

impl Endpoint {
    /// A path without methods.
    #[must_use]
    pub fn at(path: &str) -> Self {
        Self { resource: web::resource(path), methods: Vec::new(), basic_only: false, streams: false, logs_in: false }
    }

    /// Only requests with HTTP Basic and one of its methods match. Other requests go to the next endpoint of the path.
    #[must_use]
    pub fn with_basic(mut self) -> Self {
        self.basic_only = true;
        self
    }

    /// Bodies have any length, so the request timeout does not apply. The handlers limit their waits themselves.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.streams = true;
        self
    }

    /// Ignores unknown query parameters instead of refusing them.
    #[must_use]
    pub fn ignores_unknown_parameters(mut self) -> Self {
        self.resource = self.resource.app_data(IgnoresUnknown);
        self
    }

    /// Callers log in here: the gate does not authenticate them.
    #[must_use]
    pub fn login(mut self) -> Self {
        self.logs_in = true;
        self
    }

    /// Handles GET, and HEAD with the same headers.
    #[must_use]
    pub fn get<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.methods.extend([Method::GET, Method::HEAD]);
        let read = guard::Any(guard::Get()).or(guard::Head());
        self.resource = self.resource.route(web::route().guard(read).to(WholeQuery(handler)));
        self
    }

    #[must_use]
    pub fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.route(Method::POST, web::post().to(WholeQuery(handler)))
    }

    #[must_use]
    pub fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.route(Method::PUT, web::put().to(WholeQuery(handler)))
    }

    #[must_use]
    pub fn patch<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.route(Method::PATCH, web::patch().to(WholeQuery(handler)))
    }

    #[must_use]
    pub fn delete<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.route(Method::DELETE, web::delete().to(WholeQuery(handler)))
    }

    fn route(mut self, method: Method, route: Route) -> Self {
        self.methods.push(method);
        self.resource = self.resource.route(route);
        self
    }
}

impl HttpServiceFactory for Endpoint {
    fn register(self, config: &mut AppService) {
        let Self { mut resource, methods, basic_only, streams, logs_in } = self;
        let allowed = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        if basic_only {
            resource = resource.guard(guard::fn_guard(move |context| {
                basic_credential(context) && methods.contains(&context.head().method)
            }));
        }
        let refuse = move |request: HttpRequest| {
            let problem = Problem::MethodNotAllowed(allowed.clone());
            async move { Err::<&str, _>(RequestError::new(&request, problem)) }
        };
        let resource = resource.default_service(web::route().to(refuse));
        if streams {
            resource.wrap(from_fn(gate::pass_stream)).register(config);
        } else if logs_in {
            resource.wrap(from_fn(gate::pass_login)).register(config);
        } else {
            resource.wrap(from_fn(gate::pass)).register(config);
        }
    }
}
