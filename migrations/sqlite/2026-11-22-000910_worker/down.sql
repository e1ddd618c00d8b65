DROP TABLE job_runs;
DROP TABLE outbox_dispatches;
DROP TABLE outbox_secrets;
