//! Who is let in at all: proved for every row of the table of routes, so that a new one cannot forget it.

use savdo_api::routes::{self, Route};
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_tests::{Answer, Client, Server};
use serde_json::json;

/// Calls a route with an empty object where a body may be.
fn call(client: &Client, route: &Route) -> Answer {
    let path = route
        .path
        .replace("{id}", "1")
        .replace("{uid}", "1")
        .replace("{token}", "x");
    let client = client.unnoted().with_header("content-type", "application/json");
    let method = route.method.as_str();
    let body: Option<&[u8]> = if method == "GET" { None } else { Some(b"{}") };
    client.send(method, &path, body)
}

fn refused(answer: &Answer) -> (u16, &str, &str) {
    (answer.status, answer.text("/code"), answer.header("www-authenticate"))
}

#[test]
fn nobody_gets_in_without_a_token_where_one_is_wanted() {
    let server = Server::unlimited(TestDatabase::new(Backend::Sqlite));
    let stranger = server.client();
    let forged = stranger.signed_in("eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoiMSJ9.");
    let basic = stranger.with_header("authorization", "Basic YTpi");

    for route in routes::all() {
        let name = format!("{} {}", route.method, route.path);
        let answers = [call(&stranger, &route), call(&forged, &route), call(&basic, &route)];
        let [without, forged, basic] = &answers;
        if route.access.wants_token() {
            assert_eq!(refused(without), (401, "not_authenticated", "Bearer"), "{name}");
            assert_eq!(refused(forged), (401, "token_not_valid", "Bearer"), "{name}");
            assert_eq!(refused(basic), (401, "token_not_valid", "Bearer"), "{name}");
        } else {
            let codes = answers.each_ref().map(|answer| answer.body.get("code").cloned());
            assert!(!codes.contains(&Some(json!("not_authenticated"))), "{name}");
            assert!(!codes.contains(&Some(json!("token_not_valid"))), "{name}");
        }
    }
}

#[test]
fn a_token_counts_in_the_header_alone_and_only_once() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let owner = server.client_of(&shop.owner);
    let token = owner.token().to_owned();
    let stranger = server.client();
    let profile = "/api/v1/auth/profil/";
    let with = |value: &str| stranger.with_header("authorization", value);

    assert_eq!(owner.get(profile).status, 200);
    assert_eq!(
        with(&format!("bearer {token}")).get(profile).status,
        200,
        "the scheme has no case"
    );
    let twice = with(&format!("Bearer {token}")).with_header("authorization", &format!("Bearer {token}"));
    assert_eq!(refused(&twice.get(profile)), (401, "token_not_valid", "Bearer"));
    let asked = stranger.get(&format!("{profile}?token={token}&access_token={token}"));
    assert_eq!(refused(&asked), (401, "not_authenticated", "Bearer"));
}

#[test]
fn no_answer_to_somebody_signed_in_is_kept_on_the_way() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();

    for route in routes::all().iter().filter(|route| route.access.wants_token()) {
        // A session for each: one of them is the log-out.
        let answer = call(&server.client_of(&shop.owner), route);
        assert_eq!(
            answer.header("cache-control"),
            "no-store",
            "{} {}",
            route.method,
            route.path
        );
        assert_ne!(answer.status, 500, "{} {}: {}", route.method, route.path, answer.text);
    }
}
