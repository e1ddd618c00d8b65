DROP TABLE fiscal_records;
DROP TABLE provider_transactions;
