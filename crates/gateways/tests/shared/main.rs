//! Counts that several servers share, in a real Redis, which is found through `SAVDO_TEST_REDIS_URL`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod relay;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use relay::Relay;
use savdo_gateways::shared::{Line, RedisUrl, SharedMarks, SharedTally, Waits};
use savdo_services::LogPosition;
use savdo_services::limits::{Limit, Rate, Tally};
use savdo_services::marks::{Latest, Marks};

const LIMIT: Limit = Limit::LoginsOfAccount;
const THREE: Rate = Rate {
    most: 3,
    window: TimeDelta::minutes(1),
};

/// Long enough for a busy machine: what is bounded is tried with the waits of production.
const PATIENT: Waits = Waits {
    connect: Duration::from_secs(10),
    answer: Duration::from_secs(10),
    pause: Duration::ZERO,
};

/// Whoever counts here shares nothing with other tests: the seal is the test's own.
fn tally(url: &str, waits: Waits, seal: u8) -> SharedTally {
    let url: RedisUrl = url.parse().unwrap();
    SharedTally::new(Arc::new(Line::new(url, waits)), [seal; 32])
}

/// Counts of other runs in the same Redis are of another time.
fn at(seconds: i64) -> DateTime<Utc> {
    static BEGAN: std::sync::OnceLock<i64> = std::sync::OnceLock::new();
    let began = *BEGAN.get_or_init(|| {
        let mut random = [0_u8; 4];
        getrandom::fill(&mut random).unwrap();
        i64::from(u32::from_be_bytes(random)) * 60
    });
    DateTime::from_timestamp(began + seconds, 0).unwrap()
}

fn takes(tally: &SharedTally, seconds: i64) -> bool {
    tally.take(LIMIT, "ali", THREE, at(seconds)).is_ok()
}

#[test]
fn two_servers_share_one_count() {
    let relay = Relay::new();
    let (one, other) = (tally(relay.url(), PATIENT, 1), tally(relay.url(), PATIENT, 1));

    assert!(takes(&one, 0) && takes(&other, 10) && takes(&one, 20));
    assert!(!takes(&one, 30) && !takes(&other, 30));

    // Another subject, another limit and another installation count by themselves.
    assert!(other.take(LIMIT, "vali", THREE, at(30)).is_ok());
    assert!(other.take(Limit::LoginsOfAddress, "ali", THREE, at(30)).is_ok());
    assert!(takes(&tally(relay.url(), PATIENT, 2), 30));
}

#[test]
fn of_many_at_once_as_many_pass_as_may() {
    let relay = Relay::new();
    let rate = Rate { most: 20, ..THREE };
    let servers = [tally(relay.url(), PATIENT, 3), tally(relay.url(), PATIENT, 3)];

    let passed: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let server = &servers[number % 2];
                scope.spawn(move || {
                    (0..10)
                        .filter(|_| server.take(LIMIT, "ali", rate, at(0)).is_ok())
                        .count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });

    assert_eq!(passed, 20);
}

#[test]
fn a_place_is_free_once_the_oldest_is_over() {
    let relay = Relay::new();
    let (one, other) = (tally(relay.url(), PATIENT, 4), tally(relay.url(), PATIENT, 4));
    assert!(takes(&one, 0) && takes(&other, 10) && takes(&one, 20));

    assert_eq!(other.take(LIMIT, "ali", THREE, at(60)), Err(at(61)));
    assert!(takes(&other, 61) && !takes(&one, 62) && takes(&one, 71));
}

#[test]
fn what_is_given_back_was_not_counted() {
    let relay = Relay::new();
    let (one, other) = (tally(relay.url(), PATIENT, 5), tally(relay.url(), PATIENT, 5));

    for second in 0..20 {
        assert!(takes(&one, second));
        one.give_back(LIMIT, "ali", at(second));
    }
    assert!(takes(&one, 21) && takes(&other, 21) && takes(&one, 21) && !takes(&other, 21));
}

#[test]
fn clocks_that_differ_count_together_and_one_set_back_locks_nobody_out() {
    let relay = Relay::new();
    let (one, other) = (tally(relay.url(), PATIENT, 6), tally(relay.url(), PATIENT, 6));

    assert!(takes(&one, 2) && takes(&other, 0) && takes(&one, 2));
    assert!(!takes(&other, 0) && !takes(&one, 2));

    assert!(takes(&other, -7200));
}

#[test]
fn while_redis_is_gone_each_counts_by_itself_and_then_together_again() {
    let relay = Relay::new();
    let (one, other) = (tally(relay.url(), PATIENT, 7), tally(relay.url(), PATIENT, 7));
    assert!(takes(&one, 0) && takes(&other, 0));

    relay.cut();
    for server in [&one, &other] {
        // What each let pass before is known to it.
        assert!(takes(server, 1) && takes(server, 1) && !takes(server, 1));
        server.give_back(LIMIT, "ali", at(1));
        assert!(takes(server, 1) && !takes(server, 1));
    }

    relay.mend();
    assert!(takes(&one, 61) && takes(&other, 62) && takes(&other, 62));
    assert!(!takes(&one, 62) && !takes(&other, 62));
}

#[test]
fn a_flood_over_the_limit_is_refused_without_asking_redis() {
    let relay = Relay::new();
    let (one, other) = (tally(relay.url(), PATIENT, 10), tally(relay.url(), PATIENT, 10));
    let refused = |server: &SharedTally| server.refused_already(LIMIT, "ali", THREE, at(0));
    (0..3).for_each(|_| {
        assert_eq!(refused(&one), Ok(()));
        assert!(takes(&one, 0));
    });

    relay.cut();
    let calls = relay.calls();
    assert!((0..100).all(|_| !takes(&one, 0)));
    assert_eq!(relay.calls(), calls, "nobody asks");

    // What all know together it does not know alone, and what Redis refused it did not count.
    assert_eq!((refused(&one), refused(&other)), (Err(at(61)), Ok(())));
    relay.mend();
    assert!((0..5).all(|_| !takes(&other, 0)));
    assert_eq!(refused(&other), Ok(()));
}

#[test]
fn a_redis_that_hangs_is_waited_for_once() {
    let relay = Relay::new();
    let waits = Waits {
        pause: Duration::from_secs(600),
        ..Waits::within(Duration::from_millis(25))
    };
    let server = tally(relay.url(), waits, 8);
    let rate = Rate { most: 1000, ..THREE };
    let take = || assert!(server.take(LIMIT, "ali", rate, at(0)).is_ok());
    take();

    relay.mute();
    let began = Instant::now();
    take();
    let first = began.elapsed();
    let calls = relay.calls();
    (0..900).for_each(|_| take());

    // Both bounds, and what a busy machine adds.
    assert!(first < Duration::from_secs(2), "{first:?}");
    assert_eq!(relay.calls(), calls, "it is left alone");
}

#[test]
fn the_latest_write_of_somebody_is_known_to_every_server_or_to_none() {
    let relay = Relay::new();
    let url: RedisUrl = relay.url().parse().unwrap();
    let mut seal = [0; 32];
    getrandom::fill(&mut seal).unwrap();
    let server = || SharedMarks::new(Arc::new(Line::new(url.clone(), PATIENT)), seal);
    let (one, other) = (server(), server());
    let latest = |server: &SharedMarks, writers: &[&str]| {
        let writers: Vec<String> = writers.iter().map(|writer| (*writer).to_owned()).collect();
        server.latest(&writers)
    };
    let known = |position| Latest::Known(Some(LogPosition::new(position)));

    // Places of more digits than a script counts with, the later one first.
    let late = i64::MAX - 1;
    for (server, writer, position) in [
        (&one, "user 1", late),
        (&other, "user 1", late - 1),
        (&other, "user 2", 8),
    ] {
        server.note(writer, LogPosition::new(position));
    }

    assert_eq!(latest(&other, &["user 1"]), known(late));
    assert_eq!(latest(&one, &["user 2", "user 3"]), known(8));
    assert_eq!(latest(&one, &["user 3"]), Latest::Known(None));
    assert_eq!(latest(&one, &[]), Latest::Known(None));
    relay.cut();
    assert_eq!(latest(&one, &["user 3"]), Latest::Unknown);
    relay.mend();
    // What could not be written down in between nobody knows, for as long as it counts.
    assert_eq!(latest(&one, &["user 3"]), Latest::Unknown);
    assert_eq!(latest(&other, &["user 1"]), known(late));
    relay.cut();
    other.note("user 4", LogPosition::new(9));
    relay.mend();
    assert_eq!(latest(&other, &["user 4"]), Latest::Unknown);
}

#[test]
fn a_server_knows_its_own_marks_after_redis_forgot_them() {
    let relay = Relay::new();
    // A database that no other test uses.
    let (place, _) = relay.url().rsplit_once('/').unwrap();
    let line = Arc::new(Line::new(format!("{place}/15").parse().unwrap(), PATIENT));
    let server = SharedMarks::new(Arc::clone(&line), [11; 32]);
    server.note("user 1", LogPosition::new(9));

    assert_eq!(line.ask::<i64>(&redis::cmd("DBSIZE")), Some(1));
    assert_eq!(line.ask::<String>(&redis::cmd("FLUSHDB")).as_deref(), Some("OK"));

    assert_eq!(
        server.latest(&["user 1".to_owned()]),
        Latest::Known(Some(LogPosition::new(9)))
    );
}

#[test]
fn a_wrong_password_stops_nobody_and_a_url_hides_it() {
    let relay = Relay::new();
    let url = relay.url_with("default:s3cret");
    let server = tally(&url, PATIENT, 9);

    assert!(takes(&server, 0) && takes(&server, 0) && takes(&server, 0) && !takes(&server, 0));

    let url: RedisUrl = url.parse().unwrap();
    let shown = format!("{url} {url:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("default"), "{shown}");
    for none in ["", "rediss://h/0", "http://h/0", "redis://", "h:6379", "redis://h/x"] {
        assert!(none.parse::<RedisUrl>().is_err(), "{none:?}");
    }
}
