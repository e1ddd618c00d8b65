DROP TABLE payment_desks;
