//! Faults made on purpose: the n-th statement, the n-th step on the disk.

use super::World;

impl World {
    /// All rows and all stored files, to be compared.
    #[must_use]
    pub fn everything(&self) -> (String, Vec<String>) {
        (self.database.dump(), self.context.stored_files())
    }

    /// Lets the n-th statement fail for n = 1, 2, .. until the work goes through; every failure leaves all tables and files
    /// as they were. Answers what it came to and how many statements it took.
    ///
    /// # Panics
    /// When a failure goes unseen or leaves something behind.
    pub fn fails_at_every_statement<T>(&self, work: impl Fn() -> crate::Result<T>) -> (T, u64) {
        let before = self.everything();
        for nth in 1..100 {
            self.database.probe().fail_at(nth);
            let outcome = work();
            if self.database.probe().disarm() {
                return (outcome.unwrap_or_else(|error| panic!("it failed: {error}")), nth - 1);
            }
            assert!(outcome.is_err(), "statement {nth} failed unseen");
            assert!(self.everything() == before, "statement {nth} left something behind");
        }
        panic!("it never went through");
    }

    /// The same for the n-th step on the disk of the files, which finds no room.
    ///
    /// # Panics
    /// When a failure goes unseen or leaves something behind.
    pub fn fails_at_every_file_step<T>(&self, work: impl Fn() -> crate::Result<T>) -> (T, u64) {
        let before = self.everything();
        for nth in 1..100 {
            self.context.file_faults().fail_at(nth);
            let outcome = work();
            if self.context.file_faults().disarm() {
                return (outcome.unwrap_or_else(|error| panic!("it failed: {error}")), nth - 1);
            }
            let is_full = matches!(outcome, Err(crate::Error::Storage(crate::StorageError::StorageFull)));
            assert!(is_full, "step {nth} failed unseen");
            assert!(self.everything() == before, "step {nth} left something behind");
        }
        panic!("it never went through");
    }
}
