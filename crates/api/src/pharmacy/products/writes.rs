//! What staff send about products of the public catalogue.

use std::mem::take;

use savdo_domain::ids::{CategoryId, StoreId, SubstanceId};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_services::products::{IntroduceProduct, OfferProduct};
use savdo_services::stock::ShownStock;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Clearable, DateInput, FileInput, FlagInput, IdInput, MoneyInput, NameInput, Patch, PercentInput, PiecesInput,
    TextInput,
};
use crate::problem::Problem;

/// The most pieces that can be said to lie there.
const PIECES_MAX: i64 = 1_000_000;

/// A product to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct IntroduceBody {
    /// 1 to 255 characters.
    #[validate(required, length(min = 1, max = 255))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    category: Option<IdInput>,
    /// 1 to 100 characters, unique in the store.
    #[validate(required, length(min = 1, max = 100))]
    #[schema(required, nullable = false)]
    sku: Option<NameInput>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    price: Option<MoneyInput>,
    /// 1 to 255 characters.
    #[validate(required, length(min = 1, max = 255))]
    #[schema(required, nullable = false)]
    manufacturer: Option<NameInput>,
    /// Up to 5000 characters.
    #[validate(length(max = 5000))]
    description: Option<TextInput>,
    /// Up to 5000 characters.
    #[validate(length(max = 5000))]
    usage: Option<TextInput>,
    /// Up to 20 substances.
    #[validate(length(max = 20))]
    active_substances: Option<Vec<IdInput>>,
    /// False when not sent.
    is_prescription_required: Option<FlagInput>,
    /// Whether it is offered online; true when not sent.
    is_active: Option<FlagInput>,
    /// The pieces that lie there at first, up to 1000000.
    stock: Option<PiecesInput>,
    /// Their last day of use, today or later.
    expiry_date: Option<DateInput>,
    /// What a piece cost; 0 when not sent.
    purchase_price: Option<MoneyInput>,
    /// 17 digits.
    mxik_code: Option<TextInput>,
    /// Up to 20 characters.
    #[validate(length(max = 20))]
    package_code: Option<TextInput>,
    /// 0 to 100; null where it is not subject to the tax.
    vat_percent: Option<PercentInput>,
    /// Its picture, in a form; in JSON only null.
    #[schema(schema_with = FileInput::schema)]
    image: Option<FileInput>,
    /// The store, which only an admin of the installation has to name.
    store: Option<IdInput>,
}

/// A body of a change: its own keys, and those that every change may have.
macro_rules! change_body {
    ($(#[$meta:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Deserialize, Validate, ToSchema)]
        pub struct $name {
            $($own)*
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
            is_prescription_required: Patch<FlagInput>,
            /// Whether it is offered online.
            #[serde(default)]
            is_active: Patch<FlagInput>,
            /// The pieces that can be sold, up to 1000000.
            #[serde(default)]
            stock: Patch<PiecesInput>,
            /// The pieces that the caller believes can be sold; no comparison when not sent.
            #[serde(default)]
            expected_stock: Patch<PiecesInput>,
            /// The last day of use of pieces that come, today or later.
            #[serde(default)]
            expiry_date: Clearable<DateInput>,
            /// What a piece cost that comes; the product's purchase price when not sent.
            #[serde(default)]
            purchase_price: Patch<MoneyInput>,
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
            /// Its picture, in a form; in JSON only null, which takes it away.
            #[serde(default)]
            #[schema(schema_with = FileInput::schema)]
            image: Clearable<FileInput>,
        }

        impl $name {
            /// The change that the common keys ask for.
            fn take_common(&mut self, errors: &mut FieldErrors) -> OfferProduct {
                let pieces = |pieces: Patch<PiecesInput>, field: &str, errors: &mut FieldErrors| {
                    let sent = pieces.not_null(field, errors);
                    sent.and_then(|pieces| errors.keep(field, in_range(pieces)))
                };
                let shown = ShownStock {
                    pieces: pieces(take(&mut self.stock), "stock", errors),
                    expected: pieces(take(&mut self.expected_stock), "expected_stock", errors),
                    expires_on: take(&mut self.expiry_date).into_change(|day| day.0).flatten(),
                    unit_cost: take(&mut self.purchase_price)
                        .not_null("purchase_price", errors)
                        .map(|cost| cost.0),
                };
                let substances = take(&mut self.active_substances).not_null("active_substances", errors);
                OfferProduct {
                    description: take(&mut self.description).not_null("description", errors).map(|text| text.0),
                    usage: take(&mut self.usage).not_null("usage", errors).map(|text| text.0),
                    active_substances: substances.map(substance_ids),
                    needs_prescription: take(&mut self.is_prescription_required)
                        .not_null("is_prescription_required", errors)
                        .map(|flag| flag.0),
                    is_active: take(&mut self.is_active).not_null("is_active", errors).map(|flag| flag.0),
                    mxik_code: take(&mut self.mxik_code).into_change(|code| code.0),
                    package_code: take(&mut self.package_code)
                        .into_change(|code| code.0)
                        .map(Option::unwrap_or_default),
                    vat_percent: take(&mut self.vat_percent).into_change(|percent| percent.0),
                    stock: shown,
                    image: take(&mut self.image).into_change(|image| image.0),
                    ..OfferProduct::default()
                }
            }
        }
    };
}

change_body! {
    /// A product as it is to be: what a new one must have; of the other keys those stay that are not sent.
    ReplaceBody {
        /// 1 to 255 characters.
        #[validate(required, length(min = 1, max = 255))]
        #[schema(required, nullable = false)]
        name: Option<NameInput>,
        #[validate(required)]
        #[schema(required, nullable = false)]
        category: Option<IdInput>,
        /// 1 to 100 characters, unique in the store.
        #[validate(required, length(min = 1, max = 100))]
        #[schema(required, nullable = false)]
        sku: Option<NameInput>,
        #[validate(required)]
        #[schema(required, nullable = false)]
        price: Option<MoneyInput>,
        /// 1 to 255 characters.
        #[validate(required, length(min = 1, max = 255))]
        #[schema(required, nullable = false)]
        manufacturer: Option<NameInput>,
    }
}

change_body! {
    /// A change of what the online pharmacy says of a product: any of the keys.
    OfferBody {
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
    }
}

/// A picture in place of the one that a product has.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct PictureBody {
    /// JPEG, PNG or WebP, up to 5 MiB.
    #[schema(required, value_type = String, format = Binary)]
    image: Option<FileInput>,
}

impl IntroduceBody {
    pub(super) fn into_command(self) -> Result<IntroduceProduct, Problem> {
        let mut errors = FieldErrors::new();
        let pieces = self.stock.map(in_range).transpose();
        let pieces = errors.keep("stock", pieces).flatten();
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(IntroduceProduct {
            store: self.store.map(|id| StoreId::new(id.0)),
            name: self.name.unwrap_or_default().0,
            category: CategoryId::new(self.category.map_or(0, |id| id.0)),
            sku: self.sku.unwrap_or_default().0,
            manufacturer: self.manufacturer.unwrap_or_default().0,
            price: self.price.map(|price| price.0).unwrap_or_default(),
            description: self.description.unwrap_or_default().0,
            usage: self.usage.unwrap_or_default().0,
            active_substances: self.active_substances.map(substance_ids).unwrap_or_default(),
            needs_prescription: self.is_prescription_required.is_some_and(|flag| flag.0),
            is_active: self.is_active.is_none_or(|flag| flag.0),
            mxik_code: self.mxik_code.map(|code| code.0),
            package_code: self.package_code.unwrap_or_default().0,
            vat_percent: self.vat_percent.map(|percent| percent.0),
            stock: ShownStock {
                pieces,
                expected: None,
                expires_on: self.expiry_date.map(|day| day.0),
                unit_cost: self.purchase_price.map(|cost| cost.0),
            },
            image: self.image.map(|image| image.0),
        })
    }
}

impl ReplaceBody {
    pub(super) fn into_command(mut self) -> Result<OfferProduct, Problem> {
        let mut errors = FieldErrors::new();
        let command = OfferProduct {
            name: self.name.take().map(|name| name.0),
            category: self.category.map(|id| CategoryId::new(id.0)),
            sku: self.sku.take().map(|sku| sku.0),
            manufacturer: self.manufacturer.take().map(|manufacturer| manufacturer.0),
            price: self.price.map(|price| price.0),
            ..self.take_common(&mut errors)
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }
}

impl OfferBody {
    pub(super) fn into_command(mut self) -> Result<OfferProduct, Problem> {
        let mut errors = FieldErrors::new();
        if self.is_empty() {
            errors.add(FieldErrors::NON_FIELD, FieldProblem::Required);
        }
        let command = OfferProduct {
            name: take(&mut self.name).not_null("name", &mut errors).map(|name| name.0),
            category: take(&mut self.category)
                .not_null("category", &mut errors)
                .map(|id| CategoryId::new(id.0)),
            sku: take(&mut self.sku).not_null("sku", &mut errors).map(|sku| sku.0),
            manufacturer: take(&mut self.manufacturer)
                .not_null("manufacturer", &mut errors)
                .map(|manufacturer| manufacturer.0),
            price: take(&mut self.price)
                .not_null("price", &mut errors)
                .map(|price| price.0),
            ..self.take_common(&mut errors)
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
            stock,
            expected_stock,
            expiry_date,
            purchase_price,
            mxik_code,
            package_code,
            vat_percent,
            image,
        } = self;
        let is_named =
            name.is_sent() || category.is_sent() || sku.is_sent() || price.is_sent() || manufacturer.is_sent();
        let is_told = description.is_sent() || usage.is_sent() || active_substances.is_sent() || image.is_sent();
        let is_offered = is_prescription_required.is_sent() || is_active.is_sent();
        let is_counted =
            stock.is_sent() || expected_stock.is_sent() || expiry_date.is_sent() || purchase_price.is_sent();
        let is_taxed = mxik_code.is_sent() || package_code.is_sent() || vat_percent.is_sent();
        !(is_named || is_told || is_offered || is_counted || is_taxed)
    }
}

impl PictureBody {
    pub(super) fn into_command(self) -> Result<OfferProduct, Problem> {
        let required = || Problem::Refused(Refusal::field("image", FieldProblem::Required));
        let FileInput(image) = self.image.ok_or_else(required)?;
        Ok(OfferProduct {
            image: Some(Some(image)),
            ..OfferProduct::default()
        })
    }
}

fn in_range(pieces: PiecesInput) -> Result<i64, FieldProblem> {
    let range = || FieldProblem::OutOfRange {
        min: "0".to_owned(),
        max: PIECES_MAX.to_string(),
    };
    Some(pieces.0)
        .filter(|pieces| (0..=PIECES_MAX).contains(pieces))
        .ok_or_else(range)
}

fn substance_ids(ids: Vec<IdInput>) -> Vec<SubstanceId> {
    ids.into_iter().map(|id| SubstanceId::new(id.0)).collect()
}
