diesel::table! {
    carts (id) {
        id -> BigInt,
        user_id -> BigInt,
        store_id -> Nullable<BigInt>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    cart_lines (id) {
        id -> BigInt,
        cart_id -> BigInt,
        store_id -> BigInt,
        product_id -> BigInt,
        quantity -> BigInt,
        price_at_add -> BigInt,
        is_saved -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    orders (id) {
        id -> BigInt,
        store_id -> BigInt,
        buyer_id -> BigInt,
        location_id -> BigInt,
        status -> Text,
        payment_status -> Text,
        payment_method -> Text,
        total_price -> BigInt,
        delivery_address -> Text,
        comment -> Text,
        needs_prescription -> Bool,
        courier_id -> Nullable<BigInt>,
        cancel_reason -> Text,
        day -> Date,
        expires_at -> Nullable<Timestamp>,
        paid_at -> Nullable<Timestamp>,
        delivered_at -> Nullable<Timestamp>,
        cancelled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        search -> Text,
    }
}

diesel::table! {
    order_lines (id) {
        id -> BigInt,
        store_id -> BigInt,
        order_id -> BigInt,
        line_number -> BigInt,
        product_id -> BigInt,
        product_name -> Text,
        quantity -> BigInt,
        price -> BigInt,
        subtotal -> BigInt,
        needs_prescription -> Bool,
    }
}

diesel::table! {
    order_history (id) {
        id -> BigInt,
        store_id -> BigInt,
        order_id -> BigInt,
        from_status -> Text,
        to_status -> Text,
        actor_id -> Nullable<BigInt>,
        source -> Text,
        comment -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    deliveries (id) {
        id -> BigInt,
        store_id -> BigInt,
        order_id -> BigInt,
        courier_id -> BigInt,
        status -> Text,
        note -> Text,
        day -> Date,
        courier_assigned_at -> Timestamp,
        delivered_at -> Nullable<Timestamp>,
        canceled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    delivery_history (id) {
        id -> BigInt,
        store_id -> BigInt,
        delivery_id -> BigInt,
        from_status -> Nullable<Text>,
        to_status -> Text,
        actor_id -> Nullable<BigInt>,
        comment -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    payments (id) {
        id -> BigInt,
        store_id -> BigInt,
        order_id -> BigInt,
        public_id -> Text,
        provider -> Text,
        status -> Text,
        amount -> BigInt,
        is_late -> Bool,
        received_by -> Nullable<BigInt>,
        created_at -> Timestamp,
        completed_at -> Nullable<Timestamp>,
        cancelled_at -> Nullable<Timestamp>,
        error_message -> Nullable<Text>,
        refund_reference -> Nullable<Text>,
        refund_reason -> Nullable<Text>,
        refunded_at -> Nullable<Timestamp>,
        fiscal_owner -> Nullable<Text>,
    }
}

diesel::table! {
    prescriptions (id) {
        id -> BigInt,
        store_id -> BigInt,
        order_id -> Nullable<BigInt>,
        user_id -> BigInt,
        status -> Text,
        rejection_reason -> Text,
        reviewed_by -> Nullable<BigInt>,
        reviewed_at -> Nullable<Timestamp>,
        day -> Date,
        created_at -> Timestamp,
    }
}

diesel::table! {
    prescription_images (id) {
        id -> BigInt,
        store_id -> BigInt,
        prescription_id -> BigInt,
        file -> Text,
        sealed_key -> Nullable<Text>,
        key_id -> Text,
        size -> BigInt,
        uploaded_at -> Timestamp,
    }
}
