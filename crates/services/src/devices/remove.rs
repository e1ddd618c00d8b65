//! Forgetting a device.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::DeviceId;
use savdo_persistence::devices;

use crate::{Context, Error, Result};

/// Forgets a device of the caller.
///
/// # Errors
/// [`Refusal::NotFound`] for a device that is not his.
pub fn remove(context: &Context, actor: &Actor, id: DeviceId) -> Result<()> {
    let user_id = actor.user_id;
    context.database().write("device_remove", move |tx| {
        if devices::forget(tx, user_id, id)? {
            Ok(())
        } else {
            Err(Error::from(Refusal::NotFound))
        }
    })
}
