diesel::table! {
    notifications (id) {
        id -> BigInt,
        event_id -> BigInt,
        user_id -> BigInt,
        store_id -> Nullable<BigInt>,
        notice_type -> Text,
        channel -> Text,
        status -> Text,
        message -> Text,
        metadata -> Text,
        retries -> BigInt,
        retried_at -> Nullable<Timestamp>,
        is_read -> Bool,
        read_at -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    notification_templates (id) {
        id -> BigInt,
        store_id -> Nullable<BigInt>,
        notice_type -> Text,
        channel -> Text,
        language -> Text,
        text -> Text,
        is_active -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
