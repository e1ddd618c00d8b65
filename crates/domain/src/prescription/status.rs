//! Where a prescription stands.

use crate::coded_enum;

coded_enum! {
    /// Where a prescription stands.
    pub enum PrescriptionStatus {
        /// Waits for somebody of the pharmacy.
        Pending = "pending",
        /// Accepted: an end.
        Approved = "approved",
        /// Refused, or its order was cancelled: an end.
        Rejected = "rejected",
    }
}

impl PrescriptionStatus {
    /// Whether a prescription goes from here `to` there.
    #[must_use]
    pub const fn goes_to(self, to: Self) -> bool {
        match (self, to) {
            (Self::Pending, Self::Approved | Self::Rejected) => true,
            (Self::Pending, Self::Pending)
            | (Self::Approved | Self::Rejected, Self::Pending | Self::Approved | Self::Rejected) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PrescriptionStatus;
    use crate::coded::Coded;

    #[test]
    fn a_prescription_is_judged_once() {
        let mut steps = Vec::new();
        for from in PrescriptionStatus::ALL {
            for to in PrescriptionStatus::ALL.iter().filter(|to| from.goes_to(**to)) {
                steps.push(format!("{from} {to}"));
            }
        }

        assert_eq!(steps, ["pending approved", "pending rejected"]);
    }
}
