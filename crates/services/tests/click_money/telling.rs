//! Who is told of money, and in which words.

use savdo_domain::access::{Actor, Role};
use savdo_persistence::on_both;
use savdo_services::testing::ClickFails;

use crate::support::Town;

on_both! {
    fn those_who_answer_for_the_stores_money_are_told_in_their_language(database: TestDatabase) {
        let town = Town::on(database);
        for role in [Role::Manager, Role::Seller, Role::Courier] {
            let _hired = town.world.hire(&town.shop, role);
        }
        let stranger = town.world.shop();
        let _elsewhere = town.world.hire(&stranger, Role::Operator);
        let speaks = |actor: &Actor, language: &str| {
            let sql = format!("UPDATE users SET language = '{language}' WHERE id = {}", actor.user_id);
            town.world.database.execute(&sql);
        };
        speaks(&town.shop.owner, "ru");
        speaks(&town.operator, "en");
        let order_id = town.given_up(77);
        town.click.will_fail([Some(ClickFails::Refuses)]);

        town.run();
        town.run();

        let told = town.world.database.lines(
            "SELECT w.role || ': ' || n.message AS line FROM notifications AS n JOIN workers AS w ON w.user_id = n.user_id \
             WHERE n.notice_type = 'reversal_failed' ORDER BY w.role",
        );
        assert_eq!(told, [
            format!("manager: {order_id}-buyurtma: Click pulni qaytarmadi, qo'lda qaytaring."),
            format!("operator: Order {order_id}: Click did not give the money back, do it by hand."),
            format!("owner: Заказ {order_id}: Click не вернул деньги, верните сами."),
        ]);
        town.agrees();
    }
}
