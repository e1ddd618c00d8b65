//! The one table of routes.
//!
//! Path and method stand with the handler (`#[utoipa::path]`); a row adds who may call it and under which other addresses.
//! From the rows come the registration with and without the last slash, the judgement of the caller before anything else of
//! the request, PUT beside PATCH in the shop API, `Allow` on a 405, and the OpenAPI document, which leaves other addresses
//! and PUT out. The addresses that older clients of the pharmacy know are rows of their own, made of those they stand for.

mod addresses;

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;
use savdo_domain::access::Right;
use savdo_services::limits::Limit;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{RefOr, Schema};

use crate::dialect::Dialect;
use crate::guards::entrance::{self, Terms};
use crate::pharmacy::legacy::{self, Manner};
use crate::problem::Problem;

pub(crate) use addresses::path_of;
pub use addresses::register;

/// Who may call a route: judged before the query and the body are looked at. The use-case judges the right itself once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Anyone,
    /// Anybody; a signed-in caller is counted by himself and may see more.
    AnyoneOrSignedIn,
    /// A signed-in caller.
    SignedIn,
    /// A signed-in caller, or whoever comes with a ticket in the query (`t`), which the use-case looks at.
    SignedInOrTicket,
    /// A signed-in caller with this right.
    May(Right),
}

impl Access {
    /// Whether nobody is let in without a token.
    #[must_use]
    pub const fn wants_token(self) -> bool {
        match self {
            Self::Anyone | Self::AnyoneOrSignedIn => false,
            Self::SignedIn | Self::SignedInOrTicket | Self::May(_) => true,
        }
    }
}

/// One method of one address.
#[derive(Clone)]
pub struct Route {
    /// Its address, with the last slash and `{id}` for parameters.
    pub path: String,
    /// Other addresses of the same handler.
    pub aliases: Vec<&'static str>,
    /// In which manner it answers, where it is an older address of another row.
    pub older: Option<Manner>,
    /// Its method.
    pub method: Method,
    /// Whether PATCH is the same as POST, as for the actions of the shop.
    is_patch_too: bool,
    /// Who may call it.
    pub access: Access,
    /// A limit of its own, counted by address.
    pub limit: Option<Limit>,
    /// Whether it is not limited at all.
    is_unlimited: bool,
    /// Whether it has one effect for each idempotency key.
    pub is_once: bool,
    /// What the OpenAPI document says of it.
    pub operation: Operation,
    /// The schemas that it mentions.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    handler: fn() -> actix_web::Route,
    takes_any_method: bool,
}

/// Whether the description of the API is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Docs {
    /// The document and its viewer have addresses.
    Served,
    /// They do not exist.
    Hidden,
}

impl Route {
    /// A row; made by [`route!`](crate::route).
    #[must_use]
    pub fn new<P: utoipa::Path + utoipa::__dev::Tags<'static>>(
        access: Access,
        schemas: Vec<(String, RefOr<Schema>)>,
        handler: fn() -> actix_web::Route,
    ) -> Self {
        let http_method = P::methods().into_iter().next().unwrap_or(HttpMethod::Get);
        let mut operation = P::operation();
        operation.tags = Some(P::tags().into_iter().map(str::to_owned).collect());
        Self {
            path: P::path(),
            aliases: Vec::new(),
            older: None,
            method: method_of(&http_method),
            is_patch_too: false,
            access,
            limit: None,
            is_unlimited: false,
            is_once: false,
            operation,
            schemas,
            handler,
            takes_any_method: false,
        }
    }

    /// Answers every method alike.
    #[must_use]
    pub fn for_any_method(mut self) -> Self {
        self.takes_any_method = true;
        self
    }

    /// Serves it under another address too, with all methods of its own.
    #[must_use]
    pub fn alias(mut self, path: &'static str) -> Self {
        self.aliases.push(path);
        self
    }

    /// The same row at an address that older clients know, perhaps for fewer callers, or by a handler of its own.
    #[must_use]
    pub(crate) fn at_older_address(
        &self,
        path: &'static str,
        manner: Manner,
        access: Option<Access>,
        handler: Option<fn() -> actix_web::Route>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            aliases: Vec::new(),
            older: Some(manner),
            access: access.unwrap_or(self.access),
            handler: handler.unwrap_or(self.handler),
            ..self.clone()
        }
    }

    /// The path that the document describes it under: its own, or that which it stands for.
    #[must_use]
    pub fn main_path(&self) -> String {
        self.older
            .map_or_else(|| self.path.clone(), |manner| manner.stands_for())
    }

    /// Answers PATCH as well as POST (the actions marked P in shop.md).
    #[must_use]
    pub fn or_patch(mut self) -> Self {
        self.is_patch_too = true;
        self
    }

    /// Has a limit of its own, counted by address, beside that of all requests.
    #[must_use]
    pub fn limited(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Is not limited: what asks for it must have an answer also when everybody else asks too much.
    #[must_use]
    pub fn unlimited(mut self) -> Self {
        self.is_unlimited = true;
        self
    }

    /// Honours idempotency keys: its handler takes [`Keyed`](crate::extract::Keyed).
    #[must_use]
    pub fn once(mut self) -> Self {
        self.is_once = true;
        self
    }

    /// The methods that it answers: HEAD as GET without the body, and in the shop API PUT as PATCH.
    #[must_use]
    pub fn methods(&self) -> Vec<Method> {
        let mut methods = vec![self.method.clone()];
        if self.method == Method::GET {
            methods.push(Method::HEAD);
        }
        if self.is_patch_too {
            methods.push(Method::PATCH);
        }
        if methods.contains(&Method::PATCH) && Dialect::of(&self.path) == Dialect::Shop {
            methods.push(Method::PUT);
        }
        methods
    }

    /// Whether every method is answered alike.
    #[must_use]
    pub const fn takes_any_method(&self) -> bool {
        self.takes_any_method
    }

    fn register(&self) -> Vec<actix_web::Route> {
        if self.takes_any_method {
            return vec![(self.handler)()];
        }
        let terms = Terms {
            access: self.access,
            limit: self.limit,
        };
        let older = self.older;
        let translated = |route: actix_web::Route| match older {
            Some(manner) => route.wrap(from_fn(move |request, next| legacy::translate(manner, request, next))),
            None => route,
        };
        let judged = |method| {
            let route = (self.handler)().method(method);
            if self.is_unlimited && terms.access == Access::Anyone {
                return route;
            }
            translated(route.wrap(from_fn(move |request, next| entrance::judge(terms, request, next))))
        };
        self.methods().into_iter().map(judged).collect()
    }
}

/// A row of the table: `route!(SignedIn, shop::auth; logout)`, `route!(May(Right::Shop(Permission::Sell)), shop::sales; sell)`;
/// other addresses by `.alias("/api/v1/..")` behind it.
#[macro_export]
macro_rules! route {
    ($access:ident $(($right:expr))?, $($module:ident)::+ ; $handler:ident) => {
        pastey::paste! {{
            let mut schemas = Vec::new();
            <$crate::$($module)::+::[<__path_ $handler>] as utoipa::__dev::SchemaReferences>::schemas(&mut schemas);
            $crate::routes::Route::new::<$crate::$($module)::+::[<__path_ $handler>]>(
                $crate::routes::Access::$access $(($right))?,
                schemas,
                || actix_web::web::route().to($crate::$($module)::+::$handler),
            )
        }}
    };
}

/// Every route of both APIs.
#[must_use]
pub fn all() -> Vec<Route> {
    [
        crate::system::routes(),
        crate::media::routes(),
        crate::hooks::routes(),
        crate::providers::routes(),
        crate::shop::routes(),
        crate::pharmacy::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Registers every route with and without its last slash; other methods of an address answer 405, other addresses 404.
pub fn configure(config: &mut ServiceConfig, docs: Docs) {
    let is_served = |route: &Route| docs == Docs::Served || route.path != crate::system::SCHEMA;
    register(config, all().into_iter().filter(is_served));
    if docs == Docs::Served {
        crate::docs::configure(config);
    }
}

/// Answers every unknown address.
///
/// # Errors
/// Always [`Problem::NotFound`], or [`Problem::Throttled`] for who asks too often.
pub async fn not_found(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    entrance::admit_nobody(&request).await?;
    Err(Problem::NotFound)
}

fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Trace => Method::TRACE,
    }
}
