//! The one list of the settings' keys, with what they mean and their defaults.

use serde::Serialize;

use crate::coded_enum;
use crate::ids::LocationId;
use crate::percent::Percent;
use crate::settings::OfdToken;

macro_rules! settings {
    ($($(#[$doc:meta])* $key:ident: $type:ty = $default:expr),+ $(,)?) => {
        /// The settings of one store, under the names that JSON and the database use.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub struct StoreSettings { $($(#[$doc])* pub $key: $type),+ }

        /// A change of settings: `None` leaves a key as it is, `Some(None)` empties one that may be empty.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct SettingsPatch { $($(#[$doc])* pub $key: Option<$type>),+ }

        impl Default for StoreSettings {
            fn default() -> Self {
                Self { $($key: $default),+ }
            }
        }

        impl StoreSettings {
            /// These settings with what was sent put in, unchecked.
            pub(super) fn with(&self, patch: SettingsPatch) -> Self {
                Self { $($key: patch.$key.unwrap_or_else(|| self.$key.clone())),+ }
            }
        }
    };
}

settings! {
    /// A hint to clients: subcategories are in use.
    subcategory_enabled: bool = false,
    /// Goods may come back from customers.
    sale_return_enabled: bool = true,
    /// Goods may be written off.
    wastage_enabled: bool = true,
    /// Stock may be counted.
    stock_audit_enabled: bool = true,
    /// Sales and returns count for the sellers' figures.
    kpi_enabled: bool = false,
    /// Kept for clients; without effect.
    price_list_enabled: bool = false,

    /// A hint to clients: the currency shown first.
    default_currency: Currency = Currency::Uzs,
    /// A hint to clients: prices in dollars are shown.
    show_usd_price: bool = false,
    /// A hint to clients: prices in roubles are shown.
    show_rub_price: bool = false,
    /// A hint to clients: prices in euros are shown.
    show_eur_price: bool = false,
    /// A hint to clients: prices in yuan are shown.
    show_cny_price: bool = false,

    /// The counter takes cash.
    allow_cash: bool = true,
    /// The counter takes cards.
    allow_card: bool = true,
    /// The counter sells on credit.
    allow_debt: bool = false,

    /// Discounts may be given by hand.
    allow_discount: bool = true,
    /// The most of a sale that may be given away by hand; zero is no limit.
    max_discount_percent: Percent = Percent::ZERO,

    /// Above the lines of a receipt.
    receipt_header: String = String::new(),
    /// Below the lines of a receipt.
    receipt_footer: String = String::new(),
    /// The receipt shows the logo.
    show_store_logo: bool = false,
    /// The receipt names the seller.
    show_worker_name: bool = true,

    /// Low stock is reported.
    low_stock_enabled: bool = true,
    /// At how many units, or fewer, stock is low: 0 to 1 000 000.
    low_stock_threshold: i64 = 5,

    /// Sales belong to shifts.
    shift_enabled: bool = false,
    /// How many shifts a seller may open in a branch and day: 1 to 3.
    shifts_per_day: i64 = 1,
    /// The drawer is counted when a shift opens and closes.
    require_cash_count: bool = false,

    /// Events are sent to a chat of Telegram.
    telegram_enabled: bool = false,
    /// That chat.
    telegram_chat_id: Option<String> = None,

    /// The receipt shows the tax that the total includes.
    tax_enabled: bool = false,
    /// The rate of that tax.
    tax_percent: Percent = Percent::from_hundredths(1_200),
    /// Sales are reported to the operator of fiscal data (OFD).
    ofd_enabled: bool = false,
    /// The store's device at the operator of fiscal data.
    ofd_device_id: Option<String> = None,
    /// The secret of that device; written, never answered.
    ofd_token: Option<OfdToken> = None,

    /// The store offers its goods online.
    online_enabled: bool = false,
    /// The branch that serves online orders; without one the oldest active branch.
    online_location: Option<LocationId> = None,
    /// Online orders may be paid in cash on delivery.
    cash_enabled: bool = true,
    /// How long an online order waits for its payment: 10 to 1440 minutes.
    payment_minutes: i64 = 60,
    /// How long an online order waits for a prescription: 1 to 336 hours.
    prescription_hours: i64 = 72,
    /// The customer proves a delivery with a code.
    delivery_code_required: bool = false,

    /// Kept for clients; without effect.
    supplier_credit_enabled: bool = false,
    /// Closing a shift makes its report as a file.
    auto_pdf_on_smena_close: bool = false,
}

coded_enum! {
    /// A currency that clients may show first.
    pub enum Currency {
        /// The so'm of Uzbekistan.
        Uzs = "UZS",
        /// The dollar of the United States.
        Usd = "USD",
        /// The rouble of Russia.
        Rub = "RUB",
        /// The euro.
        Eur = "EUR",
        /// The yuan of China.
        Cny = "CNY",
    }
}
