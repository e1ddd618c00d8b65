//! `/api/v1/pharmacy/notification-templates/`.

use savdo_domain::access::Role;
use savdo_tests::{Server, same_on_both};
use serde_json::{Value, json};

const TEMPLATES: &str = "/api/v1/pharmacy/notification-templates/";

fn words(text: &str) -> Value {
    json!({ "notification_type": "order_paid", "channel": "sms", "language": "ru", "template_text": text })
}

#[test]
fn a_store_words_its_messages_itself() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        let id = owner
            .post(TEMPLATES, &words("Заказ {order_id} оплачен: {total_price}"))
            .integer("/id");
        let path = format!("{TEMPLATES}{id}/");
        owner.get(TEMPLATES);
        owner.with_header("accept-language", "en").get(&path);
        owner.patch(&path, &json!({ "is_active": false }));
        let whole = json!({
            "notification_type": "order_paid", "channel": "sms", "language": "ru", "template_text": "Заказ {order_id} оплачен",
        });
        owner.put(&path, &whole);
        owner.delete(&path);
        owner.get(&path);
        owner.get(TEMPLATES);
    });
}

#[test]
fn older_clients_send_uzbek_words_without_their_language() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        let older = "/api/v5/notifications/templates/";
        for notice in ["order_paid", "order_created"] {
            let words = json!({ "notification_type": notice, "channel": "system", "template_text": "{order_id}" });
            owner.post(older, &words);
        }
        owner.get(older);
    });
}

#[test]
fn an_admin_words_the_messages_of_the_installation() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let admin = server.client_of(&server.world.admin());
        let first = admin.get(&format!("{TEMPLATES}?page_size=2")).integer("/results/0/id");
        let path = format!("{TEMPLATES}{first}/");
        admin.patch(&path, &json!({ "is_active": false }));
        admin.delete(&path);
        let of_store = json!({
            "store": shop.store_id, "notification_type": "order_paid", "channel": "email", "language": "uz", "template_text": "Rahmat",
        });
        admin.post(TEMPLATES, &of_store);
        admin.get(&format!("{TEMPLATES}?store={}", shop.store_id));
    });
}

#[test]
fn what_is_refused_of_words() {
    same_on_both!(|server: &Server| {
        let (shop, other) = (server.world.shop(), server.world.shop());
        let owner = server.client_of(&shop.owner);
        for text in [
            "",
            "{order_id",
            "order_id}",
            "{{order_id}}",
            "{code}",
            "{payment_id!}",
            &"a".repeat(1001),
        ] {
            owner.post(TEMPLATES, &words(text));
        }
        let mut code = words("Kod {code}");
        code["notification_type"] = json!("otp");
        owner.post(TEMPLATES, &code);
        owner.post(
            TEMPLATES,
            &json!({ "notification_type": "order_eaten", "channel": "fax", "language": "kk" }),
        );
        let id = owner.unnoted().post(TEMPLATES, &words("Оплачен")).integer("/id");
        owner.post(TEMPLATES, &words("Оплачен"));
        let path = format!("{TEMPLATES}{id}/");
        owner.patch(&path, &json!({}));
        owner.patch(&path, &json!({ "template_text": null }));
        owner
            .with_header("accept-language", "en")
            .patch(&path, &json!({ "language": "uz", "channel": "system" }));
        owner.put(&path, &json!({ "is_active": true }));
        let stranger = server.client_of(&other.owner);
        stranger.get(&path);
        stranger.patch(&path, &json!({ "is_active": false }));
        stranger.delete(&path);
        for role in [Role::Operator, Role::Seller, Role::Courier] {
            server.client_of(&server.world.hire(&shop, role)).get(TEMPLATES);
        }
        server.client_of(&server.world.customer()).get(TEMPLATES);
        server.client().get(TEMPLATES);
    });
}
