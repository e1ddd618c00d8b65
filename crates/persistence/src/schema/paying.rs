diesel::table! {
    provider_transactions (id) {
        id -> BigInt,
        store_id -> BigInt,
        order_id -> BigInt,
        payment_id -> BigInt,
        provider -> Text,
        desk -> Text,
        external_id -> Text,
        amount -> BigInt,
        state -> Text,
        reason -> Nullable<BigInt>,
        external_time -> BigInt,
        create_time -> BigInt,
        perform_time -> BigInt,
        cancel_time -> BigInt,
        open_until -> BigInt,
        paydoc_id -> Nullable<BigInt>,
        account -> Text,
    }
}

diesel::table! {
    fiscal_records (id) {
        id -> BigInt,
        store_id -> BigInt,
        transaction_id -> BigInt,
        kind -> Text,
        receipt_id -> Nullable<Text>,
        status_code -> Nullable<BigInt>,
        message -> Nullable<Text>,
        terminal_id -> Nullable<Text>,
        fiscal_sign -> Nullable<Text>,
        qr_code_url -> Nullable<Text>,
        receipt_time -> Nullable<Timestamp>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    payment_comparisons (id) {
        id -> BigInt,
        provider -> Text,
        desk -> Text,
        day -> Date,
        last -> BigInt,
        compared -> BigInt,
        differing -> BigInt,
        updated_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    payment_logs (id) {
        id -> BigInt,
        store_id -> BigInt,
        payment_id -> BigInt,
        event -> Text,
        request -> Text,
        response -> Text,
        error_message -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    payment_desks (id) {
        id -> BigInt,
        store_id -> Nullable<BigInt>,
        provider -> Text,
        environment -> Text,
        desk -> Text,
        settings -> Text,
        sealed_secret -> Text,
        sealed_previous_secret -> Nullable<Text>,
        is_active -> Bool,
        updated_at -> Timestamp,
    }
}
