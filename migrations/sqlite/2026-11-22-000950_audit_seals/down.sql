DROP INDEX audit_entries_created_at_index;
DROP TABLE audit_seals;
