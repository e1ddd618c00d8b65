//! Lists over HTTP: pages by number and by cursor, their bounds, what is searched for, how they are sorted.

use chrono::TimeDelta;
use savdo_persistence::on_both;
use savdo_services::testing::Goods;
use savdo_tests::{Answer, Client, Server, same_on_both};
use serde_json::json;

const MANY: &str = "INSERT INTO categories (store_id, name, name_key, slug, description, icon, status, created_at, search) \
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 100002) \
    SELECT 1, 'T' || number, 't' || number, 't' || number, '', '', 'active', '2026-03-12 05:00:00', ' t' || number FROM numbers";

/// The address that a header `Link` gives for a relation.
fn link(answer: &Answer, relation: &str) -> Option<String> {
    let links = answer.header("link").split(", ");
    let mut found = links.filter(|link| link.ends_with(&format!("rel=\"{relation}\"")));
    Some(found.next()?.split(['<', '>']).nth(1)?.to_owned())
}

fn names(answer: &Answer) -> Vec<&str> {
    answer
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

fn categories(client: &Client, names: &[&str]) {
    for name in names {
        let made = client
            .unnoted()
            .post("/api/v1/warehouse/categories/", &json!({ "name": name }));
        assert_eq!(made.status, 201, "{name}");
    }
}

on_both! {
    fn the_links_of_a_list_lead_through_all_of_it_and_back(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        categories(&client, &["Bir", "Ikki", "Uch", "To'rt", "Besh"]);

        let first = client.get("/api/v1/warehouse/categories/?ordering=-name&page_size=2&status=all");
        let second = client.get(&link(&first, "next").unwrap());
        categories(&client, &["Uchinchi", "Aaa"]);
        let third = client.get(&link(&second, "next").unwrap());
        let back = client.get(&link(&third, "prev").unwrap());

        assert_eq!((names(&first), names(&second)), (vec!["Uch", "To'rt"], vec!["Ikki", "Bir"]));
        assert_eq!((names(&third), names(&back)), (vec!["Besh", "Aaa"], vec!["Ikki", "Bir"]));
        assert_eq!(first.header("x-total-count"), "5");
        assert_eq!(link(&first, "prev"), None);
        assert_eq!(link(&third, "next"), None);
        let of_first = link(&second, "first").unwrap();
        assert_eq!(of_first, "/api/v1/warehouse/categories/?ordering=-name&page_size=2&status=all&page=1");
        assert!(link(&first, "last").unwrap().ends_with("&page=3"));
    }

    fn a_cursor_that_is_broken_or_of_another_list_is_refused(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        categories(&client, &["Bir", "Ikki"]);
        let next = link(&client.get("/api/v1/warehouse/categories/?page_size=1"), "next").unwrap();
        let cursor = next.rsplit_once("cursor=").unwrap().1;

        for path in [
            "/api/v1/warehouse/categories/?cursor=x".to_owned(),
            format!("/api/v1/warehouse/categories/?cursor={cursor}A"),
            format!("/api/v1/warehouse/categories/?ordering=id&cursor={cursor}"),
            format!("/api/v1/branches/?cursor={cursor}"),
            format!("/api/v1/pharmacy/products/?cursor={cursor}"),
        ] {
            let answer = client.get(&path);
            let fields: Vec<_> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!((answer.status, fields), (400, vec!["cursor"]), "{path}");
        }
        assert_eq!(client.get(&format!("/api/v1/warehouse/categories/?page_size=5&cursor={cursor}")).status, 200);
    }

    fn a_page_beyond_a_hundred_thousand_rows_is_refused_and_its_length_may_lag(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        server.world.database.execute(MANY);
        let of = |path: &str| client.get(&format!("/api/v1/warehouse/categories/?{path}"));

        let last = of("page=200&page_size=500");
        assert_eq!((last.status, last.body.as_array().unwrap().len()), (200, 500));
        assert_eq!((last.header("x-total-count"), link(&last, "last")), ("100002", None));
        let beyond = client.get(&link(&last, "next").unwrap());
        assert_eq!((beyond.status, beyond.body.as_array().unwrap().len(), link(&beyond, "next")), (200, 2, None));
        let too_deep = of("page=201&page_size=500");
        assert_eq!((too_deep.status, too_deep.text("/page/0")), (400, "Qiymat 1 dan 200 gacha bo'lishi kerak."));
        assert_eq!(of("page=1000000&page_size=500").status, 400);
        assert_eq!(of("page=1000000&search=t100002").status, 200, "a short list ends before");

        categories(&client, &["Yangi"]);
        assert_eq!(of("").header("x-total-count"), "100002");
        server.world.clock.advance(TimeDelta::seconds(30));
        assert_eq!(of("").header("x-total-count"), "100003");
    }

    /// Case 78 of the abuse cases.
    fn pages_and_columns_that_cannot_be_are_refused_at_their_names(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);

        for (query, field) in [
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=1000000000000000000", "page"),
            ("page=a", "page"),
            ("page_size=1000000000", "page_size"),
            ("page_size=0", "page_size"),
            ("ordering=password", "ordering"),
            ("ordering=-password", "ordering"),
            ("ordering=name,,id", "ordering"),
            ("status=gone", "status"),
        ] {
            let by_status = ["branches/", "warehouse/categories/", "warehouse/products/", "warehouse/warehouses/"];
            let all = ["warehouse/stocks/", "warehouse/movements/", "warehouse/batches/"];
            let without_status = all.into_iter().filter(|_| field != "status");
            for list in by_status.into_iter().chain(without_status) {
                let answer = client.get(&format!("/api/v1/{list}?{query}"));
                let fields: Vec<_> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!((answer.status, fields), (400, vec![field]), "{list}?{query}");
            }
        }
        for list in ["shifts/", "sale-returns/", "warehouse/movements/", "warehouse/batches/", "audit-logs/"] {
            let answer = client.get(&format!("/api/v1/{list}?ordering=-id"));
            assert_eq!((answer.status, answer.body["ordering"].is_array()), (400, true), "{list} is not sorted by id");
        }
    }

    /// Case 79 of the abuse cases.
    fn what_is_searched_for_is_taken_literally(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        categories(&client, &["100% ipak", "a_b", r"a\b", "Дорилар", "' OR 1=1--"]);
        let found = |text: &str| {
            let written = |byte: u8| match byte {
                b'a'..=b'z' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            };
            let text: String = text.bytes().map(written).collect();
            let answer = client.get(&format!("/api/v1/warehouse/categories/?search={text}"));
            (answer.status, answer.body.as_array().map_or(0, Vec::len))
        };

        assert_eq!(["%", "_", r"\", "0% i", "a_b", r"a\b"].map(found).map(|(_, rows)| rows), [0, 0, 0, 1, 1, 1]);
        assert_eq!(["' OR 1=1--", "' OR 2=2--"].map(found), [(200, 1), (200, 0)]);
        assert_eq!(["dori", "do", "ri", "rilar", "DORI"].map(found).map(|(_, rows)| rows), [1, 1, 0, 1, 1]);
        assert_eq!(found(&"x".repeat(7000)).0, 400);
    }

    /// Case 95 of the abuse cases, as far as one spelling can stand for another.
    fn names_that_are_one_name_in_another_spelling_are_taken(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        categories(&client, &["O'zbek Dori"]);

        for spelling in ["O'zbek Dori ", "O'zbek  Dori", "O'zbek\u{a0}Dori", "o'ZBEK dORI", "O\u{2bb}zbek Dori", "O\u{2019}zbek Dori", "O\u{2018}zbek Dori", "\u{ff2f}'zbek Dori"] {
            let answer = client.post("/api/v1/warehouse/categories/", &json!({ "name": spelling }));
            assert_eq!((answer.status, answer.text("/name/0")), (400, "Bu qiymat band."), "{spelling:?}");
        }
    }

    fn repeated_and_unknown_parameters_and_a_status_said_twice_do_no_harm(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        server.world.product(&shop, Goods::named("Un"));
        let aside = server.world.product(&shop, Goods::named("Non"));
        let put_aside = client.patch(&format!("/api/v1/warehouse/products/{aside}/"), &json!({ "status": "inactive" }));
        assert_eq!(put_aside.status, 200);
        let list = |query: &str| {
            let answer = client.get(&format!("/api/v1/warehouse/products/?{query}")).expect_status(200);
            names(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };

        assert_eq!(list("status=active,active"), ["Un"]);
        assert_eq!(list("status=inactive,inactive,inactive"), ["Non"]);
        assert_eq!(list("status=inactive,active"), ["Non", "Un"]);
        assert_eq!(list("search=un&search=non&status=all&password=1"), ["Non"]);
        assert_eq!(list("status=active/"), ["Un"]);
    }
}

#[test]
fn the_pharmacy_gives_absolute_links_around_a_page() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        for name in ["Analgin", "Aspirin", "Bint", "Paxta", "Yod"] {
            server.world.online_product(&shop, Goods::named(name));
        }
        let client = server.client().unnoted();
        let first = client.get("/api/v1/pharmacy/products/?ordering=name&page_size=2");
        let second = client.get(first.text("/next").strip_prefix(server.address()).unwrap());
        let names = |answer: &Answer| {
            answer.body["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["name"].to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&second), ["\"Bint\"", "\"Paxta\""]);
        let back = client.get(second.text("/previous").strip_prefix(server.address()).unwrap());
        assert_eq!(names(&back), ["\"Analgin\"", "\"Aspirin\""]);
        assert_eq!(back.body["previous"], serde_json::Value::Null);
        for beyond in ["1000001", "99999999999999999999"] {
            let answer = client.get(&format!("/api/v1/pharmacy/products/?page={beyond}"));
            assert_eq!((answer.status, answer.text("/code")), (404, "invalid_page"), "{beyond}");
        }
        let largest = client.get("/api/v1/pharmacy/products/?page_size=99999999999999999999");
        assert_eq!((largest.status, names(&largest).len()), (200, 5));
        server.client().get("/api/v1/pharmacy/products/?page=4&page_size=2");
        server.client().get("/api/v1/pharmacy/products/?page_size=2&search=yoq");
    });
}
