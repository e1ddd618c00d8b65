//! Money that people give back by hand.

use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, Role};
use savdo_domain::account::Language;
use savdo_domain::order::PaymentMethod;
use savdo_domain::payment::PaymentState;
use savdo_domain::payment::payme::Fault;
use savdo_persistence::on_both;
use savdo_services::Result;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, ReceiveCash};
use savdo_services::payments::{self, PaymentSeen, RefundPayment};
use savdo_services::testing::{at_once, refusal};

use crate::support::{TOTAL, Town, order};

/// What clients call the last payment.
fn last(town: &Town) -> String {
    let drawn = town
        .world
        .database
        .lines("SELECT public_id AS line FROM payments ORDER BY id");
    drawn.last().unwrap().clone()
}

fn refund(town: &Town, actor: &Actor) -> Result<PaymentSeen> {
    refund_of(town, actor, last(town))
}

fn refund_of(town: &Town, actor: &Actor, public_id: String) -> Result<PaymentSeen> {
    let command = RefundPayment {
        public_id,
        reason: "Buyurtma bekor bo'ldi".to_owned(),
        reference: Some("K-17".to_owned()),
        language: Language::Uzbek,
    };
    payments::refund(&town.world.context, actor, command, &Unkeyed)
}

/// An order that Payme was paid for, and that staff cancelled since.
fn owed(database: savdo_persistence::testing::TestDatabase) -> Town {
    let town = Town::paid(database);
    town.give_up(&town.shop.owner).unwrap();
    assert_eq!(town.story(), "cancelled refund_pending; payme success; performed");
    town
}

on_both! {
    fn money_of_a_cancelled_order_is_marked_as_given_back_once(database: TestDatabase) {
        let town = owed(database);

        let seen = refund(&town, &town.shop.owner).unwrap();

        assert_eq!((seen.payment.state, seen.payment.refunded_at), (PaymentState::Refunded, Some(town.world.context.now())));
        assert_eq!(town.story(), "cancelled refunded; payme refunded; performed");
        let kept = town.world.database.lines("SELECT refund_reason || ', ' || refund_reference AS line FROM payments");
        assert_eq!(kept, ["Buyurtma bekor bo'ldi, K-17"]);
        assert!(town.log().ends_with("refund_requested refunded"), "{}", town.log());
        assert_eq!(town.told("payment.refunded"), 1);
        let audited = "SELECT action || ' ' || subject_type AS line FROM audit_entries ORDER BY id DESC LIMIT 2";
        assert_eq!(town.world.database.lines(audited), ["refund payment", "refund order"]);
        let story = town.story();
        assert_eq!(refusal(refund(&town, &town.shop.owner)).code(), Some("not_refundable"));
        assert_eq!(town.cancel("a1", 5), Err(Fault::CannotCancel), "nobody gets his money twice");
        assert_eq!(town.story(), story);
        town.agrees();
    }

    fn of_many_who_give_back_at_once_one_does(database: TestDatabase) {
        let town = owed(database);

        let given = at_once(6, |_| refund(&town, &town.shop.owner).is_ok());

        assert_eq!(given.iter().filter(|given| **given).count(), 1);
        assert_eq!(town.told("payment.refunded"), 1);
        town.agrees();
    }

    fn what_payme_takes_back_meanwhile_is_not_given_back_by_hand_too(database: TestDatabase) {
        let town = owed(database);

        let both = at_once(2, |hand| if hand == 0 { refund(&town, &town.shop.owner).is_ok() } else { town.cancel("a1", 5).is_ok() });

        assert_eq!(both.iter().filter(|done| **done).count(), 1, "{both:?}");
        assert_eq!(town.told("payment.refunded"), 1);
        town.agrees();
    }

    fn cash_of_a_cancelled_order_goes_back_by_hand(database: TestDatabase) {
        let town = Town::on(database);
        let command = ReceiveCash { order_id: town.id(), amount: TOTAL };
        orders::receive_cash(&town.world.context, &town.shop.owner, command, &Unkeyed).unwrap();
        assert_eq!(refusal(refund(&town, &town.shop.owner)).code(), Some("not_refundable"), "the order is paid by it");
        town.give_up(&town.shop.owner).unwrap();

        refund(&town, &town.world.admin()).unwrap();

        assert_eq!(town.story(), "cancelled refunded; cash refunded; ");
        town.agrees();
    }

    fn money_that_never_came_is_not_refundable(database: TestDatabase) {
        let town = Town::on(database);
        order(&town.world, &town.customer, PaymentMethod::Cash);

        assert_eq!(refusal(refund(&town, &town.shop.owner)).code(), Some("not_refundable"));
        town.create("a1").unwrap();
        assert_eq!(refusal(refund(&town, &town.shop.owner)).code(), Some("not_refundable"));
        town.agrees();
    }

    fn a_refund_is_for_owners_managers_and_admins_and_in_their_store(database: TestDatabase) {
        let town = owed(database);
        let elsewhere = town.world.shop();

        for role in [Role::Operator, Role::Seller, Role::Courier] {
            let worker = town.world.hire(&town.shop, role);
            assert_eq!(refusal(refund(&town, &worker)), AccessRefusal::Forbidden.into(), "{role:?}");
        }
        assert_eq!(refusal(refund(&town, &town.customer)), AccessRefusal::Forbidden.into());
        assert_eq!(refusal(refund(&town, &elsewhere.owner)), Refusal::NotFound);
        assert_eq!(town.story(), "cancelled refund_pending; payme success; performed");
        assert_eq!(town.told("payment.refunded"), 0);
        let manager = town.world.hire(&town.shop, Role::Manager);
        refund(&town, &manager).unwrap();
        assert_eq!(town.story(), "cancelled refunded; payme refunded; performed");
    }

    fn a_refund_that_fails_anywhere_leaves_nothing(database: TestDatabase) {
        let town = owed(database);
        let payment = last(&town);

        let (seen, count) = town.world.fails_at_every_statement(|| refund_of(&town, &town.shop.owner, payment.clone()));

        assert!(seen.payment.refunded_at.is_some() && count > 8, "{count}");
        assert_eq!(town.told("payment.refunded"), 1);
        town.agrees();
    }
}
