//! How rules are made of what is told: the audit log and the outbox tell of rows in the same words.

use super::Rule;

/// A table whose rows tell of other rows.
pub(super) struct Log {
    table: &'static str,
    /// The column that says what was done.
    deed: &'static str,
}

pub(super) const AUDIT: Log = Log {
    table: "audit_entries",
    deed: "action",
};

pub(super) const OUTBOX: Log = Log {
    table: "outbox",
    deed: "event",
};

impl Log {
    /// It tells of this deed once of each row of a table.
    pub(super) fn once(&self, table: &'static str, says: &'static str, (subject, deed): (&str, &str)) -> Rule {
        self.counted(table, says, (subject, deed), ("id", "1"))
    }

    /// It tells of this deed once of each row in whose column this stands, and never of another.
    pub(super) fn once_where(
        &self,
        table: &'static str,
        says: &'static str,
        (subject, deed): (&str, &str),
        (column, value): (&str, &str),
    ) -> Rule {
        let expected = format!("CASE document.{column} WHEN '{value}' THEN 1 ELSE 0 END");
        self.counted(table, says, (subject, deed), (column, &expected))
    }

    /// It tells of this deed of each row as often as is expected of it.
    pub(super) fn counted(
        &self,
        table: &'static str,
        says: &'static str,
        (subject, deed): (&str, &str),
        (column, expected): (&str, &str),
    ) -> Rule {
        let Self {
            table: log,
            deed: deeds,
        } = self;
        let sql = format!(
            "SELECT document.id, {expected} AS expected, COUNT(told.id) AS found \
             FROM {table} AS document LEFT JOIN {log} AS told ON told.store_id = document.store_id \
                AND told.subject_type = '{subject}' AND told.subject_id = document.id AND told.{deeds} = '{deed}' \
             GROUP BY document.id, document.{column}"
        );
        Rule::new(table, says, sql)
    }

    /// What it tells of is there.
    pub(super) fn real(&self, table: &'static str, says: &'static str, subject: &str) -> Rule {
        let log = self.table;
        let sql = format!(
            "SELECT told.id, told.subject_id AS expected, document.id AS found \
             FROM {log} AS told LEFT JOIN {table} AS document \
                ON document.store_id = told.store_id AND document.id = told.subject_id \
             WHERE told.subject_type = '{subject}'"
        );
        Rule::new(log, says, sql)
    }
}
