//! The audit log: who reads what of it, and its seals.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, Role};
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase, run};
use savdo_services::accounts::{self, ChangeProfile, Door, Login};
use savdo_services::audit::{self, Action, Author, Entry, ListAudit, Subject};
use savdo_services::jobs::Runner;
use savdo_services::testing::{Mailbox, Shop, World, at_once, origin, refusal};
use savdo_services::verify::verify;
use savdo_services::{Page, Period, Result};

const ALL: ListAudit = ListAudit {
    subject_type: None,
    subject_id: None,
    actions: Vec::new(),
    worker: None,
    period: Period {
        day: None,
        from: None,
        to: None,
    },
    is_oldest_first: false,
    page: Page::new(1, 100),
};

fn told(world: &World, actor: &Actor, query: ListAudit) -> Vec<String> {
    let listed = audit::list(&world.context, actor, query).unwrap();
    let told = listed
        .rows
        .iter()
        .map(|seen| format!("{} {}", seen.entry.action, seen.entry.description));
    told.collect()
}

fn rename(world: &World, actor: &Actor, name: &str) {
    let command = ChangeProfile {
        first_name: Some(name.to_owned()),
        ..ChangeProfile::default()
    };
    accounts::change_profile(&world.context, actor, command).unwrap();
}

fn fail_to_sign_in(world: &World, name: &str) {
    let command = Login {
        name: name.to_owned(),
        password: "wrong-password".to_owned(),
        door: Door::Shop,
    };
    assert!(accounts::login(&world.context, &origin(), command).is_err());
}

/// Seals all there is: what the other tests of the server have open makes it wait.
fn seal(world: &World, runner: &Runner) {
    let is_sealed = (0..5_000).any(|_| {
        look(world, runner);
        is_whole(world)
    });
    assert!(is_sealed, "{}", last_sealed(world));
}

fn look(world: &World, runner: &Runner) {
    world.clock.advance(TimeDelta::seconds(30));
    runner.run_due_jobs().unwrap();
}

fn is_whole(world: &World) -> bool {
    let told = last_sealed(world);
    told.split_once(" of ").is_some_and(|(sealed, last)| sealed == last)
}

fn runner(world: &World) -> Runner {
    world.runner(&Mailbox::default())
}

fn differences(world: &World) -> Vec<String> {
    let report = verify(&world.context).unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

fn last_sealed(world: &World) -> String {
    world.database.lines(
        "SELECT coalesce(max(last_id), 0) || ' of ' || (SELECT max(id) FROM audit_entries) AS line FROM audit_seals",
    )[0]
    .clone()
}

/// Entries of two stores and of none, sealed in two goes, and one more that is not.
fn sealed_log(world: &World) -> (Shop, Shop) {
    let runner = runner(world);
    let (shop, other) = (world.shop(), world.shop());
    seal(world, &runner);
    for name in ["Ali", "Vali", "Sobir"] {
        rename(world, &shop.owner, name);
        rename(world, &other.owner, name);
        let _ = world.customer();
    }
    seal(world, &runner);
    rename(world, &shop.owner, "Karim");
    (shop, other)
}

/// Takes away what keeps a hand from the log.
fn unlock(world: &World) {
    for table in ["audit_entries", "audit_seals"] {
        let triggers = if world.database.is_postgres() {
            vec![format!("DROP TRIGGER {table}_append_only ON {table}")]
        } else {
            vec![
                format!("DROP TRIGGER {table}_no_update"),
                format!("DROP TRIGGER {table}_no_delete"),
            ]
        };
        triggers.iter().for_each(|trigger| world.database.execute(trigger));
    }
}

/// What verify says of the log once a hand was at it; the rule alone.
fn found_after(world: &World, hand: &str) -> Vec<String> {
    world.database.execute(hand);
    differences(world)
        .iter()
        .map(|difference| difference.split(": expected").next().unwrap_or_default().to_owned())
        .collect()
}

on_both! {
    fn an_owner_reads_what_happened_in_his_store(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let admin = world.admin();
        let _ = world.customer();
        rename(&world, &shop.owner, "Ali");
        rename(&world, &other.owner, "Vali");
        fail_to_sign_in(&world, "owner1");
        fail_to_sign_in(&world, "nobody");

        assert_eq!(told(&world, &shop.owner, ALL), [
            "login_failed Kirish urinishi rad etildi: Ali",
            "update Profil o'zgartirildi: Ali",
            "create Filial yaratildi: Markaz",
            "create Ro'yxatdan o'tdi: owner1",
        ]);
        let of_none = told(&world, &admin, ALL);
        assert!(of_none.iter().all(|line| !line.contains("Ali") && !line.contains("Vali")), "{of_none:?}");
        assert!(of_none.iter().any(|line| line.starts_with("login ")), "{of_none:?}");
        for (actor, why) in [
            (world.hire(&shop, Role::Manager), AccessRefusal::RoleRequired { roles: &[Role::Owner] }),
            (world.hire(&shop, Role::Seller), AccessRefusal::RoleRequired { roles: &[Role::Owner] }),
            (world.customer(), AccessRefusal::NotAWorker),
        ] {
            assert_eq!(refusal(audit::list(&world.context, &actor, ALL)), Refusal::Access(why));
        }
    }

    fn an_entry_of_another_store_is_not_there(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let admin = world.admin();
        let own = audit::list(&world.context, &shop.owner, ALL).unwrap().rows[0].clone();
        let see = |actor: &Actor| -> Result<_> { audit::view(&world.context, actor, own.entry.id) };

        assert_eq!(see(&shop.owner).unwrap(), own);
        for stranger in [&other.owner, &admin] {
            assert_eq!(refusal(see(stranger)), Refusal::NotFound);
        }
    }

    fn entries_are_found_by_what_they_tell(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let manager = world.hire(&shop, Role::Manager);
        rename(&world, &manager, "Vali");
        world.clock.advance(TimeDelta::days(1));
        rename(&world, &shop.owner, "Ali");
        let found = |query| told(&world, &shop.owner, query);
        let day = shop.owner.worker.as_ref().unwrap().store.as_ref().unwrap().zone.day(savdo_services::Clock::now(world.clock.as_ref()));
        let (model, worker) = (Some("user".to_owned()), manager.worker.as_ref().map(|worker| worker.id));
        let by_vali = "update Profil o'zgartirildi: Vali";
        let by_ali = "update Profil o'zgartirildi: Ali";

        assert_eq!(found(ListAudit { actions: vec![Action::Update], ..ALL }), [by_ali, by_vali]);
        assert_eq!(found(ListAudit { actions: vec![Action::Update], is_oldest_first: true, ..ALL }), [by_vali, by_ali]);
        assert_eq!(found(ListAudit { actions: vec![Action::Export], ..ALL }), [""; 0]);
        assert_eq!(found(ListAudit { worker, actions: vec![Action::Update], ..ALL }), [by_vali]);
        assert_eq!(found(ListAudit { worker: Some(savdo_domain::ids::WorkerId::new(999)), ..ALL }), [""; 0]);
        assert_eq!(found(ListAudit { period: Period { from: Some(day), ..Period::default() }, ..ALL }), [by_ali]);
        assert!(!found(ListAudit { period: Period { to: day.pred_opt(), ..Period::default() }, ..ALL }).contains(&by_ali.to_owned()));
        let subject_id = Some(shop.owner.user_id.get());
        assert_eq!(found(ListAudit { subject_type: model, subject_id, actions: vec![Action::Update], ..ALL }), [by_ali]);
        assert!(matches!(
            refusal(audit::list(&world.context, &shop.owner, ListAudit { period: Period { day: None, from: Some(day), to: day.pred_opt() }, ..ALL })),
            Refusal::Fields(_)
        ));
    }

    fn a_sealed_log_is_green_and_what_is_not_sealed_yet_too(database: TestDatabase) {
        let world = World::on(database);

        sealed_log(&world);

        assert_eq!(differences(&world), [""; 0]);
        let chains = world.database.lines("SELECT count(DISTINCT coalesce(store_id, 0)) || ' ' || count(*) AS line FROM audit_seals");
        assert_eq!(chains, ["3 5"]);
        let whole = world.database.lines(
            "SELECT CAST(sum(row_count) AS BIGINT) || ' ' || (SELECT count(*) FROM audit_entries WHERE id <= \
             (SELECT max(last_id) FROM audit_seals)) AS line FROM audit_seals",
        );
        let (sealed, entries) = whole[0].split_once(' ').unwrap();
        assert_eq!(sealed, entries);
        seal(&world, &runner(&world));
        assert_eq!(differences(&world), [""; 0]);
        assert!(is_whole(&world));
    }

    fn an_entry_that_was_edited_is_named_whatever_was_edited(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = sealed_log(&world);
        unlock(&world);
        let id = world.database.lines("SELECT min(id) || '' AS line FROM audit_entries WHERE action = 'update'")[0].clone();
        let owner = shop.owner.user_id;
        let edits = [
            ("actor_name", "'Boshqa (Ega)'"), ("action", "'delete'"), ("subject_type", "'device'"), ("subject_id", "77"),
            ("description", "description || ' '"), ("details", "''"), ("ip", "'10.0.0.1'"), ("user_agent", "'x'"),
            ("request_id", "'x'"), ("created_at", "'2026-03-01 00:00:00'"), ("actor_id", "NULL"),
        ];

        for (column, value) in edits {
            let before = world.database.lines(&format!("SELECT coalesce(CAST({column} AS TEXT), '') AS line FROM audit_entries WHERE id = {id}"))[0].clone();
            let found = found_after(&world, &format!("UPDATE audit_entries SET {column} = {value} WHERE id = {id}"));
            assert_eq!(found, [format!("audit_entries {id}: a sealed entry is as it was")], "{column}");
            let back = if column.ends_with("_id") && column != "request_id" { before.clone() } else { format!("'{}'", before.replace('\'', "''")) };
            assert_eq!(found_after(&world, &format!("UPDATE audit_entries SET {column} = {back} WHERE id = {id}")), [""; 0], "{column} of {owner}");
        }
    }

    fn an_entry_that_was_removed_moved_or_put_in_is_named(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = sealed_log(&world);
        unlock(&world);
        let id = world.database.lines("SELECT min(id) || '' AS line FROM audit_entries WHERE action = 'update'")[0].clone();
        let (ours, theirs) = (shop.store_id, other.store_id);

        let moved = found_after(&world, &format!("UPDATE audit_entries SET store_id = {theirs} WHERE id = {id}"));
        assert_eq!(moved, [
            format!("audit_entries {id}: a sealed entry is still there"),
            format!("audit_entries {id}: nothing is put in among sealed entries"),
        ]);
        let removed = found_after(&world, &format!("DELETE FROM audit_entries WHERE id = {id}"));
        assert_eq!(removed, [format!("audit_entries {id}: a sealed entry is still there")]);
        let put_in = found_after(&world, &format!(
            "INSERT INTO audit_entries SELECT {id}, {ours}, actor_id, actor_name, action, subject_type, subject_id, description, \
             details, ip, user_agent, request_id, created_at FROM audit_entries WHERE id = {id} + 1"
        ));
        assert_eq!(put_in, [format!("audit_entries {id}: a sealed entry is as it was")]);
        let at_the_end = world.database.lines(&format!("SELECT max(id) || '' AS line FROM audit_entries WHERE store_id = {theirs}"))[0].clone();
        let forged: i64 = at_the_end.parse::<i64>().unwrap() + 1;
        world.database.execute(&format!("DELETE FROM audit_entries WHERE id = {forged}"));
        let put_after = found_after(&world, &format!(
            "INSERT INTO audit_entries SELECT {forged}, {theirs}, actor_id, actor_name, action, subject_type, subject_id, \
             description, details, ip, user_agent, request_id, created_at FROM audit_entries WHERE id = {at_the_end}"
        ));
        assert!(put_after.contains(&format!("audit_entries {forged}: nothing is put in among sealed entries")), "{put_after:?}");
    }

    fn a_seal_that_was_edited_or_removed_is_named(database: TestDatabase) {
        let world = World::on(database);
        sealed_log(&world);
        unlock(&world);
        let first = world.database.lines("SELECT min(id) || '' AS line FROM audit_seals WHERE store_id IS NOT NULL")[0].clone();
        let next = world.database.lines(&format!(
            "SELECT min(id) || '' AS line FROM audit_seals WHERE store_id = (SELECT store_id FROM audit_seals WHERE id = {first}) AND id > {first}"
        ))[0].clone();
        let kept = |column: &str| world.database.lines(&format!("SELECT {column} AS line FROM audit_seals WHERE id = {first}"))[0].clone();
        let (hash, digests, created_at) = (kept("hash"), kept("digests"), kept("CAST(created_at AS TEXT)"));
        let edit = |column: &str, value: &str| found_after(&world, &format!("UPDATE audit_seals SET {column} = '{value}' WHERE id = {first}"));

        assert_eq!(edit("hash", &"0".repeat(64)), [
            format!("audit_seals {first}: it is as it was made"),
            format!("audit_seals {next}: it names the seal before it"),
        ]);
        assert_eq!(edit("hash", &hash), [""; 0]);
        assert_eq!(edit("created_at", "2026-03-01 00:00:00"), [format!("audit_seals {first}: it is as it was made")]);
        assert_eq!(edit("created_at", &created_at), [""; 0]);
        assert!(!edit("digests", "").is_empty());
        assert_eq!(edit("digests", &digests), [""; 0]);
        assert!(!found_after(&world, &format!("UPDATE audit_seals SET last_id = last_id + 1000 WHERE id = {first}")).is_empty());
        assert_eq!(found_after(&world, &format!("UPDATE audit_seals SET last_id = last_id - 1000 WHERE id = {first}")), [""; 0]);
        let removed = found_after(&world, &format!("DELETE FROM audit_seals WHERE id = {first}"));
        assert!(removed.contains(&format!("audit_seals {next}: it names the seal before it")), "{removed:?}");
    }

    fn writers_and_sealers_at_once_leave_whole_chains(database: TestDatabase) {
        let world = World::on(database);
        let shops = [world.shop(), world.shop()];
        let (is_over, runners) = (AtomicBool::new(false), [runner(&world), runner(&world)]);

        at_once(6, |number| match number {
            0 | 1 => while !is_over.load(Ordering::SeqCst) {
                world.clock.advance(TimeDelta::seconds(30));
                runners[number].run_due_jobs().unwrap();
            },
            _ => {
                for round in 0..25 {
                    rename(&world, &shops[number % 2].owner, &format!("Ali {number} {round}"));
                }
                if number == 2 {
                    is_over.store(true, Ordering::SeqCst);
                }
            }
        });
        let while_writing = differences(&world);
        seal(&world, &runners[0]);

        assert_eq!(while_writing, [""; 0]);
        assert_eq!(differences(&world), [""; 0]);
        assert!(is_whole(&world));
    }
}

/// Who leaves this waits as long as somebody holds the lock: his entry has its number, and nothing of it is written that would give his
/// transaction an id.
const LATE: &str = "CREATE FUNCTION wait_for_it() RETURNS trigger LANGUAGE plpgsql AS \
    'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END'; \
    CREATE TRIGGER wait_for_it BEFORE INSERT ON audit_entries FOR EACH ROW WHEN (NEW.description = 'Kech qolgan') \
    EXECUTE FUNCTION wait_for_it()";

#[test]
fn nothing_is_sealed_above_a_transaction_that_may_still_add_a_lower_number() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let (shop, other) = (world.shop(), world.shop());
    let runner = runner(&world);
    let before = || last_sealed(&world);
    world.database.execute(LATE);

    std::thread::scope(|scope| {
        let barriers = Arc::new((Barrier::new(2), Barrier::new(2)));
        let (database, held) = (world.database.handle(), Arc::clone(&barriers));
        // Whoever only waits with it has no number of a transaction, and keeps nobody from sealing.
        scope.spawn(move || {
            database.write("holding", move |tx| {
                run(tx, "SELECT pg_advisory_xact_lock(1)")?;
                held.0.wait();
                held.1.wait();
                Ok::<_, savdo_services::Error>(())
            })
        });
        barriers.0.wait();
        let (database, author) = (world.database.handle(), Author::from(&shop.owner));
        let (store_id, now) = (shop.store_id, world.context.now());
        let late = scope.spawn(move || {
            database.write("late", move |tx| {
                let entry = Entry {
                    store_id: Some(store_id),
                    action: Action::Export,
                    subject_type: Subject::Store,
                    subject_id: store_id.get(),
                    description: "Kech qolgan".to_owned(),
                    details: None,
                };
                audit::record(tx, &author, now, entry)?;
                Ok::<_, savdo_services::Error>(())
            })
        });
        let waiting = "SELECT 'late' AS line FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let begun = Instant::now();
        let is_waiting = std::iter::repeat_with(|| world.database.lines(waiting))
            .take_while(|_| begun.elapsed() < Duration::from_secs(20))
            .any(|waiting| !waiting.is_empty());
        rename(&world, &other.owner, "Ali");
        look(&world, &runner);
        look(&world, &runner);
        let while_open = before();
        barriers.1.wait();
        late.join().unwrap().unwrap();
        seal(&world, &runner);

        assert!(is_waiting, "nobody waited with a number");
        assert_eq!(while_open, "0 of 6", "nothing of what was there is final");
        assert_eq!(before(), "6 of 6");
    });
    assert_eq!(differences(&world), [""; 0]);
}
