//! The Z report of a shift on paper (shop.md 8), read back as it was printed.

use chrono::TimeDelta;
use savdo_domain::Money;
use savdo_domain::access::Role;
use savdo_domain::sale::PaymentType;
use savdo_domain::settings::SettingsPatch;
use savdo_persistence::on_both;
use savdo_services::settings;
use savdo_services::testing::{Goods, Shop, expense, money, receipt, sale};
use savdo_tests::{Client, Server, same_on_both};
use serde_json::json;

const SHIFTS: &str = "/api/v1/shifts/";

/// A store with shifts whose reports are printed when they are closed.
fn printing_shop(server: &Server) -> Shop {
    let shop = server.world.shop();
    server.world.use_shifts(&shop);
    let patch = SettingsPatch {
        auto_pdf_on_smena_close: Some(true),
        ..SettingsPatch::default()
    };
    settings::change(&server.world.context, &shop.owner, shop.store_id, patch).unwrap();
    shop
}

/// The path of a shift that was opened with 100000.00 in the drawer.
fn opened(client: &Client, shop: &Shop) -> String {
    let body = json!({ "branch": shop.branch_id, "cash_start": "100000.00", "description": "Ertalabki" });
    let id = client.unnoted().post(SHIFTS, &body).integer("/data/id");
    format!("{SHIFTS}{id}/")
}

#[test]
fn the_report_of_a_busy_shift_is_printed_in_each_language() {
    same_on_both!(|server: &Server| {
        let world = &server.world;
        let shop = printing_shop(server);
        let bread = world.product(&shop, Goods::named("Non").at(money("4000.00")));
        world.receive(&shop, receipt(&shop, bread, "100", "3000.00"));
        let category = world.expense_category(&shop, "Suv va choy");
        let seller = world.hire(&shop, Role::Seller);
        let client = server.client_of(&shop.owner);
        let sold_before = {
            let path = opened(&client, &shop);
            let sold = world.sell(&seller, sale(&shop, &[(bread, "2")])).sale.id;
            client.unnoted().act(&format!("{path}close/"));
            sold
        };

        let path = opened(&client, &shop);
        world.clock.advance(TimeDelta::minutes(7));
        let mut discounted = sale(&shop, &[(bread, "5")]);
        discounted.discount = money("1000.00");
        world.sell(&shop.owner, discounted);
        let mut by_card = sale(&shop, &[(bread, "3")]);
        by_card.payment_type = PaymentType::Card;
        world.sell(&seller, by_card);
        let undone = world.sell(&seller, sale(&shop, &[(bread, "1")])).sale.id;
        for sold in [undone, sold_before] {
            client.unnoted().act(&format!("/api/v1/sales/{sold}/cancel/"));
        }
        world.spend(&shop, expense(&shop, category));
        client.get(&format!("{path}z-report/?format=pdf"));
        let counted = json!({ "cash_end": "80000.00", "description": "Kam chiqdi" });
        client.post(&format!("{path}close/"), &counted);
        client
            .with_header("accept-language", "ru")
            .get(&format!("{path}z-report?format=pdf"));
        client
            .with_header("accept-language", "en")
            .get(&format!("{path}z-report/?format=pdf"));
        client.get(&format!("{path}z-report/?format=xlsx"));
        client.get(&format!("{SHIFTS}999/z-report/?format=pdf"));
        let other = server.client_of(&world.shop().owner);
        other.get(&format!("{path}z-report/?format=pdf"));
    });
}

#[test]
fn the_report_of_a_shift_in_which_nothing_happened_is_short() {
    same_on_both!(|server: &Server| {
        let shop = printing_shop(server);
        let client = server.client_of(&shop.owner);
        let path = opened(&client, &shop);

        client.act(&format!("{path}close/"));
    });
}

on_both! {
    fn a_shift_closed_again_with_its_key_brings_the_same_paper(database: TestDatabase) {
        let server = Server::over(database);
        let shop = printing_shop(&server);
        let client = server.client_of(&shop.owner).unnoted();
        let path = opened(&client, &shop);
        let close = |language: &str| {
            client
                .with_header("idempotency-key", "smena-yopish")
                .with_header("accept-language", language)
                .act(&format!("{path}close/"))
                .expect_status(200)
        };

        let (first, again) = (close("ru"), close("en"));

        assert_eq!(
            (again.header("idempotent-replayed"), &again.text),
            ("true", &first.text)
        );
        assert!(
            first
                .text("/z_report_pdf")
                .starts_with("data:application/pdf;base64,JVBERi")
        );
    }

    fn the_paper_of_a_report_is_shown_and_stays_with_who_asked_for_it(database: TestDatabase) {
        let server = Server::over(database);
        let shop = printing_shop(&server);
        let client = server.client_of(&shop.owner).unnoted();
        let path = opened(&client, &shop);
        let closed = client
            .post(&format!("{path}close/"), &json!({ "cash_end": "100000.00" }))
            .expect_status(200);
        assert_eq!(closed.text("/z_report/cash_difference"), Money::ZERO.to_string());

        let paper = client.get(&format!("{path}z-report/?format=pdf")).expect_status(200);

        let headers = [
            "content-type",
            "content-disposition",
            "cache-control",
            "x-content-type-options",
        ];
        assert_eq!(
            headers.map(|name| paper.header(name)),
            [
                "application/pdf",
                "inline; filename=\"z-report-1.pdf\"",
                "no-store",
                "nosniff"
            ]
        );
        assert_eq!(client.get(&format!("{path}z-report/?format=pdf")).bytes, paper.bytes);
    }
}
