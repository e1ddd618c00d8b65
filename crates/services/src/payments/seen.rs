//! A payment as people see it: what its provider calls it, and where it is paid while it can be.

use chrono::{DateTime, Utc};
use savdo_domain::account::Language;
use savdo_domain::order::OrderFacts;
use savdo_domain::payment::click::PayLink;
use savdo_domain::payment::payme::link::{CheckoutLanguage, CheckoutLink};
use savdo_domain::payment::{Bill, ExternalId, Provider, Transaction, TransactionState};
use savdo_persistence::payments::read::{self, TriedView};
use savdo_persistence::payments::{PaidOrderView, PaymentView};
use savdo_persistence::{Error, Reader};

use crate::desks::Desks;

/// After how many milliseconds Payme sends a payer back (payments.md 2.8).
const BACK_AFTER: i64 = 15;

/// A payment as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentSeen {
    /// The payment.
    pub payment: PaymentView,
    /// What its provider calls the transaction that brought its money, or else the last one for it.
    pub external_id: Option<ExternalId>,
    /// Where it is paid; `None` once it cannot be.
    pub pay_url: Option<String>,
}

/// For whom payments are shown, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    /// Where they are paid.
    pub(super) desks: &'a Desks,
    /// The language of the checkout.
    pub(super) language: Language,
    /// Where the payer comes back to; without it the page of the order.
    pub(super) return_url: Option<&'a str>,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// Adds to each payment what its provider calls it and where it is paid.
pub(super) fn all(
    reader: &mut Reader<'_>,
    shown: Shown<'_>,
    payments: Vec<PaymentView>,
) -> Result<Vec<PaymentSeen>, Error> {
    let tried = read::tried(reader, &payments)?;
    let seen = payments.into_iter().map(|payment| {
        let tried = tried.get(&payment.order.id).cloned().unwrap_or_default();
        seen(shown, payment, tried)
    });
    Ok(seen.collect())
}

/// As [`all`], of one.
pub(super) fn one(reader: &mut Reader<'_>, shown: Shown<'_>, payment: PaymentView) -> Result<PaymentSeen, Error> {
    let tried = read::tried(reader, std::slice::from_ref(&payment))?;
    let tried = tried.get(&payment.order.id).cloned().unwrap_or_default();
    Ok(seen(shown, payment, tried))
}

fn seen(shown: Shown<'_>, payment: PaymentView, tried: TriedView) -> PaymentSeen {
    let external_id = brought_by(&payment, &tried).map(|transaction| transaction.external_id.clone());
    let bill = bill(&payment.order, tried);
    let is_payable = payment.state.is_open() && bill.has_link(payment.provider, shown.at);
    let pay_url = is_payable.then(|| link(shown, &payment)).flatten();
    PaymentSeen {
        payment,
        external_id,
        pay_url,
    }
}

/// The transaction that brought the money of a payment; before that the last one.
fn brought_by<'a>(payment: &PaymentView, tried: &'a TriedView) -> Option<&'a Transaction> {
    let of_payment = || tried.transactions.iter().filter(|one| one.payment_id == payment.id);
    let has_brought =
        |one: &&Transaction| matches!(one.state, TransactionState::Performed | TransactionState::Reversed);
    of_payment().find(has_brought).or_else(|| of_payment().next_back())
}

/// The bill that a link is judged by; nobody carries an order that awaits its payment.
fn bill(order: &PaidOrderView, tried: TriedView) -> Bill {
    Bill {
        order_id: order.id,
        order: OrderFacts {
            status: order.status,
            payment_method: order.payment_method,
            payment_status: order.payment_status,
            total_price: order.total_price,
            has_courier: false,
        },
        expires_at: order.expires_at,
        transactions: tried.transactions,
        payments: tried.payments,
    }
}

/// Where a payment is paid, if the store has a desk of its provider that is on.
fn link(shown: Shown<'_>, payment: &PaymentView) -> Option<String> {
    let desks = shown.desks;
    let page = desks.page_of(payment.order.id);
    let return_url = shown.return_url.or(page.as_deref());
    match payment.provider {
        Provider::Payme => {
            let desk = desks.payme_of(payment.store_id)?;
            let link = CheckoutLink {
                checkout_url: &desks.payme_checkout_url,
                merchant_id: &desk.merchant_id,
                account_field: &desk.account_field,
                order_id: payment.order.id,
                amount: payment.amount,
                language: Some(checkout_language(shown.language)),
                comes_back: return_url.map(|url| (url, BACK_AFTER)),
            };
            // The configuration refuses a semicolon in a desk and in a page, `admits_return` in the rest.
            link.url().ok()
        }
        Provider::Click => {
            let desk = desks.click_of(payment.store_id)?;
            let link = PayLink {
                pay_url: &desks.click_pay_url,
                service_id: &desk.service_id,
                merchant_id: &desk.merchant_id,
                merchant_user_id: &desk.merchant_user_id,
                amount: payment.amount,
                order_id: payment.order.id,
                return_url,
                card_type: None,
            };
            Some(link.url())
        }
        // Nobody pays cash by a link.
        Provider::Cash => None,
    }
}

const fn checkout_language(language: Language) -> CheckoutLanguage {
    match language {
        Language::Uzbek => CheckoutLanguage::Uz,
        Language::Russian => CheckoutLanguage::Ru,
        Language::English => CheckoutLanguage::En,
    }
}
