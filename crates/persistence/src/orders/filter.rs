//! Which orders a list shows, in which order.

use chrono::NaiveDate;
use savdo_domain::coded_enum;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus};

use crate::search::Search;

/// What a list of orders is narrowed to; nothing set shows all of the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// One of these statuses; all when empty.
    pub statuses: Vec<OrderStatus>,
    /// Where the money stands.
    pub payment_status: Option<PaymentStatus>,
    /// How it is paid.
    pub payment_method: Option<PaymentMethod>,
    /// Whether a prescription is needed.
    pub needs_prescription: Option<bool>,
    /// Who ordered.
    pub buyer_id: Option<UserId>,
    /// The account of who carries it.
    pub courier_id: Option<UserId>,
    /// The store.
    pub store_id: Option<StoreId>,
    /// Placed on this day of the store or later.
    pub created_from: Option<NaiveDate>,
    /// Placed on this day of the store or earlier.
    pub created_to: Option<NaiveDate>,
    /// What phone or name must hold.
    pub search: Search,
    /// The id, where what was typed is one: found too.
    pub searched_id: Option<OrderId>,
    /// The order of the rows.
    pub ordering: OrderOrdering,
}

impl OrderFilter {
    /// Looks for what was typed: in phone and name, and as an id.
    #[must_use]
    pub fn with_search(self, typed: &str) -> Self {
        let id = typed.trim().parse().ok();
        Self {
            search: Search::words(typed),
            searched_id: id.map(OrderId::new),
            ..self
        }
    }

    /// The same without a search.
    #[must_use]
    pub fn without_search(self) -> Self {
        Self {
            search: Search::default(),
            searched_id: None,
            ..self
        }
    }
}

coded_enum! {
    /// The order of a list; ties by id.
    #[derive(Default)]
    pub enum OrderOrdering {
        /// The newest first.
        #[default]
        Newest = "-created_at",
        /// The oldest first.
        Oldest = "created_at",
        /// The cheapest first.
        Cheapest = "total_price",
        /// The dearest first.
        Dearest = "-total_price",
    }
}
