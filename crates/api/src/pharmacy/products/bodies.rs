//! What is sent about the public catalogue.

use savdo_domain::ids::{CategoryId, StoreId, SubstanceId};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::catalogue::{BrowseProducts, ShelfOrdering};
use savdo_services::products::OfferProduct;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    Clearable, CodeInput, FlagFilter, IdFilter, IdInput, MoneyInput, NameInput, PageQuery, Patch, PercentInput,
    TextInput,
};
use crate::problem::Problem;

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

/// A change of what the online pharmacy says of a product: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct OfferBody {
    /// 1 to 255 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 255))]
    name: Patch<NameInput>,
    #[serde(default)]
    category: Patch<IdInput>,
    /// 1 to 100 characters, unique in the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 100))]
    sku: Patch<NameInput>,
    #[serde(default)]
    price: Patch<MoneyInput>,
    /// 1 to 255 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 255))]
    manufacturer: Patch<NameInput>,
    /// Up to 5000 characters.
    #[serde(default)]
    #[validate(length(max = 5000))]
    description: Patch<TextInput>,
    /// Up to 5000 characters.
    #[serde(default)]
    #[validate(length(max = 5000))]
    usage: Patch<TextInput>,
    /// Up to 20 substances.
    #[serde(default)]
    #[schema(value_type = Vec<IdInput>)]
    #[validate(length(max = 20))]
    active_substances: Patch<Vec<IdInput>>,
    #[serde(default)]
    is_prescription_required: Patch<bool>,
    /// Whether it is offered online.
    #[serde(default)]
    is_active: Patch<bool>,
    /// 17 digits; null clears it.
    #[serde(default)]
    mxik_code: Clearable<TextInput>,
    /// Up to 20 characters.
    #[serde(default)]
    #[validate(length(max = 20))]
    package_code: Clearable<TextInput>,
    /// 0 to 100; null where it is not subject to the tax.
    #[serde(default)]
    vat_percent: Clearable<PercentInput>,
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
            ordering: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            include_hidden: self.include_hidden.is_some_and(|flag| flag.0),
            page: page.page(),
        }
    }
}

impl OfferBody {
    pub(super) fn into_command(self) -> Result<OfferProduct, Problem> {
        if self.is_empty() {
            let errors = FieldErrors::across(FieldProblem::Required);
            return Err(Problem::Refused(errors.into()));
        }
        let mut errors = FieldErrors::new();
        let command = OfferProduct {
            name: self.name.not_null("name", &mut errors).map(|name| name.0),
            category: self
                .category
                .not_null("category", &mut errors)
                .map(|id| CategoryId::new(id.0)),
            sku: self.sku.not_null("sku", &mut errors).map(|sku| sku.0),
            manufacturer: self
                .manufacturer
                .not_null("manufacturer", &mut errors)
                .map(|manufacturer| manufacturer.0),
            price: self.price.not_null("price", &mut errors).map(|price| price.0),
            description: self.description.not_null("description", &mut errors).map(|text| text.0),
            usage: self.usage.not_null("usage", &mut errors).map(|text| text.0),
            active_substances: self
                .active_substances
                .not_null("active_substances", &mut errors)
                .map(|ids| ids.into_iter().map(|id| SubstanceId::new(id.0)).collect()),
            needs_prescription: self
                .is_prescription_required
                .not_null("is_prescription_required", &mut errors),
            is_active: self.is_active.not_null("is_active", &mut errors),
            mxik_code: self.mxik_code.into_change(|code| code.0),
            package_code: self
                .package_code
                .into_change(|code| code.0)
                .map(Option::unwrap_or_default),
            vat_percent: self.vat_percent.into_change(|percent| percent.0),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }

    /// Whether no known key was sent.
    const fn is_empty(&self) -> bool {
        let Self {
            name,
            category,
            sku,
            price,
            manufacturer,
            description,
            usage,
            active_substances,
            is_prescription_required,
            is_active,
            mxik_code,
            package_code,
            vat_percent,
        } = self;
        let is_sent = name.is_sent()
            || category.is_sent()
            || sku.is_sent()
            || price.is_sent()
            || manufacturer.is_sent()
            || description.is_sent()
            || usage.is_sent()
            || active_substances.is_sent()
            || is_prescription_required.is_sent()
            || is_active.is_sent()
            || mxik_code.is_sent()
            || package_code.is_sent()
            || vat_percent.is_sent();
        !is_sent
    }
}
