diesel::table! {
    users (id) {
        id -> BigInt,
        kind -> Text,
        username -> Nullable<Text>,
        username_key -> Nullable<Text>,
        phone -> Text,
        phone2 -> Text,
        email -> Text,
        email_key -> Text,
        first_name -> Text,
        last_name -> Text,
        address -> Text,
        language -> Text,
        password_hash -> Text,
        is_superuser -> Bool,
        is_verified -> Bool,
        is_active -> Bool,
        token_version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        last_login_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        token_version -> BigInt,
        refresh_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        ip -> Text,
        user_agent -> Text,
    }
}

diesel::table! {
    spent_tokens (id) {
        id -> BigInt,
        session_id -> BigInt,
        token_hash -> Text,
        spent_at -> Timestamp,
    }
}

diesel::table! {
    password_resets (id) {
        id -> BigInt,
        user_id -> BigInt,
        token_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    devices (id) {
        id -> BigInt,
        user_id -> BigInt,
        token -> Text,
        token_hash -> Text,
        platform -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    one_time_codes (id) {
        id -> BigInt,
        phone -> Text,
        purpose -> Text,
        code_hash -> Text,
        first_name -> Text,
        last_name -> Text,
        password_hash -> Text,
        attempts -> BigInt,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    code_phones (phone) {
        phone -> Text,
        asked -> Text,
        tried -> Text,
        reset_tried -> Text,
        told_at -> Nullable<Timestamp>,
        updated_at -> Timestamp,
    }
}
