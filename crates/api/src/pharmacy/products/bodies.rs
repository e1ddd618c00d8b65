//! What is asked of the public catalogue.

use savdo_domain::ids::{CategoryId, StoreId, SubstanceId};
use savdo_services::catalogue::{BrowseProducts, ShelfOrdering};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::{CodeInput, FlagFilter, IdFilter, MoneyInput, PageQuery, TextInput};

/// Which products a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShelfQuery {
    /// The category.
    #[param(inline)]
    category: Option<IdFilter>,
    /// The active substance.
    #[param(inline)]
    substance: Option<IdFilter>,
    /// Exactly this maker, ignoring case.
    #[param(inline)]
    manufacturer: Option<TextInput>,
    /// At least at this price.
    #[param(inline)]
    price_min: Option<MoneyInput>,
    /// At most at this price.
    #[param(inline)]
    price_max: Option<MoneyInput>,
    /// With at least a piece in stock, or without.
    #[param(inline)]
    in_stock: Option<FlagFilter>,
    /// On prescription only, or without.
    #[param(inline)]
    requires_prescription: Option<FlagFilter>,
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
    /// Words in name, manufacturer, sku and substances.
    #[param(inline)]
    search: Option<TextInput>,
    /// `price`, `-price`, `name`, `-name`, `newest` (when not sent), `popular`.
    #[param(schema_with = CodeInput::<ShelfOrdering>::schema)]
    ordering: Option<CodeInput<ShelfOrdering>>,
    /// For staff: hidden products of their store too.
    #[param(inline)]
    include_hidden: Option<FlagFilter>,
}

impl ShelfQuery {
    pub(super) fn into_query(self, page: &PageQuery) -> BrowseProducts {
        BrowseProducts {
            store: self.store.map(|id| StoreId::new(id.0)),
            category: self.category.map(|id| CategoryId::new(id.0)),
            substance: self.substance.map(|id| SubstanceId::new(id.0)),
            manufacturer: self.manufacturer.map(|text| text.0),
            price_min: self.price_min.map(|price| price.0),
            price_max: self.price_max.map(|price| price.0),
            in_stock: self.in_stock.map(|flag| flag.0),
            requires_prescription: self.requires_prescription.map(|flag| flag.0),
            search: self.search.unwrap_or_default().0,
            is_online: None,
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default().sort(),
            include_hidden: self.include_hidden.is_some_and(|flag| flag.0),
            page: page.page(),
        }
    }
}
