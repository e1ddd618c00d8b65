//! Expenses, their categories and their receipts.

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_services::testing::picture;
use savdo_tests::{Form, Server, same_on_both};
use serde_json::json;

const CATEGORIES: &str = "/api/v1/expense-categories/";
const EXPENSES: &str = "/api/v1/expenses/";

#[test]
fn categories_of_expenses_are_made_changed_and_put_aside() {
    same_on_both!(|server: &Server| {
        let client = server.client_of(&server.world.shop().owner);

        client.post(CATEGORIES, &json!({ "name": " Ijara  haqi " }));
        client.post(CATEGORIES, &json!({ "name": "Soliq" }));
        client.post(CATEGORIES, &json!({ "name": "IJARA HAQI" }));
        client.post(CATEGORIES, &json!({ "name": "" }));
        client.get("/api/v1/expense-categories/1/");
        client.patch("/api/v1/expense-categories/1/", &json!({ "name": "Ijara" }));
        client.patch("/api/v1/expense-categories/1/", &json!({ "name": "soliq" }));
        client.patch("/api/v1/expense-categories/1/", &json!({ "unknown": 1 }));
        client.patch("/api/v1/expense-categories/1/", &json!({ "name": null }));
        client.delete("/api/v1/expense-categories/1/");
        client.delete("/api/v1/expense-categories/1/");
        client.get(CATEGORIES);
        client.get("/api/v1/expense-categories/?status=all&search=ijara&ordering=-name");
        client.patch("/api/v1/expense-categories/1/", &json!({ "status": "active" }));
        client.get("/api/v1/expense-categories/99/");
    });
}

#[test]
fn expenses_are_written_down_corrected_and_put_aside() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let category = server.world.expense_category(&shop, "Ijara");
        let client = server.client_of(&shop.owner);
        let branch = shop.branch_id;
        let manager = server.client_of(&server.world.hire(&shop, Role::Manager));

        let rent = json!({ "category": category, "amount": "1500000", "date": "2026-03-12", "branch": branch, "payment_type": "transfer", "description": "Mart" });
        client.post(EXPENSES, &rent);
        manager.post(
            EXPENSES,
            &json!({ "category": category, "amount": 25000.5, "date": "2026-03-13" }),
        );
        client.get(EXPENSES);
        client.get("/api/v1/expenses/1/");
        client.patch(
            "/api/v1/expenses/1/",
            &json!({ "amount": "1400000", "payment_type": "card", "worker": 99, "branch": 99 }),
        );
        client.patch("/api/v1/expenses/1/", &json!({}));
        client.delete("/api/v1/expenses/1/");
        client.delete("/api/v1/expenses/1/");
        client.get("/api/v1/expenses/1/");
        client.get("/api/v1/expenses/?status=inactive");
        client.get("/api/v1/expenses/?payment_type=cash&date=2026-03-13&worker=2&category=1&branch=1");
        client.get("/api/v1/expenses/?smena=1");
        client.get("/api/v1/audit-logs/?model=expense&ordering=created_at");
    });
}

#[test]
fn what_an_expense_is_refused_for() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let category = server.world.expense_category(&shop, "Ijara");
        let client = server.client_of(&shop.owner);
        let branch = shop.branch_id;

        client.post(EXPENSES, &json!({}));
        client.post(
            EXPENSES,
            &json!({ "category": category, "amount": "0", "date": "2026-03-14", "branch": 99 }),
        );
        client.post(
            EXPENSES,
            &json!({ "category": 99, "amount": "1", "date": "2026-03-12" }),
        );
        client.post(
            EXPENSES,
            &json!({ "category": category, "amount": "1.005", "date": "2026-03-12", "branch": branch }),
        );
        client.post(
            EXPENSES,
            &json!({ "category": category, "amount": "-1", "date": "2026-03-12", "branch": branch }),
        );
        client.post(
            EXPENSES,
            &json!({ "category": category, "amount": "10000000000", "date": "2026-03-12", "branch": branch }),
        );
        client.post(
            EXPENSES,
            &json!({ "category": category, "amount": "1", "date": "12.03.2026", "branch": branch }),
        );
        client.post(
            EXPENSES,
            &json!({ "category": category, "amount": "1", "date": "2026-02-30", "branch": branch }),
        );
        client.post(EXPENSES, &json!({ "category": category, "amount": "1", "date": "2026-03-12", "branch": branch, "payment_type": "debt" }));
        client.post(EXPENSES, &json!({ "category": category, "amount": "1", "date": "2026-03-12", "branch": branch, "description": "x".repeat(1001) }));
        client.post(EXPENSES, &json!({ "category": category, "amount": "1", "date": "2026-03-12", "branch": branch, "receipt_image": "a.jpg" }));
        let form = Form::of("category", &category.to_string())
            .text("amount", "1")
            .text("date", "2026-03-12");
        client.send_form(
            "POST",
            EXPENSES,
            &form
                .text("branch", &branch.to_string())
                .file("receipt_image", "a.pdf", b"<html>"),
        );
        client.get("/api/v1/expenses/?date_from=2026-03-13&date_to=2026-03-12");
        client.get("/api/v1/expenses/?ordering=worker_name");
        client.get("/api/v1/expenses/?payment_type=debt&branch=x");
        client.get("/api/v1/expenses/99/receipt-image/");
        client.send("POST", "/api/v1/expenses/99/", Some(b"{}"));
        client.get(EXPENSES);
    });
}

#[test]
fn a_receipt_is_saved_and_never_run() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let category = server.world.expense_category(&shop, "Ijara");
    let client = server.client_of(&shop.owner);
    let pdf = b"%PDF-1.7\n1 0 obj <</JS (app.alert(1))>> endobj";
    let form = Form::of("category", &category.to_string())
        .text("amount", "1500000.00")
        .text("date", "2026-03-12")
        .text("branch", &shop.branch_id.to_string())
        .file("receipt_image", r#"../../chek\".exe"#, pdf);
    let made = client.send_form("POST", EXPENSES, &form).expect_status(201);
    let address = "/api/v1/expenses/1/receipt-image/";
    assert_eq!(
        made.text("/data/receipt_image"),
        format!("{}{address}", server.address())
    );

    let served = client.get(address).expect_status(200);

    assert_eq!(served.bytes, pdf);
    assert_eq!(served.header("content-type"), "application/pdf");
    assert_eq!(
        served.header("content-disposition"),
        "attachment; filename=\"receipt-1.pdf\""
    );
    assert_eq!(served.header("x-content-type-options"), "nosniff");
    assert_eq!(served.header("content-security-policy"), "sandbox");
    assert_eq!(served.header("cache-control"), "no-store");
    assert_eq!(server.client().get(address).status, 401);
    let other = server.client_of(&server.world.shop().owner);
    assert_eq!(other.get(address).status, 404);
    assert_eq!(
        server
            .client_of(&server.world.hire(&shop, Role::Seller))
            .get(address)
            .status,
        403
    );

    let picture = Form::default().file("receipt_image", "chek.png", &picture(1).0);
    let _ = client
        .send_form("PATCH", "/api/v1/expenses/1/", &picture)
        .expect_status(200);
    let served = client.get(address).expect_status(200);
    assert_eq!(served.header("content-type"), "image/jpeg");
    assert_eq!(
        served.header("content-disposition"),
        "attachment; filename=\"receipt-1.jpg\""
    );
    let _ = client
        .patch("/api/v1/expenses/1/", &json!({ "receipt_image": null }))
        .expect_status(200);
    assert_eq!(
        (client.get(address).status, server.world.context.stored_files().len()),
        (404, 0)
    );
}

on_both! {
    fn an_expense_under_a_key_is_written_down_once(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let category = server.world.expense_category(&shop, "Ijara");
        let client = server.client_of(&shop.owner).with_header("idempotency-key", "key-1");
        let form = |receipt: &[u8]| {
            Form::of("category", &category.to_string())
                .text("amount", "5")
                .text("date", "2026-03-12")
                .text("branch", &shop.branch_id.to_string())
                .file("receipt_image", "chek.pdf", receipt)
        };

        let first = client.send_form("POST", EXPENSES, &form(b"%PDF-1")).expect_status(201);
        let again = client.send_form("POST", EXPENSES, &form(b"%PDF-1")).expect_status(201);
        let other = client.send_form("POST", EXPENSES, &form(b"%PDF-2"));

        assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &first.text));
        assert_eq!((other.status, other.text("/code")), (422, "idempotency_key_reused"));
        assert_eq!((client.get(EXPENSES).header("x-total-count"), server.world.context.stored_files().len()), ("1", 1));
    }
}
