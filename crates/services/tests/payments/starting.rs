//! A buyer starts to pay, and people look at it.

use chrono::TimeDelta;
use savdo_domain::access::{AccessRefusal, Actor, Role};
use savdo_domain::account::Language;
use savdo_domain::ids::OrderId;
use savdo_domain::order::PaymentMethod;
use savdo_domain::payment::{LogEvent, PaymentState, Provider};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::payments::{self, ListPayments, PaymentSeen, StartPayment, StartedPayment};
use savdo_services::testing::{PAYME_KEY, at_once, desks, refusal};
use savdo_services::{Page, Result};

use crate::support::{Town, order};

const RUSSIAN: Language = Language::Russian;

fn start(town: &Town, actor: &Actor, order_id: OrderId, provider: Provider) -> Result<StartedPayment> {
    let command = StartPayment {
        order_id,
        provider,
        return_url: None,
        language: RUSSIAN,
    };
    payments::start(&town.world.context, actor, command, &Unkeyed)
}

fn by_payme(town: &Town) -> Result<StartedPayment> {
    start(town, &town.customer, town.id(), Provider::Payme)
}

#[track_caller]
fn code(outcome: Result<StartedPayment>) -> &'static str {
    refusal(outcome).code().unwrap()
}

fn seen(town: &Town, actor: &Actor, public_id: &str) -> Result<PaymentSeen> {
    payments::view(&town.world.context, actor, public_id, RUSSIAN)
}

/// The orders of the payments on the first page, with their providers.
fn listed(town: &Town, actor: &Actor, wish: ListPayments) -> Vec<(OrderId, Provider)> {
    let listed = payments::list(&town.world.context, actor, wish, RUSSIAN, &Page::new(1, 20)).unwrap();
    let rows = listed.rows.into_iter().map(|seen| seen.payment);
    rows.map(|payment| (payment.order.id, payment.provider)).collect()
}

on_both! {
    fn a_payment_is_started_once_however_often_it_is_asked_for(database: TestDatabase) {
        let town = Town::on(database);

        let first = by_payme(&town).unwrap();
        let again = by_payme(&town).unwrap();

        assert!(first.is_new && !again.is_new);
        assert_eq!(first.seen, again.seen);
        let payment = &first.seen.payment;
        assert_eq!((payment.state, payment.amount, payment.is_late), (PaymentState::Pending, town.order.order.total_price, false));
        assert_eq!(payment.buyer_phone, town.order.order.buyer.phone);
        assert_eq!(town.story(), "awaiting_payment unpaid; payme pending; ");
        assert_eq!(town.log(), "created");
        town.agrees();
    }

    fn many_who_start_at_once_get_one_payment(database: TestDatabase) {
        let town = Town::on(database);

        let started = at_once(8, |_| by_payme(&town).unwrap());

        assert_eq!(started.iter().filter(|started| started.is_new).count(), 1);
        assert!(started.iter().all(|one| one.seen == started[0].seen));
        assert_eq!(town.story(), "awaiting_payment unpaid; payme pending; ");
        assert_eq!(town.log(), "created");
    }

    fn a_start_that_fails_anywhere_leaves_nothing(database: TestDatabase) {
        let town = Town::on(database);

        let (started, count) = town.world.fails_at_every_statement(|| by_payme(&town));

        assert!(started.is_new && count > 8, "{count}");
        assert_eq!(town.log(), "created");
        town.agrees();
    }

    fn an_order_that_takes_no_online_payment_of_this_caller_is_refused(database: TestDatabase) {
        let town = Town::on(database);
        let in_cash = order(&town.world, &town.customer, PaymentMethod::Cash).order.id;
        let over = town.another();
        town.world.clock.advance(TimeDelta::minutes(61));
        let cancelled = town.another();
        let command = savdo_services::orders::CancelOrder { order_id: cancelled, reason: String::new() };
        savdo_services::orders::cancel(&town.world.context, &town.customer, command, &Unkeyed).unwrap();
        let open = town.another();
        let strangers = [town.world.customer(), town.shop.owner.clone(), town.world.hire(&town.shop, Role::Operator), town.world.admin()];
        let before = town.world.everything();

        for order in [in_cash, over, cancelled] {
            for provider in [Provider::Payme, Provider::Click] {
                assert_eq!(code(start(&town, &town.customer, order, provider)), "order_not_awaiting_payment");
            }
        }
        let without_click = town.world.with_desks(desks(PAYME_KEY, ""));
        let command = StartPayment { order_id: open, provider: Provider::Click, return_url: None, language: RUSSIAN };
        assert_eq!(code(payments::start(&without_click, &town.customer, command, &Unkeyed)), "provider_not_configured");
        for stranger in strangers {
            assert_eq!(refusal(start(&town, &stranger, open, Provider::Payme)), Refusal::NotFound);
        }
        let unknown = OrderId::new(999_999);
        assert_eq!(refusal(start(&town, &town.customer, unknown, Provider::Payme)), Refusal::NotFound);
        assert_eq!(town.world.everything(), before);
    }

    fn an_order_that_another_provider_holds_is_in_progress(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();

        assert_eq!(code(start(&town, &town.customer, town.id(), Provider::Click)), "payment_in_progress");
        let known = by_payme(&town).unwrap();
        assert!(!known.is_new && known.seen.pay_url.is_some());
        assert_eq!(known.seen.external_id.unwrap().as_str(), "a1");
        town.perform("a1").unwrap();

        let paid = by_payme(&town).unwrap();
        assert_eq!((paid.is_new, paid.seen.payment.state, paid.seen.pay_url), (false, PaymentState::Success, None));
        assert_eq!(code(start(&town, &town.customer, town.id(), Provider::Click)), "order_not_awaiting_payment");
    }

    fn a_payment_that_was_cancelled_is_followed_by_a_new_one(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        town.cancel("a1", 3).unwrap();

        let started = by_payme(&town).unwrap();

        assert!(started.is_new && started.seen.external_id.is_none());
        assert_eq!(town.story(), "awaiting_payment unpaid; payme cancelled, payme pending; cancelled 3");
        let first = town.world.database.lines("SELECT public_id AS line FROM payments ORDER BY id").remove(0);
        let first = seen(&town, &town.customer, &first).unwrap();
        assert_eq!((first.pay_url, first.external_id.unwrap().as_str()), (None, "a1"));
        town.agrees();
    }

    fn a_link_is_shown_while_it_leads_anywhere(database: TestDatabase) {
        let town = Town::on(database);
        let started = by_payme(&town).unwrap().seen;
        let id = started.payment.public_id.as_str();
        let link = || seen(&town, &town.customer, id).unwrap().pay_url;

        assert_eq!(link(), started.pay_url);
        assert!(started.pay_url.unwrap().starts_with("https://test.paycom.uz/"));
        town.world.clock.advance(TimeDelta::minutes(61));
        assert_eq!(link(), None, "its time is over");
        town.world.clock.advance(TimeDelta::minutes(-61));
        town.create("a1").unwrap();
        town.world.clock.advance(TimeDelta::minutes(61));
        assert!(link().is_some(), "the transaction outlives the time of the order");
        town.give_up(&town.customer).unwrap();
        assert_eq!(link(), None, "it is cancelled");
    }

    fn click_is_paid_by_a_link_of_its_own_while_it_leads_anywhere(database: TestDatabase) {
        let town = Town::on(database);
        let by_click = || start(&town, &town.customer, town.id(), Provider::Click).unwrap();
        let started = by_click();
        let link = |started: StartedPayment| started.seen.pay_url;

        let expected = "https://my.click.uz/services/pay/?service_id=85335&merchant_id=46&amount=10000.00&transaction_param=1\
                        &return_url=https%3A%2F%2Fdorixona.uz%2Forders%2F1%2F&merchant_user_id=9";
        assert!(started.is_new);
        assert_eq!(started.seen.pay_url.as_deref(), Some(expected));
        let number = town.prepared(77);
        let again = by_click();
        assert_eq!((again.is_new, again.seen.external_id.clone().unwrap().as_str()), (false, "77"));
        assert_eq!(link(again).as_deref(), Some(expected), "another attempt may take over");
        assert_eq!(code(by_payme(&town)), "payment_in_progress");
        town.complete(77, number, 0);
        let paid = by_click();
        assert_eq!((paid.is_new, paid.seen.payment.state, paid.seen.pay_url), (false, PaymentState::Success, None));
        town.agrees();
    }

    fn a_payer_comes_back_to_a_listed_origin_or_not_at_all(database: TestDatabase) {
        let town = Town::on(database);
        let back_to = |url: &str| {
            let command = StartPayment {
                order_id: town.id(),
                provider: Provider::Payme,
                return_url: Some(url.to_owned()),
                language: Language::Uzbek,
            };
            payments::start(&town.world.context, &town.customer, command, &Unkeyed)
        };

        let refused = refusal(back_to("https://yomon.uz/"));
        assert_eq!(refused, Refusal::field("return_url", FieldProblem::InvalidFormat));
        assert_eq!(town.log(), "");
        let own = back_to("https://dorixona.uz/rahmat").unwrap().seen.pay_url;
        let usual = by_payme(&town).unwrap().seen.pay_url;
        assert!(own.is_some() && usual.is_some() && own != usual, "{own:?} {usual:?}");
    }

    fn payments_are_seen_by_who_ordered_and_by_staff_of_the_store(database: TestDatabase) {
        let town = Town::paid(database);
        let second = town.another();
        start(&town, &town.customer, second, Provider::Payme).unwrap();
        let elsewhere = town.world.shop();
        let operator = town.world.hire(&town.shop, Role::Operator);
        let id = town.world.database.lines("SELECT public_id AS line FROM payments ORDER BY id").remove(0);
        let all = || ListPayments::default();

        let both = vec![(second, Provider::Payme), (town.id(), Provider::Payme)];
        for actor in [&town.customer, &town.shop.owner, &operator, &town.world.admin()] {
            assert_eq!(listed(&town, actor, all()), both);
            assert_eq!(seen(&town, actor, &id).unwrap().payment.order.id, town.id());
        }
        let strangers = [elsewhere.owner, town.world.customer(), town.world.hire(&town.shop, Role::Courier), town.world.hire(&town.shop, Role::Seller)];
        for stranger in strangers {
            assert_eq!(listed(&town, &stranger, all()), []);
            assert_eq!(refusal(seen(&town, &stranger, &id)), Refusal::NotFound);
        }
    }

    fn a_list_is_narrowed_by_state_provider_order_and_day(database: TestDatabase) {
        let town = Town::paid(database);
        let second = town.another();
        start(&town, &town.customer, second, Provider::Payme).unwrap();
        let today = town.shop.owner.worker.as_ref().unwrap().store.as_ref().unwrap().zone.day(town.world.context.now());
        let of = |wish: ListPayments| -> Vec<OrderId> {
            listed(&town, &town.shop.owner, wish).into_iter().map(|(order, _)| order).collect()
        };

        assert_eq!(of(ListPayments { state: Some(PaymentState::Success), ..ListPayments::default() }), [town.id()]);
        assert_eq!(of(ListPayments { provider: Some(Provider::Cash), ..ListPayments::default() }), []);
        assert_eq!(of(ListPayments { order_id: Some(second), ..ListPayments::default() }), [second]);
        assert_eq!(of(ListPayments { buyer_id: Some(town.shop.owner.user_id), ..ListPayments::default() }), []);
        assert_eq!(of(ListPayments { created_from: Some(today), created_to: Some(today), ..ListPayments::default() }), [second, town.id()]);
        assert_eq!(of(ListPayments { created_from: today.succ_opt(), ..ListPayments::default() }), []);
        assert_eq!(of(ListPayments { created_to: today.pred_opt(), ..ListPayments::default() }), []);
    }

    fn staff_of_the_store_read_the_log_and_nobody_else_does(database: TestDatabase) {
        let town = Town::paid(database);
        let id = town.world.database.lines("SELECT public_id AS line FROM payments").remove(0);
        let read = |actor: &Actor| payments::logs(&town.world.context, actor, &id);

        let log = read(&town.world.hire(&town.shop, Role::Operator)).unwrap();

        let events: Vec<_> = log.logs.iter().map(|row| row.event).collect();
        assert_eq!(events, [LogEvent::Created, LogEvent::PaymeCreate, LogEvent::Completed, LogEvent::PaymePerform]);
        assert_eq!((log.logs[0].request.as_str(), log.logs[1].request.is_empty()), ("", false));
        let forbidden = Refusal::Access(AccessRefusal::Forbidden);
        assert_eq!(refusal(read(&town.customer)), forbidden);
        assert_eq!(refusal(read(&town.world.shop().owner)), Refusal::NotFound);
        assert_eq!(refusal(payments::logs(&town.world.context, &town.shop.owner, "PAY-0000000000000000")), Refusal::NotFound);
    }
}
