//! Products put aside, brought back and scanned: `/api/v1/warehouse/products/`.

use savdo_domain::access::Role;
use savdo_services::testing::{Goods, receipt, sale};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const PRODUCTS: &str = "/api/v1/warehouse/products/";
const FIRST: &str = "/api/v1/warehouse/products/1/";

#[test]
fn products_are_put_aside_and_brought_back() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let id = server.world.product(&shop, Goods::named("Non"));
        server.world.receive(&shop, receipt(&shop, id, "1", "4000"));
        let client = server.client_of(&shop.owner);
        let seller = server.client_of(&server.world.hire(&shop, Role::Seller));
        let foreign = server.world.product(&server.world.shop(), Goods::named("Non"));

        client.delete(FIRST);
        client.patch(FIRST, &json!({ "status": "inactive" }));
        let sold = server.world.sell(&shop.owner, sale(&shop, &[(id, "1")]));
        seller.delete(FIRST);
        client.delete(&format!("{PRODUCTS}{foreign}/"));
        client.delete(FIRST);
        client.delete(FIRST);
        client.get(FIRST);
        client.get(PRODUCTS);
        client.get("/api/v1/warehouse/products/?status=all&ordering=status,-id");
        let line = json!({ "product": id, "quantity": "1" });
        let body = json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [line] });
        client.post("/api/v1/sales/", &body);
        client.act(&format!("/api/v1/sales/{}/cancel/", sold.sale.id));
        client.post(PRODUCTS, &json!({ "name": "NON", "barcode": "2000001000014" }));
        client.patch(FIRST, &json!({ "status": "active" }));
        client.patch(
            FIRST,
            &json!({ "status": "active", "name": "Oq non", "barcode": "4780001" }),
        );
        client.act(&format!("/api/v1/sales/{}/cancel/", sold.sale.id));
        client.get("/api/v1/audit-logs/?model=product&ordering=created_at");
    });
}

#[test]
fn a_scanner_asks_by_barcode_or_by_the_own_code_of_a_product() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.product(&shop, Goods::named("Non"));
        let foreign = server.world.product(&server.world.shop(), Goods::named("Suv"));
        let client = server.client_of(&server.world.hire(&shop, Role::Seller));

        client.get("/api/v1/warehouse/products/scan/?code=2000001000014");
        client.get("/api/v1/warehouse/products/scan?code=%20P1%20");
        client.get(&format!("/api/v1/warehouse/products/scan/?code=P{foreign}"));
        client.get("/api/v1/warehouse/products/scan/?code=2000002000011");
        client.get("/api/v1/warehouse/products/scan/");
        client.get("/api/v1/warehouse/products/scan/?code=");
        client.get(&format!("/api/v1/warehouse/products/scan/?code={}", "1".repeat(101)));
        client.get("/api/v1/warehouse/products/scan/?code=%27%20OR%201=1--");
        client.get("/api/v1/warehouse/products/scan/?code=a%00b");
        client.delete("/api/v1/warehouse/products/scan/");
        server
            .client_of(&server.world.hire(&shop, Role::Courier))
            .get("/api/v1/warehouse/products/scan/?code=P1");
    });
}
