//! Returns: never more than was sold, worth what was paid, their goods back at cost, their money split to the tiyin.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    let rule = |table, says, sql: &'static str| Rule::new(table, says, sql);
    vec![
        rule(
            "sale_lines",
            "what came back of it is what its confirmed returns say",
            LINE_RETURNED,
        ),
        rule(
            "sale_lines",
            "no more came back or is about to than was sold",
            LINE_EXCEEDED,
        ),
        rule(
            "sale_lines",
            "all of it that came back is worth what it cost the buyer",
            LINE_WORTH,
        ),
        rule(
            "sale_lines",
            "all of it that came back had cost the store what it cost",
            LINE_COST,
        ),
        rule(
            "sales",
            "what was handed back is what its confirmed returns say",
            SALE_RETURNED,
        ),
        rule("sale_returns", "its sale stands, unless it was dropped", SALE_CANCELLED),
        rule("sale_returns", "its lines sum to its total", TOTAL),
        rule(
            "sale_returns",
            "its refund sums to its total, and is none before it is confirmed",
            REFUND,
        ),
        rule("sale_returns", "it joined a shift of its branch", SHIFT),
        rule(
            "sale_return_lines",
            "its return has lines numbered from one without a gap",
            NUMBERED,
        ),
        rule("sale_return_lines", "it is of a line of the return's sale", LINE_SALE),
        rule(
            "sale_return_lines",
            "as much came back into stock as it says, once it is confirmed",
            LINE_GOODS,
        ),
        rule("sale_return_lines", "its cost is what its goods are worth", COST),
        rule(
            "stock_movements",
            "goods come back where their return says",
            MOVEMENT_PLACE,
        ),
        rule(
            "stock_movement_parts",
            "what comes back is what the return's line took",
            PART_UNDOES,
        ),
        rule(
            "stock_movement_parts",
            "goods that come back elsewhere keep cost and age",
            PART_LIKE,
        ),
    ]
}

const LINE_RETURNED: &str = "SELECT line.id, COALESCE(SUM(back.quantity), 0) AS expected, line.returned_quantity AS found \
    FROM sale_lines AS line LEFT JOIN (\
        SELECT back.store_id, back.sale_line_id, back.quantity FROM sale_return_lines AS back \
        JOIN sale_returns AS document ON document.store_id = back.store_id AND document.id = back.return_id \
        WHERE document.status = 'confirmed'\
    ) AS back ON back.store_id = line.store_id AND back.sale_line_id = line.id \
    GROUP BY line.id, line.returned_quantity";

const LINE_EXCEEDED: &str = "SELECT id, CASE WHEN taken > quantity THEN quantity ELSE taken END AS expected, taken AS found \
    FROM (\
        SELECT line.id, line.quantity, SUM(back.quantity) AS taken FROM sale_lines AS line \
        JOIN sale_return_lines AS back ON back.store_id = line.store_id AND back.sale_line_id = line.id \
        JOIN sale_returns AS document ON document.store_id = back.store_id AND document.id = back.return_id \
        WHERE document.status <> 'cancelled' GROUP BY line.id, line.quantity\
    ) AS returned";

/// Of a line that came back whole; of one that came back in part, no more than it is worth.
const LINE_WORTH: &str = "SELECT line.id, \
    CASE WHEN SUM(back.quantity) = line.quantity OR SUM(back.total_price) > line.total_price THEN line.total_price \
        ELSE SUM(back.total_price) END AS expected, SUM(back.total_price) AS found \
    FROM sale_lines AS line \
    JOIN sale_return_lines AS back ON back.store_id = line.store_id AND back.sale_line_id = line.id \
    JOIN sale_returns AS document ON document.store_id = back.store_id AND document.id = back.return_id \
    WHERE document.status = 'confirmed' GROUP BY line.id, line.quantity, line.total_price";

const LINE_COST: &str = "SELECT line.id, \
    CASE WHEN SUM(back.quantity) = line.quantity OR SUM(back.cost) > line.cost THEN line.cost \
        ELSE SUM(back.cost) END AS expected, SUM(back.cost) AS found \
    FROM sale_lines AS line \
    JOIN sale_return_lines AS back ON back.store_id = line.store_id AND back.sale_line_id = line.id \
    JOIN sale_returns AS document ON document.store_id = back.store_id AND document.id = back.return_id \
    WHERE document.status = 'confirmed' GROUP BY line.id, line.quantity, line.cost";

const SALE_RETURNED: &str = "SELECT sale.id, COALESCE(SUM(document.total_amount), 0) AS expected, \
        sale.returned_amount AS found \
    FROM sales AS sale LEFT JOIN sale_returns AS document ON document.store_id = sale.store_id \
        AND document.sale_id = sale.id AND document.status = 'confirmed' \
    GROUP BY sale.id, sale.returned_amount";

const SALE_CANCELLED: &str = "SELECT document.id, 'completed' AS expected, sale.status AS found \
    FROM sale_returns AS document JOIN sales AS sale ON sale.store_id = document.store_id AND sale.id = document.sale_id \
    WHERE document.status <> 'cancelled'";

const TOTAL: &str = "SELECT document.id, COALESCE(SUM(line.total_price), 0) AS expected, document.total_amount AS found \
    FROM sale_returns AS document LEFT JOIN sale_return_lines AS line \
        ON line.store_id = document.store_id AND line.return_id = document.id \
    GROUP BY document.id, document.total_amount";

const REFUND: &str = "SELECT id, CASE status WHEN 'confirmed' THEN total_amount ELSE 0 END AS expected, \
    refund_cash + refund_card + refund_debt AS found FROM sale_returns";

const SHIFT: &str = "SELECT document.id, document.branch_id AS expected, shift.branch_id AS found \
    FROM sale_returns AS document \
    JOIN shifts AS shift ON shift.store_id = document.store_id AND shift.id = document.shift_id";

const NUMBERED: &str =
    "SELECT return_id AS id, COUNT(*) AS expected, MAX(line_number) AS found FROM sale_return_lines GROUP BY return_id";

const LINE_SALE: &str = "SELECT back.id, document.sale_id AS expected, line.sale_id AS found \
    FROM sale_return_lines AS back \
    JOIN sale_returns AS document ON document.store_id = back.store_id AND document.id = back.return_id \
    LEFT JOIN sale_lines AS line ON line.store_id = back.store_id AND line.id = back.sale_line_id";

const LINE_GOODS: &str = "SELECT back.id, CASE document.status WHEN 'confirmed' THEN back.quantity ELSE 0 END AS expected, \
        COALESCE(SUM(part.quantity), 0) AS found \
    FROM sale_return_lines AS back \
    JOIN sale_returns AS document ON document.store_id = back.store_id AND document.id = back.return_id \
    LEFT JOIN stock_movements AS movement ON movement.store_id = back.store_id \
        AND movement.document_type = 'sale_return' AND movement.document_id = back.return_id \
    LEFT JOIN stock_movement_parts AS part ON part.store_id = movement.store_id \
        AND part.movement_id = movement.id AND part.document_line = back.line_number \
    GROUP BY back.id, document.status, back.quantity";

const COST: &str = "SELECT back.id, COALESCE(SUM(part.value), 0) AS expected, back.cost AS found \
    FROM sale_return_lines AS back \
    LEFT JOIN stock_movements AS movement ON movement.store_id = back.store_id \
        AND movement.document_type = 'sale_return' AND movement.document_id = back.return_id \
    LEFT JOIN stock_movement_parts AS part ON part.store_id = movement.store_id \
        AND part.movement_id = movement.id AND part.document_line = back.line_number \
    GROUP BY back.id, back.cost";

const MOVEMENT_PLACE: &str = "SELECT movement.id, document.branch_id AS expected, movement.location_id AS found \
    FROM stock_movements AS movement LEFT JOIN sale_returns AS document \
        ON document.store_id = movement.store_id AND document.id = movement.document_id \
    WHERE movement.document_type = 'sale_return'";

/// The line of the sale whose goods a part brings back is that of the return's line.
const PART_UNDOES: &str = "SELECT part.id, back.sale_line_id AS expected, sold.id AS found \
    FROM stock_movement_parts AS part \
    JOIN stock_movements AS movement ON movement.store_id = part.store_id AND movement.id = part.movement_id \
    LEFT JOIN sale_return_lines AS back ON back.store_id = part.store_id AND back.return_id = movement.document_id \
        AND back.line_number = part.document_line \
    LEFT JOIN stock_movement_parts AS taken ON taken.store_id = part.store_id AND taken.id = part.undoes_id \
    LEFT JOIN stock_movements AS taking ON taking.store_id = taken.store_id AND taking.id = taken.movement_id \
        AND taking.document_type = 'sale' \
    LEFT JOIN sale_lines AS sold ON sold.store_id = taking.store_id AND sold.sale_id = taking.document_id \
        AND sold.line_number = taken.document_line \
    WHERE movement.document_type = 'sale_return'";

/// Series, expiry and quarantine may be corrected on either side since.
const PART_LIKE: &str = "SELECT part.id, \
        origin.unit_cost || ' ' || origin.received_at AS expected, \
        batch.unit_cost || ' ' || batch.received_at AS found \
    FROM stock_movement_parts AS part \
    JOIN stock_movements AS movement ON movement.store_id = part.store_id AND movement.id = part.movement_id \
    JOIN stock_batches AS batch ON batch.store_id = part.store_id AND batch.id = part.batch_id \
    JOIN stock_movement_parts AS taken ON taken.store_id = part.store_id AND taken.id = part.undoes_id \
    JOIN stock_batches AS origin ON origin.store_id = taken.store_id AND origin.id = taken.batch_id \
    WHERE movement.document_type = 'sale_return'";
