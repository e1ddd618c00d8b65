//! GetStatement: which transactions of the desk a period holds (contract 2.4).
//!
//! The rows are read by the desk and [`Statement::period`], ascending by Payme's time and then by id; every state is listed.

use std::ops::RangeInclusive;

use crate::payment::transaction::Millis;

/// GetStatement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The first moment, by Payme's time.
    pub from: Millis,
    /// The last moment.
    pub to: Millis,
}

impl Statement {
    /// The times that are listed, both ends among them; `None` for a period that ends before it begins, which lists nothing.
    #[must_use]
    pub fn period(&self) -> Option<RangeInclusive<Millis>> {
        (self.from <= self.to).then_some(self.from..=self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::Statement;
    use crate::payment::transaction::Millis;

    fn listed(from: i64, to: i64) -> Vec<i64> {
        let statement = Statement {
            from: Millis::new(from),
            to: Millis::new(to),
        };
        let period = statement.period();
        let is_listed = |time: &i64| {
            period
                .as_ref()
                .is_some_and(|period| period.contains(&Millis::new(*time)))
        };
        (98..=103).filter(is_listed).collect()
    }

    #[test]
    fn both_ends_of_the_period_are_listed() {
        assert_eq!(listed(99, 102), [99, 100, 101, 102]);
        assert_eq!(listed(100, 100), [100]);
    }

    #[test]
    fn a_period_that_ends_before_it_begins_lists_nothing() {
        assert_eq!(listed(101, 100), Vec::<i64>::new());
    }
}
