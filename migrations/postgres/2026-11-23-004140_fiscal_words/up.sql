-- What the migration before left to be looked at, and the words for it.
ALTER TABLE notifications VALIDATE CONSTRAINT notifications_type_check;
ALTER TABLE notification_templates VALIDATE CONSTRAINT notification_templates_type_check;

INSERT INTO notification_templates (store_id, notice_type, channel, language, text, is_active, created_at, updated_at) VALUES
    (NULL, 'fiscal_failed', 'system', 'uz', '{order_id}-buyurtma: Click orqali soliq cheki olinmadi, tekshiring.', TRUE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'system', 'ru', 'Заказ {order_id}: нет фискального чека от Click, проверьте.', TRUE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'system', 'en', 'Order {order_id}: no tax receipt came through Click, look into it.', TRUE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'sms', 'uz', '{order_id}-buyurtma: Click orqali soliq cheki olinmadi, tekshiring.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'sms', 'ru', 'Заказ {order_id}: нет фискального чека от Click, проверьте.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'sms', 'en', 'Order {order_id}: no tax receipt came through Click, look into it.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'push', 'uz', '{order_id}-buyurtma: Click orqali soliq cheki olinmadi, tekshiring.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'push', 'ru', 'Заказ {order_id}: нет фискального чека от Click, проверьте.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'push', 'en', 'Order {order_id}: no tax receipt came through Click, look into it.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'email', 'uz', '{order_id}-buyurtma: Click orqali soliq cheki olinmadi, tekshiring.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'email', 'ru', 'Заказ {order_id}: нет фискального чека от Click, проверьте.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00'),
    (NULL, 'fiscal_failed', 'email', 'en', 'Order {order_id}: no tax receipt came through Click, look into it.', FALSE, TIMESTAMP '2026-03-01 00:00:00', TIMESTAMP '2026-03-01 00:00:00');
