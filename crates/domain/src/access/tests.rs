//! The table of roles and rights, whole, and the order in which rights are judged.

use crate::access::{
    AccessRefusal, Actor, Effect, Origin, Permission, PharmacyRole, Right, Role, Scope, Section, SectionChanges,
    StoreStatus, Worker, WorkerStatus, Workplace, parse_sections,
};
use crate::account::AccountKind;
use crate::coded::Coded;
use crate::ids::{LocationId, SessionId, StoreId, UserId, WorkerId};
use crate::order::Hand;
use crate::zone::Zone;

const BUYER: UserId = UserId::new(7);
const STORE: StoreId = StoreId::new(3);
const COURIER: WorkerId = WorkerId::new(5);

fn customer() -> Actor {
    Actor {
        user_id: BUYER,
        session_id: SessionId::new(1),
        kind: AccountKind::Customer,
        name: "Ali Valiyev".to_owned(),
        is_superuser: false,
        token_version: 1,
        worker: None,
        origin: Origin::default(),
    }
}

fn admin() -> Actor {
    Actor {
        kind: AccountKind::Staff,
        is_superuser: true,
        ..customer()
    }
}

fn workplace(status: StoreStatus) -> Workplace {
    Workplace {
        id: STORE,
        name: "Savdo Dorixona".to_owned(),
        status,
        zone: Zone::TASHKENT,
    }
}

fn worker_with(role: Role, changes: &SectionChanges) -> Actor {
    let branch = Some(LocationId::new(4));
    let store = Some(workplace(StoreStatus::Active));
    let worker = Worker::new(COURIER, role, WorkerStatus::Active, branch, changes, store);
    Actor {
        kind: AccountKind::Staff,
        worker: Some(worker),
        ..customer()
    }
}

fn worker(role: Role) -> Actor {
    worker_with(role, &SectionChanges::default())
}

fn changed(mut actor: Actor, change: impl FnOnce(&mut Worker)) -> Actor {
    change(actor.worker.as_mut().unwrap());
    actor
}

fn refusal(actor: &Actor, permission: Permission) -> Option<&'static str> {
    actor.permit(permission).err().map(AccessRefusal::code)
}

fn table(head: &str, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut lines = vec![head.to_owned()];
    for cells in rows {
        let line: String = cells.iter().map(|cell| format!("{cell:<18}")).collect();
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

#[test]
fn the_table_of_roles_and_rights() {
    let rows = Permission::ALL.iter().map(|permission| {
        let judged = Role::ALL
            .iter()
            .map(|role| refusal(&worker(*role), *permission).unwrap_or("yes").to_owned());
        std::iter::once(permission.to_string()).chain(judged).collect()
    });

    let expected = "\
right             owner             manager           seller            operator          courier
view_store        yes               yes               section_required  section_required  section_required
change_store      yes               role_required     role_required     role_required     role_required
view_branches     yes               yes               yes               yes               yes
create_branch     yes               role_required     role_required     role_required     role_required
change_branch     yes               role_required     role_required     role_required     role_required
view_workers      yes               yes               section_required  section_required  section_required
hire_worker       yes               yes               section_required  section_required  section_required
change_workers    yes               yes               section_required  section_required  section_required
change_oneself    yes               yes               yes               yes               yes
view_settings     yes               section_required  section_required  section_required  section_required
change_settings   yes               section_required  section_required  section_required  section_required
view_catalogue    yes               yes               yes               yes               section_required
change_catalogue  yes               yes               role_required     role_required     section_required
view_stock        yes               yes               yes               section_required  section_required
oversee_stock     yes               yes               role_required     section_required  section_required
receive_stock     yes               yes               yes               section_required  section_required
change_stock      yes               yes               role_required     section_required  section_required
view_sales        yes               yes               yes               yes               section_required
sell              yes               yes               yes               section_required  section_required
cancel_sale       yes               yes               role_required     section_required  section_required
return_sale       yes               yes               yes               section_required  section_required
settle_return     yes               yes               role_required     section_required  section_required
view_shifts       yes               yes               yes               yes               yes
open_shift        yes               yes               yes               section_required  section_required
close_shift       yes               yes               yes               section_required  section_required
view_expenses     yes               yes               section_required  section_required  section_required
add_expense       yes               yes               section_required  section_required  section_required
change_expenses   yes               yes               section_required  section_required  section_required
view_audit_log    yes               role_required     role_required     role_required     role_required";
    let head = "right             owner             manager           seller            operator          courier";
    assert_eq!(table(head, rows), expected);
}

#[test]
fn the_table_of_callers_and_the_online_pharmacy() {
    let callers = [
        ("superuser", admin()),
        ("customer", customer()),
        (
            "gone owner",
            changed(worker(Role::Owner), |owner| owner.status = WorkerStatus::Left),
        ),
        (
            "courier on leave",
            changed(worker(Role::Courier), |courier| courier.status = WorkerStatus::OnLeave),
        ),
        (
            "storeless owner",
            changed(worker(Role::Owner), |owner| owner.store = None),
        ),
    ];
    let workers = Role::ALL.iter().map(|role| (role.code(), worker(*role)));

    let rows = workers.chain(callers).map(|(name, actor)| {
        let scope = |judged: Result<Scope, AccessRefusal>| match judged {
            Ok(Scope::Own(_)) => "own",
            Ok(Scope::Assigned { .. }) => "assigned",
            Ok(Scope::Store(_)) => "store",
            Ok(Scope::StoreOrOwn { .. }) => "store or own",
            Ok(Scope::All) => "all",
            Err(refusal) => refusal.code(),
        };
        let role = actor.pharmacy_role().code();
        let catalogue = scope(actor.catalogue_scope(Effect::Writes));
        let checkout = actor.permit_checkout().map_or_else(AccessRefusal::code, |()| "yes");
        let words = scope(actor.template_scope(Effect::Writes));
        [name, role, scope(actor.order_scope()), catalogue, checkout, words]
            .map(str::to_owned)
            .to_vec()
    });

    let expected = "\
caller            role              orders            catalogue         checkout          words
owner             admin             store or own      store             yes               store
manager           admin             store or own      store             yes               store
seller            customer          own               forbidden         forbidden         forbidden
operator          operator          store or own      store             forbidden         forbidden
courier           courier           assigned          forbidden         forbidden         forbidden
superuser         admin             all               all               yes               all
customer          customer          own               forbidden         yes               forbidden
gone owner        customer          own               forbidden         yes               forbidden
courier on leave  customer          own               forbidden         yes               forbidden
storeless owner   admin             own               forbidden         yes               forbidden";
    let head = "caller            role              orders            catalogue         checkout          words";
    assert_eq!(table(head, rows), expected);
}

#[test]
fn a_seat_names_the_place_of_work() {
    let manager = worker(Role::Manager);

    let seat = manager.permit(Permission::CancelSale).unwrap();

    assert_eq!(
        (seat.store_id(), seat.worker_id(), seat.zone()),
        (STORE, COURIER, Zone::TASHKENT)
    );
    assert_eq!(seat.scope(), Scope::Store(STORE));
    assert!(seat.is_manager());
    assert!(!worker(Role::Seller).permit(Permission::Sell).unwrap().is_manager());
}

#[test]
fn the_first_thing_missing_answers() {
    let nobody = changed(worker(Role::Courier), |courier| {
        courier.status = WorkerStatus::Left;
        courier.store = None;
    });
    let storeless = changed(nobody.clone(), |courier| courier.status = WorkerStatus::Active);
    let blocked = changed(storeless.clone(), |courier| {
        courier.store = Some(workplace(StoreStatus::Blocked))
    });
    let switched_off = changed(blocked.clone(), |courier| {
        courier.store = Some(workplace(StoreStatus::Inactive))
    });
    let open = changed(switched_off.clone(), |courier| {
        courier.store = Some(workplace(StoreStatus::Active))
    });

    let judged = [customer(), admin(), nobody, storeless, blocked, switched_off, open]
        .map(|actor| actor.permit(Permission::CancelSale).err().unwrap());

    let section = Section::Counter;
    assert_eq!(
        judged,
        [
            AccessRefusal::NotAWorker,
            AccessRefusal::NotAWorker,
            AccessRefusal::WorkerInactive,
            AccessRefusal::NoStore,
            AccessRefusal::StoreBlocked,
            AccessRefusal::StoreInactive,
            AccessRefusal::SectionRequired { section },
        ]
    );
    assert_eq!(
        worker(Role::Seller).permit(Permission::CancelSale),
        Err(AccessRefusal::RoleRequired { roles: Role::MANAGERS })
    );
}

#[test]
fn a_list_is_empty_for_an_owner_without_a_store_and_refused_to_nobody_else() {
    let storeless = changed(worker(Role::Owner), |owner| owner.store = None);
    let gone = changed(storeless.clone(), |owner| owner.status = WorkerStatus::Left);
    let view = Permission::ViewStock;

    assert_eq!(storeless.permit_list(view), Ok(None));
    assert_eq!(gone.permit_list(view), Err(AccessRefusal::WorkerInactive));
    assert_eq!(
        worker(Role::Courier).permit_list(view).err(),
        worker(Role::Courier).permit(view).err()
    );
    assert_eq!(storeless.check(Right::ShopList(view)), Ok(()));
    assert_eq!(storeless.check(Right::Shop(view)), Err(AccessRefusal::NoStore));
}

#[test]
fn a_store_switched_off_is_read_and_a_blocked_one_is_not() {
    let owner_of = |status| changed(worker(Role::Owner), |owner| owner.store = Some(workplace(status)));
    let (switched_off, blocked) = (owner_of(StoreStatus::Inactive), owner_of(StoreStatus::Blocked));

    assert_eq!(refusal(&switched_off, Permission::ViewStock), None);
    assert_eq!(refusal(&switched_off, Permission::Sell), Some("store_inactive"));
    assert_eq!(refusal(&blocked, Permission::ViewStock), Some("store_blocked"));
    assert_eq!(refusal(&switched_off, Permission::ChangeStore), None);
    assert_eq!(refusal(&blocked, Permission::ChangeStore), Some("store_blocked"));
    let (store, buyer) = (STORE, BUYER);
    assert_eq!(switched_off.order_scope(), Ok(Scope::StoreOrOwn { store, buyer }));
    assert_eq!(switched_off.catalogue_scope(Effect::Reads), Ok(Scope::Store(STORE)));
    assert_eq!(
        switched_off.catalogue_scope(Effect::Writes),
        Err(AccessRefusal::StoreInactive)
    );
    assert_eq!(switched_off.template_scope(Effect::Reads), Ok(Scope::Store(STORE)));
    assert_eq!(
        switched_off.template_scope(Effect::Writes),
        Err(AccessRefusal::StoreInactive)
    );
    assert_eq!(blocked.template_scope(Effect::Reads), Err(AccessRefusal::StoreBlocked));
    assert_eq!(blocked.order_scope(), Err(AccessRefusal::StoreBlocked));
    assert_eq!(switched_off.permit_checkout(), Err(AccessRefusal::StoreInactive));
    assert_eq!(blocked.permit_checkout(), Err(AccessRefusal::StoreBlocked));
}

#[test]
fn an_owner_at_work_may_make_his_store_and_whoever_has_one_is_judged_in_it() {
    let founding = |actor: Actor| actor.permit_founding().err().map(AccessRefusal::code);
    let owner_of = |store| changed(worker(Role::Owner), |owner| owner.store = store);
    let on_leave = changed(owner_of(None), |owner| owner.status = WorkerStatus::OnLeave);

    assert_eq!(founding(owner_of(None)), None);
    assert_eq!(founding(owner_of(Some(workplace(StoreStatus::Active)))), None);
    assert_eq!(
        founding(owner_of(Some(workplace(StoreStatus::Inactive)))),
        Some("store_inactive")
    );
    assert_eq!(
        founding(owner_of(Some(workplace(StoreStatus::Blocked)))),
        Some("store_blocked")
    );
    assert_eq!(founding(worker(Role::Manager)), Some("role_required"));
    assert_eq!(founding(on_leave), Some("worker_inactive"));
    assert_eq!(founding(customer()), Some("not_a_worker"));
    assert_eq!(owner_of(None).check(Right::FoundStore), Ok(()));
}

#[test]
fn any_one_of_the_sections_of_a_right_will_do() {
    let only = |sections: &str| {
        worker_with(
            Role::Seller,
            &SectionChanges::wanted(Role::Seller, &parse_sections(sections).unwrap()),
        )
    };
    let section = Section::Counter;

    assert_eq!(refusal(&only("sotuv"), Permission::ViewSales), None);
    assert_eq!(refusal(&only("savdolar"), Permission::ViewSales), None);
    assert_eq!(refusal(&only("savdolar"), Permission::Sell), Some("section_required"));
    assert_eq!(
        only("ombor").permit(Permission::ViewSales),
        Err(AccessRefusal::SectionRequired { section })
    );
}

#[test]
fn a_section_given_to_a_manager_does_not_make_him_owner() {
    let changes = SectionChanges::wanted(Role::Manager, &Role::Owner.sections());

    let manager = worker_with(Role::Manager, &changes);

    assert_eq!(refusal(&manager, Permission::ViewSettings), None);
    assert_eq!(refusal(&manager, Permission::ChangeSettings), Some("role_required"));
}

#[test]
fn a_courier_sees_what_is_assigned_to_him_in_his_store() {
    let scope = worker(Role::Courier).order_scope();

    assert_eq!(
        scope,
        Ok(Scope::Assigned {
            store: STORE,
            courier: COURIER,
            buyer: BUYER
        })
    );
    assert_eq!(worker(Role::Seller).order_scope(), Ok(Scope::Own(BUYER)));
    assert_eq!(worker(Role::Courier).pharmacy_role(), PharmacyRole::Courier);
}

#[test]
fn a_worker_lends_his_hand_to_orders_of_his_store_and_a_buyer_to_his_own() {
    let elsewhere = StoreId::new(STORE.get() + 1);
    let roles = [Role::Owner, Role::Manager, Role::Operator, Role::Courier, Role::Seller];
    let on_leave = changed(worker(Role::Operator), |worker| worker.status = WorkerStatus::OnLeave);

    let customer_id = UserId::new(BUYER.get() + 1);

    let here = roles.map(|role| worker(role).hand_in(STORE, customer_id));
    let there = roles.map(|role| worker(role).hand_in(elsewhere, BUYER));
    let his_own = roles.map(|role| worker(role).hand_in(STORE, BUYER));

    use Hand::{Admin, Buyer, Courier, Operator};
    assert_eq!(here, [Admin, Admin, Operator, Courier, Buyer]);
    assert_eq!(there, [Buyer; 5]);
    assert_eq!(his_own, [Admin, Admin, Operator, Buyer, Buyer]);
    assert_eq!(
        [customer(), on_leave, admin()].map(|actor| actor.hand_in(STORE, BUYER)),
        [Buyer, Buyer, Admin]
    );
}

#[test]
fn only_staff_may_change_a_profile_in_the_shop() {
    assert_eq!(worker(Role::Courier).permit_staff(), Ok(()));
    assert_eq!(admin().permit_staff(), Ok(()));
    assert_eq!(customer().permit_staff(), Err(AccessRefusal::NotAWorker));
}

#[test]
fn only_an_admin_administers_the_installation() {
    assert_eq!(admin().check(Right::Installation), Ok(()));
    for actor in [worker(Role::Owner), customer()] {
        assert_eq!(actor.check(Right::Installation), Err(AccessRefusal::AdminOnly));
    }
}

#[test]
fn the_audit_log_names_person_and_role() {
    assert_eq!(worker(Role::Owner).display_name(), "Ali Valiyev (Ega)");
    assert_eq!(worker(Role::Seller).display_name(), "Ali Valiyev (Sotuvchi)");
    assert_eq!(admin().display_name(), "Ali Valiyev (Admin)");
    assert_eq!(customer().display_name(), "Ali Valiyev (Mijoz)");
}
