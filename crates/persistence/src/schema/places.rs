diesel::table! {
    stores (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        address -> Text,
        phone -> Text,
        status -> Text,
        timezone -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    locations (id) {
        id -> BigInt,
        store_id -> BigInt,
        kind -> Text,
        name -> Text,
        name_key -> Text,
        address -> Text,
        phone -> Text,
        status -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        search -> Text,
    }
}

diesel::table! {
    workers (id) {
        id -> BigInt,
        store_id -> Nullable<BigInt>,
        user_id -> BigInt,
        role -> Text,
        status -> Text,
        branch_id -> Nullable<BigInt>,
        salary -> Nullable<BigInt>,
        sections_added -> Text,
        sections_removed -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    store_settings (store_id) {
        store_id -> BigInt,
        subcategory_enabled -> Bool,
        sale_return_enabled -> Bool,
        wastage_enabled -> Bool,
        stock_audit_enabled -> Bool,
        kpi_enabled -> Bool,
        price_list_enabled -> Bool,
        default_currency -> Text,
        show_usd_price -> Bool,
        show_rub_price -> Bool,
        show_eur_price -> Bool,
        show_cny_price -> Bool,
        allow_cash -> Bool,
        allow_card -> Bool,
        allow_debt -> Bool,
        allow_discount -> Bool,
        max_discount_percent -> BigInt,
        receipt_header -> Text,
        receipt_footer -> Text,
        show_store_logo -> Bool,
        show_worker_name -> Bool,
        low_stock_enabled -> Bool,
        low_stock_threshold -> BigInt,
        shift_enabled -> Bool,
        shifts_per_day -> BigInt,
        require_cash_count -> Bool,
        telegram_enabled -> Bool,
        telegram_chat_id -> Nullable<Text>,
        tax_enabled -> Bool,
        tax_percent -> BigInt,
        ofd_enabled -> Bool,
        ofd_device_id -> Nullable<Text>,
        ofd_token -> Text,
        online_enabled -> Bool,
        online_location_id -> Nullable<BigInt>,
        cash_enabled -> Bool,
        payment_minutes -> BigInt,
        prescription_hours -> BigInt,
        delivery_code_required -> Bool,
        supplier_credit_enabled -> Bool,
        auto_pdf_on_smena_close -> Bool,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    store_counters (store_id, name) {
        store_id -> BigInt,
        name -> Text,
        next -> BigInt,
    }
}
