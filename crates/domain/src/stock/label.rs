//! What is said of a batch beside its goods: the maker's series, its last day, and whether it may leave the place at all.

use chrono::NaiveDate;

use crate::fields::{FieldErrors, FieldProblem};

/// What is said of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Why it is in quarantine or recalled; `None`: it is not.
    pub block: Option<String>,
    /// The maker's series, possibly empty.
    pub series: String,
    /// The last day on which it may be sold.
    pub expires_on: Option<NaiveDate>,
}

/// What is to change of it; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelChange {
    /// Whether it is in quarantine.
    pub blocked: Option<bool>,
    /// Why.
    pub reason: Option<String>,
    /// The maker's series.
    pub series: Option<String>,
    /// Its last day; `Some(None)`: the goods keep.
    pub expires_on: Option<Option<NaiveDate>>,
}

impl Label {
    /// What is said of the batch after a change; what is traceable keeps its series and its last day.
    ///
    /// # Errors
    /// `reason` where a batch is blocked without one, or one is given for a batch that is not; `series` and `expires_on`
    /// where they must be known and would be cleared.
    pub fn changed(&self, change: LabelChange, must_be_traceable: bool) -> Result<Self, FieldErrors> {
        let LabelChange {
            blocked,
            reason,
            series,
            expires_on,
        } = change;
        let mut errors = FieldErrors::new();
        let block = if blocked.unwrap_or(self.block.is_some()) {
            let reason = reason
                .or_else(|| self.block.clone())
                .filter(|reason| !reason.is_empty());
            errors.keep("reason", reason.ok_or(FieldProblem::Required))
        } else {
            if blocked.is_none() && reason.is_some() {
                errors.add("reason", FieldProblem::Contradiction);
            }
            None
        };
        if must_be_traceable && series.as_ref().is_some_and(String::is_empty) {
            errors.add("series", FieldProblem::Required);
        }
        if must_be_traceable && expires_on == Some(None) {
            errors.add("expires_on", FieldProblem::Required);
        }
        errors.into_result().map(|()| Self {
            block,
            series: series.unwrap_or_else(|| self.series.clone()),
            expires_on: expires_on.unwrap_or(self.expires_on),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, LabelChange};
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::stock::builders::day;

    fn free() -> Label {
        Label {
            block: None,
            series: "A-17".to_owned(),
            expires_on: Some(day(12)),
        }
    }

    fn blocked(reason: &str) -> Label {
        Label {
            block: Some(reason.to_owned()),
            ..free()
        }
    }

    fn blocking(blocked: bool, reason: Option<&str>) -> LabelChange {
        LabelChange {
            blocked: Some(blocked),
            reason: reason.map(str::to_owned),
            ..LabelChange::default()
        }
    }

    fn at(field: &str, problem: FieldProblem) -> Result<Label, FieldErrors> {
        Err(FieldErrors::one(field, problem))
    }

    #[test]
    fn a_batch_is_blocked_with_a_reason_and_freed_without() {
        let missing = || at("reason", FieldProblem::Required);

        assert_eq!(free().changed(blocking(true, Some("xato")), false), Ok(blocked("xato")));
        assert_eq!(free().changed(blocking(true, None), false), missing());
        assert_eq!(free().changed(blocking(true, Some("")), false), missing());
        assert_eq!(
            blocked("xato").changed(blocking(true, None), false),
            Ok(blocked("xato"))
        );
        assert_eq!(
            blocked("xato").changed(blocking(false, Some("boshqa")), false),
            Ok(free())
        );
    }

    #[test]
    fn a_reason_alone_is_that_of_a_batch_that_is_blocked() {
        let reason = || LabelChange {
            reason: Some("boshqa".to_owned()),
            ..LabelChange::default()
        };

        assert_eq!(blocked("xato").changed(reason(), false), Ok(blocked("boshqa")));
        assert_eq!(
            free().changed(reason(), false),
            at("reason", FieldProblem::Contradiction)
        );
    }

    #[test]
    fn what_is_traceable_stays_so() {
        let cleared = || LabelChange {
            series: Some(String::new()),
            expires_on: Some(None),
            ..LabelChange::default()
        };
        let mut needed = FieldErrors::one("series", FieldProblem::Required);
        needed.add("expires_on", FieldProblem::Required);

        let keeps = Label {
            series: String::new(),
            expires_on: None,
            ..free()
        };
        assert_eq!(free().changed(cleared(), false), Ok(keeps));
        assert_eq!(free().changed(cleared(), true), Err(needed));
    }
}
