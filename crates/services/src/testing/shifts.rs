//! Shifts of a test.

use savdo_domain::Money;
use savdo_domain::access::Actor;
use savdo_domain::ids::ShiftId;
use savdo_domain::settings::SettingsPatch;

use super::people::done;
use super::{Shop, World};
use crate::once::Unkeyed;
use crate::shifts::{CloseShift, OpenShift, ShiftReported, ShiftSeen};
use crate::{settings, shifts};

/// A shift in the branch of the shop with an empty drawer.
#[must_use]
pub fn shift(shop: &Shop) -> OpenShift {
    OpenShift {
        branch: Some(shop.branch_id),
        cash_start: Some(Money::ZERO),
        description: String::new(),
    }
}

/// The end of a shift whose drawer nobody counted.
#[must_use]
pub const fn end(id: ShiftId) -> CloseShift {
    CloseShift {
        id,
        cash_end: None,
        description: String::new(),
    }
}

impl World {
    /// A shop that has shifts from now on.
    pub fn use_shifts(&self, shop: &Shop) {
        let patch = SettingsPatch {
            shift_enabled: Some(true),
            ..SettingsPatch::default()
        };
        done(settings::change(&self.context, &shop.owner, shop.store_id, patch));
    }

    /// A shift that somebody opened.
    pub fn open_shift(&self, worker: &Actor, command: OpenShift) -> ShiftSeen {
        done(shifts::open(&self.context, worker, command, &Unkeyed))
    }

    /// A shift that somebody closed.
    pub fn close_shift(&self, worker: &Actor, command: CloseShift) -> ShiftReported {
        done(shifts::close(&self.context, worker, command, &Unkeyed)).reported
    }
}
