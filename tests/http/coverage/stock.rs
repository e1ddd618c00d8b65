//! A store with one of everything.

use savdo_domain::access::{Actor, Role};
use savdo_domain::account::{Language, Platform};
use savdo_domain::ids::UserId;
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_services::devices::{self, RegisterDevice};
use savdo_services::expenses::CreateExpense;
use savdo_services::files::Upload;
use savdo_services::notice_templates::{self, CreateTemplate};
use savdo_services::once::Unkeyed;
use savdo_services::orders::payment_public_id;
use savdo_services::testing::{Goods, Shop, back, expense, picture, receipt, sale, shift};
use savdo_tests::{Client, Form, Server};
use serde_json::{Value, json};

use super::Ids;

/// A store that is open online, its people, and the ids of its things.
pub(crate) struct Stocked {
    pub(crate) shop: Shop,
    pub(crate) customer: Actor,
    /// Who carries the delivery.
    pub(crate) courier: Actor,
    pub(crate) ids: Ids,
}

/// A store with a category, a product on its shelf and online, an open shift with two sales and a return of one, and a customer with an order and a cart.
pub(crate) fn stocked(server: &Server) -> Stocked {
    let world = &server.world;
    let shop = world.shop();
    let category = world.category(&shop, "Dorilar");
    let goods = Goods {
        category: Some(category),
        ..Goods::named("Paratsetamol")
    };
    let product = world.online_product(&shop, goods);
    let substance = world.substance(&shop, "Paratsetamol");
    let spare_substance = world.substance(&shop, "Kofein");
    let received = world.receive(&shop, receipt(&shop, product, "100", "5000.00"));
    let seller = world.hire(&shop, Role::Seller);
    world.use_shifts(&shop);
    let opened = world.open_shift(&seller, shift(&shop));
    let sold = world.sell(&seller, sale(&shop, &[(product, "1")]));
    let returned = world.sell(&seller, sale(&shop, &[(product, "3")]));
    let sale_return = world.bring_back(&seller, back(returned.sale.id, &[(product, "1")]));
    let expense_category = world.expense_category(&shop, "Ijara");
    let receipt = Some(Upload(b"%PDF-1.7".to_vec()));
    let spent = CreateExpense {
        receipt,
        ..expense(&shop, expense_category)
    };
    let spent = world.spend(&shop, spent);
    let device = RegisterDevice {
        token: format!("token of {}", shop.store_id),
        platform: Platform::Android,
    };
    let failed = (NoticeType::OrderCancelled, Channel::Sms, NoticeStatus::Failed);
    let words = CreateTemplate {
        store: None,
        notice: NoticeType::OrderPaid,
        channel: Channel::System,
        language: Language::Uzbek,
        text: "{order_id} to'landi".to_owned(),
        is_active: true,
    };
    let template = notice_templates::create(&world.context, &shop.owner, words, &Unkeyed).unwrap();
    let notice = world.notice(&shop.owner, Some(shop.store_id), failed);
    let device = devices::register(&world.context, &shop.owner, device, &Unkeyed).unwrap();
    let customer = world.customer();
    let buyer = server.client_of(&customer).unnoted();
    let item = json!({ "product_id": product, "quantity": 1 });
    let (items, orders) = ("/api/v1/pharmacy/cart/items/", "/api/v1/pharmacy/orders/");
    let _ = buyer.post(items, &item).expect_status(201);
    let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1" });
    let order = buyer.post(orders, &checkout).expect_status(201).integer("/id");
    let started = buyer.post(
        "/api/v1/pharmacy/payments/",
        &json!({ "order_id": order, "provider": "payme" }),
    );
    let payment = drawn(started.expect_status(201).text("/payment_id"));
    let courier = world.hire(&shop, Role::Courier);
    let delivery = carried(server, &shop, &buyer, (&item, courier.user_id));
    let prescription = shown(server, &shop, &buyer);
    let line = buyer.post(items, &item).expect_status(201).integer("/items/0/id");
    // Higher than the number of anything that an entry tells of.
    let last = format!(
        "SELECT max(id) || '' AS line FROM audit_entries WHERE store_id = {}",
        shop.store_id
    );
    let audit_entry = server.world.database.lines(&last)[0].parse().unwrap();
    let warehouse = world.warehouse(&shop, "Ombor");
    let level = format!(
        "SELECT id || '' AS line FROM stock_levels WHERE store_id = {}",
        shop.store_id
    );
    let level = server.world.database.lines(&level)[0].parse().unwrap();
    let ids = [
        ("audit_entry", audit_entry),
        ("level", level),
        ("warehouse", warehouse.get()),
        ("batch", received.batch_id.map_or(0, |batch| batch.get())),
        ("store", shop.store_id.get()),
        ("branch", shop.branch_id.get()),
        ("category", category.get()),
        ("product", product.get()),
        ("substance", substance.get()),
        ("spare_substance", spare_substance.get()),
        ("offered", product.get()),
        ("worker", seller.worker.as_ref().map_or(0, |worker| worker.id.get())),
        ("movement", received.id.get()),
        ("sale", sold.sale.id.get()),
        ("returned_sale", returned.sale.id.get()),
        ("returned_line", returned.lines[0].id.get()),
        ("sale_return", sale_return.sale_return.id.get()),
        ("shift", opened.shift.id.get()),
        ("expense_category", expense_category.get()),
        ("expense", spent.stored.id.get()),
        ("customer", customer.user_id.get()),
        ("order", order),
        ("payment", payment),
        ("prescription", prescription),
        ("courier", courier.user_id.get()),
        ("delivery", delivery),
        ("cart_line", line),
        ("device", device.get()),
        ("notice", notice.get()),
        ("template", template.id.get()),
    ];
    Stocked {
        shop,
        customer,
        courier,
        ids: ids.into(),
    }
}

/// What stands in an address for a thing with this id: a payment is called by the number that was drawn for it.
pub(super) fn called(noun: &str, id: i64) -> String {
    match noun {
        "payment" => payment_public_id(id.cast_unsigned()),
        _ => id.to_string(),
    }
}

/// The number that was drawn for a payment.
fn drawn(payment_id: &str) -> i64 {
    let digits = payment_id.strip_prefix("PAY-").unwrap();
    u64::from_str_radix(digits, 16).unwrap().cast_signed()
}

/// An order in cash that a courier is about to carry.
fn carried(server: &Server, shop: &Shop, buyer: &Client, (item, courier): (&Value, UserId)) -> i64 {
    let staff = server.client_of(&shop.owner).unnoted();
    let _ = buyer.post("/api/v1/pharmacy/cart/items/", item).expect_status(201);
    let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
    let order = buyer
        .post("/api/v1/pharmacy/orders/", &checkout)
        .expect_status(201)
        .integer("/id");
    let path = format!("/api/v1/pharmacy/orders/{order}");
    let packed = json!({ "status": "ready_for_delivery" });
    let _ = staff.post(&format!("{path}/status/"), &packed).expect_status(200);
    let assigned = staff.post(&format!("{path}/assign-courier/"), &json!({ "courier_id": courier }));
    assigned.expect_status(200).integer("/id")
}

/// A prescription of the buyer that nobody judged yet.
fn shown(server: &Server, shop: &Shop, buyer: &Client) -> i64 {
    let goods = Goods {
        needs_prescription: true,
        ..Goods::named("Tramadol")
    };
    let product = server.world.online_product(shop, goods);
    server.world.receive(shop, receipt(shop, product, "10", "5000.00"));
    let item = json!({ "product_id": product, "quantity": 1 });
    let _ = buyer.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
    let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1", "part": "all" });
    let order = buyer
        .post("/api/v1/pharmacy/orders/", &checkout)
        .expect_status(201)
        .integer("/id");
    let form = Form::of("order_id", &order.to_string()).file("images", "retsept.png", &picture(1).0);
    let sent = buyer.send_form("POST", "/api/v1/pharmacy/prescriptions/", &form);
    sent.expect_status(201).integer("/id")
}
