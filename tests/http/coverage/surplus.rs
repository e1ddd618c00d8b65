//! Keys that no body has: whatever they are called, they change neither the answer nor the database.

use savdo_api::routes;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::testing::PASSWORD;
use savdo_tests::{Client, Server};
use serde_json::{Map, Value, json};

use super::nulls::{document, keys};
use super::stock::stocked;
use super::{Ids, Sample, send};

/// What an attacker would like to say of himself or of a thing.
fn surplus() -> Map<String, Value> {
    let wishes = json!({
        "role": "owner", "is_superuser": true, "is_staff": true, "is_verified": true, "is_active": false, "kind": "staff",
        "store": 2, "store_id": 2, "user": 2, "user_id": 2, "worker_id": 2, "seller": 2, "status": "blocked",
        "payment_status": "paid", "balance": "999999.00", "total_price": "1.00", "price": "1.00", "number": 77,
        "id": 77, "created_at": "2001-01-01T00:00:00Z", "created_on": "2001-01-01", "token_version": 77,
    });
    wishes.as_object().cloned().unwrap_or_default()
}

/// The body with all of the surplus that is none of its own keys, in itself and in the objects of its lists.
fn laden(document: &Value, schema: &Value, body: &Value) -> Value {
    let mut laden = body.clone();
    let own = keys(document, schema, "", body);
    let parents: std::collections::BTreeSet<&str> = own.iter().map(|key| key.parent.as_str()).chain([""]).collect();
    for parent in parents {
        let Some(object) = laden.pointer_mut(parent).and_then(Value::as_object_mut) else {
            continue;
        };
        for (name, value) in surplus() {
            if own.iter().all(|key| key.parent != parent || key.name != name) {
                object.insert(name, value);
            }
        }
    }
    laden
}

/// All that is asked of one server, and what it answered; with the surplus or without.
struct Asked {
    told: Vec<String>,
    done: usize,
    database: String,
}

fn ask(is_laden: bool) -> Asked {
    let server = Server::over(TestDatabase::new(Backend::Sqlite));
    let document = document();
    let ours = stocked(&server);
    let _theirs = server.world.shop();
    let mut asked = Asked {
        told: Vec::new(),
        done: 0,
        database: String::new(),
    };
    let mut send_all = |client: &Client, ids: &Ids| {
        for route in routes::all().into_iter().filter(|route| !route.path.contains("logout")) {
            let operation = &document["paths"][&route.main_path()][route.method.as_str().to_lowercase()];
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let sample = Sample::of_route(&route);
            let plain = match route.path.as_str() {
                "/api/v1/auth/register/" => registering(),
                _ => serde_json::from_slice(&sample.body(ids)).unwrap_or_default(),
            };
            if !plain.is_object() {
                continue;
            }
            let body = if is_laden {
                laden(&document, schema, &plain)
            } else {
                plain
            };
            let path = sample.address(&route.path, ids);
            let answer = send(client, route.method.as_str(), &path, body.to_string().as_bytes());
            asked.done += usize::from(answer.status < 300);
            let text = answer.text.replace(server.address(), "http://savdo.test");
            let told = format!("{} {path}: {} {text}", route.method, answer.status);
            asked.told.push(without_secrets(&told));
        }
    };
    send_all(&server.client_of(&ours.customer).unnoted(), &ours.ids);
    send_all(&server.client_of(&ours.shop.owner).unnoted(), &ours.ids);
    asked.database = without_secrets(&server.world.database.dump());
    asked
}

fn registering() -> Value {
    json!({
        "username": "yangi", "phone1": "+998901112233", "password": PASSWORD, "password2": PASSWORD, "store_name": "Yangi do'kon",
    })
}

/// What is random in each of two worlds: hashes, tokens, sealed texts, names of files, numbers of payments.
pub(super) fn without_secrets(text: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "$./_-+=".contains(letter);
    let mut words = String::new();
    for word in text.split_inclusive(|letter| !is_word(letter)) {
        let bare = word.trim_end_matches(|letter| !is_word(letter));
        let is_random = bare.len() >= 36 || bare.starts_with("PAY-");
        words.push_str(if is_random { "*" } else { word });
    }
    words
}

/// Case 32 of the abuse cases.
#[test]
fn keys_that_are_none_of_a_body_change_nothing_whatever_they_say() {
    let (plain, laden) = (ask(false), ask(true));

    assert!(plain.done > 15, "only {} went through", plain.done);
    for (plain, laden) in plain.told.iter().zip(&laden.told) {
        assert_eq!(plain, laden);
    }
    for (plain, laden) in plain.database.lines().zip(laden.database.lines()) {
        assert_eq!(plain, laden);
    }
    assert_eq!(
        (plain.told.len(), plain.database.len()),
        (laden.told.len(), laden.database.len())
    );
    assert!(plain.database.contains("|yangi|yangi|"), "nobody registered");
}
