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

diesel::table! {
    outbox_secrets (outbox_id) {
        outbox_id -> BigInt,
        sealed -> Text,
    }
}

diesel::table! {
    outbox_dispatches (id) {
        id -> BigInt,
        outbox_id -> BigInt,
        sink -> Text,
        status -> Text,
        attempts -> BigInt,
        due_at -> Timestamp,
        leased_until -> Nullable<Timestamp>,
        leased_by -> Text,
        last_error -> Text,
        updated_at -> Timestamp,
        began_at -> Nullable<Timestamp>,
        doubtful_since -> Nullable<Timestamp>,
        provider -> Nullable<Text>,
        provider_id -> Nullable<Text>,
        reported -> Nullable<Text>,
        notification_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    job_runs (name) {
        name -> Text,
        last_run_at -> Timestamp,
        locked_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    audit_seals (id) {
        id -> BigInt,
        store_id -> Nullable<BigInt>,
        first_id -> BigInt,
        last_id -> BigInt,
        row_count -> BigInt,
        previous_hash -> Text,
        hash -> Text,
        digests -> Text,
        created_at -> Timestamp,
    }
}
