//! What each refusal is over HTTP: its status, and the figures it carries.
//!
//! Both tables are exhaustive, so that a new refusal does not compile until it has a row in each.

use actix_web::http::StatusCode;
use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, StaffRefusal};
use savdo_domain::account::AccountRefusal;
use savdo_domain::cart::CartRefusal;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::coded::Coded;
use savdo_domain::delivery::DeliveryRefusal;
use savdo_domain::notice::NoticeRefusal;
use savdo_domain::order::{OrderRefusal, PriceLine, UnavailableProduct};
use savdo_domain::payment::PaymentRefusal;
use savdo_domain::prescription::PrescriptionRefusal;
use savdo_domain::sale::SaleRefusal;
use savdo_domain::sale_return::{ExceededLine, SaleReturnRefusal};
use savdo_domain::shift::ShiftRefusal;
use savdo_domain::stock::{ShortLine, StockRefusal};
use serde_json::{Map, Value, json};

use crate::dialect::Dialect;

/// The status of a refusal.
pub(crate) fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Fields(_) | Refusal::EmptyPatch => StatusCode::BAD_REQUEST,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::Access(refusal) => of_access(*refusal),
        Refusal::Staff(refusal) => of_staff(*refusal),
        Refusal::Account(refusal) => of_account(*refusal),
        Refusal::Catalog(refusal) => of_catalog(*refusal),
        Refusal::Stock(refusal) => of_stock(refusal),
        Refusal::Sale(refusal) => of_sale(refusal),
        Refusal::Shift(refusal) => of_shift(*refusal),
        Refusal::SaleReturn(refusal) => of_sale_return(refusal),
        Refusal::Cart(refusal) => of_cart(refusal),
        Refusal::Order(refusal) => of_order(refusal),
        Refusal::Payment(refusal) => of_payment(*refusal),
        Refusal::Delivery(refusal) => of_delivery(*refusal),
        Refusal::Notice(refusal) => of_notice(*refusal),
        Refusal::Prescription(refusal) => of_prescription(*refusal),
    }
}

/// The keys that stand beside `detail` and `code`.
pub(crate) fn extras(refusal: &Refusal, dialect: Dialect) -> Map<String, Value> {
    let extras = match refusal {
        Refusal::Fields(_)
        | Refusal::EmptyPatch
        | Refusal::NotFound
        | Refusal::Staff(_)
        | Refusal::Account(_)
        | Refusal::Catalog(_)
        | Refusal::Payment(_)
        | Refusal::Notice(_)
        | Refusal::Prescription(_) => Value::Null,
        Refusal::Access(refusal) => with_access(*refusal),
        Refusal::Stock(refusal) => with_stock(refusal, dialect),
        Refusal::Sale(refusal) => with_sale(refusal),
        Refusal::Shift(refusal) => with_shift(*refusal),
        Refusal::SaleReturn(refusal) => with_sale_return(refusal),
        Refusal::Cart(refusal) => with_cart(refusal),
        Refusal::Order(refusal) => with_order(refusal),
        Refusal::Delivery(refusal) => with_delivery(*refusal),
    };
    match extras {
        Value::Object(extras) => extras,
        _ => Map::new(),
    }
}

const fn of_access(refusal: AccessRefusal) -> StatusCode {
    match refusal {
        AccessRefusal::NotAWorker
        | AccessRefusal::NoStore
        | AccessRefusal::WorkerInactive
        | AccessRefusal::SectionRequired { .. }
        | AccessRefusal::RoleRequired { .. }
        | AccessRefusal::AdminOnly
        | AccessRefusal::StoreInactive
        | AccessRefusal::StoreBlocked
        | AccessRefusal::ModuleDisabled { .. }
        | AccessRefusal::TargetNotAllowed
        | AccessRefusal::CannotChangeSelf
        | AccessRefusal::Forbidden => StatusCode::FORBIDDEN,
    }
}

const fn of_staff(refusal: StaffRefusal) -> StatusCode {
    match refusal {
        StaffRefusal::AlreadyActive | StaffRefusal::AlreadyInactive | StaffRefusal::LastOwner => StatusCode::CONFLICT,
    }
}

/// A log-in that fails is 400 in both dialects; a broken token is 401.
const fn of_account(refusal: AccountRefusal) -> StatusCode {
    match refusal {
        AccountRefusal::NotAuthenticated
        | AccountRefusal::TokenNotValid
        | AccountRefusal::UserInactive
        | AccountRefusal::TokenReused
        | AccountRefusal::TokenRotated => StatusCode::UNAUTHORIZED,
        AccountRefusal::RefreshNotLive
        | AccountRefusal::InvalidCredentials
        | AccountRefusal::NotVerified
        | AccountRefusal::ResetLinkInvalid
        | AccountRefusal::CodeInvalid
        | AccountRefusal::ResetCodeInvalid => StatusCode::BAD_REQUEST,
    }
}

const fn of_catalog(refusal: CatalogRefusal) -> StatusCode {
    match refusal {
        CatalogRefusal::HasStock
        | CatalogRefusal::ShiftOpen
        | CatalogRefusal::HasOpenDocuments
        | CatalogRefusal::PurchasePriceIsComputed
        | CatalogRefusal::StoreExists
        | CatalogRefusal::InUse
        | CatalogRefusal::ProductInOpenOrder => StatusCode::CONFLICT,
    }
}

const fn of_stock(refusal: &StockRefusal) -> StatusCode {
    match refusal {
        StockRefusal::Insufficient(_)
        | StockRefusal::BatchShort { .. }
        | StockRefusal::Changed { .. }
        | StockRefusal::LocationInactive
        | StockRefusal::ProductInactive => StatusCode::CONFLICT,
        StockRefusal::AmountOutOfRange => StatusCode::BAD_REQUEST,
    }
}

const fn of_sale(refusal: &SaleRefusal) -> StatusCode {
    match refusal {
        SaleRefusal::PriceMissing { .. } | SaleRefusal::AlreadyCancelled | SaleRefusal::HasReturns => {
            StatusCode::CONFLICT
        }
        SaleRefusal::DiscountNotAllowed
        | SaleRefusal::DiscountLimitExceeded { .. }
        | SaleRefusal::PriceOverrideNotAllowed { .. } => StatusCode::FORBIDDEN,
    }
}

const fn of_shift(refusal: ShiftRefusal) -> StatusCode {
    match refusal {
        ShiftRefusal::NoneOpen
        | ShiftRefusal::AlreadyOpen { .. }
        | ShiftRefusal::AlreadyClosed
        | ShiftRefusal::StillOpen
        | ShiftRefusal::PerDayReached => StatusCode::CONFLICT,
        ShiftRefusal::NotYours => StatusCode::FORBIDDEN,
    }
}

fn with_access(refusal: AccessRefusal) -> Value {
    match refusal {
        AccessRefusal::SectionRequired { section } => json!({ "section": section.code() }),
        AccessRefusal::RoleRequired { roles } => {
            json!({ "roles": roles.iter().map(|role| role.code()).collect::<Vec<_>>() })
        }
        AccessRefusal::ModuleDisabled { module } => json!({ "module": module }),
        AccessRefusal::NotAWorker
        | AccessRefusal::NoStore
        | AccessRefusal::WorkerInactive
        | AccessRefusal::AdminOnly
        | AccessRefusal::StoreInactive
        | AccessRefusal::StoreBlocked
        | AccessRefusal::TargetNotAllowed
        | AccessRefusal::CannotChangeSelf
        | AccessRefusal::Forbidden => Value::Null,
    }
}

/// A shortage names every short product, in the words of each API (shop.md 11, pharmacy.md 2.5).
fn with_stock(refusal: &StockRefusal, dialect: Dialect) -> Value {
    match (refusal, dialect) {
        (StockRefusal::Insufficient(lines), Dialect::Shop | Dialect::Provider(_)) => {
            json!({ "items": lines.iter().map(short_in_shop).collect::<Vec<_>>() })
        }
        (StockRefusal::Insufficient(lines), Dialect::Pharmacy | Dialect::PharmacyUsers) => {
            json!({ "items": lines.iter().map(short_in_pharmacy).collect::<Vec<_>>() })
        }
        (
            StockRefusal::BatchShort {
                available, requested, ..
            },
            _,
        ) => {
            json!({ "available": available, "requested": requested })
        }
        (StockRefusal::Changed { quantity }, Dialect::Shop | Dialect::Provider(_)) => json!({ "quantity": quantity }),
        (StockRefusal::Changed { quantity }, Dialect::Pharmacy | Dialect::PharmacyUsers) => {
            json!({ "stock": quantity.whole_pieces() })
        }
        (StockRefusal::LocationInactive | StockRefusal::ProductInactive | StockRefusal::AmountOutOfRange, _) => {
            Value::Null
        }
    }
}

fn short_in_shop(line: &ShortLine) -> Value {
    json!({
        "product": line.product_id,
        "product_name": line.product_name,
        "location_type": line.place.kind,
        "location_id": line.place.location_id,
        "available": line.available,
        "requested": line.requested,
    })
}

fn short_in_pharmacy(line: &ShortLine) -> Value {
    json!({
        "product_id": line.product_id,
        "product_name": line.product_name,
        "requested": line.requested.whole_pieces(),
        "available": line.available.whole_pieces(),
    })
}

fn with_sale(refusal: &SaleRefusal) -> Value {
    match refusal {
        SaleRefusal::PriceMissing { product_id } => json!({ "product": product_id }),
        SaleRefusal::DiscountLimitExceeded { limit, asked } => json!({ "limit": limit, "asked": asked }),
        SaleRefusal::PriceOverrideNotAllowed { product_id, price } => json!({ "product": product_id, "price": price }),
        SaleRefusal::AlreadyCancelled | SaleRefusal::HasReturns | SaleRefusal::DiscountNotAllowed => Value::Null,
    }
}

fn with_shift(refusal: ShiftRefusal) -> Value {
    match refusal {
        ShiftRefusal::AlreadyOpen { shift_id } => json!({ "shift_id": shift_id }),
        ShiftRefusal::NoneOpen
        | ShiftRefusal::AlreadyClosed
        | ShiftRefusal::StillOpen
        | ShiftRefusal::PerDayReached
        | ShiftRefusal::NotYours => Value::Null,
    }
}

const fn of_sale_return(refusal: &SaleReturnRefusal) -> StatusCode {
    match refusal {
        SaleReturnRefusal::NotPending | SaleReturnRefusal::ExceedsSold(_) => StatusCode::CONFLICT,
    }
}

fn with_sale_return(refusal: &SaleReturnRefusal) -> Value {
    match refusal {
        SaleReturnRefusal::NotPending => Value::Null,
        SaleReturnRefusal::ExceedsSold(lines) => json!({ "items": lines.iter().map(exceeded).collect::<Vec<_>>() }),
    }
}

fn exceeded(line: &ExceededLine) -> Value {
    json!({
        "product": line.product_id,
        "sold": line.sold,
        "returned": line.returned,
        "requested": line.requested,
    })
}

/// At the cart a shortage is a bad request: nothing was promised yet (pharmacy.md 2.4).
const fn of_cart(refusal: &CartRefusal) -> StatusCode {
    match refusal {
        CartRefusal::InsufficientStock { .. } | CartRefusal::StoreMismatch { .. } => StatusCode::BAD_REQUEST,
        CartRefusal::NothingToSplit => StatusCode::CONFLICT,
    }
}

const fn of_order(refusal: &OrderRefusal) -> StatusCode {
    match refusal {
        OrderRefusal::CartEmpty | OrderRefusal::AmountOutOfRange => StatusCode::BAD_REQUEST,
        OrderRefusal::TransitionNotAllowed | OrderRefusal::Forbidden => StatusCode::FORBIDDEN,
        OrderRefusal::IllegalTransition { .. }
        | OrderRefusal::CourierRequired
        | OrderRefusal::CashRequired
        | OrderRefusal::AmountMismatch
        | OrderRefusal::AlreadyPaid
        | OrderRefusal::PaymentInProgress
        | OrderRefusal::StoreClosed
        | OrderRefusal::ProductUnavailable(_)
        | OrderRefusal::PriceChanged { .. } => StatusCode::CONFLICT,
    }
}

fn with_cart(refusal: &CartRefusal) -> Value {
    match refusal {
        CartRefusal::InsufficientStock { available, requested } => {
            json!({ "available": available, "requested": requested })
        }
        CartRefusal::StoreMismatch { store_id } => json!({ "store": store_id }),
        CartRefusal::NothingToSplit => Value::Null,
    }
}

const fn of_payment(refusal: PaymentRefusal) -> StatusCode {
    match refusal {
        PaymentRefusal::OrderNotAwaitingPayment
        | PaymentRefusal::PaymentInProgress
        | PaymentRefusal::ProviderNotConfigured
        | PaymentRefusal::NotRefundable => StatusCode::CONFLICT,
    }
}

const fn of_notice(refusal: NoticeRefusal) -> StatusCode {
    match refusal {
        NoticeRefusal::NotFailed
        | NoticeRefusal::RetryLimit
        | NoticeRefusal::RetryTooSoon
        | NoticeRefusal::DefaultTemplate => StatusCode::CONFLICT,
    }
}

const fn of_delivery(refusal: DeliveryRefusal) -> StatusCode {
    match refusal {
        DeliveryRefusal::OrderNotReady | DeliveryRefusal::OnTheWay | DeliveryRefusal::IllegalTransition { .. } => {
            StatusCode::CONFLICT
        }
    }
}

const fn of_prescription(refusal: PrescriptionRefusal) -> StatusCode {
    match refusal {
        PrescriptionRefusal::OrderNotAwaiting
        | PrescriptionRefusal::AlreadyPending
        | PrescriptionRefusal::TooMany
        | PrescriptionRefusal::NotPending => StatusCode::CONFLICT,
        PrescriptionRefusal::Own => StatusCode::FORBIDDEN,
        PrescriptionRefusal::ImageErased => StatusCode::GONE,
    }
}

fn with_delivery(refusal: DeliveryRefusal) -> Value {
    match refusal {
        DeliveryRefusal::IllegalTransition { from, to } => {
            json!({ "from": from, "to": to, "allowed": from.next() })
        }
        DeliveryRefusal::OrderNotReady | DeliveryRefusal::OnTheWay => Value::Null,
    }
}

fn with_order(refusal: &OrderRefusal) -> Value {
    match refusal {
        OrderRefusal::IllegalTransition { from, to, allowed } => json!({ "from": from, "to": to, "allowed": allowed }),
        OrderRefusal::ProductUnavailable(products) => {
            json!({ "items": products.iter().map(unavailable).collect::<Vec<_>>() })
        }
        OrderRefusal::PriceChanged { total_price, lines } => {
            json!({ "total_price": total_price, "items": lines.iter().map(price_line).collect::<Vec<_>>() })
        }
        OrderRefusal::TransitionNotAllowed
        | OrderRefusal::CourierRequired
        | OrderRefusal::CashRequired
        | OrderRefusal::AmountMismatch
        | OrderRefusal::AlreadyPaid
        | OrderRefusal::PaymentInProgress
        | OrderRefusal::Forbidden
        | OrderRefusal::CartEmpty
        | OrderRefusal::StoreClosed
        | OrderRefusal::AmountOutOfRange => Value::Null,
    }
}

fn unavailable(product: &UnavailableProduct) -> Value {
    json!({ "product_id": product.product_id, "product_name": product.product_name })
}

fn price_line(line: &PriceLine) -> Value {
    json!({
        "product_id": line.product_id,
        "price_at_add": line.price_at_add,
        "price": line.price,
        "quantity": line.pieces,
        "subtotal": line.subtotal,
    })
}
