//! Which of the contracts a path belongs to.

use actix_web::http::StatusCode;

use crate::problem::Problem;

/// The manner in which errors of a path are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The shop API (shop.md 1.3).
    Shop,
    /// The pharmacy API (pharmacy.md 1.3).
    Pharmacy,
    /// The users family inside the pharmacy API: log-in, profile.
    PharmacyUsers,
    /// A provider's of payments: HTTP status 200 whatever happens, but for a failure of ours in Complete of Click.
    Provider(Protocol),
}

/// In which envelope a provider is answered at an address of his.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// The Payme Merchant API (payments.md 2).
    Payme,
    /// The Click SHOP API (payments.md 3), where Prepare is called.
    ClickPrepare,
    /// The same where Complete is called.
    ClickComplete,
}

impl Dialect {
    /// The dialect of a request path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let segments: Vec<_> = path.split('/').skip(1).take(6).collect();
        match segments.as_slice() {
            ["api", "v1", "pharmacy", "auth" | "me", ..] | ["api", "v2", ..] => Self::PharmacyUsers,
            ["api", "v1", "pharmacy" | "products", ..] => Self::Pharmacy,
            ["api", "v1", "payments", "payme", ..] | ["api", "v6", "payments", "webhook", "payme", ..] => {
                Self::Provider(Protocol::Payme)
            }
            ["api", "v1", "payments", "click", "complete", ..]
            | ["api", "v6", "payments", "webhook", "click", "complete", ..] => Self::Provider(Protocol::ClickComplete),
            ["api", "v1", "payments", "click", ..] | ["api", "v6", "payments", "webhook", "click", ..] => {
                Self::Provider(Protocol::ClickPrepare)
            }
            // The addresses that older clients know.
            ["api", "v3" | "v4" | "v5" | "v6" | "v7" | "v8", ..] => Self::Pharmacy,
            _ => Self::Shop,
        }
    }

    /// The status that a problem has in it.
    #[must_use]
    pub fn status(self, problem: &Problem) -> StatusCode {
        match self {
            Self::Shop | Self::Pharmacy | Self::PharmacyUsers => problem.status(),
            Self::Provider(Protocol::Payme | Protocol::ClickPrepare) => StatusCode::OK,
            Self::Provider(Protocol::ClickComplete) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Whether answers at a path hold words in the language of the caller: all but what is told of the server itself, and what is told a
    /// provider in all languages at once.
    #[must_use]
    pub fn speaks(path: &str) -> bool {
        let silent = ["/health", "/api/docs", "/api/schema"];
        let is_silent = silent.iter().any(|prefix| path.starts_with(prefix));
        !is_silent && !Self::of(path).is_a_providers()
    }

    /// Whether a provider of payments calls here.
    #[must_use]
    pub const fn is_a_providers(self) -> bool {
        matches!(self, Self::Provider(_))
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Protocol};

    #[test]
    fn the_path_alone_tells_the_dialect() {
        let dialects = [
            "/api/v1/sales/",
            "/api/v1/pharmacy/cart/",
            "/api/v1/pharmacy/auth/login/",
            "/nothing",
            "/api/v1/products/products/",
            "/api/v2/users/login/",
            "/api/v3/orders",
            "/api/v1/payments/payme",
            "/api/v6/payments/webhook/payme/",
            "/api/v1/payments/click/prepare",
            "/api/v1/payments/click/complete/",
            "/api/v6/payments/webhook/click/prepare/",
            "/api/v6/payments/webhook/click/complete",
            "/api/v6/payments/create/",
        ]
        .map(Dialect::of);

        assert_eq!(
            dialects,
            [
                Dialect::Shop,
                Dialect::Pharmacy,
                Dialect::PharmacyUsers,
                Dialect::Shop,
                Dialect::Pharmacy,
                Dialect::PharmacyUsers,
                Dialect::Pharmacy,
                Dialect::Provider(Protocol::Payme),
                Dialect::Provider(Protocol::Payme),
                Dialect::Provider(Protocol::ClickPrepare),
                Dialect::Provider(Protocol::ClickComplete),
                Dialect::Provider(Protocol::ClickPrepare),
                Dialect::Provider(Protocol::ClickComplete),
                Dialect::Pharmacy
            ]
        );
    }
}
