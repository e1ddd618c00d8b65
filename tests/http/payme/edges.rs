//! Amounts at the edges (payments.md 1.1): what a float or 32 bits would have rounded.

use serde_json::json;

use super::on_both;

#[test]
fn amounts_at_the_edges_are_exact() {
    on_both(|till| {
        for (number, tiyin, beside) in [
            (1, 1_i64, 2_i64),
            (2, 9_999_999_999_999_999, 9_999_999_999_999_998),
            // One tiyin more than 32 bits and than a float of them hold.
            (3, 2_147_483_648, 2_147_483_647),
            (4, 1_677_721_701, 1_677_721_700),
        ] {
            let order = till.order();
            let total = format!("UPDATE orders SET total_price = {tiyin} WHERE id = {order}");
            till.server.world.database.execute(&total);
            let id = format!("{number:024}");
            let mut create = till.creating(&id, order);

            create["amount"] = json!(beside);
            assert_eq!(till.fault("CreateTransaction", &create), -31001, "{beside}");
            create["amount"] = json!(tiyin);
            assert_eq!(till.fault("CreateTransaction", &create), 0, "{tiyin}");
            assert_eq!(till.fault("PerformTransaction", &json!({ "id": id })), 0, "{tiyin}");

            assert_eq!(till.stands(order), ("paid".to_owned(), "paid".to_owned()));
            let paid = format!("SELECT amount || '' AS line FROM payments WHERE order_id = {order}");
            assert_eq!(till.server.world.database.lines(&paid), [tiyin.to_string()]);
            let time = create["time"].as_i64().unwrap();
            let listed = till.call("GetStatement", &json!({ "from": time, "to": time }));
            let rows = listed.at("/result/transactions").as_array().unwrap();
            assert!(rows.iter().any(|row| row["amount"] == json!(tiyin)), "{listed:?}");
        }
    });
}
