DROP TABLE payment_logs;
