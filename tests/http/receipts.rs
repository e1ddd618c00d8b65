//! Receipts of sales on paper (shop.md 16.3), read back as they were printed.

use savdo_domain::Percent;
use savdo_domain::access::Role;
use savdo_domain::catalog::Unit;
use savdo_domain::sale::PaymentType;
use savdo_domain::settings::SettingsPatch;
use savdo_paper::testing::read;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::branches::{self, ChangeBranch};
use savdo_services::sales::Sell;
use savdo_services::settings;
use savdo_services::testing::{Goods, Shop, at_once, money, quantity, receipt, sale};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

fn path(sale: impl std::fmt::Display) -> String {
    format!("/api/v1/sales/{sale}/receipt/")
}

fn change(server: &Server, shop: &Shop, patch: SettingsPatch) {
    settings::change(&server.world.context, &shop.owner, shop.store_id, patch).unwrap();
}

/// A branch that says where it is, a store that says all it can, and a sale of three lines with every kind of discount.
fn sold(server: &Server, shop: &Shop) -> i64 {
    let world = &server.world;
    let place = ChangeBranch {
        address: Some("Toshkent, Navoiy ko'chasi 1".to_owned()),
        phone: Some("+998 71 200 00 00".to_owned()),
        ..ChangeBranch::default()
    };
    branches::change(&world.context, &shop.owner, shop.branch_id, place).unwrap();
    let patch = SettingsPatch {
        receipt_header: Some("Har kuni 9:00–21:00\nOʻzbekiston mahsulotlari".to_owned()),
        receipt_footer: Some("Xaridingiz uchun rahmat!".to_owned()),
        tax_enabled: Some(true),
        max_discount_percent: Some(Percent::from_hundredths(5_000)),
        ..SettingsPatch::default()
    };
    change(server, shop, patch);
    let stocked = |name: &str, price: &str, unit: Unit| {
        let goods = Goods {
            unit,
            ..Goods::named(name).at(money(price))
        };
        let product = world.product(shop, goods);
        world.receive(shop, receipt(shop, product, "5000", "50.00"));
        product
    };
    let tea = stocked("Choy «Ahmad» №100", "25000.00", Unit::Piece);
    let sugar = stocked("Шакар, қум", "12000.00", Unit::Kilogram);
    let long = stocked(
        "Paratsetamol-Darnitsa 500 mg tabletkalari, 10 dona, konturli uyali oʻramda, shifokor retseptisiz",
        "7150.50",
        Unit::Box,
    );
    let mut command = Sell {
        discount: money("1234.56"),
        ..sale(shop, &[(tea, "2"), (sugar, "1.250"), (long, "1200")])
    };
    command.items[0].discount_percent = Some(Percent::from_hundredths(1_000));
    command.items[1].unit_price = Some(money("11111.11"));
    world.sell(&shop.owner, command).sale.id.get()
}

#[test]
fn a_receipt_says_all_there_is_to_say_of_a_sale() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let sale = sold(server, &shop);
        let client = server.client_of(&shop.owner);

        client.get(&path(sale));
        client.with_header("accept-language", "ru").get(&path(sale));
        client
            .with_header("accept-language", "en")
            .get(&format!("/api/v1/trade/sales/{sale}/receipt?format=pdf"));
    });
}

#[test]
fn a_receipt_says_no_more_than_the_store_wants() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = server.world.product(&shop, Goods::named("Non").at(money("112000.00")));
        server.world.receive(&shop, receipt(&shop, product, "10", "50.00"));
        let mut command = sale(&shop, &[(product, "1")]);
        command.payment_type = PaymentType::Card;
        let sold = server.world.sell(&shop.owner, command).sale.id;
        let client = server.client_of(&shop.owner);
        let changed = |patch| {
            change(server, &shop, patch);
            client.get(&path(sold));
        };

        client.get(&path(sold));
        changed(SettingsPatch {
            show_worker_name: Some(false),
            // There is no logo yet that could be shown.
            show_store_logo: Some(true),
            ..SettingsPatch::default()
        });
        changed(SettingsPatch {
            tax_enabled: Some(true),
            receipt_header: Some("Diqqat".to_owned()),
            ..SettingsPatch::default()
        });
    });
}

#[test]
fn the_receipt_of_a_cancelled_sale_is_marked() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let sale = sold(server, &shop);
        let client = server.client_of(&shop.owner);
        let cancelled = client.unnoted().act(&format!("/api/v1/sales/{sale}/cancel/"));
        assert_eq!(cancelled.status, 200);

        client.get(&path(sale));
        client.with_header("accept-language", "ru").get(&path(sale));
        client.with_header("accept-language", "en").get(&path(sale));
    });
}

#[test]
fn a_receipt_is_asked_for_as_it_can_be_given() {
    same_on_both!(|server: &Server| {
        let (shop, other) = (server.world.shop(), server.world.shop());
        let sale = sold(server, &shop);
        let client = server.client_of(&shop.owner);

        client.get(&format!("{}?format=png", path(sale)));
        client.get(&format!("{}?format=PDF", path(sale)));
        client.get(&path(999_999));
        client.get(&path("x"));
        server.client_of(&other.owner).get(&path(sale));
        server
            .client_of(&server.world.hire(&shop, Role::Courier))
            .get(&path(sale));
        client.post(&path(sale), &json!({}));
        server.client().get(&path(sale));
    });
}

#[test]
fn a_receipt_is_shown_and_stays_with_who_asked_for_it() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let sale = sold(&server, &shop);

    // An operator sees past sales, though he may not sell.
    let operator = server.world.hire(&shop, Role::Operator);
    let answer = server.client_of(&operator).get(&path(sale)).expect_status(200);

    assert!(answer.bytes.starts_with(b"%PDF-"));
    let headers = [
        "content-type",
        "content-disposition",
        "cache-control",
        "x-content-type-options",
        "content-language",
    ];
    assert_eq!(
        headers.map(|name| answer.header(name)),
        [
            "application/pdf",
            "inline; filename=\"receipt-1.pdf\"",
            "no-store",
            "nosniff",
            "uz"
        ]
    );
}

#[test]
fn five_hundred_lines_are_all_on_the_receipt() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let name = |number: usize| format!("{number}-mahsulot {}", "uzun nomli ".repeat(20));
    let items: Vec<_> = (0..500)
        .map(|number| {
            let product = server.world.product(&shop, Goods::named(&name(number)));
            server.world.receive(&shop, receipt(&shop, product, "10", "50.00"));
            (product, "2")
        })
        .collect();
    let sold = server.world.sell(&shop.owner, sale(&shop, &items)).sale.id;

    let answer = server
        .client_of(&shop.owner)
        .unnoted()
        .get(&path(sold))
        .expect_status(200);

    let printed = read(&answer.bytes).unwrap();
    assert_eq!(printed.len(), 3, "pages");
    let printed = printed.concat();
    for number in 0..500 {
        assert!(
            printed
                .iter()
                .any(|line| line.starts_with(&format!("{number}-mahsulot "))),
            "{number}"
        );
    }
    assert_eq!(printed.iter().filter(|line| *line == "2 dona × 10 000.00").count(), 500);
    assert!(printed.contains(&"10 000 000.00".to_owned()));
}

#[test]
fn receipts_asked_for_at_once_are_all_the_same() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let server = Server::unlimited(TestDatabase::new(backend));
        let shop = server.world.shop();
        let sale = sold(&server, &shop);
        let client = server.client_of(&shop.owner).unnoted();

        let printed = at_once(20, |_| client.get(&path(sale)).expect_status(200).bytes);

        assert!(printed.iter().all(|bytes| *bytes == printed[0]));
    }
}

#[test]
fn quantities_and_amounts_of_every_size_find_room() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let dear = server
            .world
            .product(&shop, Goods::named("Qimmat").at(money("9999999999.99")));
        let cheap = server.world.product(&shop, Goods::named("Arzon").at(money("0.01")));
        for product in [dear, cheap] {
            server
                .world
                .receive(&shop, receipt(&shop, product, "9999999.999", "0.01"));
        }
        let mut command = sale(&shop, &[(cheap, "9999999.999")]);
        command.items[0].quantity = quantity("9999999.999");
        let many = server.world.sell(&shop.owner, command).sale.id;
        let one = server.world.sell(&shop.owner, sale(&shop, &[(dear, "1")])).sale.id;
        let client = server.client_of(&shop.owner);

        client.get(&path(many));
        client.get(&path(one));
    });
}
