diesel::table! {
    outbox (id) {
        id -> BigInt,
        store_id -> Nullable<BigInt>,
        transaction_id -> BigInt,
        event -> Text,
        subject_type -> Text,
        subject_id -> BigInt,
        payload -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        store_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        actor_name -> Text,
        action -> Text,
        subject_type -> Text,
        subject_id -> BigInt,
        description -> Text,
        details -> Text,
        ip -> Text,
        user_agent -> Text,
        request_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (user_id, endpoint, key) {
        user_id -> BigInt,
        endpoint -> Text,
        key -> Text,
        day -> Date,
        body_hash -> Text,
        status -> BigInt,
        headers -> Text,
        body -> Text,
        created_at -> Timestamp,
    }
}
