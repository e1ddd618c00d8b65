DROP TABLE payment_comparisons;
