diesel::table! {
    categories (id) {
        id -> BigInt,
        store_id -> BigInt,
        name -> Text,
        name_key -> Text,
        slug -> Text,
        description -> Text,
        icon -> Text,
        status -> Text,
        created_at -> Timestamp,
        search -> Text,
    }
}

diesel::table! {
    products (id) {
        id -> BigInt,
        store_id -> BigInt,
        category_id -> Nullable<BigInt>,
        name -> Text,
        name_key -> Text,
        manufacturer -> Text,
        manufacturer_key -> Text,
        sku -> Text,
        sku_key -> Text,
        slug -> Text,
        barcode -> Text,
        unit -> Text,
        sale_price -> BigInt,
        first_cost -> BigInt,
        currency_id -> BigInt,
        description -> Text,
        usage -> Text,
        mxik_code -> Text,
        package_code -> Text,
        vat_percent -> Nullable<BigInt>,
        image -> Text,
        is_medicine -> Bool,
        needs_prescription -> Bool,
        is_online -> Bool,
        archived_at -> Nullable<Timestamp>,
        order_count -> BigInt,
        shop_search -> Text,
        online_search -> Text,
        status -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        walk_search -> Nullable<Text>,
    }
}

diesel::table! {
    product_texts (id) {
        id -> BigInt,
        store_id -> BigInt,
        status -> Text,
        name_key -> Text,
        shop_search -> Text,
    }
}

diesel::table! {
    shelf_texts (id) {
        id -> BigInt,
        store_id -> BigInt,
        category_id -> BigInt,
        online_search -> Text,
    }
}

diesel::table! {
    product_prices (id) {
        id -> BigInt,
        store_id -> BigInt,
        product_id -> BigInt,
        price -> BigInt,
        currency_id -> BigInt,
        valid_from -> Timestamp,
        worker_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    substances (id) {
        id -> BigInt,
        store_id -> BigInt,
        name -> Text,
        name_key -> Text,
        description -> Text,
        search -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    product_substances (store_id, product_id, substance_id) {
        store_id -> BigInt,
        product_id -> BigInt,
        substance_id -> BigInt,
    }
}
