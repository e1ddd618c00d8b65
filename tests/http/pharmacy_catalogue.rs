//! `/api/v1/pharmacy/stores/`, `categories/` and `products/`.

use std::sync::atomic::{AtomicI64, Ordering};

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_services::testing::Goods;
use savdo_tests::{Answer, Server, same_on_both};
use serde_json::json;

const PRODUCTS: &str = "/api/v1/pharmacy/products/";

#[test]
fn anybody_browses_what_is_offered() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.online_product(&shop, Goods::named("Parasetamol"));
        server.world.product(&shop, Goods::named("Yashirin"));
        let anybody = server.client();
        anybody.get("/api/v1/pharmacy/stores/");
        anybody.get("/api/v1/pharmacy/categories/");
        anybody.get("/api/v1/pharmacy/categories/1/");
        anybody.get("/api/v1/pharmacy/products/?search=%D0%BF%D0%B0%D1%80%D0%B0%D1%81%D0%B5%D1%82&manufacturer=NIKA%20PHARM&in_stock=false");
        anybody.get("/api/v1/pharmacy/products/1/");
        anybody.get("/api/v1/pharmacy/products/2/");
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        operator.get("/api/v1/pharmacy/products/?include_hidden=true&ordering=name&page_size=1&page=2");
        operator.get("/api/v1/pharmacy/products/2/");
        anybody
            .signed_in("broken")
            .get("/api/v1/pharmacy/products/?page_size=1&ordering=-price");
        let known = server.client().unnoted().get("/api/v1/pharmacy/stores/");
        let known = server.client().with_header("if-none-match", known.header("etag"));
        known.get("/api/v1/pharmacy/stores/");
    });
}

#[test]
fn what_the_public_catalogue_refuses() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let anybody = server.client();
        anybody.get("/api/v1/pharmacy/products/?category=9&substance=1");
        anybody.get("/api/v1/pharmacy/products/?ordering=stock");
        anybody.get("/api/v1/pharmacy/products/?price_min=-1");
        anybody.get("/api/v1/pharmacy/products/?in_stock=maybe");
        anybody.get("/api/v1/pharmacy/products/?price_min=5&price_max=1");
        anybody.get("/api/v1/pharmacy/products/?page=2");
        anybody.get("/api/v1/pharmacy/products/1/");
        anybody.get("/api/v1/pharmacy/categories/1/");
        server.world.product(&shop, Goods::named("Parasetamol"));
        let owner = server.client_of(&shop.owner);
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "is_active": true }));
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "nothing": 1 }));
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "sku": " ", "manufacturer": "x".repeat(256), "package_code": "x".repeat(21) }),
        );
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "category": null, "price": null, "active_substances": [1] }),
        );
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "active_substances": [1], "mxik_code": "1" }),
        );
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "sku": "PAR-500", "usage": "Suv bilan", "vat_percent": "12", "package_code": null, "price": "0.50" }),
        );
        owner.get("/api/v1/warehouse/products/1/");
        let patch = json!({ "is_active": false });
        server.client().patch("/api/v1/pharmacy/products/1/", &patch);
        server
            .client_of(&server.world.customer())
            .patch("/api/v1/pharmacy/products/1/", &patch);
        server
            .client_of(&server.world.shop().owner)
            .patch("/api/v1/pharmacy/products/1/", &patch);
    });
}

on_both! {
    fn whoever_browses_among_many_is_shown_what_was_written_before_he_asked(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = server.world.online_product(&shop, Goods::named("Parasetamol"));
        let (owner, anybody) = (server.client_of(&shop.owner), server.client());
        let (address, written) = (format!("{PRODUCTS}{product}/"), AtomicI64::new(0));
        let price = |answer: Answer, pointer: &str| {
            let answer = answer.expect_status(200);
            answer.text(pointer).strip_suffix(".00").unwrap().parse::<i64>().unwrap()
        };

        std::thread::scope(|scope| {
            for (path, pointer) in [(PRODUCTS, "/results/0/price"), (address.as_str(), "/price")] {
                for _ in 0..3 {
                    let (anybody, written, price) = (&anybody, &written, &price);
                    scope.spawn(move || {
                        while written.load(Ordering::SeqCst) < 1_020 {
                            let before = written.load(Ordering::SeqCst);
                            let shown = price(anybody.get(path), pointer);
                            assert!(shown >= before, "{path}: {shown} after {before} was written");
                        }
                    });
                }
            }
            for price in 1_001..=1_020 {
                let patched = owner.patch(&address, &json!({ "price": price.to_string() }));
                assert_eq!(patched.status, 200);
                written.store(price, Ordering::SeqCst);
            }
        });
    }

    fn what_many_ask_for_at_once_is_to_each_what_he_may_see(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        server.world.online_product(&shop, Goods::named("Parasetamol"));
        let hidden = server.world.product(&shop, Goods::named("Yashirin"));
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let customer = server.client_of(&server.world.customer());
        let in_russian = server.client().with_header("accept-language", "ru");
        let of_another_host = server.client().with_header("host", "dorixona.example");
        let (address, list) = (format!("{PRODUCTS}{hidden}/"), format!("{PRODUCTS}?include_hidden=true&page_size=1"));

        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        assert_eq!(operator.get(&address).status, 200);
                        assert_eq!(operator.get(&list).expect_status(200).integer("/count"), 2);
                    }
                });
                scope.spawn(|| {
                    for _ in 0..20 {
                        assert_eq!(customer.get(&list).expect_status(200).integer("/count"), 1);
                        let unknown = customer.get(&address).expect_status(404);
                        let unknown_in_russian = in_russian.get(&address).expect_status(404);
                        assert_ne!(unknown.body, unknown_in_russian.body);
                    }
                });
                scope.spawn(|| {
                    for _ in 0..20 {
                        let pages = of_another_host.get(PRODUCTS).expect_status(200);
                        assert_eq!(pages.integer("/count"), 1);
                        let image = pages.at("/results/0/image");
                        assert!(image.is_null() || image.as_str().unwrap().contains("dorixona.example"), "{image}");
                    }
                });
            }
        });
    }
}
