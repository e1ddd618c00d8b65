//! The public catalogue: what anybody may browse, and what staff see of it besides.

use savdo_domain::access::{AccessRefusal, Actor, Effect, Scope};
use savdo_domain::ids::{CategoryId, ProductId, StoreId, SubstanceId};
use savdo_domain::{FieldErrors, FieldProblem, Money, Refusal, text};
use savdo_persistence::products::shelf::{self, ShelfFilter};
use savdo_persistence::products::shops;
use savdo_persistence::{Tx, stores as tenants, substances};

use crate::{Context, Listed, Page, Result, Search, SortBy};

pub use savdo_persistence::products::OfferedView;
pub use savdo_persistence::products::shelf::{ShelfCategory, ShelfColumn, ShelfOrdering, ShelfView};
pub use savdo_persistence::products::shops::{OnlineCategoryView, OnlineStoreView};

/// How many products are told to stand in for one.
const ALTERNATIVES_MAX: i64 = 50;

/// Which products are wanted.
#[derive(Debug, Clone)]
pub struct BrowseProducts {
    /// Of this store.
    pub store: Option<StoreId>,
    /// Of this category.
    pub category: Option<CategoryId>,
    /// With this active substance.
    pub substance: Option<SubstanceId>,
    /// Of exactly this maker, ignoring case.
    pub manufacturer: Option<String>,
    /// At least at this price.
    pub price_min: Option<Money>,
    /// At most at this price.
    pub price_max: Option<Money>,
    /// With at least a piece in stock, or without.
    pub in_stock: Option<bool>,
    /// On prescription only, or without.
    pub requires_prescription: Option<bool>,
    /// With all of these words; empty: all.
    pub search: String,
    /// Offered online, or not; what is not is hidden.
    pub is_online: Option<bool>,
    /// In this order.
    pub sort: SortBy<ShelfColumn>,
    /// Hidden ones too, where the caller may see them.
    pub include_hidden: bool,
    /// Which page.
    pub page: Page,
}

/// A page of the public catalogue.
///
/// # Errors
/// Field errors at `category` and `substance` for those that nobody knows.
pub fn browse(context: &Context, actor: Option<&Actor>, query: BrowseProducts) -> Result<Listed<ShelfView>> {
    let hidden_of = hidden_of(actor);
    let now = context.now();
    let mut filter = ShelfFilter {
        store: query.store,
        category: query.category,
        substance: None,
        stands_in_for: None,
        manufacturer_key: query.manufacturer.as_deref().map(text::name_key),
        price_min: query.price_min,
        price_max: query.price_max,
        in_stock: query.in_stock,
        needs_prescription: query.requires_prescription,
        search: Search::words(&query.search),
        is_online: query.is_online,
        sort: query.sort,
        hidden_of: hidden_of.filter(|_| query.include_hidden),
    };
    context.list(actor, "catalogue_browse", &query.page, |reader, wanted| {
        let mut errors = FieldErrors::new();
        if let Some(category) = query.category
            && !shops::is_category_known(reader, hidden_of, category)?
        {
            errors.add("category", FieldProblem::UnknownObject);
        }
        if let Some(id) = query.substance {
            let found = substances::find(reader, hidden_of, id)?.ok_or(FieldProblem::UnknownObject);
            filter.substance = errors.keep("substance", found).map(|view| (view.store_id, id));
        }
        errors.into_result()?;
        Ok(shelf::list(reader, now, &filter, wanted)?)
    })
}

/// One product of the public catalogue; staff see hidden ones of their store too.
///
/// # Errors
/// [`Refusal::NotFound`] for one that the caller does not see.
pub fn product(context: &Context, actor: Option<&Actor>, id: ProductId) -> Result<ShelfView> {
    let (hidden_of, now) = (hidden_of(actor), context.now());
    // What else is read of it need not be of the same moment: its substances, and its batches where they tell the stock anew.
    let found = context
        .database()
        .read("catalogue_product", |reader| shelf::find(reader, hidden_of, now, id))?;
    found.ok_or_else(|| Refusal::NotFound.into())
}

/// What stands in for a product: others of the store that share a substance and are in stock, the cheapest first.
///
/// # Errors
/// [`Refusal::NotFound`] for a product that the caller does not see.
pub fn alternatives(context: &Context, actor: Option<&Actor>, id: ProductId) -> Result<Vec<ShelfView>> {
    let (hidden_of, now) = (hidden_of(actor), context.now());
    context.database().read_consistent("catalogue_alternatives", |reader| {
        let product = shelf::find(reader, hidden_of, now, id)?.ok_or(Refusal::NotFound)?;
        if product.substances.is_empty() {
            return Ok(Vec::new());
        }
        let key = (product.offered.store_id, id);
        Ok(shelf::alternatives(reader, now, key, ALTERNATIVES_MAX)?)
    })
}

/// The stores that are open online, by name.
///
/// # Errors
/// A failed statement.
pub fn stores(context: &Context) -> Result<Vec<OnlineStoreView>> {
    Ok(context.database().read("catalogue_stores", shops::stores_unscoped)?)
}

/// The active categories of the stores that are open online, or of one of them, by name.
///
/// # Errors
/// A failed statement.
pub fn categories(context: &Context, store: Option<StoreId>) -> Result<Vec<OnlineCategoryView>> {
    let categories = context.database().read_consistent("catalogue_categories", |reader| {
        shops::categories_unscoped(reader, store, None)
    })?;
    Ok(categories)
}

/// One of these categories.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is put aside or whose store is not open.
pub fn category(context: &Context, id: CategoryId) -> Result<OnlineCategoryView> {
    let mut found = context.database().read_consistent("catalogue_category", |reader| {
        shops::categories_unscoped(reader, None, Some(id))
    })?;
    found.pop().ok_or_else(|| Refusal::NotFound.into())
}

/// Whether the caller may be shown what customers do not see.
#[must_use]
pub fn sees_hidden(actor: Option<&Actor>) -> bool {
    hidden_of(actor).is_some()
}

/// Whose hidden products the caller sees; whoever may not is a customer here.
pub(crate) fn hidden_of(actor: Option<&Actor>) -> Option<Scope> {
    actor?.catalogue_scope(Effect::Reads).ok()
}

/// The store whose catalogue is written: the staff's own, whatever they say; an admin of the installation says which.
pub(crate) fn store_to_write(tx: &mut Tx<'_>, scope: Scope, wanted: Option<StoreId>) -> Result<StoreId> {
    let problem = match (scope, wanted) {
        (Scope::Store(own), _) => return Ok(own),
        (Scope::All, Some(store)) if tenants::exists(tx, store)? => return Ok(store),
        (Scope::All, Some(_)) => FieldProblem::UnknownObject,
        (Scope::All, None) => FieldProblem::Required,
        (Scope::Own(_) | Scope::StoreOrOwn { .. } | Scope::Assigned { .. }, _) => {
            return Err(AccessRefusal::Forbidden.into());
        }
    };
    Err(FieldErrors::one("store", problem).into())
}
