//! Part 4 of pharmacy.md once more, as it is written: which address older clients know, what it stands for, and how its answer differs.

use self::Delta::{
    AlwaysNew, ByWhomItIs, Conflicts, Failures, Judged, Listed, Own, PairFirst, Same, StrangeIsBad, WithData,
};

/// How the answer of an older address differs, beside the four conflicts that are bad requests everywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Delta {
    Same,
    /// A bare array of the page that this query gives, and for whom it is alone.
    Listed(&'static str, &'static [&'static str]),
    /// The object once more as `data`.
    WithData,
    /// What is not the caller's own is a bad request.
    StrangeIsBad,
    /// A pair that no order goes is told to whoever has no right.
    PairFirst,
    /// A courier learns that a delivery of his store is another's.
    ByWhomItIs,
    /// What was judged before is a bad request, its text stands under `non_field_errors` too.
    Judged,
    /// Conflicts are bad requests, their text stands under `error` too.
    Conflicts,
    /// The text of every failure stands under `error` too.
    Failures,
    /// As that, and what was there already is as if it were new.
    AlwaysNew,
    /// As `Failures`, a bare array, and of the caller's own orders alone.
    Own,
}

pub(super) const ALL: &[&str] = &["nobody", "customer", "courier", "operator", "owner", "stranger"];
pub(super) const STAFF: &[&str] = &["operator", "owner"];

/// Part 4 as it is written, of what there is today.
pub(super) const TABLE: &[(&str, &str, &str, Delta)] = &[
    ("POST", "/api/v2/users/register/", "auth/register/", Same),
    ("POST", "/api/v2/users/verify/", "auth/verify/", Same),
    ("POST", "/api/v2/users/resend/", "auth/resend/", Same),
    ("POST", "/api/v2/users/login/", "auth/login/", Same),
    ("POST", "/api/v2/users/logout/", "auth/logout/", Same),
    ("POST", "/api/v2/users/token/refresh/", "auth/token/refresh/", Same),
    ("POST", "/api/v2/users/password/forgot/", "auth/password/forgot/", Same),
    ("POST", "/api/v2/users/password/reset/", "auth/password/reset/", Same),
    ("GET", "/api/v2/users/me/", "me/", Same),
    ("PATCH", "/api/v2/users/me/", "me/", Same),
    ("GET", "/api/v1/products/categories/", "categories/", Same),
    ("GET", "/api/v1/products/categories/{id}/", "categories/{id}/", Same),
    ("GET", "/api/v1/products/products/", "products/", Listed("", ALL)),
    ("POST", "/api/v1/products/products/", "products/", Same),
    ("GET", "/api/v1/products/products/{id}/", "products/{id}/", Same),
    (
        "GET",
        "/api/v1/products/products/{id}/alternatives/",
        "products/{id}/alternatives/",
        Same,
    ),
    ("PUT", "/api/v1/products/products/{id}/", "products/{id}/", Same),
    ("PATCH", "/api/v1/products/products/{id}/", "products/{id}/", Same),
    ("GET", "/api/v3/orders/cart/", "cart/", Same),
    ("POST", "/api/v3/orders/cart/add/", "cart/items/", Same),
    ("PATCH", "/api/v3/orders/cart/{id}/", "cart/items/{id}/", StrangeIsBad),
    (
        "PATCH",
        "/api/v3/orders/cart/{id}/update_quantity/",
        "cart/items/{id}/",
        StrangeIsBad,
    ),
    ("GET", "/api/v3/orders/", "orders/", Listed("", ALL)),
    ("GET", "/api/v3/orders/{id}/", "orders/{id}/", Same),
    ("POST", "/api/v3/orders/checkout/", "orders/", WithData),
    ("GET", "/api/v3/orders/orders/", "orders/", Same),
    ("POST", "/api/v3/orders/orders/", "orders/", Same),
    ("GET", "/api/v3/orders/orders/{id}/", "orders/{id}/", Same),
    (
        "POST",
        "/api/v3/orders/orders/{id}/change-status/",
        "orders/{id}/status/",
        PairFirst,
    ),
    (
        "POST",
        "/api/v3/orders/{id}/change-status/",
        "orders/{id}/status/",
        PairFirst,
    ),
    (
        "POST",
        "/api/v4/delivery/operator/orders/{id}/assign-courier/",
        "orders/{id}/assign-courier/",
        Same,
    ),
    (
        "GET",
        "/api/v4/delivery/operator/deliveries/",
        "deliveries/",
        Listed("status=ready&", STAFF),
    ),
    (
        "GET",
        "/api/v4/delivery/courier/deliveries/",
        "deliveries/",
        Listed("active=true&courier={me}&", ALL),
    ),
    (
        "GET",
        "/api/v4/delivery/courier/deliveries/{id}/",
        "deliveries/{id}/",
        ByWhomItIs,
    ),
    (
        "POST",
        "/api/v4/delivery/courier/deliveries/{id}/update-status/",
        "deliveries/{id}/status/",
        ByWhomItIs,
    ),
    (
        "POST",
        "/api/v4/delivery/operator/deliveries/{id}/cancel/",
        "deliveries/{id}/cancel/",
        Same,
    ),
    ("POST", "/api/v3/orders/{id}/cancel/", "orders/{id}/cancel/", Same),
    (
        "POST",
        "/api/v3/orders/orders/{id}/cancel/",
        "orders/{id}/cancel/",
        Same,
    ),
    ("DELETE", "/api/v3/orders/cart/{id}/", "cart/items/{id}/", StrangeIsBad),
    (
        "DELETE",
        "/api/v3/orders/cart/{id}/remove/",
        "cart/items/{id}/",
        StrangeIsBad,
    ),
    ("DELETE", "/api/v3/orders/cart/", "cart/", Same),
    (
        "GET",
        "/api/v5/notifications/notifications/",
        "notifications/",
        Listed("", ALL),
    ),
    (
        "GET",
        "/api/v5/notifications/notifications/{id}/",
        "notifications/{id}/",
        Same,
    ),
    (
        "GET",
        "/api/v5/notifications/notifications/unread-count/",
        "notifications/unread-count/",
        Same,
    ),
    (
        "GET",
        "/api/v5/notifications/notifications/failed-count/",
        "notifications/failed-count/",
        Same,
    ),
    (
        "POST",
        "/api/v5/notifications/notifications/{id}/mark-as-read/",
        "notifications/{id}/mark-as-read/",
        Same,
    ),
    (
        "POST",
        "/api/v5/notifications/notifications/mark-all-read/",
        "notifications/mark-all-read/",
        Same,
    ),
    (
        "POST",
        "/api/v5/notifications/notifications/{id}/retry/",
        "notifications/{id}/retry/",
        Conflicts,
    ),
    (
        "GET",
        "/api/v5/notifications/templates/",
        "notification-templates/",
        Listed("", ALL),
    ),
    (
        "POST",
        "/api/v5/notifications/templates/",
        "notification-templates/",
        Same,
    ),
    (
        "GET",
        "/api/v5/notifications/templates/{id}/",
        "notification-templates/{id}/",
        Same,
    ),
    (
        "PUT",
        "/api/v5/notifications/templates/{id}/",
        "notification-templates/{id}/",
        Same,
    ),
    (
        "PATCH",
        "/api/v5/notifications/templates/{id}/",
        "notification-templates/{id}/",
        Same,
    ),
    (
        "DELETE",
        "/api/v5/notifications/templates/{id}/",
        "notification-templates/{id}/",
        Same,
    ),
    ("DELETE", "/api/v1/products/products/{id}/", "products/{id}/", Same),
    ("POST", "/api/v6/payments/create/", "payments/", AlwaysNew),
    ("GET", "/api/v6/payments/", "payments/", Own),
    ("GET", "/api/v6/payments/{id}/", "payments/{id}/", Failures),
    ("GET", "/api/v6/payments/{id}/logs/", "payments/{id}/logs/", Failures),
    ("POST", "/api/v7/prescriptions/", "prescriptions/", Same),
    ("GET", "/api/v7/prescriptions/", "prescriptions/", Listed("", ALL)),
    (
        "GET",
        "/api/v7/prescriptions/pending/",
        "prescriptions/pending/",
        Listed("", ALL),
    ),
    ("GET", "/api/v7/prescriptions/{id}/", "prescriptions/{id}/", Same),
    (
        "POST",
        "/api/v7/prescriptions/{id}/reject/",
        "prescriptions/{id}/reject/",
        Judged,
    ),
    (
        "POST",
        "/api/v7/prescriptions/{id}/approve/",
        "prescriptions/{id}/approve/",
        Judged,
    ),
];
