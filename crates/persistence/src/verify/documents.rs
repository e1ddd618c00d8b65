//! Sales and orders: their lines sum to them, and the goods that left are theirs.
//!
//! Both are documents of the same shape, so one set of rules serves both.

use super::Rule;

/// A table of documents that take goods, and what a cancel gives back.
struct Documents {
    table: &'static str,
    lines: &'static str,
    key: &'static str,
    place: &'static str,
    document_type: &'static str,
    reason: &'static str,
    cancel_reason: &'static str,
    /// Thousandths in one unit of the lines' quantity.
    thousandths: i64,
}

const SALES: Documents = Documents {
    table: "sales",
    lines: "sale_lines",
    key: "sale_id",
    place: "branch_id",
    document_type: "sale",
    reason: "sale",
    cancel_reason: "sale_cancel",
    thousandths: 1,
};

const ORDERS: Documents = Documents {
    table: "orders",
    lines: "order_lines",
    key: "order_id",
    place: "location_id",
    document_type: "order",
    reason: "order",
    cancel_reason: "order_cancel",
    thousandths: 1_000,
};

pub(super) fn rules() -> Vec<Rule> {
    let total = |documents, says, column, of_line| documents_total(documents, says, column, of_line);
    let mut rules = vec![
        total(&SALES, "its lines sum to its total", "total_price", "line_total"),
        total(
            &SALES,
            "its lines after discount sum to what is paid",
            "net_total",
            "total_price",
        ),
        total(&ORDERS, "its lines sum to its total", "total_price", "subtotal"),
        Rule::new("order_lines", "its subtotal is its price times its quantity", SUBTOTAL),
        Rule::new("sale_lines", "its cost is what its goods were worth", COST),
        Rule::new(
            "sales",
            "all that was paid went back when it was undone, and nothing else does so",
            REFUND,
        ),
    ];
    for documents in [&SALES, &ORDERS] {
        rules.extend([
            numbered(documents),
            line_goods(documents),
            part_product(documents),
            movement_place(documents),
            undone(
                documents,
                "a cancel gives back all goods and nothing else does",
                "quantity",
            ),
            undone(
                documents,
                "a cancel gives back all value and nothing else does",
                "value",
            ),
        ]);
    }
    rules
}

/// No product in SQL: it could be too large.
const SUBTOTAL: &str = "SELECT id, price AS expected, \
    CASE WHEN subtotal % quantity = 0 THEN subtotal / quantity END AS found FROM order_lines";

/// What went back for single goods is with their returns, and a sale that has some is not undone.
const REFUND: &str = "SELECT id, CASE status WHEN 'cancelled' THEN net_total ELSE 0 END AS expected, \
    refund_cash + refund_card + refund_debt AS found FROM sales";

const COST: &str = "SELECT line.id, COALESCE(-SUM(part.value), 0) AS expected, line.cost AS found \
    FROM sale_lines AS line \
    LEFT JOIN stock_movements AS movement ON movement.store_id = line.store_id \
        AND movement.document_type = 'sale' AND movement.document_id = line.sale_id AND movement.reason = 'sale' \
    LEFT JOIN stock_movement_parts AS part ON part.store_id = movement.store_id \
        AND part.movement_id = movement.id AND part.document_line = line.line_number \
    GROUP BY line.id, line.cost";

fn documents_total(documents: &Documents, says: &'static str, column: &str, of_line: &str) -> Rule {
    let Documents { table, lines, key, .. } = documents;
    let sql = format!(
        "SELECT document.id, COALESCE(SUM(line.{of_line}), 0) AS expected, document.{column} AS found \
         FROM {table} AS document LEFT JOIN {lines} AS line \
            ON line.store_id = document.store_id AND line.{key} = document.id \
         GROUP BY document.id, document.{column}"
    );
    Rule::new(table, says, sql)
}

fn numbered(documents: &Documents) -> Rule {
    let Documents { table, lines, key, .. } = documents;
    let sql =
        format!("SELECT {key} AS id, COUNT(*) AS expected, MAX(line_number) AS found FROM {lines} GROUP BY {key}");
    Rule::new(table, "its lines are numbered from one without a gap", sql)
}

fn line_goods(documents: &Documents) -> Rule {
    let Documents {
        lines,
        key,
        document_type,
        reason,
        thousandths,
        ..
    } = documents;
    let sql = format!(
        "SELECT line.id, line.quantity * {thousandths} AS expected, COALESCE(-SUM(part.quantity), 0) AS found \
         FROM {lines} AS line \
         LEFT JOIN stock_movements AS movement ON movement.store_id = line.store_id \
            AND movement.document_type = '{document_type}' AND movement.document_id = line.{key} \
            AND movement.reason = '{reason}' \
         LEFT JOIN stock_movement_parts AS part ON part.store_id = movement.store_id \
            AND part.movement_id = movement.id AND part.document_line = line.line_number \
         GROUP BY line.id, line.quantity"
    );
    Rule::new(lines, "as much left the stock as it says", sql)
}

fn part_product(documents: &Documents) -> Rule {
    let Documents {
        lines,
        key,
        document_type,
        ..
    } = documents;
    let sql = format!(
        "SELECT part.id, line.product_id AS expected, movement.product_id AS found \
         FROM stock_movement_parts AS part \
         JOIN stock_movements AS movement ON movement.store_id = part.store_id AND movement.id = part.movement_id \
         LEFT JOIN {lines} AS line ON line.store_id = movement.store_id AND line.{key} = movement.document_id \
            AND line.line_number = part.document_line \
         WHERE movement.document_type = '{document_type}'"
    );
    Rule::new(
        "stock_movement_parts",
        "it moves the product of its document's line",
        sql,
    )
}

fn movement_place(documents: &Documents) -> Rule {
    let Documents {
        table,
        place,
        document_type,
        ..
    } = documents;
    let sql = format!(
        "SELECT movement.id, document.{place} AS expected, movement.location_id AS found \
         FROM stock_movements AS movement LEFT JOIN {table} AS document \
            ON document.store_id = movement.store_id AND document.id = movement.document_id \
         WHERE movement.document_type = '{document_type}'"
    );
    Rule::new("stock_movements", "it moves goods where its document says", sql)
}

fn undone(documents: &Documents, says: &'static str, amount: &str) -> Rule {
    let Documents {
        table,
        document_type,
        reason,
        cancel_reason,
        ..
    } = documents;
    let sql = format!(
        "SELECT part.id, CASE document.status WHEN 'cancelled' THEN -part.{amount} ELSE 0 END AS expected, \
            COALESCE(back.{amount}, 0) AS found \
         FROM {table} AS document \
         JOIN stock_movements AS movement ON movement.store_id = document.store_id \
            AND movement.document_type = '{document_type}' AND movement.document_id = document.id \
            AND movement.reason = '{reason}' \
         JOIN stock_movement_parts AS part ON part.store_id = movement.store_id AND part.movement_id = movement.id \
         LEFT JOIN (\
            SELECT undoing.store_id, undoing.undoes_id, SUM(undoing.{amount}) AS {amount} \
            FROM stock_movement_parts AS undoing JOIN stock_movements AS cancel \
                ON cancel.store_id = undoing.store_id AND cancel.id = undoing.movement_id \
            WHERE cancel.reason = '{cancel_reason}' GROUP BY undoing.store_id, undoing.undoes_id\
         ) AS back ON back.store_id = part.store_id AND back.undoes_id = part.id"
    );
    Rule::new("stock_movement_parts", says, sql)
}
