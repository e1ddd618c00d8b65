//! Lists that are read from a streaming replica, by two servers: the old is seen by others, one's own writes by oneself.

#![expect(clippy::panic, reason = "a test that cannot go on fails")]

mod relay;

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use savdo_domain::access::{Actor, Role};
use savdo_persistence::replica_reads::Fallback;
use savdo_persistence::testing::{Backend, TestDatabase, TestReplica};
use savdo_persistence::{Database, DatabaseSettings, DatabaseUrl, Error};
use savdo_services::testing::{PASSWORD, Shop};
use savdo_tests::{Client, Fleet, FleetPlan, eventually};
use serde_json::json;

use crate::relay::Relay;

const CATEGORIES: &str = "/api/v1/warehouse/categories/";

/// Two servers beside a replica, from which what is there so far can be read already.
fn fleet(replica: &TestReplica, variables: &[(&'static str, &str)]) -> (Fleet, Shop) {
    fleet_by(replica, variables, |url| url)
}

/// The same, where the servers know the replica by another URL.
fn fleet_by(
    replica: &TestReplica,
    variables: &[(&'static str, &str)],
    known_as: impl FnOnce(String) -> String,
) -> (Fleet, Shop) {
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let plan = FleetPlan {
        has_proxy: false,
        workers: 0,
        ..FleetPlan::default()
    };
    let fleet = Fleet::with(&plan, |world| {
        let DatabaseUrl::Postgres(url) = replica.of(&world.database) else {
            panic!("a replica is a PostgreSQL");
        };
        let named = [("SAVDO_DATABASE__REPLICA_URL", known_as(url))];
        named.into_iter().chain(variables.clone()).collect()
    });
    let shop = fleet.world.shop();
    (fleet, shop)
}

/// Reads lists until every server has seen that the replica follows.
fn warm_up(fleet: &Fleet, owner: &Actor) {
    for server in 0..2 {
        eventually("the replica follows", || {
            sees(&fleet.client_at(server, owner), "");
            fleet.has_told(server, "The replica follows")
        });
    }
}

fn make(client: &Client, name: &str) {
    let answer = client.post(CATEGORIES, &json!({ "name": name }));
    assert_eq!(answer.status, 201, "{}", answer.text);
}

fn sees(client: &Client, name: &str) -> bool {
    let answer = client.get(CATEGORIES);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text.contains(name)
}

#[test]
fn others_see_the_old_and_the_writer_his_own_at_every_server() {
    let replica = TestReplica::new();
    // That it stands still is not to be noticed.
    let (fleet, shop) = fleet(&replica, &[("SAVDO_DATABASE__REPLICA_LAG_MS", "30000")]);
    let manager = fleet.world.hire(&shop, Role::Manager);
    let at = |server| (fleet.client_at(server, &shop.owner), fleet.client_at(server, &manager));
    let ((owner, other), (owner_there, other_there)) = (at(0), at(1));
    make(&owner, "Choylar");
    replica.catch_up(&fleet.world.database);
    warm_up(&fleet, &manager);

    replica.pause();
    make(&owner, "Dorilar");

    assert!(sees(&owner, "Dorilar") && sees(&owner_there, "Dorilar"));
    assert!(!sees(&other, "Dorilar") && !sees(&other_there, "Dorilar"));
    assert!(sees(&other, "Choylar") && sees(&other_there, "Choylar"));
    // One thing is read from the database by everybody.
    let all = owner.get(CATEGORIES);
    let new = all
        .body
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["name"] == "Dorilar"));
    let id = new.and_then(|row| row["id"].as_i64()).unwrap_or_default();
    assert!(
        other
            .get(&format!("{CATEGORIES}{id}/"))
            .expect_status(200)
            .text
            .contains("Dorilar")
    );

    replica.resume();
    eventually("the others see it", || {
        sees(&other, "Dorilar") && sees(&other_there, "Dorilar")
    });
    fleet.verify();
}

#[test]
fn whoever_begins_sees_what_he_began_with() {
    let replica = TestReplica::new();
    let (fleet, shop) = fleet(&replica, &[("SAVDO_DATABASE__REPLICA_LAG_MS", "30000")]);
    let nobody = fleet.nobody_at(0);
    replica.catch_up(&fleet.world.database);
    warm_up(&fleet, &shop.owner);
    replica.pause();

    let registered = nobody.post(
        "/api/v1/auth/register/",
        &json!({
            "username": "aziza", "password": PASSWORD, "password2": PASSWORD, "phone1": "+998901234567",
            "store_name": "Aziza savdo",
        }),
    );
    let owner = nobody.signed_in(registered.text("/tokens/access"));

    assert!(owner.get("/api/v1/stores/").text.contains("Aziza savdo"));
}

#[test]
fn a_replica_that_is_too_far_behind_is_not_asked() {
    let replica = TestReplica::new();
    let (fleet, shop) = fleet(&replica, &[("SAVDO_DATABASE__REPLICA_LAG_MS", "2000")]);
    let manager = fleet.world.hire(&shop, Role::Manager);
    let (owner, other) = (fleet.client_at(0, &shop.owner), fleet.client_at(0, &manager));
    make(&owner, "Choylar");
    replica.catch_up(&fleet.world.database);
    warm_up(&fleet, &manager);
    replica.pause();

    make(&owner, "Dorilar");

    eventually("what is new is read from the database", || {
        sees(&other, "Dorilar") && fleet.has_told(0, "The replica is too far behind")
    });
}

#[test]
fn lists_are_read_where_no_replica_answers() {
    let replica = TestReplica::new();
    // Nobody listens on the port of a listener that is gone; and the database itself follows nothing.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let gone = gone.unwrap_or_else(|error| panic!("no port: {error}"));
    let itself = TestDatabase::new(Backend::Postgres);
    let DatabaseUrl::Postgres(itself) = &itself.settings().url else {
        panic!("it is a PostgreSQL");
    };
    for url in [&format!("postgres://nobody@{gone}/nothing"), itself] {
        let (fleet, shop) = fleet(&replica, &[("SAVDO_DATABASE__REPLICA_URL", url)]);
        let manager = fleet.world.hire(&shop, Role::Manager);
        let (owner, other) = (fleet.client_at(0, &shop.owner), fleet.client_at(0, &manager));

        make(&owner, "Dorilar");

        assert!(sees(&owner, "Dorilar") && sees(&other, "Dorilar"));
        assert!((0..20).all(|_| sees(&other, "Dorilar")));
        eventually("it is left alone", || fleet.has_told(0, "The replica is left alone"));
        assert!(!fleet.has_told(0, "The replica follows"));
    }
}

#[test]
fn a_replica_that_falls_silent_holds_up_half_a_pool_and_nobody_who_comes_later() {
    const AT_ONCE: usize = 24;
    let replica = TestReplica::new();
    let mut relay = None;
    let variables = [
        ("SAVDO_DATABASE__POOL_SIZE", "8"),
        // So many at once on a busy machine are no slow senders.
        ("SAVDO_SERVER__HEADERS_TIMEOUT_MS", "30000"),
    ];
    let (fleet, shop) = fleet_by(&replica, &variables, |url| {
        let (before, url) = Relay::before(&url);
        relay = Some(before);
        url
    });
    let relay = relay.unwrap_or_else(|| panic!("no relay"));
    warm_up(&fleet, &shop.owner);
    let (tell, told) = mpsc::channel();
    let clients: Vec<_> = (0..AT_ONCE).map(|_| fleet.client_at(0, &shop.owner)).collect();
    let ask_at_once = || -> Vec<_> {
        let clients = clients.iter().cloned();
        let asking = clients.map(|client| {
            let tell = tell.clone();
            thread::spawn(move || {
                assert!(sees(&client, ""));
                let _ = tell.send(());
            })
        });
        asking.collect()
    };
    // Until all connections are open that there may be.
    for one in (0..5).flat_map(|_| ask_at_once()) {
        assert!(one.join().is_ok());
    }
    assert_eq!(told.try_iter().count(), 5 * AT_ONCE);

    relay.fall_silent();
    let asking = ask_at_once();

    let until = Instant::now() + Duration::from_secs(10);
    let in_time = || {
        told.recv_timeout(until.saturating_duration_since(Instant::now()))
            .is_ok()
    };
    let answered = (0..AT_ONCE).filter(|_| in_time()).count();
    assert!((AT_ONCE - 4..AT_ONCE).contains(&answered), "{answered} were answered");
    let (owner, began) = (fleet.client_at(0, &shop.owner), Instant::now());
    assert!((0..20).all(|_| sees(&owner, "")));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(fleet.has_told(0, "The replica is left alone"));

    // Whoever was held up is answered when it wakes.
    relay.speak();
    for one in asking {
        assert!(one.join().is_ok());
    }
}

/// A database whose replica is at this URL.
fn beside(database: &TestDatabase, replica: DatabaseUrl) -> Database {
    let settings = DatabaseSettings {
        replica_url: Some(replica),
        ..database.settings().clone()
    };
    Database::open(settings).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_a_replica_answers_is_counted_and_why_it_does_not() {
    let replica = TestReplica::new();
    let database = TestDatabase::new(Backend::Postgres);
    let itself = database.settings().url.clone();
    let read = |from: &Database| {
        let read = from.read_replayed("test", None, |_| Ok::<_, Error>(()));
        assert!(read.is_ok(), "{read:?}");
    };
    let fallbacks = |of: &Database| -> Vec<_> {
        of.probe()
            .replica()
            .fallbacks()
            .filter(|(_, count)| *count > 0)
            .collect()
    };

    let with_replica = beside(&database, replica.of(&database));
    let mut asked = 0;
    eventually("the replica answers", || {
        read(&with_replica);
        asked += 1;
        with_replica.probe().replica().answered() > 0
    });
    let behind = fallbacks(&with_replica);
    assert!(
        behind.is_empty() || behind == [(Fallback::Behind, asked - 1)],
        "{behind:?}"
    );

    let with_itself = beside(&database, itself);
    (0..3).for_each(|_| read(&with_itself));
    let reads = with_itself.probe().replica();
    assert_eq!(
        (reads.answered(), fallbacks(&with_itself)),
        (0, vec![(Fallback::LeftAlone, 3)])
    );
}
