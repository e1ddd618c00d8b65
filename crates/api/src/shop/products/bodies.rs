//! What is sent about products.

use savdo_domain::access::RowStatus;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::CategoryId;
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::products::{ChangeProduct, CreateProduct, ListProducts, PriceCurrency, ProductColumn};
use serde::Deserialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    Clearable, CodeInput, CodesFilter, FileInput, FlagInput, IdFilter, IdInput, MoneyInput, NameInput, Ordering,
    PageQuery, Patch, SearchFilter, TextInput,
};
use crate::problem::Problem;

/// Which products a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// The category.
    #[param(inline)]
    category: Option<IdFilter>,
    /// The subcategory.
    #[param(inline)]
    subcategory: Option<IdFilter>,
    /// `active` when not sent.
    #[param(schema_with = CodesFilter::<RowStatus>::schema)]
    status: Option<CodesFilter<RowStatus>>,
    /// The unit.
    #[param(schema_with = CodeInput::<Unit>::schema)]
    unit: Option<CodeInput<Unit>>,
    /// Exactly this barcode.
    #[param(inline)]
    barcode: Option<TextInput>,
    /// Part of name, barcode or sku.
    #[param(inline)]
    search: Option<SearchFilter>,
    /// `id`, `name` (when not sent), `sale_price`, `created_on`, `status`; `-` before one for descending.
    #[param(schema_with = Ordering::<ProductColumn>::schema)]
    ordering: Option<Ordering<ProductColumn>>,
}

/// What a scanner read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScanQuery {
    /// A barcode, or `P` and the id of a product; 1 to 100 characters.
    #[param(schema_with = ScanQuery::code)]
    code: Option<TextInput>,
}

/// A product to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ProductBody {
    /// 1 to 300 characters, unique in the store.
    #[validate(required, length(min = 1, max = 300))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    category: Option<IdInput>,
    subcategory: Option<IdInput>,
    /// `dona` when not sent.
    #[schema(schema_with = CodeInput::<Unit>::schema_or_null)]
    unit: Option<CodeInput<Unit>>,
    /// 0 when not sent.
    purchase_price: Option<MoneyInput>,
    /// 0 when not sent.
    sale_price: Option<MoneyInput>,
    /// Id of a currency; wins over `currency_code`.
    price_currency: Option<IdInput>,
    /// Code of a currency.
    currency_code: Option<TextInput>,
    /// Up to 100 characters, unique in the store; null or empty has one made.
    #[validate(length(max = 100))]
    barcode: Option<TextInput>,
    /// Up to 2000 characters.
    #[validate(length(max = 2000))]
    description: Option<TextInput>,
    /// 17 digits.
    mxik_code: Option<TextInput>,
    /// False when not sent.
    is_medicine: Option<FlagInput>,
    /// Its picture, in a form; in JSON only null.
    #[schema(schema_with = FileInput::schema)]
    image: Option<FileInput>,
}

/// A change of a product: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ProductPatch {
    /// 1 to 300 characters, unique in the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 300))]
    name: Patch<NameInput>,
    /// Null clears it.
    #[serde(default)]
    category: Clearable<IdInput>,
    /// Null clears it.
    #[serde(default)]
    subcategory: Clearable<IdInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Unit>::schema)]
    unit: Patch<CodeInput<Unit>>,
    /// Only its present value while a batch has anything left.
    #[serde(default)]
    purchase_price: Patch<MoneyInput>,
    #[serde(default)]
    sale_price: Patch<MoneyInput>,
    /// Id of a currency; wins over `currency_code`; null is UZS.
    #[serde(default)]
    price_currency: Clearable<IdInput>,
    /// Code of a currency.
    #[serde(default)]
    currency_code: Clearable<TextInput>,
    /// Up to 100 characters, unique in the store; null or empty changes nothing.
    #[serde(default)]
    #[validate(length(max = 100))]
    barcode: Clearable<TextInput>,
    /// Up to 2000 characters.
    #[serde(default)]
    #[validate(length(max = 2000))]
    description: Patch<TextInput>,
    /// 17 digits; null clears it.
    #[serde(default)]
    mxik_code: Clearable<TextInput>,
    #[serde(default)]
    is_medicine: Patch<FlagInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
    /// Its picture, in a form; in JSON only null, which takes it away.
    #[serde(default)]
    #[schema(schema_with = FileInput::schema)]
    image: Clearable<FileInput>,
}

impl ProductQuery {
    pub(super) fn into_query(self, page: &PageQuery) -> ListProducts {
        ListProducts {
            category: self.category.map(|id| CategoryId::new(id.0)),
            subcategory: self.subcategory.map(|id| id.0),
            statuses: self
                .status
                .map_or_else(|| vec![RowStatus::Active], |statuses| statuses.0),
            unit: self.unit.map(|unit| unit.0),
            barcode: self.barcode.map(|barcode| barcode.0),
            search: self.search.unwrap_or_default().0,
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

impl ScanQuery {
    fn code() -> RefOr<Schema> {
        TextInput::needed("A barcode, or `P` and the id of a product", Some(100))
    }

    pub(super) fn into_code(self) -> String {
        self.code.unwrap_or_default().0
    }
}

impl ProductBody {
    pub(super) fn into_command(self) -> CreateProduct {
        CreateProduct {
            name: self.name.unwrap_or_default().0,
            category: self.category.map(|id| CategoryId::new(id.0)),
            subcategory: self.subcategory.map(|id| id.0),
            unit: self.unit.map(|unit| unit.0).unwrap_or_default(),
            purchase_price: self.purchase_price.map(|price| price.0).unwrap_or_default(),
            sale_price: self.sale_price.map(|price| price.0).unwrap_or_default(),
            currency: PriceCurrency {
                id: self.price_currency.map(|id| id.0),
                code: self.currency_code.map(|code| code.0),
            },
            barcode: self.barcode.unwrap_or_default().0,
            description: self.description.unwrap_or_default().0,
            mxik_code: self.mxik_code.map(|code| code.0),
            is_medicine: self.is_medicine.unwrap_or_default().0,
            image: self.image.map(|image| image.0),
        }
    }
}

impl ProductPatch {
    pub(super) fn into_command(self) -> Result<ChangeProduct, Problem> {
        if self.is_empty() {
            return Err(Problem::Refused(Refusal::EmptyPatch));
        }
        let mut errors = FieldErrors::new();
        let command = ChangeProduct {
            name: self.name.not_null("name", &mut errors).map(|name| name.0),
            category: self.category.into_change(|id| CategoryId::new(id.0)),
            subcategory: self.subcategory.into_change(|id| id.0).flatten(),
            unit: self.unit.not_null("unit", &mut errors).map(|unit| unit.0),
            purchase_price: self
                .purchase_price
                .not_null("purchase_price", &mut errors)
                .map(|price| price.0),
            sale_price: self.sale_price.not_null("sale_price", &mut errors).map(|price| price.0),
            currency: PriceCurrency {
                id: self.price_currency.into_change(|id| id.0).flatten(),
                code: self.currency_code.into_change(|code| code.0).flatten(),
            },
            barcode: self
                .barcode
                .into_change(|barcode| barcode.0)
                .flatten()
                .filter(|barcode| !barcode.is_empty()),
            description: self.description.not_null("description", &mut errors).map(|text| text.0),
            mxik_code: self.mxik_code.into_change(|code| code.0),
            is_medicine: self.is_medicine.not_null("is_medicine", &mut errors).map(|flag| flag.0),
            image: self.image.into_change(|image| image.0),
            status: self.status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }

    /// Whether no known key was sent.
    const fn is_empty(&self) -> bool {
        let Self {
            name,
            category,
            subcategory,
            unit,
            purchase_price,
            sale_price,
            price_currency,
            currency_code,
            barcode,
            description,
            mxik_code,
            is_medicine,
            status,
            image,
        } = self;
        let is_sent = name.is_sent()
            || category.is_sent()
            || subcategory.is_sent()
            || unit.is_sent()
            || purchase_price.is_sent()
            || sale_price.is_sent()
            || price_currency.is_sent()
            || currency_code.is_sent()
            || barcode.is_sent()
            || description.is_sent()
            || mxik_code.is_sent()
            || is_medicine.is_sent()
            || status.is_sent()
            || image.is_sent();
        !is_sent
    }
}
