diesel::table! {
    stock_levels (id) {
        id -> BigInt,
        store_id -> BigInt,
        location_id -> BigInt,
        product_id -> BigInt,
        on_hand -> BigInt,
        sellable -> BigInt,
        nearest_expiry -> Nullable<Date>,
        is_hidden -> Bool,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    stock_movements (id) {
        id -> BigInt,
        store_id -> BigInt,
        location_id -> BigInt,
        product_id -> BigInt,
        quantity -> BigInt,
        value -> BigInt,
        reason -> Text,
        document_type -> Text,
        document_id -> Nullable<BigInt>,
        supplier_id -> Nullable<BigInt>,
        description -> Text,
        actor_id -> Nullable<BigInt>,
        day -> Date,
        created_at -> Timestamp,
    }
}

diesel::table! {
    stock_batches (id) {
        id -> BigInt,
        store_id -> BigInt,
        location_id -> BigInt,
        product_id -> BigInt,
        origin_movement_id -> BigInt,
        unit_cost -> BigInt,
        quantity_received -> BigInt,
        quantity_left -> BigInt,
        value_left -> BigInt,
        is_spent -> Bool,
        series -> Text,
        expires_on -> Nullable<Date>,
        is_blocked -> Bool,
        block_reason -> Text,
        supplier_id -> Nullable<BigInt>,
        received_at -> Timestamp,
    }
}

diesel::table! {
    stock_movement_parts (id) {
        id -> BigInt,
        store_id -> BigInt,
        movement_id -> BigInt,
        batch_id -> BigInt,
        document_line -> BigInt,
        quantity -> BigInt,
        value -> BigInt,
        undoes_id -> Nullable<BigInt>,
    }
}
