//! What one server knows, the other knows.

use savdo_services::testing::{PASSWORD, at_once};
use savdo_tests::Fleet;
use serde_json::json;

use crate::words::{counts, statuses};

const LOGIN: &str = "/api/v1/auth/login/";
const REFRESH: &str = "/api/v1/auth/token/refresh/";

#[test]
fn failed_log_ins_are_counted_together_whatever_a_client_says_of_its_address() {
    let fleet = Fleet::new();
    let _ = fleet.world.shop();
    let wrong = json!({ "username": "owner1", "password": "wrong" });

    let answers = at_once(30, |number| {
        let client = fleet
            .client()
            .with_header("x-forwarded-for", &format!("10.0.0.{number}"));
        client.post(LOGIN, &wrong)
    });

    assert_eq!(statuses(&answers), counts((400, 10), (429, 20)));
    let right = fleet
        .client()
        .post(LOGIN, &json!({ "username": "owner1", "password": PASSWORD }));
    assert_eq!(right.status, 429);
}

#[test]
fn a_refresh_token_is_exchanged_once_and_a_replay_ends_the_session_everywhere() {
    let fleet = Fleet::new();
    let shop = fleet.world.shop();
    let first = fleet.world.tokens_of(&shop.owner);
    let exchange = |token: &str| fleet.client().post(REFRESH, &json!({ "refresh": token }));

    let answers = at_once(8, |_| exchange(&first.refresh));
    assert_eq!(statuses(&answers), counts((200, 1), (401, 7)));
    let pair = answers.iter().find(|answer| answer.status == 200).unwrap();
    let second = exchange(pair.text("/refresh")).expect_status(200);
    let at_both = |access: &str| {
        [0, 1].map(|server| {
            fleet
                .nobody_at(server)
                .signed_in(access)
                .get("/api/v1/auth/profil/")
                .status
        })
    };
    assert_eq!(at_both(second.text("/access")), [200, 200]);

    // Long after it was spent.
    fleet
        .world
        .database
        .execute("UPDATE spent_tokens SET spent_at = spent_at - interval '1 hour'");
    assert_eq!(exchange(&first.refresh).status, 401);
    assert_eq!(at_both(second.text("/access")), [401, 401]);
    assert_eq!(exchange(second.text("/refresh")).status, 401);
    fleet.verify();
}

#[test]
fn who_is_blocked_at_one_server_is_blocked_at_the_other() {
    let fleet = Fleet::new();
    let shop = fleet.world.shop();
    let seller = fleet.world.hire(&shop, savdo_domain::access::Role::Seller);
    let clients = [fleet.client_at(0, &seller), fleet.client_at(1, &seller)];
    let statuses = || clients.each_ref().map(|client| client.get("/api/v1/sales/").status);
    assert_eq!(statuses(), [200, 200]);

    let worker = seller.worker.as_ref().map(|worker| worker.id);
    let path = format!("/api/v1/workers/{}/deactivate/", worker.unwrap());
    assert_eq!(fleet.client_at(0, &shop.owner).act(&path).status, 200);

    assert!(
        statuses().iter().all(|status| matches!(status, 401 | 403)),
        "{:?}",
        statuses()
    );
}
