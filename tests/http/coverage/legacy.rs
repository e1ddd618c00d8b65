//! The addresses that older clients know (pharmacy.md, part 4), against those that they stand for: two servers with the same
//! store are asked the same by the same people, one at the address of today, the other at the older one.

use std::collections::BTreeSet;

use savdo_api::routes;
use savdo_domain::access::Role;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_tests::{Answer, Client, Server};
use serde_json::{Value, json};

use super::stock::{Stocked, stocked};
use super::surplus::without_secrets;
use super::written::Delta::{
    AlwaysNew, ByWhomItIs, Conflicts, Failures, Judged, Listed, Own, PairFirst, Same, StrangeIsBad, WithData,
};
use super::written::{ALL, Delta, STAFF, TABLE};
use super::{Sample, send};

fn today(path: &str) -> String {
    format!("/api/v1/pharmacy/{path}")
}

#[test]
fn the_older_addresses_are_those_of_the_contract() {
    let rows = routes::all().into_iter().filter(|route| route.older.is_some());
    let served: Vec<_> = rows
        .map(|route| format!("{} {} as {}", route.method, route.path, route.main_path()))
        .collect();
    let written: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, older, path, _)| format!("{method} {older} as {}", today(path)))
        .collect();

    assert_eq!(served.iter().cloned().collect::<BTreeSet<_>>(), written);
    assert_eq!(
        (served.len(), written.len()),
        (TABLE.len(), TABLE.len()),
        "a row stands there twice"
    );
}

/// Rights, limits and the promise of keys are those of the row that an older address stands for, but for the board of the staff.
#[test]
fn an_older_address_has_the_terms_of_the_one_that_it_stands_for() {
    let rows = routes::all();
    for route in rows.iter().filter(|route| route.older.is_some()) {
        let main = rows
            .iter()
            .find(|row| row.path == route.main_path() && row.method == route.method);
        let main = main.unwrap();
        assert_eq!(
            (route.is_once, route.limit),
            (main.is_once, main.limit),
            "{}",
            route.path
        );
        if route.path != "/api/v4/delivery/operator/deliveries/" {
            assert_eq!(route.access, main.access, "{}", route.path);
        }
    }
}

/// A server with a store, and everybody who asks there.
struct Place {
    server: Server,
    stocked: Stocked,
    people: Vec<(&'static str, i64, Client)>,
}

fn place(database: TestDatabase) -> Place {
    let server = Server::unlimited(database);
    let stocked = stocked(&server);
    let actors = [
        ("customer", stocked.customer.clone()),
        ("courier", stocked.courier.clone()),
        ("operator", server.world.hire(&stocked.shop, Role::Operator)),
        ("owner", stocked.shop.owner.clone()),
        ("stranger", server.world.customer()),
    ];
    let signed_in = actors.map(|(name, actor)| (name, actor.user_id.get(), server.client_of(&actor).unnoted()));
    let mut people = vec![("nobody", 0, server.client().unnoted())];
    people.extend(signed_in);
    Place {
        server,
        stocked,
        people,
    }
}

impl Place {
    fn ask(&self, (method, path): (&str, &str), sample: &Sample, person: usize) -> Told {
        let (_, id, client) = &self.people[person];
        let ids = &self.stocked.ids;
        let path = sample.address(path, ids).replace("{me}", &id.to_string());
        let answer = send(client, method, &path, &sample.body(ids));
        Told::of(&answer, &self.server)
    }
}

/// The tickets to pictures hold the session that they are for.
fn without_tickets(text: &str) -> String {
    let mut parts = text.split("?t=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        told + part.trim_start_matches(|letter| letter != '"')
    })
}

/// What was drawn for a payment.
fn without_drawn(text: &str) -> String {
    let mut parts = text.split("PAY-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| told + "PAY-" + part.get(16..).unwrap_or_default())
}

/// An answer, without what is the server's own.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    status: u16,
    body: Value,
    headers: Vec<String>,
}

impl Told {
    fn of(answer: &Answer, server: &Server) -> Self {
        let text = answer.text.replace(server.address(), "http://savdo.test");
        let text = without_drawn(&without_tickets(&text));
        let names = [
            "content-type",
            "content-language",
            "cache-control",
            "etag",
            "www-authenticate",
            "x-total-count",
        ];
        Self {
            status: answer.status,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
            headers: names.map(|name| answer.header(name).to_owned()).into(),
        }
    }

    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// What the older address answers where that of today answers this.
    fn in_manner(mut self, delta: Delta, who: &str) -> Self {
        let is_conflict = self.status == 409;
        let is_bad = [
            "illegal_transition",
            "not_pending",
            "order_not_ready",
            "order_not_awaiting_payment",
        ]
        .contains(&self.code());
        if [Failures, AlwaysNew, Own].contains(&delta)
            && self.status >= 400
            && let Some(detail) = self.body.get("detail").cloned()
        {
            self.body["error"] = detail;
        }
        match delta {
            Listed(_, whom) if self.status == 200 && !whom.contains(&who) => return Self::forbidden(),
            Listed(..) if self.status == 200 => {
                self.headers[5] = self.body["count"].to_string();
                // Of other bytes another tag.
                self.headers[3] = String::new();
                self.body = self.body["results"].take();
            }
            Own if self.status == 200 => {
                if STAFF.contains(&who) {
                    self.body = json!({ "count": 0, "results": [] });
                }
                return self.in_manner(Listed("", ALL), who);
            }
            AlwaysNew if self.status == 200 => self.status = 201,
            WithData if self.status == 201 => {
                let order = self.body.clone();
                self.body["data"] = order;
            }
            StrangeIsBad if self.status == 404 => self.status = 400,
            Conflicts if is_conflict => {
                self.status = 400;
                self.body["error"] = self.body["detail"].clone();
            }
            Judged if is_conflict && is_bad => {
                self.status = 400;
                self.body["non_field_errors"] = json!([self.body["detail"]]);
            }
            _ if is_conflict && is_bad => self.status = 400,
            Same | Judged | Listed(..) | WithData | StrangeIsBad | PairFirst | ByWhomItIs | Conflicts => {}
            Failures | AlwaysNew | Own => {}
        }
        self
    }

    fn forbidden() -> Self {
        Self {
            status: 403,
            body: json!({ "code": "forbidden" }),
            headers: Vec::new(),
        }
    }
}

#[test]
fn an_older_address_answers_what_the_one_that_it_stands_for_answers() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        compare(backend);
    }
}

fn compare(backend: Backend) {
    let [new, old] = [(); 2].map(|()| place(TestDatabase::new(backend)));

    let mut statuses = BTreeSet::new();
    for (person, who) in ALL.iter().enumerate() {
        for (method, older, path, delta) in TABLE {
            let main = today(path);
            let sample = Sample::of_path(method, &main);
            let asked = match delta {
                Listed(query, _) => format!("{main}?{query}page_size=100"),
                Own => format!("{main}?page_size=100"),
                _ => main,
            };
            let expected = new.ask((method, &asked), &sample, person).in_manner(*delta, who);
            let mut told = old.ask((method, older), &sample, person);
            let row = format!("{who}: {method} {older}: {told:?}, not {expected:?}");
            statuses.insert((told.status, told.code().to_owned()));
            if let Listed(..) | Own = delta
                && told.status == 200
            {
                told.headers[3] = String::new();
            }
            match delta {
                Listed(_, whom) if expected.status == 403 && !whom.contains(who) => {
                    assert_eq!((told.status, told.code()), (403, "forbidden"), "{row}");
                }
                PairFirst if expected.status == 403 && told.status == 400 => {
                    assert_eq!(told.code(), "illegal_transition", "{row}");
                }
                _ => assert_eq!(told, expected, "{row}"),
            }
        }
    }

    for told in [
        (400, "illegal_transition"),
        (400, "not_pending"),
        (400, "not_found"),
        (401, "not_authenticated"),
        (403, "forbidden"),
        (404, "not_found"),
    ] {
        assert!(
            statuses.contains(&(told.0, told.1.to_owned())),
            "nobody was told {told:?}: {statuses:?}"
        );
    }
    assert!(
        [200, 201]
            .iter()
            .all(|status| statuses.iter().any(|told| told.0 == *status)),
        "{statuses:?}"
    );
    let dumps = [&new, &old].map(|place| without_secrets(&place.server.world.database.dump()));
    assert!(dumps[0] == dumps[1], "the two did not do the same");
}
