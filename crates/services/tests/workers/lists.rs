//! Lists of workers: whom they show, in which order, and what a manager does not learn from them.

use savdo_domain::access::{Actor, Role, WorkerStatus};
use savdo_domain::ids::WorkerId;
use savdo_persistence::on_both;
use savdo_services::testing::{World, money};
use savdo_services::workers::{self, ChangeWorker, ListWorkers, StaffView, WorkerColumn};
use savdo_services::{Page, SortBy};

use crate::{id_of, named};

fn all() -> ListWorkers {
    ListWorkers {
        statuses: vec![WorkerStatus::Active, WorkerStatus::OnLeave],
        roles: Vec::new(),
        branch: None,
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

on_both! {
    fn a_manager_does_not_see_what_owners_and_other_managers_earn_not_even_by_their_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (manager, other) = (world.hire(&shop, Role::Manager), world.hire(&shop, Role::Manager));
        let seller = world.hire(&shop, Role::Seller);
        for (worker, salary) in [(&manager, "5000000"), (&other, "1000000"), (&seller, "3000000")] {
            let salary = ChangeWorker { salary: Some(Some(money(salary))), ..ChangeWorker::default() };
            workers::change(&world.context, &shop.owner, id_of(worker), salary).unwrap();
        }
        let by_salary = ListWorkers {
            sort: vec![SortBy { column: WorkerColumn::Salary, is_descending: false }],
            ..all()
        };
        let seen = |actor: &Actor| -> Vec<(WorkerId, Option<String>)> {
            let listed = workers::list(&world.context, actor, &by_salary).unwrap().rows;
            let shown = |worker: StaffView| (worker.post.worker_id, worker.salary.map(|salary| salary.to_string()));
            listed.into_iter().map(shown).collect()
        };
        let some = |salary: &str| Some(salary.to_owned());

        let manager = world.again(&manager);
        let (boss, mine, others, sellers) = (id_of(&shop.owner), id_of(&manager), id_of(&other), id_of(&seller));
        let (three, five) = (some("3000000.00"), some("5000000.00"));
        let expected = [(boss, None), (others, None), (sellers, three.clone()), (mine, five.clone())];
        assert_eq!(seen(&manager), expected);
        let expected = [(boss, None), (others, some("1000000.00")), (sellers, three), (mine, five)];
        assert_eq!(seen(&shop.owner), expected);
        assert_eq!(workers::view(&world.context, &manager, others).unwrap().salary, None);
        assert_eq!(workers::view_own(&world.context, &manager).unwrap().salary, Some(money("5000000")));
    }

    fn those_who_work_come_first_then_those_on_leave_then_by_names(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let people = [("o'ktam", WorkerStatus::Left), ("Botir", WorkerStatus::OnLeave), ("zafar", WorkerStatus::Active),
            ("Anvar", WorkerStatus::Active), ("Дилноза", WorkerStatus::Active)];
        for (name, status) in people {
            let worker = world.hire(&shop, Role::Seller);
            let command = ChangeWorker { person: named(name), status: Some(status), ..ChangeWorker::default() };
            workers::change(&world.context, &shop.owner, id_of(&worker), command).unwrap();
        }
        let names = |query: &ListWorkers| -> Vec<String> {
            let listed = workers::list(&world.context, &shop.owner, query).unwrap().rows;
            listed.into_iter().map(|worker| worker.first_name).filter(|name| !name.is_empty()).collect()
        };
        let everybody = ListWorkers { statuses: vec![WorkerStatus::Active, WorkerStatus::OnLeave, WorkerStatus::Left], ..all() };

        assert_eq!(names(&everybody), ["Anvar", "zafar", "Дилноза", "Botir", "o'ktam"]);
        assert_eq!(names(&all()), ["Anvar", "zafar", "Дилноза", "Botir"]);
        assert_eq!(names(&ListWorkers { search: "dilno".to_owned(), ..all() }), ["Дилноза"]);
        assert_eq!(names(&ListWorkers { search: "worker3".to_owned(), ..all() }), ["Botir"]);
        assert_eq!(names(&ListWorkers { roles: vec![Role::Courier], ..all() }), [""; 0]);
    }

    fn the_pages_of_a_list_meet_every_worker_once_whichever_way_they_are_walked(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        for _ in 0..6 {
            let _hired = world.hire(&shop, Role::Seller);
        }
        let page = |page: Page| workers::list(&world.context, &shop.owner, &ListWorkers { page, ..all() }).unwrap();
        let ids = |rows: &[StaffView]| rows.iter().map(|worker| worker.post.worker_id.get()).collect::<Vec<_>>();

        let mut walked = vec![page(Page::new(1, 3))];
        while let Some(position) = walked[walked.len() - 1].next.clone() {
            walked.push(page(Page { position: Some(position), ..Page::new(1, 3) }));
        }
        let back = walked[1].previous.clone();
        let back = page(Page { position: back, ..Page::new(1, 3) });

        let seen: Vec<_> = walked.iter().map(|listed| ids(&listed.rows)).collect();
        assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
        assert_eq!(seen.concat(), ids(&page(Page::new(1, 100)).rows));
        assert_eq!(ids(&back.rows), seen[0]);
        assert_eq!(ids(&page(Page::new(2, 3)).rows), seen[1]);
        assert_eq!((walked[0].previous.clone(), page(Page::new(9, 3)).rows.len()), (None, 0));
    }
}
