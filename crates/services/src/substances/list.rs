//! The substances of the stores.

use savdo_domain::access::Actor;
use savdo_domain::ids::StoreId;
use savdo_persistence::substances::{self, SubstanceFilter, SubstanceView};

use crate::catalogue::hidden_of;
use crate::{Context, Listed, Page, Result, Search};

/// Which substances are wanted.
#[derive(Debug, Clone)]
pub struct ListSubstances {
    /// Of this store.
    pub store: Option<StoreId>,
    /// With all of these words in the name; empty: all.
    pub search: String,
    /// Which page.
    pub page: Page,
}

/// The substances of the stores that are open online, by name; staff see those of their store in any case.
///
/// # Errors
/// A failed statement.
pub fn list(context: &Context, actor: Option<&Actor>, query: ListSubstances) -> Result<Listed<SubstanceView>> {
    let ListSubstances { store, search, page } = query;
    let filter = SubstanceFilter {
        store,
        search: Search::words(&search),
        hidden_of: hidden_of(actor),
    };
    let listed = context.list(actor, "substance_list", &page, |reader, wanted| {
        substances::list(reader, &filter, wanted)
    })?;
    Ok(listed)
}
