DROP TABLE delivery_history;
DROP TABLE deliveries;
