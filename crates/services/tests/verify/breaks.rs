//! What a hand at the database can do, one row at a time, and how it is undone.

/// A change of one row that no use-case makes.
pub(crate) struct Break {
    pub(crate) hand: &'static str,
    pub(crate) repair: &'static str,
}

pub(crate) const fn broken(hand: &'static str, repair: &'static str) -> Break {
    Break { hand, repair }
}

pub(crate) const BREAKS: &[Break] = &[
    // Levels.
    broken(
        "UPDATE stock_levels SET on_hand = on_hand + 1000 WHERE id = 1",
        "UPDATE stock_levels SET on_hand = on_hand - 1000 WHERE id = 1",
    ),
    broken(
        "UPDATE stock_levels SET on_hand = on_hand - 100000 WHERE id = 1",
        "UPDATE stock_levels SET on_hand = on_hand + 100000 WHERE id = 1",
    ),
    broken(
        "UPDATE stock_levels SET sellable = sellable - 1 WHERE id = 2",
        "UPDATE stock_levels SET sellable = sellable + 1 WHERE id = 2",
    ),
    broken(
        "UPDATE stock_levels SET sellable = on_hand + 1 WHERE id = 2",
        "UPDATE stock_levels SET sellable = on_hand WHERE id = 2",
    ),
    broken(
        "UPDATE stock_levels SET nearest_expiry = '2030-01-01' WHERE id = 2",
        "UPDATE stock_levels SET nearest_expiry = NULL WHERE id = 2",
    ),
    broken(
        "UPDATE stock_levels SET product_id = 3 WHERE id = 2",
        "UPDATE stock_levels SET product_id = 2 WHERE id = 2",
    ),
    // Movements.
    broken(
        "UPDATE stock_movements SET quantity = quantity + 1 WHERE id = 1",
        "UPDATE stock_movements SET quantity = quantity - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE stock_movements SET value = value + 1 WHERE id = 1",
        "UPDATE stock_movements SET value = value - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE stock_movements SET document_id = 999 WHERE id = 5",
        "UPDATE stock_movements SET document_id = 1 WHERE id = 5",
    ),
    // Parts.
    broken(
        "UPDATE stock_movement_parts SET quantity = quantity + 1 WHERE id = 1",
        "UPDATE stock_movement_parts SET quantity = quantity - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE stock_movement_parts SET value = value + 1 WHERE id = 4",
        "UPDATE stock_movement_parts SET value = value - 1 WHERE id = 4",
    ),
    broken(
        "UPDATE stock_movement_parts SET batch_id = 2 WHERE id = 4",
        "UPDATE stock_movement_parts SET batch_id = 1 WHERE id = 4",
    ),
    broken(
        "UPDATE stock_movement_parts SET quantity = quantity + 1 WHERE id = 7",
        "UPDATE stock_movement_parts SET quantity = quantity - 1 WHERE id = 7",
    ),
    broken(
        "UPDATE stock_movement_parts SET undoes_id = 5 WHERE id = 7",
        "UPDATE stock_movement_parts SET undoes_id = 6 WHERE id = 7",
    ),
    broken(
        "UPDATE stock_movement_parts SET undoes_id = 4 WHERE id = 7",
        "UPDATE stock_movement_parts SET undoes_id = 6 WHERE id = 7",
    ),
    broken(
        "UPDATE stock_levels SET is_hidden = TRUE WHERE id = 2",
        "UPDATE stock_levels SET is_hidden = FALSE WHERE id = 2",
    ),
    // Batches.
    broken(
        "UPDATE stock_batches SET quantity_left = quantity_left + 1 WHERE id = 2",
        "UPDATE stock_batches SET quantity_left = quantity_left - 1 WHERE id = 2",
    ),
    broken(
        "UPDATE stock_batches SET quantity_received = quantity_left - 1 WHERE id = 3",
        "UPDATE stock_batches SET quantity_received = 8000 WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET quantity_received = quantity_received + 1000 WHERE id = 3",
        "UPDATE stock_batches SET quantity_received = quantity_received - 1000 WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET unit_cost = unit_cost + 1 WHERE id = 3",
        "UPDATE stock_batches SET unit_cost = unit_cost - 1 WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET origin_movement_id = 2 WHERE id = 1",
        "UPDATE stock_batches SET origin_movement_id = 1 WHERE id = 1",
    ),
    broken(
        "UPDATE stock_batches SET value_left = value_left + 1 WHERE id = 2",
        "UPDATE stock_batches SET value_left = value_left - 1 WHERE id = 2",
    ),
    broken(
        "UPDATE stock_batches SET value_left = value_left - 100000000 WHERE id = 2",
        "UPDATE stock_batches SET value_left = value_left + 100000000 WHERE id = 2",
    ),
    broken(
        "UPDATE stock_batches SET is_spent = NOT is_spent WHERE id = 1",
        "UPDATE stock_batches SET is_spent = NOT is_spent WHERE id = 1",
    ),
    broken(
        "UPDATE stock_batches SET is_spent = TRUE WHERE id = 3",
        "UPDATE stock_batches SET is_spent = FALSE WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET location_id = 2 WHERE id = 3",
        "UPDATE stock_batches SET location_id = 1 WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET product_id = 3 WHERE id = 3",
        "UPDATE stock_batches SET product_id = 2 WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET expires_on = '2026-03-01' WHERE id = 3",
        "UPDATE stock_batches SET expires_on = NULL WHERE id = 3",
    ),
    broken(
        "UPDATE stock_batches SET is_blocked = TRUE WHERE id = 3",
        "UPDATE stock_batches SET is_blocked = FALSE WHERE id = 3",
    ),
    // Sales.
    broken(
        "UPDATE sales SET total_price = total_price + 1 WHERE id = 1",
        "UPDATE sales SET total_price = total_price - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sales SET net_total = net_total + 1 WHERE id = 1",
        "UPDATE sales SET net_total = net_total - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sales SET refund_cash = refund_cash - 1 WHERE id = 2",
        "UPDATE sales SET refund_cash = refund_cash + 1 WHERE id = 2",
    ),
    broken(
        "UPDATE sales SET refund_card = 1 WHERE id = 3",
        "UPDATE sales SET refund_card = 0 WHERE id = 3",
    ),
    broken(
        "UPDATE sale_lines SET discount_per_unit = discount_per_unit + 1 WHERE id = 1",
        "UPDATE sale_lines SET discount_per_unit = discount_per_unit - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_lines SET total_price = total_price + (CASE id WHEN 4 THEN 1 ELSE -1 END) WHERE id IN (4, 5)",
        "UPDATE sale_lines SET total_price = total_price - (CASE id WHEN 4 THEN 1 ELSE -1 END) WHERE id IN (4, 5)",
    ),
    broken(
        "UPDATE sales SET branch_id = 2 WHERE id = 1",
        "UPDATE sales SET branch_id = 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sales SET status = 'cancelled' WHERE id = 1",
        "UPDATE sales SET status = 'completed' WHERE id = 1",
    ),
    broken(
        "UPDATE sales SET status = 'completed' WHERE id = 2",
        "UPDATE sales SET status = 'cancelled' WHERE id = 2",
    ),
    broken(
        "UPDATE sale_lines SET line_number = 3 WHERE id = 2",
        "UPDATE sale_lines SET line_number = 2 WHERE id = 2",
    ),
    broken(
        "UPDATE sale_lines SET quantity = quantity + 1 WHERE id = 1",
        "UPDATE sale_lines SET quantity = quantity - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_lines SET cost = cost + 1 WHERE id = 1",
        "UPDATE sale_lines SET cost = cost - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sale_lines SET product_id = 3 WHERE id = 1",
        "UPDATE sale_lines SET product_id = 1 WHERE id = 1",
    ),
    // Shifts.
    broken(
        "UPDATE sales SET shift_id = NULL WHERE id = 1",
        "UPDATE sales SET shift_id = 1 WHERE id = 1",
    ),
    broken(
        "UPDATE sales SET cancel_shift_id = NULL WHERE id = 2",
        "UPDATE sales SET cancel_shift_id = 1 WHERE id = 2",
    ),
    broken(
        "UPDATE expenses SET shift_id = 1 WHERE id = 1",
        "UPDATE expenses SET shift_id = 2 WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET branch_id = 2 WHERE id = 1",
        "UPDATE shifts SET branch_id = 1 WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET status = 'open' WHERE id = 1",
        "UPDATE shifts SET status = 'closed' WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET cash_start = cash_start + 1 WHERE id = 1",
        "UPDATE shifts SET cash_start = cash_start - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET z_report = replace(z_report, '\"sales_count\":1', '\"sales_count\":2') WHERE id = 1",
        "UPDATE shifts SET z_report = replace(z_report, '\"sales_count\":2', '\"sales_count\":1') WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET z_report = replace(z_report, '\"sales_total\":\"100000.00\",\"returns', '\"sales_total\":\"1.00\",\"returns') WHERE id = 1",
        "UPDATE shifts SET z_report = replace(z_report, '\"sales_total\":\"1.00\",\"returns', '\"sales_total\":\"100000.00\",\"returns') WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET z_report = replace(z_report, '\"expenses_by_category\":[]', \
         '\"expenses_by_category\":[{\"category\":\"Ijara\",\"total\":\"1.00\",\"count\":1}]') WHERE id = 1",
        "UPDATE shifts SET z_report = replace(z_report, \
         '\"expenses_by_category\":[{\"category\":\"Ijara\",\"total\":\"1.00\",\"count\":1}]', \
         '\"expenses_by_category\":[]') WHERE id = 1",
    ),
    broken(
        "UPDATE sales SET cancelled_at = '2026-03-12 06:00:00' WHERE id = 2",
        "UPDATE sales SET cancelled_at = '2026-03-12 05:00:00' WHERE id = 2",
    ),
    broken(
        "UPDATE shifts SET closed_at = '2026-03-11 05:00:00' WHERE id = 1",
        "UPDATE shifts SET closed_at = '2026-03-12 05:00:00' WHERE id = 1",
    ),
    broken(
        "UPDATE shifts SET opened_at = '2026-03-12 06:00:00' WHERE id = 2",
        "UPDATE shifts SET opened_at = '2026-03-12 05:00:00' WHERE id = 2",
    ),
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'shift' AND subject_id = 2 AND action = 'open'",
        "UPDATE audit_entries SET action = 'open' WHERE subject_type = 'shift' AND subject_id = 2 AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'shift' AND subject_id = 1 AND action = 'close'",
        "UPDATE audit_entries SET action = 'close' WHERE subject_type = 'shift' AND subject_id = 1 AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET subject_id = 999 WHERE subject_type = 'shift' AND subject_id = 2",
        "UPDATE audit_entries SET subject_id = 2 WHERE subject_type = 'shift' AND subject_id = 999",
    ),
    // Orders.
    broken(
        "UPDATE orders SET total_price = total_price + 1 WHERE id = 1",
        "UPDATE orders SET total_price = total_price - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE orders SET location_id = 2 WHERE id = 1",
        "UPDATE orders SET location_id = 1 WHERE id = 1",
    ),
    broken(
        "UPDATE orders SET status = 'preparing' WHERE id = 1",
        "UPDATE orders SET status = 'ready_for_delivery' WHERE id = 1",
    ),
    broken(
        "UPDATE orders SET status = 'cancelled' WHERE id = 1",
        "UPDATE orders SET status = 'ready_for_delivery' WHERE id = 1",
    ),
    broken(
        "UPDATE order_lines SET subtotal = subtotal + 1 WHERE id = 1",
        "UPDATE order_lines SET subtotal = subtotal - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE order_lines SET price = price + 1 WHERE id = 1",
        "UPDATE order_lines SET price = price - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE order_lines SET product_id = 3 WHERE id = 2",
        "UPDATE order_lines SET product_id = 2 WHERE id = 2",
    ),
    broken(
        "UPDATE order_lines SET line_number = 5 WHERE id = 2",
        "UPDATE order_lines SET line_number = 2 WHERE id = 2",
    ),
    broken(
        "UPDATE order_history SET from_status = 'paid' WHERE id = 2",
        "UPDATE order_history SET from_status = 'preparing' WHERE id = 2",
    ),
    broken(
        "UPDATE order_history SET to_status = 'delivered' WHERE id = 2",
        "UPDATE order_history SET to_status = 'ready_for_delivery' WHERE id = 2",
    ),
    broken(
        "UPDATE order_history SET order_id = 2 WHERE id IN (1, 2)",
        "UPDATE order_history SET order_id = 1 WHERE id IN (1, 2)",
    ),
    // Places.
    broken(
        "UPDATE locations SET status = 'inactive' WHERE id = 1",
        "UPDATE locations SET status = 'active' WHERE id = 1",
    ),
    broken(
        "UPDATE locations SET kind = 'warehouse' WHERE id = 1",
        "UPDATE locations SET kind = 'branch' WHERE id = 1",
    ),
    broken(
        "UPDATE store_settings SET online_location_id = 2; UPDATE locations SET status = 'inactive' WHERE id = 2",
        "UPDATE store_settings SET online_location_id = NULL; UPDATE locations SET status = 'active' WHERE id = 2",
    ),
    // Files.
    broken(
        "UPDATE expenses SET receipt_file = '00000000000000000000000000000000.pdf' WHERE id = 1",
        "UPDATE expenses SET receipt_file = '' WHERE id = 1",
    ),
    // Products.
    broken(
        "UPDATE products SET sale_price = sale_price + 1 WHERE id = 1",
        "UPDATE products SET sale_price = sale_price - 1 WHERE id = 1",
    ),
    broken(
        "UPDATE products SET status = 'inactive' WHERE id = 2",
        "UPDATE products SET status = 'active' WHERE id = 2",
    ),
    broken(
        "UPDATE products SET name_key = 'x' WHERE id = 1",
        "UPDATE products SET name_key = 'aspirin' WHERE id = 1",
    ),
    broken(
        "UPDATE products SET manufacturer_key = 'x' WHERE id = 1",
        "UPDATE products SET manufacturer_key = 'nika pharm' WHERE id = 1",
    ),
    broken(
        "UPDATE products SET sku_key = 'x' WHERE id = 1",
        "UPDATE products SET sku_key = 'sku-1' WHERE id = 1",
    ),
    broken(
        "UPDATE products SET shop_search = shop_search || 'x' WHERE id = 1",
        "UPDATE products SET shop_search = walk_search WHERE id = 1",
    ),
    broken(
        "UPDATE products SET online_search = online_search || 'x' WHERE id = 1",
        "UPDATE products SET online_search = replace(online_search, 'x', '') WHERE id = 1",
    ),
    broken(
        "UPDATE products SET walk_search = NULL WHERE id = 1",
        "UPDATE products SET walk_search = shop_search WHERE id = 1",
    ),
    broken(
        "UPDATE product_texts SET status = 'inactive' WHERE id = 1",
        "UPDATE product_texts SET status = 'active' WHERE id = 1",
    ),
    broken(
        "UPDATE product_texts SET name_key = 'x' WHERE id = 1",
        "UPDATE product_texts SET name_key = 'aspirin' WHERE id = 1",
    ),
    broken(
        "UPDATE product_texts SET shop_search = 'x' WHERE id = 1",
        "UPDATE product_texts SET shop_search = (SELECT shop_search FROM products WHERE id = 1) WHERE id = 1",
    ),
    broken(
        "INSERT INTO product_texts SELECT 99, store_id, status, name_key, shop_search FROM product_texts WHERE id = 1",
        "DELETE FROM product_texts WHERE id = 99",
    ),
    broken(
        "UPDATE shelf_texts SET online_search = 'x' WHERE id = 1",
        "UPDATE shelf_texts SET online_search = (SELECT online_search FROM products WHERE id = 1) WHERE id = 1",
    ),
    broken(
        "INSERT INTO shelf_texts SELECT 99, store_id, category_id, online_search FROM shelf_texts WHERE id = 1",
        "DELETE FROM shelf_texts WHERE id = 99",
    ),
    broken(
        "DELETE FROM shelf_texts WHERE id = 1",
        "INSERT INTO shelf_texts SELECT id, store_id, category_id, online_search FROM products WHERE id = 1",
    ),
    broken(
        "UPDATE shelf_texts SET category_id = (SELECT max(id) FROM categories) WHERE id = 1",
        "UPDATE shelf_texts SET category_id = (SELECT category_id FROM products WHERE id = 1) WHERE id = 1",
    ),
    broken(
        "DELETE FROM product_texts WHERE id = 1",
        "INSERT INTO product_texts SELECT id, store_id, status, name_key, shop_search FROM products WHERE id = 1",
    ),
];
