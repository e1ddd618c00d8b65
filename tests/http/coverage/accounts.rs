//! Samples of accounts: registering, signing in, oneself.

use savdo_services::testing::PASSWORD;
use serde_json::json;

use super::{Sample, get, of, patch, post};

/// A sample of every row of it.
pub(super) fn samples() -> Vec<Sample> {
    let signing_in = json!({ "username": "nobody", "phone_number": "nobody", "password": "tong-otguncha-7" });
    let refreshing = || json!({ "refresh": "broken" });
    vec![
        post("/api/v1/auth/register/", json!({})),
        post("/api/v1/auth/login/", signing_in.clone()),
        post("/api/v1/auth/token/refresh/", refreshing()),
        post("/api/v1/auth/logout/", refreshing()),
        post("/api/v1/auth/send-reset-email/", json!({ "email": "aziza@savdo.uz" })),
        post(
            "/api/v1/auth/reset-password/{uid}/{token}/",
            json!({ "password": "yangi-parol-1975", "password2": "yangi-parol-1975" }),
        ),
        post(
            "/api/v1/auth/change-password/",
            json!({ "current_password": PASSWORD, "password": PASSWORD, "password2": PASSWORD }),
        ),
        get("/api/v1/auth/profil/"),
        patch("/api/v1/auth/profil/", json!({ "first_name": "Aziza" })),
        post("/api/v1/pharmacy/auth/login/", signing_in),
        post("/api/v1/pharmacy/auth/token/refresh/", refreshing()),
        post("/api/v1/pharmacy/auth/logout/", refreshing()),
        post(
            "/api/v1/pharmacy/auth/register/",
            json!({ "phone_number": "907778899", "password": "yangi-parol-1975", "first_name": "Aziza", "last_name": "Karimova" }),
        ),
        post(
            "/api/v1/pharmacy/auth/verify/",
            json!({ "phone_number": "907778899", "code": "wrong" }),
        ),
        post(
            "/api/v1/pharmacy/auth/resend/",
            json!({ "phone_number": "907778811", "purpose": "register" }),
        ),
        post(
            "/api/v1/pharmacy/auth/password/forgot/",
            json!({ "phone_number": "907778822" }),
        ),
        post(
            "/api/v1/pharmacy/auth/password/reset/",
            json!({ "phone_number": "907778899", "code": "wrong", "new_password": "yangi-parol-1975" }),
        ),
        get("/api/v1/pharmacy/me/"),
        get("/api/v1/pharmacy/me/export/"),
        patch("/api/v1/pharmacy/me/", json!({ "address": "Toshkent, Navoiy 1" })),
        post(
            "/api/v1/pharmacy/me/password/",
            json!({ "old_password": "boshqa-parol-1975", "new_password": "yangi-parol-1975" }),
        ),
        post(
            "/api/v1/pharmacy/me/devices/",
            json!({ "token": "fcm-token", "platform": "android" }),
        ),
        of("DELETE", "/api/v1/pharmacy/me/devices/{id}/").id_of("device"),
    ]
}
