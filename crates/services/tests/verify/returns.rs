//! What a hand can do to returns.

use crate::breaks::{Break, broken};

pub(crate) const BREAKS_OF_RETURNS: &[Break] = &[
    broken(
        "UPDATE sale_lines SET returned_quantity = returned_quantity + 1 WHERE id = 5",
        "UPDATE sale_lines SET returned_quantity = returned_quantity - 1 WHERE id = 5",
    ),
    broken(
        "UPDATE sale_return_lines SET quantity = 3000 WHERE id = 3",
        "UPDATE sale_return_lines SET quantity = 1000 WHERE id = 3",
    ),
    broken(
        "UPDATE sale_return_lines SET quantity = quantity - 1 WHERE id = 1",
        "UPDATE sale_return_lines SET quantity = quantity + 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_return_lines SET total_price = total_price + 1 WHERE id = 2",
        "UPDATE sale_return_lines SET total_price = total_price - 1 WHERE id = 2",
    ),
    broken(
        "UPDATE sale_return_lines SET total_price = 10000001 WHERE id = 1",
        "UPDATE sale_return_lines SET total_price = 2000000 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_return_lines SET cost = cost + 1 WHERE id = 2",
        "UPDATE sale_return_lines SET cost = cost - 1 WHERE id = 2",
    ),
    broken(
        "UPDATE sale_return_lines SET line_number = 2 WHERE id = 1",
        "UPDATE sale_return_lines SET line_number = 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_return_lines SET sale_line_id = 1 WHERE id = 2",
        "UPDATE sale_return_lines SET sale_line_id = 4 WHERE id = 2",
    ),
    broken(
        "UPDATE sales SET returned_amount = returned_amount + 1 WHERE id = 3",
        "UPDATE sales SET returned_amount = returned_amount - 1 WHERE id = 3",
    ),
    broken(
        "UPDATE sales SET status = 'cancelled' WHERE id = 3",
        "UPDATE sales SET status = 'completed' WHERE id = 3",
    ),
    broken(
        "UPDATE sale_returns SET total_amount = total_amount + 1 WHERE id = 3",
        "UPDATE sale_returns SET total_amount = total_amount - 1 WHERE id = 3",
    ),
    broken(
        "UPDATE sale_returns SET refund_cash = refund_cash + 1 WHERE id = 1",
        "UPDATE sale_returns SET refund_cash = refund_cash - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_returns SET refund_card = 1 WHERE id = 3",
        "UPDATE sale_returns SET refund_card = 0 WHERE id = 3",
    ),
    broken(
        "UPDATE sale_returns SET branch_id = 1 WHERE id = 2",
        "UPDATE sale_returns SET branch_id = 3 WHERE id = 2",
    ),
    broken(
        "UPDATE sale_returns SET shift_id = 1 WHERE id = 1",
        "UPDATE sale_returns SET shift_id = 2 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_returns SET status = 'pending' WHERE id = 1",
        "UPDATE sale_returns SET status = 'confirmed' WHERE id = 1",
    ),
    broken(
        "UPDATE sale_returns SET status = 'confirmed' WHERE id = 3",
        "UPDATE sale_returns SET status = 'pending' WHERE id = 3",
    ),
    broken(
        "UPDATE sale_returns SET status = 'pending' WHERE id = 4",
        "UPDATE sale_returns SET status = 'cancelled' WHERE id = 4",
    ),
    broken(
        "UPDATE stock_movement_parts SET document_line = 2 WHERE id = 15",
        "UPDATE stock_movement_parts SET document_line = 1 WHERE id = 15",
    ),
    broken(
        "UPDATE stock_movement_parts SET undoes_id = 6 WHERE id = 15",
        "UPDATE stock_movement_parts SET undoes_id = 14 WHERE id = 15",
    ),
    broken(
        "UPDATE stock_movements SET document_id = 2 WHERE id = 14",
        "UPDATE stock_movements SET document_id = 1 WHERE id = 14",
    ),
    broken(
        "UPDATE stock_batches SET unit_cost = unit_cost + 1 WHERE id = 4",
        "UPDATE stock_batches SET unit_cost = unit_cost - 1 WHERE id = 4",
    ),
    broken(
        "UPDATE stock_batches SET received_at = '2026-03-13 05:00:00' WHERE id = 4",
        "UPDATE stock_batches SET received_at = '2026-03-12 05:00:00' WHERE id = 4",
    ),
    broken(
        "UPDATE locations SET kind = 'warehouse' WHERE id = 3",
        "UPDATE locations SET kind = 'branch' WHERE id = 3",
    ),
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'sale_return' AND subject_id = 3 AND action = 'create'",
        "UPDATE audit_entries SET action = 'create' WHERE subject_type = 'sale_return' AND subject_id = 3 AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'sale_return' AND action = 'cancel'",
        "UPDATE audit_entries SET action = 'cancel' WHERE subject_type = 'sale_return' AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET subject_id = 999 WHERE subject_type = 'sale_return' AND subject_id = 2 AND action = 'confirm'",
        "UPDATE audit_entries SET subject_id = 2 WHERE subject_type = 'sale_return' AND subject_id = 999",
    ),
];
