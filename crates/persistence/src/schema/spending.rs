diesel::table! {
    expense_categories (id) {
        id -> BigInt,
        store_id -> BigInt,
        name -> Text,
        name_key -> Text,
        search -> Text,
        status -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    expenses (id) {
        id -> BigInt,
        store_id -> BigInt,
        category_id -> BigInt,
        branch_id -> BigInt,
        worker_id -> BigInt,
        shift_id -> Nullable<BigInt>,
        amount -> BigInt,
        payment_type -> Text,
        day -> Date,
        description -> Text,
        search -> Text,
        receipt_file -> Text,
        status -> Text,
        created_at -> Timestamp,
    }
}
