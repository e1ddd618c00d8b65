diesel::table! {
    shifts (id) {
        id -> BigInt,
        store_id -> BigInt,
        branch_id -> BigInt,
        status -> Text,
        opened_by -> BigInt,
        closed_by -> Nullable<BigInt>,
        cash_start -> BigInt,
        cash_end -> Nullable<BigInt>,
        z_report -> Text,
        description -> Text,
        day -> Date,
        opened_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sales (id) {
        id -> BigInt,
        store_id -> BigInt,
        number -> BigInt,
        branch_id -> BigInt,
        worker_id -> BigInt,
        shift_id -> Nullable<BigInt>,
        customer_id -> Nullable<BigInt>,
        payment_type -> Text,
        total_price -> BigInt,
        discount_amount -> BigInt,
        net_total -> BigInt,
        cash_amount -> BigInt,
        card_amount -> BigInt,
        debt_amount -> BigInt,
        returned_amount -> BigInt,
        status -> Text,
        description -> Text,
        client_id -> Nullable<Text>,
        client_body_hash -> Nullable<Text>,
        sold_at -> Timestamp,
        day -> Date,
        cancelled_at -> Nullable<Timestamp>,
        cancelled_by -> Nullable<BigInt>,
        cancel_reason -> Text,
        refund_cash -> BigInt,
        refund_card -> BigInt,
        refund_debt -> BigInt,
        created_at -> Timestamp,
        cancel_shift_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    sale_lines (id) {
        id -> BigInt,
        store_id -> BigInt,
        sale_id -> BigInt,
        line_number -> BigInt,
        product_id -> BigInt,
        product_name -> Text,
        quantity -> BigInt,
        original_price -> BigInt,
        discount_percent -> BigInt,
        discount_per_unit -> BigInt,
        discount_source -> Text,
        currency_id -> BigInt,
        exchange_rate -> Nullable<BigInt>,
        line_total -> BigInt,
        total_price -> BigInt,
        cost -> BigInt,
        returned_quantity -> BigInt,
        unit -> Text,
    }
}

diesel::table! {
    sale_returns (id) {
        id -> BigInt,
        store_id -> BigInt,
        sale_id -> BigInt,
        branch_id -> BigInt,
        worker_id -> BigInt,
        shift_id -> Nullable<BigInt>,
        refund_method -> Nullable<Text>,
        total_amount -> BigInt,
        refund_cash -> BigInt,
        refund_card -> BigInt,
        refund_debt -> BigInt,
        status -> Text,
        reason -> Text,
        confirmed_by -> Nullable<BigInt>,
        cancelled_by -> Nullable<BigInt>,
        confirmed_day -> Nullable<Date>,
        confirmed_at -> Nullable<Timestamp>,
        cancelled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sale_return_lines (id) {
        id -> BigInt,
        store_id -> BigInt,
        return_id -> BigInt,
        line_number -> BigInt,
        sale_line_id -> BigInt,
        quantity -> BigInt,
        total_price -> BigInt,
        cost -> BigInt,
    }
}
