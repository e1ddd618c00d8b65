//! Why a prescription is not taken, judged or shown.

/// Something about a prescription that is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrescriptionRefusal {
    /// The order waits for no prescription.
    OrderNotAwaiting,
    /// The order has one that nobody judged yet.
    AlreadyPending,
    /// The order has had as many as it may.
    TooMany,
    /// It was judged already.
    NotPending,
    /// It is the caller's own.
    Own,
    /// Its pictures were erased when their time was over.
    ImageErased,
}

impl PrescriptionRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OrderNotAwaiting => "order_not_awaiting_prescription",
            Self::AlreadyPending => "prescription_pending",
            Self::TooMany => "too_many_prescriptions",
            Self::NotPending => "not_pending",
            Self::Own => "own_prescription",
            Self::ImageErased => "image_erased",
        }
    }
}
