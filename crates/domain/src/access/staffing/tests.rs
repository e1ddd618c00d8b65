//! The table of who may do what to whom, and the laws of sections.

use std::collections::BTreeSet;

use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_assume, proptest};
use proptest::sample::{select, subsequence};

use super::{Post, PostChange, Reach, SectionsChange, StaffRefusal};
use crate::access::{
    AccessRefusal, Role, Seat, Section, SectionChanges, StoreStatus, Worker, WorkerStatus, Workplace, format_sections,
    parse_sections,
};
use crate::coded::Coded;
use crate::ids::{StoreId, WorkerId};
use crate::zone::Zone;

const OTHER: WorkerId = WorkerId::new(2);

fn sections(list: &str) -> BTreeSet<Section> {
    parse_sections(list).unwrap()
}

fn any_sections() -> impl Strategy<Value = BTreeSet<Section>> {
    subsequence(Section::ALL, 0..=Section::ALL.len()).prop_map(|sections| sections.into_iter().collect())
}

fn post(role: Role) -> Post {
    Post {
        worker_id: OTHER,
        role,
        status: WorkerStatus::Active,
        changes: SectionChanges::default(),
    }
}

fn to_role(role: Role) -> PostChange {
    PostChange {
        role: Some(role),
        ..PostChange::default()
    }
}

fn exactly(list: &str) -> PostChange {
    PostChange {
        sections: Some(SectionsChange::Exactly(sections(list))),
        ..PostChange::default()
    }
}

fn shown(post: &Post) -> [String; 3] {
    [post.changes.added(), post.changes.removed(), &post.sections()].map(format_sections)
}

/// What somebody of `role`, with these changes of his own, is told.
fn judged(
    role: Role,
    own: &SectionChanges,
    judge: impl FnOnce(&Seat<'_>) -> Result<(), AccessRefusal>,
) -> &'static str {
    let store = Workplace {
        id: StoreId::new(1),
        name: "Do'kon".to_owned(),
        status: StoreStatus::Active,
        zone: Zone::TASHKENT,
    };
    let id = WorkerId::new(1);
    let worker = Worker::new(id, role, WorkerStatus::Active, None, own, Some(store.clone()));
    let seat = Seat {
        worker: &worker,
        store: &store,
    };
    judge(&seat).map_or_else(AccessRefusal::code, |()| "yes")
}

fn changes(role: Role, before: &Post, change: &PostChange) -> &'static str {
    let after = before.after(change);
    judged(role, &SectionChanges::default(), |seat| {
        seat.check_change(before, &after, Reach::Work)
    })
}

#[test]
fn the_example_of_the_contract() {
    let seller = post(Role::Seller).after(&exactly("sotuv,xarajatlar"));
    let manager = seller.after(&to_role(Role::Manager));

    let removed = "mahsulotlar,mijozlar,ombor,savdolar";
    assert_eq!(shown(&seller), ["xarajatlar", removed, "sotuv,xarajatlar"]);
    let effective = "boshqaruv,dokonlar,sotuv,xarajatlar,xodimlar";
    assert_eq!(shown(&manager), ["", removed, effective]);
}

#[test]
fn sections_sent_with_a_role_are_meant_for_it() {
    let change = PostChange {
        role: Some(Role::Operator),
        ..exactly("mahsulotlar,sotuv")
    };

    let operator = post(Role::Seller).after(&change);

    assert_eq!(shown(&operator), ["sotuv", "mijozlar,savdolar", "mahsulotlar,sotuv"]);
}

#[test]
fn who_may_make_what_of_whom() {
    let table: Vec<_> = [Role::Owner, Role::Manager, Role::Seller]
        .into_iter()
        .map(|actor| {
            let hires = Role::ALL.iter().map(|role| {
                judged(actor, &SectionChanges::default(), |seat| {
                    seat.check_hire(*role, &SectionChanges::default())
                })
            });
            let ends = Role::ALL.iter().map(|role| {
                let before = post(*role);
                let after = before.deactivated().unwrap();
                judged(actor, &SectionChanges::default(), |seat| {
                    seat.check_change(&before, &after, Reach::Work)
                })
            });
            (hires.collect::<Vec<_>>(), ends.collect::<Vec<_>>())
        })
        .collect();

    let no = "target_not_allowed";
    let of_manager = vec![no, no, "yes", "yes", "yes"];
    assert_eq!(
        table,
        [
            (vec!["yes"; 5], vec!["yes"; 5]),
            (of_manager.clone(), of_manager),
            (vec![no; 5], vec![no; 5]),
        ]
    );
}

#[test]
fn a_manager_neither_makes_managers_nor_gives_what_he_lacks() {
    let seller = post(Role::Seller);

    assert_eq!(
        changes(Role::Manager, &seller, &to_role(Role::Manager)),
        "target_not_allowed"
    );
    assert_eq!(changes(Role::Owner, &seller, &to_role(Role::Owner)), "yes");
    assert_eq!(changes(Role::Manager, &seller, &to_role(Role::Operator)), "yes");
    assert_eq!(changes(Role::Manager, &seller, &exactly("sotuv,xarajatlar")), "yes");
    assert_eq!(
        changes(Role::Manager, &seller, &exactly("sotuv,sozlamalar")),
        "section_required"
    );
    // What the seller was given by the owner may stay.
    let given = seller.after(&exactly("sotuv,sozlamalar"));
    assert_eq!(changes(Role::Manager, &given, &exactly("sozlamalar")), "yes");

    let poor = SectionChanges::wanted(Role::Manager, &sections("xodimlar,sotuv"));
    let hire = |changes: &SectionChanges| judged(Role::Manager, &poor, |seat| seat.check_hire(Role::Seller, changes));
    assert_eq!(hire(&SectionChanges::default()), "section_required");
    assert_eq!(hire(&SectionChanges::wanted(Role::Seller, &sections("sotuv"))), "yes");
}

#[test]
fn nobody_changes_what_he_is() {
    for role in [Role::Owner, Role::Manager] {
        let own = Post {
            worker_id: WorkerId::new(1),
            ..post(role)
        };
        let reach = |reach| {
            judged(role, &SectionChanges::default(), |seat| {
                seat.check_change(&own, &own, reach)
            })
        };

        assert_eq!(
            [reach(Reach::Person), reach(Reach::Work)],
            ["yes", "cannot_change_self"]
        );
    }
}

#[test]
fn salaries_of_owners_and_other_managers_are_hidden_from_managers() {
    let seen = |actor: Role, worker: i64, role: Role| {
        let worker = WorkerId::new(worker);
        let forbidden = AccessRefusal::Forbidden;
        judged(actor, &SectionChanges::default(), |seat| {
            seat.sees_salary_of(worker, role).then_some(()).ok_or(forbidden)
        }) == "yes"
    };

    let of_others = |actor| Role::ALL.iter().map(|role| seen(actor, 2, *role)).collect::<Vec<_>>();
    assert_eq!(of_others(Role::Owner), [true; 5]);
    assert_eq!(of_others(Role::Manager), [false, false, true, true, true]);
    assert!(seen(Role::Manager, 1, Role::Manager), "his own");
}

#[test]
fn a_status_is_set_once_by_its_verb() {
    let active = post(Role::Seller);
    let left = active.deactivated().unwrap();
    let on_leave = active.after(&PostChange {
        status: Some(WorkerStatus::OnLeave),
        ..PostChange::default()
    });

    assert_eq!(active.activated(), Err(StaffRefusal::AlreadyActive));
    assert_eq!(left.deactivated(), Err(StaffRefusal::AlreadyInactive));
    assert_eq!(on_leave.deactivated(), Ok(left.clone()));
    assert_eq!(
        [on_leave.activated(), left.activated()],
        [Ok(active.clone()), Ok(active)]
    );
}

#[test]
fn the_last_working_owner_stays_one() {
    let owner = post(Role::Owner);
    let gone = owner.deactivated().unwrap();
    let demoted = owner.after(&to_role(Role::Manager));

    for after in [&gone, &demoted] {
        assert_eq!(owner.check_owner_stays(after, 0), Err(StaffRefusal::LastOwner));
        assert_eq!(owner.check_owner_stays(after, 1), Ok(()));
    }
    assert_eq!(owner.check_owner_stays(&owner, 0), Ok(()));
    assert_eq!(gone.check_owner_stays(&demoted, 0), Ok(()), "he did not work before");
}

proptest! {
    // Law: after adding and removing disjoint sets, one has all of the one, none of the other, and the rest as before.
    #[test]
    fn what_is_added_is_there_and_what_is_removed_is_not(
        role in select(vec![Role::Manager, Role::Seller, Role::Operator, Role::Courier]),
        own in any_sections(),
        add in any_sections(),
        remove in any_sections(),
    ) {
        prop_assume!(add.is_disjoint(&remove));
        let before = post(role).after(&PostChange {
            sections: Some(SectionsChange::Exactly(own.clone())),
            ..PostChange::default()
        });

        let after = before.after(&PostChange {
            sections: Some(SectionsChange::By { add: add.clone(), remove: remove.clone() }),
            ..PostChange::default()
        });

        prop_assert_eq!(after.sections(), &(&own | &add) - &remove);
        prop_assert!(after.changes.added().is_disjoint(&role.sections()));
        prop_assert!(after.changes.removed().is_subset(&role.sections()));
    }

    // Law: an owner has every section, whatever is said of his.
    #[test]
    fn an_owner_keeps_every_section(wanted in any_sections(), add in any_sections(), remove in any_sections()) {
        for sections in [SectionsChange::Exactly(wanted), SectionsChange::By { add, remove }] {
            let change = PostChange { sections: Some(sections), ..PostChange::default() };
            let owner = post(Role::Owner).after(&change);
            prop_assert_eq!(owner, post(Role::Owner));
        }
    }

    // Law: a change of role and back leaves no section that the first role did not give or its own changes add.
    #[test]
    fn a_change_of_role_gives_nothing_by_the_way(
        first in select(Role::ALL),
        second in select(Role::ALL),
        own in any_sections(),
    ) {
        let before = post(first).after(&PostChange {
            sections: Some(SectionsChange::Exactly(own)),
            ..PostChange::default()
        });

        let back = before.after(&to_role(second)).after(&to_role(first));

        prop_assert!(back.changes.added().is_subset(before.changes.added()));
        prop_assert!(back.changes.removed().is_subset(before.changes.removed()));
    }
}
