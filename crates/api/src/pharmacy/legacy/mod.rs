//! The addresses that older clients of the pharmacy know (pharmacy.md, part 4): one row each, onto the route it stands for.
//!
//! Rights, limits, keys and the handler are those of that route; a row says only in which manner its answers differ, or names a
//! handler of its own where the question does. Deliberately absent: rules of the trade.

pub mod deliveries;
mod manner;
pub mod orders;
pub mod payments;
pub mod prescriptions;
pub mod products;
pub mod templates;

pub use manner::Manner;
pub(crate) use manner::{BareArray, refused, translate};

use actix_web::http::Method;
use actix_web::web;
use savdo_domain::access::Right;

use crate::routes::{Access, Route};

/// One older address.
struct Older {
    method: Method,
    path: &'static str,
    manner: Manner,
    access: Option<Access>,
    handler: Option<fn() -> actix_web::Route>,
}

const fn older(method: Method, path: &'static str, stands_for: &'static str) -> Older {
    Older {
        method,
        path,
        manner: Manner::of(stands_for),
        access: None,
        handler: None,
    }
}

impl Older {
    fn in_manner(self, change: impl FnOnce(Manner) -> Manner) -> Self {
        let manner = change(self.manner);
        Self { manner, ..self }
    }

    fn only_for(self, access: Access) -> Self {
        Self {
            access: Some(access),
            ..self
        }
    }

    fn by(self, handler: fn() -> actix_web::Route) -> Self {
        Self {
            handler: Some(handler),
            ..self
        }
    }

    /// The row of the table of routes, made of that which it stands for.
    fn route(self, routes: &[Route]) -> Option<Route> {
        let path = self.manner.stands_for();
        let of_route = |route: &&Route| route.method == self.method && route.path == path;
        let known = routes.iter().find(of_route)?;
        Some(known.at_older_address(self.path, self.manner, self.access, self.handler))
    }
}

fn tables() -> [Vec<Older>; 9] {
    [
        accounts(),
        catalogue(),
        cart(),
        orders(),
        carrying(),
        notices(),
        words(),
        paying(),
        prescriptions(),
    ]
}

/// The older addresses of these routes, and the root of the catalogue, which stands for none.
#[must_use]
pub fn routes(known: &[Route]) -> Vec<Route> {
    let rows = tables().into_iter().flatten().filter_map(|row| row.route(known));
    rows.chain(products::routes()).collect()
}

/// How many rows there are; each has its route.
#[cfg(test)]
fn count() -> usize {
    tables().iter().map(Vec::len).sum()
}

fn accounts() -> Vec<Older> {
    vec![
        older(Method::POST, "/api/v2/users/register/", "auth/register/"),
        older(Method::POST, "/api/v2/users/verify/", "auth/verify/"),
        older(Method::POST, "/api/v2/users/resend/", "auth/resend/"),
        older(Method::POST, "/api/v2/users/login/", "auth/login/"),
        older(Method::POST, "/api/v2/users/logout/", "auth/logout/"),
        older(Method::POST, "/api/v2/users/token/refresh/", "auth/token/refresh/"),
        older(Method::POST, "/api/v2/users/password/forgot/", "auth/password/forgot/"),
        older(Method::POST, "/api/v2/users/password/reset/", "auth/password/reset/"),
        older(Method::GET, "/api/v2/users/me/", "me/"),
        older(Method::PATCH, "/api/v2/users/me/", "me/"),
    ]
}

fn catalogue() -> Vec<Older> {
    let (list, one) = ("/api/v1/products/products/", "/api/v1/products/products/{id}/");
    let listed = || web::route().to(products::list);
    vec![
        older(Method::GET, "/api/v1/products/categories/", "categories/"),
        older(Method::GET, "/api/v1/products/categories/{id}/", "categories/{id}/"),
        older(Method::GET, list, "products/")
            .in_manner(Manner::as_array)
            .by(listed),
        older(Method::POST, list, "products/"),
        older(Method::GET, one, "products/{id}/"),
        older(Method::PUT, one, "products/{id}/"),
        older(Method::PATCH, one, "products/{id}/"),
        older(Method::DELETE, one, "products/{id}/"),
        older(
            Method::GET,
            "/api/v1/products/products/{id}/alternatives/",
            "products/{id}/alternatives/",
        ),
    ]
}

fn cart() -> Vec<Older> {
    let line = "/api/v3/orders/cart/{id}/";
    let of_line = |method, path| older(method, path, "cart/items/{id}/").in_manner(Manner::with_strange_id_as_bad);
    vec![
        older(Method::GET, "/api/v3/orders/cart/", "cart/"),
        older(Method::DELETE, "/api/v3/orders/cart/", "cart/"),
        older(Method::POST, "/api/v3/orders/cart/add/", "cart/items/"),
        of_line(Method::PATCH, line),
        of_line(Method::DELETE, line),
        of_line(Method::DELETE, "/api/v3/orders/cart/{id}/remove/"),
        of_line(Method::PATCH, "/api/v3/orders/cart/{id}/update_quantity/"),
    ]
}

fn orders() -> Vec<Older> {
    let change = || web::route().to(orders::change_status);
    vec![
        older(Method::GET, "/api/v3/orders/", "orders/").in_manner(Manner::as_array),
        older(Method::GET, "/api/v3/orders/{id}/", "orders/{id}/"),
        older(Method::POST, "/api/v3/orders/checkout/", "orders/").in_manner(Manner::with_data_beside),
        older(Method::POST, "/api/v3/orders/{id}/cancel/", "orders/{id}/cancel/"),
        older(Method::GET, "/api/v3/orders/orders/", "orders/"),
        older(Method::POST, "/api/v3/orders/orders/", "orders/"),
        older(Method::GET, "/api/v3/orders/orders/{id}/", "orders/{id}/"),
        older(
            Method::POST,
            "/api/v3/orders/orders/{id}/cancel/",
            "orders/{id}/cancel/",
        ),
        older(
            Method::POST,
            "/api/v3/orders/orders/{id}/change-status/",
            "orders/{id}/status/",
        )
        .by(change),
        older(
            Method::POST,
            "/api/v3/orders/{id}/change-status/",
            "orders/{id}/status/",
        )
        .by(change),
    ]
}

fn carrying() -> Vec<Older> {
    let board = || web::route().to(deliveries::board);
    let own = || web::route().to(deliveries::own);
    let view = || web::route().to(deliveries::view);
    let advance = || web::route().to(deliveries::advance);
    vec![
        older(Method::GET, "/api/v4/delivery/operator/deliveries/", "deliveries/")
            .in_manner(Manner::as_array)
            .only_for(Access::May(Right::Dispatch))
            .by(board),
        older(
            Method::POST,
            "/api/v4/delivery/operator/orders/{id}/assign-courier/",
            "orders/{id}/assign-courier/",
        ),
        older(
            Method::POST,
            "/api/v4/delivery/operator/deliveries/{id}/cancel/",
            "deliveries/{id}/cancel/",
        ),
        older(Method::GET, "/api/v4/delivery/courier/deliveries/", "deliveries/")
            .in_manner(Manner::as_array)
            .by(own),
        older(
            Method::GET,
            "/api/v4/delivery/courier/deliveries/{id}/",
            "deliveries/{id}/",
        )
        .by(view),
        older(
            Method::POST,
            "/api/v4/delivery/courier/deliveries/{id}/update-status/",
            "deliveries/{id}/status/",
        )
        .by(advance),
    ]
}

fn notices() -> Vec<Older> {
    let base = "/api/v5/notifications/notifications/";
    let one = "/api/v5/notifications/notifications/{id}/";
    vec![
        older(Method::GET, base, "notifications/").in_manner(Manner::as_array),
        older(Method::GET, one, "notifications/{id}/"),
        older(
            Method::GET,
            "/api/v5/notifications/notifications/unread-count/",
            "notifications/unread-count/",
        ),
        older(
            Method::GET,
            "/api/v5/notifications/notifications/failed-count/",
            "notifications/failed-count/",
        ),
        older(
            Method::POST,
            "/api/v5/notifications/notifications/mark-all-read/",
            "notifications/mark-all-read/",
        ),
        older(
            Method::POST,
            "/api/v5/notifications/notifications/{id}/mark-as-read/",
            "notifications/{id}/mark-as-read/",
        ),
        older(
            Method::POST,
            "/api/v5/notifications/notifications/{id}/retry/",
            "notifications/{id}/retry/",
        )
        .in_manner(Manner::with_error_beside),
    ]
}

fn words() -> Vec<Older> {
    let (list, one) = (
        "/api/v5/notifications/templates/",
        "/api/v5/notifications/templates/{id}/",
    );
    let create = || web::route().to(templates::create);
    let of_one = |method| older(method, one, "notification-templates/{id}/");
    vec![
        older(Method::GET, list, "notification-templates/").in_manner(Manner::as_array),
        older(Method::POST, list, "notification-templates/").by(create),
        of_one(Method::GET),
        of_one(Method::PUT),
        of_one(Method::PATCH),
        of_one(Method::DELETE),
    ]
}

fn paying() -> Vec<Older> {
    let (list, one) = ("/api/v6/payments/", "/api/v6/payments/{id}/");
    let (create, logs) = ("/api/v6/payments/create/", "/api/v6/payments/{id}/logs/");
    let own = || web::route().to(payments::own);
    let of = |method, path, stands_for| older(method, path, stands_for).in_manner(Manner::with_error_always);
    vec![
        of(Method::POST, create, "payments/").in_manner(Manner::as_always_new),
        of(Method::GET, list, "payments/").in_manner(Manner::as_array).by(own),
        of(Method::GET, one, "payments/{id}/"),
        of(Method::GET, logs, "payments/{id}/logs/"),
    ]
}

fn prescriptions() -> Vec<Older> {
    let (list, one) = ("/api/v7/prescriptions/", "/api/v7/prescriptions/{id}/");
    let submit = || web::route().to(prescriptions::submit);
    let reject = || web::route().to(prescriptions::reject);
    let judged = |path, stands_for| older(Method::POST, path, stands_for).in_manner(Manner::with_non_field_errors);
    vec![
        older(Method::POST, list, "prescriptions/").by(submit),
        older(Method::GET, list, "prescriptions/").in_manner(Manner::as_array),
        older(Method::GET, "/api/v7/prescriptions/pending/", "prescriptions/pending/").in_manner(Manner::as_array),
        older(Method::GET, one, "prescriptions/{id}/"),
        judged("/api/v7/prescriptions/{id}/approve/", "prescriptions/{id}/approve/"),
        judged("/api/v7/prescriptions/{id}/reject/", "prescriptions/{id}/reject/").by(reject),
    ]
}

#[cfg(test)]
mod tests {
    use crate::routes;

    #[test]
    fn every_older_address_has_the_route_that_it_stands_for() {
        let older = routes::all().into_iter().filter(|route| route.older.is_some());

        assert_eq!(older.count(), super::count());
    }
}
