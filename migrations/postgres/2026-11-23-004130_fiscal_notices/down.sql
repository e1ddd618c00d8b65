DELETE FROM outbox_dispatches WHERE notification_id IN (SELECT id FROM notifications WHERE notice_type = 'fiscal_failed');
DELETE FROM notifications WHERE notice_type = 'fiscal_failed';

ALTER TABLE notifications
    DROP CONSTRAINT notifications_type_check,
    ADD CONSTRAINT notifications_type_check CHECK (notice_type IN (
        'otp', 'password_reset', 'order_created', 'order_awaiting_prescription', 'order_awaiting_payment', 'order_paid',
        'order_preparing', 'order_ready_for_delivery', 'order_on_the_way', 'order_delivered', 'order_cancelled', 'prescription_approved', 'prescription_rejected',
        'late_money', 'payment_doubtful', 'reversal_failed', 'payment_differs'));
ALTER TABLE notification_templates
    DROP CONSTRAINT notification_templates_type_check,
    ADD CONSTRAINT notification_templates_type_check CHECK (notice_type IN (
        'otp', 'password_reset', 'order_created', 'order_awaiting_prescription', 'order_awaiting_payment', 'order_paid',
        'order_preparing', 'order_ready_for_delivery', 'order_on_the_way', 'order_delivered', 'order_cancelled', 'prescription_approved', 'prescription_rejected',
        'late_money', 'payment_doubtful', 'reversal_failed', 'payment_differs'));
