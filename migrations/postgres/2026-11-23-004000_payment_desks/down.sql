DROP INDEX payments_late_index;
DROP TABLE payment_desks;
