//! Who is let in, row by row: what a row says stands before anything else of the request, and is what its use-case asks.

use actix_web::web::{self, ServiceConfig};
use savdo_api::routes::{self, Access, Route};
use savdo_domain::access::{AccessRefusal, Actor, Right, Role};
use savdo_domain::coded::Coded;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::accounts::{self, Register};
use savdo_services::testing::{origin, register};
use savdo_tests::{Answer, Client, Server};

use super::stock::{Stocked, stocked};
use super::{Ids, Sample, send};

/// Why an entrance turns somebody away.
const CODES: [&str; 9] = [
    "not_a_worker",
    "no_store",
    "worker_inactive",
    "section_required",
    "role_required",
    "admin_only",
    "store_inactive",
    "store_blocked",
    "user_inactive",
];

/// A request of this row in which all is wrong that can be: an id that none has, a page that is none, no JSON.
fn send_nonsense(client: &Client, route: &Route, pattern: &str) -> Answer {
    let path = pattern.replace("{id}", "x");
    send(
        client,
        route.method.as_str(),
        &format!("{path}?page=0&page_size=x&ordering=x"),
        b"{",
    )
}

fn code(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(|code| code.as_str());
    (answer.status, code.unwrap_or_default())
}

/// One caller of each kind, as he is now.
fn callers(server: &Server, stocked: &Stocked) -> Vec<(String, Actor)> {
    let (world, shop) = (&server.world, &stocked.shop);
    let changed = |actor: Actor, table: &str, change: &str, id: i64| {
        world
            .database
            .execute(&format!("UPDATE {table} SET {change} WHERE id = {id}"));
        world.again(&actor)
    };
    let worker = |actor: &Actor| actor.worker.as_ref().map_or(0, |worker| worker.id.get());
    let mut callers: Vec<_> = Role::ALL
        .iter()
        .filter(|role| **role != Role::Owner)
        .map(|role| (role.to_string(), world.hire(shop, *role)))
        .collect();
    for (name, role, change) in [
        (
            "manager without sections",
            Role::Manager,
            "sections_removed = \
            'boshqaruv,dokonlar,mahsulotlar,mijozlar,ombor,savdolar,sotuv,xarajatlar,xodimlar'",
        ),
        ("seller on leave", Role::Seller, "status = 'tatil'"),
        ("manager who left", Role::Manager, "status = 'ishdan_ketgan'"),
    ] {
        let hired = world.hire(shop, role);
        let id = worker(&hired);
        callers.push((name.to_owned(), changed(hired, "workers", change, id)));
    }
    for status in ["inactive", "blocked"] {
        let shop = world.shop();
        let change = format!("status = '{status}'");
        let owner = changed(shop.owner, "stores", &change, shop.store_id.get());
        callers.push((format!("owner of an {status} store"), owner));
    }
    let storeless = Register {
        store_name: None,
        ..register(900)
    };
    let storeless = accounts::register(&world.context, &origin(), storeless).unwrap();
    callers.push(("owner without a store".to_owned(), world.actor(&storeless)));
    callers.push(("owner".to_owned(), shop.owner.clone()));
    callers.push(("customer".to_owned(), stocked.customer.clone()));
    callers.push(("admin".to_owned(), world.admin()));
    callers
}

#[test]
fn nobody_gets_in_without_a_token_whatever_else_is_wrong_with_his_request() {
    let server = Server::on(Backend::Sqlite);
    let stranger = server.client().unnoted();

    for route in routes::all().into_iter().filter(|route| route.access.wants_token()) {
        for pattern in std::iter::once(route.path.as_str()).chain(route.aliases.iter().copied()) {
            let answer = send_nonsense(&stranger, &route, pattern);
            assert_eq!(code(&answer), (401, "not_authenticated"), "{} {pattern}", route.method);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

#[test]
fn the_right_of_a_row_is_judged_before_anything_else_of_the_request() {
    let server = Server::on(Backend::Sqlite);
    let stocked = stocked(&server);

    let mut refused = 0;
    for (name, actor) in callers(&server, &stocked) {
        let client = server.client_of(&actor).unnoted();
        for route in routes::all() {
            let Access::May(right) = route.access else { continue };
            let answer = send_nonsense(&client, &route, &route.path);
            let row = format!("{name}: {} {} => {}", route.method, route.path, answer.text);
            match actor.check(right).err().map(AccessRefusal::code) {
                Some(refusal) => {
                    refused += 1;
                    assert_eq!(code(&answer), (403, refusal), "{row}");
                }
                None => assert!(![401, 403].contains(&answer.status) && answer.status < 500, "{row}"),
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

/// The same rows, but nobody judges the right before the use-case.
fn without_entrances(config: &mut ServiceConfig) {
    let rows = routes::all().into_iter().map(|mut route| {
        if let Access::May(_) = route.access {
            route.access = Access::SignedIn;
        }
        route
    });
    config.service(web::scope("/behind").configure(|config| routes::register(config, rows)));
}

#[test]
fn a_use_case_asks_for_the_right_of_its_row_though_nobody_asked_before_it() {
    let server = Server::with(TestDatabase::new(Backend::Sqlite), without_entrances);
    let stocked = stocked(&server);

    for (name, actor) in callers(&server, &stocked) {
        let client = server.client_of(&actor).unnoted();
        for route in in_order() {
            let answer = behind(&client, &route, &stocked.ids);
            let row = format!("{name}: {} {} => {}", route.method, route.path, answer.text);
            let refusal = match route.access {
                Access::May(right) => actor.check(right).err().map(AccessRefusal::code),
                Access::SignedInOrTicket => actor.check(Right::Prescriptions).err().map(AccessRefusal::code),
                // Their use-cases judge alone, and note whoever may not.
                Access::SignedIn if ["approve/", "reject/"].iter().any(|verb| route.path.ends_with(verb)) => {
                    actor.check(Right::Reviews).err().map(AccessRefusal::code)
                }
                Access::SignedIn | Access::AnyoneOrSignedIn | Access::Anyone => None,
            };
            match refusal {
                Some(refusal) => assert_eq!(code(&answer), (403, refusal), "{row}"),
                None => assert!(!CODES.contains(&code(&answer).1), "{row}"),
            }
        }
    }
}

/// Case 27 of the abuse cases: whatever row is new is shut to customers, or stands here.
#[test]
fn a_customer_gets_in_at_these_rows_and_no_others() {
    let server = Server::on(Backend::Sqlite);
    let stocked = stocked(&server);
    let customer = server.client_of(&stocked.customer).unnoted();

    let entered = in_order()
        .into_iter()
        .filter(|route| route.older.is_none())
        .filter_map(|route| {
            let sample = Sample::of_route(&route);
            let path = sample.address(&route.path, &stocked.ids);
            let answer = send(&customer, route.method.as_str(), &path, &sample.body(&stocked.ids));
            assert!(answer.status < 500, "{} {path}: {}", route.method, answer.text);
            (answer.status != 403).then(|| format!("{} {}", route.method, route.path))
        });

    insta::assert_snapshot!(entered.collect::<Vec<_>>().join("\n"));
}

/// The rows that leave the caller signed in. Last come those that change whether he has a store that is open for work: the owner
/// switches his off, and on again; who has none makes one.
fn in_order() -> Vec<Route> {
    let mut rows = routes::all();
    rows.retain(|route| !route.path.ends_with("/logout/"));
    rows.sort_by_key(|route| match (route.path.as_str(), route.method.as_str()) {
        ("/api/v1/stores/{id}/", "DELETE") => 1,
        ("/api/v1/stores/{id}/", "PATCH") => 2,
        ("/api/v1/stores/", "POST") => 3,
        _ => 0,
    });
    rows
}

fn behind(client: &Client, route: &Route, ids: &Ids) -> Answer {
    let sample = Sample::of_route(route);
    let path = format!("/behind{}", sample.address(&route.path, ids));
    send(client, route.method.as_str(), &path, &sample.body(ids))
}
