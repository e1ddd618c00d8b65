//! The settings of a store (shop.md 7).

use actix_web::{HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::settings::{Currency, OfdToken, SettingsPatch, StoreSettings};
use savdo_domain::{FieldErrors, Percent};
use savdo_services::Context;
use savdo_services::settings::{self, SettingsView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, Clearable, CodeInput, IdInput, InLanguage, Patch, PathId, PercentInput, PiecesInput, TextInput,
};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewSettings)), shop::settings; list),
        route!(May(Right::Shop(Permission::ViewSettings)), shop::settings; detail),
        route!(May(Right::Shop(Permission::ChangeSettings)), shop::settings; change),
    ]
}

/// A value of a settings key on its way in and out.
trait Key: Sized {
    /// As it is sent: [`Clearable`] where null is a value.
    type Sent;
    /// As it is shown.
    type Reply;

    /// What was sent for the key `field`; `None` when nothing was, or when it cannot be.
    fn read(sent: Self::Sent, field: &str, errors: &mut FieldErrors) -> Option<Self>;

    /// How it is shown.
    fn show(self) -> Self::Reply;
}

macro_rules! keys {
    ($($type:ty: $input:ty => $reply:ty, |$sent:ident| $read:expr, |$value:ident| $show:expr;)+) => {$(
        impl Key for $type {
            type Sent = Patch<$input>;
            type Reply = $reply;

            fn read(sent: Patch<$input>, field: &str, errors: &mut FieldErrors) -> Option<Self> {
                sent.not_null(field, errors).map(|$sent| $read)
            }

            fn show(self) -> $reply {
                let $value = self;
                $show
            }
        }
    )+};
}

keys! {
    bool: bool => bool, |sent| sent, |value| value;
    i64: PiecesInput => i64, |sent| sent.0, |value| value;
    String: TextInput => String, |sent| sent.0, |value| value;
    Percent: PercentInput => String, |sent| sent.0, |value| value.to_string();
    Currency: CodeInput<Currency> => String, |sent| sent.0, |value| value.code().to_owned();
}

macro_rules! nullable_keys {
    ($($type:ty: $input:ty => $reply:ty, |$sent:ident| $read:expr, |$value:ident| $show:expr;)+) => {$(
        impl Key for Option<$type> {
            type Sent = Clearable<$input>;
            type Reply = Option<$reply>;

            fn read(sent: Clearable<$input>, _: &str, _: &mut FieldErrors) -> Option<Self> {
                sent.into_change(|$sent| $read)
            }

            fn show(self) -> Option<$reply> {
                self.map(|$value| $show)
            }
        }
    )+};
}

nullable_keys! {
    String: TextInput => String, |sent| sent.0, |value| value;
    OfdToken: TextInput => String, |sent| OfdToken::new(sent.0), |value| value.masked();
    LocationId: IdInput => i64, |sent| LocationId::new(sent.0), |value| value.get();
}

macro_rules! settings {
    ($($(#[$limit:meta])* $key:ident: $sent:ty => $reply:ty),+ $(,)?) => {
        /// A change of settings: any of the keys.
        #[derive(Debug, Deserialize, Validate, ToSchema)]
        pub struct SettingsBody { $($(#[$limit])* #[serde(default)] $key: $sent),+ }

        impl TryFrom<SettingsBody> for SettingsPatch {
            type Error = FieldErrors;

            fn try_from(body: SettingsBody) -> Result<Self, FieldErrors> {
                let mut errors = FieldErrors::new();
                let patch = Self { $($key: Key::read(body.$key, stringify!($key), &mut errors)),+ };
                errors.into_result().map(|()| patch)
            }
        }

        /// The settings of a store.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct SettingsReply {
            /// The store's id, which is also that of its settings.
            #[schema(value_type = i64)]
            id: StoreId,
            #[schema(value_type = i64)]
            store: StoreId,
            store_name: String,
            $($key: $reply),+
        }

        impl From<SettingsView> for SettingsReply {
            fn from(view: SettingsView) -> Self {
                let StoreSettings { $($key),+ } = view.settings;
                Self {
                    id: view.store_id,
                    store: view.store_id,
                    store_name: view.store_name,
                    $($key: $key.show()),+
                }
            }
        }
    };
}

settings! {
    subcategory_enabled: Patch<bool> => bool,
    sale_return_enabled: Patch<bool> => bool,
    wastage_enabled: Patch<bool> => bool,
    stock_audit_enabled: Patch<bool> => bool,
    kpi_enabled: Patch<bool> => bool,
    price_list_enabled: Patch<bool> => bool,
    #[schema(schema_with = CodeInput::<Currency>::schema)]
    default_currency: Patch<CodeInput<Currency>> => String,
    show_usd_price: Patch<bool> => bool,
    show_rub_price: Patch<bool> => bool,
    show_eur_price: Patch<bool> => bool,
    show_cny_price: Patch<bool> => bool,
    allow_cash: Patch<bool> => bool,
    allow_card: Patch<bool> => bool,
    allow_debt: Patch<bool> => bool,
    allow_discount: Patch<bool> => bool,
    max_discount_percent: Patch<PercentInput> => String,
    #[validate(length(max = 1000))]
    receipt_header: Patch<TextInput> => String,
    #[validate(length(max = 1000))]
    receipt_footer: Patch<TextInput> => String,
    show_store_logo: Patch<bool> => bool,
    show_worker_name: Patch<bool> => bool,
    low_stock_enabled: Patch<bool> => bool,
    low_stock_threshold: Patch<PiecesInput> => i64,
    shift_enabled: Patch<bool> => bool,
    shifts_per_day: Patch<PiecesInput> => i64,
    require_cash_count: Patch<bool> => bool,
    telegram_enabled: Patch<bool> => bool,
    #[validate(length(max = 50))]
    telegram_chat_id: Clearable<TextInput> => Option<String>,
    tax_enabled: Patch<bool> => bool,
    tax_percent: Patch<PercentInput> => String,
    ofd_enabled: Patch<bool> => bool,
    #[validate(length(max = 100))]
    ofd_device_id: Clearable<TextInput> => Option<String>,
    #[validate(length(max = 255))]
    ofd_token: Clearable<TextInput> => Option<String>,
    online_enabled: Patch<bool> => bool,
    online_location: Clearable<IdInput> => Option<i64>,
    cash_enabled: Patch<bool> => bool,
    payment_minutes: Patch<PiecesInput> => i64,
    prescription_hours: Patch<PiecesInput> => i64,
    delivery_code_required: Patch<bool> => bool,
    supplier_credit_enabled: Patch<bool> => bool,
    auto_pdf_on_smena_close: Patch<bool> => bool,
}

/// The settings of one's store, as the only element of an array.
///
/// # Errors
/// 403 without the right.
#[utoipa::path(get, path = "/api/v1/settings/", tag = "settings", responses(
    (status = 200, description = "One object, or none before a store is made", body = Vec<SettingsReply>),
))]
pub async fn list(context: web::Data<Context>, SignedIn(actor): SignedIn) -> Result<HttpResponse, Problem> {
    let view = blocking::run(&context, move |context| settings::list(context, &actor)).await?;
    Ok(reply::all(view.into_iter().map(SettingsReply::from).collect()))
}

/// The settings of one's store.
///
/// # Errors
/// 403 without the right, 404 for another store.
#[utoipa::path(get, path = "/api/v1/settings/{id}/", tag = "settings", params(("id" = i64, Path, description = "The store")), responses(
    (status = 200, description = "The settings", body = SettingsReply),
    (status = 404, description = "Another store"),
))]
pub async fn detail(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = StoreId::new(id);
    let view = blocking::run(&context, move |context| settings::view(context, &actor, id)).await?;
    Ok(reply::found(SettingsReply::from(view)))
}

/// Changes settings of one's store, in force for the next request.
///
/// # Errors
/// Field errors; 403 without the right, 404 for another store.
#[utoipa::path(patch, path = "/api/v1/settings/{id}/", tag = "settings", params(("id" = i64, Path, description = "The store")), request_body = SettingsBody, responses(
    (status = 200, description = "The settings as they are now", body = Written<SettingsReply>),
    (status = 400, description = "Field errors, empty_patch"),
    (status = 404, description = "Another store"),
))]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<SettingsBody>,
) -> Result<HttpResponse, Problem> {
    let id = StoreId::new(id);
    let patch = SettingsPatch::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let view = blocking::run(&context, move |context| settings::change(context, &actor, id, patch)).await?;
    Ok(reply::changed(language, Done::Updated, SettingsReply::from(view)))
}
