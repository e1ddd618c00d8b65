//! The wall between stores, tried at every id that a request can carry: what belongs to another store is as unknown as what
//! does not exist, and nothing of it changes.

use savdo_api::routes::{self, Route};
use savdo_persistence::on_both;
use savdo_tests::{Answer, Client, Server};
use serde_json::{Value, json};

use super::stock::{Stocked, stocked};
use super::{Ids, Sample, send};

/// No thing has this id.
const UNKNOWN: i64 = 999_999_999;

/// A request that carries one id of another store, or one that nothing has.
struct Try {
    name: String,
    method: String,
    path: String,
    body: Vec<u8>,
    /// What is answered for an id in the path.
    unknown: u16,
}

impl Try {
    fn by(&self, client: &Client) -> Answer {
        send(client, &self.method, &self.path, &self.body)
    }
}

/// All requests that carry one of `others` at one place, otherwise `ids`. What is public belongs to nobody's wall.
fn tries(ids: &Ids, others: &Ids) -> Vec<Try> {
    let rows = routes::all().into_iter().filter(|route| route.access.wants_token());
    rows.flat_map(|route| tries_of(&route, ids, others)).collect()
}

fn tries_of(route: &Route, ids: &Ids, others: &Ids) -> Vec<Try> {
    let sample = Sample::of_route(route);
    let a_try = |name: String, path: String, body: Vec<u8>| Try {
        name: format!("{} {}: {name}", route.method, route.path),
        method: route.method.to_string(),
        path,
        body,
        unknown: unknown(route),
    };
    let mut tries = Vec::new();
    for pattern in std::iter::once(route.path.as_str()).chain(route.aliases.iter().copied()) {
        if sample.of.is_some() {
            let path = sample.address(pattern, others);
            tries.push(a_try("path".to_owned(), path, sample.body(ids)));
        }
        for (filter, noun) in sample.filters {
            let path = format!("{pattern}?{}{filter}={}", sample.query, others[noun]);
            tries.push(a_try((*filter).to_owned(), path, Vec::new()));
        }
        for (place, noun) in sample.nouns().into_iter().enumerate() {
            let body = sample.body_with_foreign(place, ids, others);
            tries.push(a_try(noun, sample.address(pattern, ids), body));
        }
    }
    tries
}

/// What is answered for what the caller does not see: at some older addresses it is a mistake of his.
fn unknown(route: &Route) -> u16 {
    let is_bad = route.older.is_some_and(|manner| manner.is_strange_id_bad);
    if is_bad { 400 } else { 404 }
}

/// What is said of a thing of another store: 404 for one in the path, nothing in a list, a field error in a body.
fn check(a_try: &Try, answer: &Answer) {
    let name = format!("{} => {} {}", a_try.name, answer.status, answer.text);
    match (a_try.name.ends_with(": path"), a_try.method.as_str()) {
        (true, _) => assert_eq!(
            (answer.status, answer.text("/code")),
            (a_try.unknown, "not_found"),
            "{name}"
        ),
        (false, "GET") => {
            let rows = answer.body.get("results").unwrap_or(&answer.body);
            assert_eq!((answer.status, rows), (200, &json!([])), "{name}");
        }
        // An order to be paid is looked for among one's own, as one in a path is.
        (false, _) if a_try.name.contains("/payments/") => {
            assert_eq!((answer.status, answer.text("/code")), (404, "not_found"), "{name}");
        }
        (false, _) => {
            assert_eq!((answer.status, answer.body.get("code")), (400, None), "{name}");
            assert!(
                answer.body.as_object().is_some_and(|fields| fields.len() == 1),
                "{name}"
            );
        }
    }
}

on_both! {
    fn what_belongs_to_another_store_is_nowhere_to_be_seen_and_never_changes(database: TestDatabase) {
        let server = Server::over(database);
        let (ours, theirs) = (stocked(&server), stocked(&server));
        let owner = server.client_of(&ours.shop.owner).unnoted();
        let unknown: Ids = theirs.ids.keys().map(|noun| (*noun, UNKNOWN)).collect();
        let before = kept(&server);

        let foreign = tries(&ours.ids, &theirs.ids);
        let answers: Vec<_> = foreign.iter().map(|a_try| a_try.by(&owner)).collect();
        let to_unknown: Vec<_> = tries(&ours.ids, &unknown).iter().map(|a_try| a_try.by(&owner)).collect();

        for ((a_try, answer), to_unknown) in foreign.iter().zip(&answers).zip(&to_unknown) {
            check(a_try, answer);
            let told = |answer: &Answer| (answer.status, without_ids(&answer.body));
            assert_eq!(told(answer), told(to_unknown), "{} tells foreign from unknown", a_try.name);
        }
        assert!(answers.len() > 40, "{}", answers.len());
        assert!(kept(&server) == before, "something changed");
    }

    fn a_customer_never_meets_what_is_another_customers(database: TestDatabase) {
        let server = Server::over(database);
        let Stocked { ids, .. } = stocked(&server);
        let stranger = server.client_of(&server.world.customer()).unnoted();
        let before = kept(&server);

        for route in routes::all() {
            let sample = Sample::of_route(&route);
            if !matches!(sample.of, Some("order" | "cart_line" | "notice" | "prescription" | "payment")) {
                continue;
            }
            let path = sample.address(&route.path, &ids);
            let answer = send(&stranger, route.method.as_str(), &path, &sample.body(&ids));
            // Judging, reading the log of a payment and marking it as refunded is for staff, whosever it is.
            let is_judging = ["approve/", "reject/", "logs/", "refund/"].iter().any(|verb| route.path.ends_with(verb));
            let expected = if is_judging {
                (403, "forbidden")
            } else {
                (unknown(&route), "not_found")
            };
            assert_eq!((answer.status, answer.text("/code")), expected, "{} {path}", route.method);
        }
        assert!(kept(&server) == before, "something changed");
    }
}

/// A refusal without the id that it repeats.
fn without_ids(body: &Value) -> String {
    body.to_string()
        .chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect()
}

/// All rows but the traces of refused looks at prescriptions, which are to be there.
fn kept(server: &Server) -> String {
    let dump = server.world.database.dump();
    let rows = dump.lines().filter(|row| !row.contains("view_denied"));
    rows.collect::<Vec<_>>().join("\n")
}
