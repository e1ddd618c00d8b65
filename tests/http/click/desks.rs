//! Desks of single stores (payments.md 1.2): the service that signs decides whose orders there are.

use chrono::TimeDelta;
use savdo_domain::payment::desk::DeskSecret;
use savdo_services::desks::{self, AddDesk, ClickTerms, DeskIds, Rotation, Switch};
use savdo_services::testing::CLICK_SECRET;

use super::{Call, Till, code, on_both, prepared, stands, told};

/// A desk of the store of the till.
fn own_desk(till: &Till) -> savdo_domain::ids::PaymentDeskId {
    till.server.world.desk(AddDesk {
        store_id: Some(till.shop.store_id),
        environment: None,
        ids: DeskIds::Click {
            service_id: "900".to_owned(),
            terms: ClickTerms {
                merchant_id: "77".to_owned(),
                merchant_user_id: "88".to_owned(),
            },
        },
        secret: DeskSecret::new("ozimizniki"),
    })
}

fn by_own(call: Call) -> Call {
    call.with("service_id", "900").signed_by("ozimizniki")
}

#[test]
fn a_service_of_a_store_opens_its_orders_and_the_default_does_not() {
    on_both(|till| {
        let order = till.order();
        let id = own_desk(till);

        assert_eq!(code(till, &Call::prepare(order)), -5);
        assert_eq!(code(till, &by_own(Call::prepare(order)).signed_by(CLICK_SECRET)), -1);
        let (told_code, number) = told(&by_own(Call::prepare(order)).send(till));
        assert_eq!(told_code, 0);
        let rotation = Rotation::To(DeskSecret::new("yangisir"));
        desks::rotate(&till.server.world.context, id, rotation)
            .unwrap()
            .unwrap();
        let completing = by_own(Call::complete(order, number.unwrap()));
        assert_eq!(code(till, &completing), 0, "the previous secret, while it is taken too");
        assert_eq!(stands(till, order), "paid paid");
        assert_eq!(code(till, &completing.clone().signed_by("yangisir")), -4);

        desks::switch(&till.server.world.context, id, Switch::Off)
            .unwrap()
            .unwrap();
        assert_eq!(code(till, &completing), -1);
    });
}

#[test]
fn while_the_database_does_not_tell_its_desks_it_is_7_and_503_for_money() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let world = &till.server.world;

        world.database.execute("ALTER TABLE payment_desks RENAME TO elsewhere");
        world.clock.advance(TimeDelta::seconds(5));

        assert_eq!(code(till, &Call::prepare(order)), -7);
        assert_eq!(code(till, &Call::prepare(order).signed_by("x")), -7);
        let failed = Call::complete(order, number).send(till);
        assert_eq!((failed.status, failed.text.as_str()), (503, ""));
        world.database.execute("ALTER TABLE elsewhere RENAME TO payment_desks");
        assert_eq!(told(&Call::complete(order, number).send(till)), (0, Some(number)));
    });
}
