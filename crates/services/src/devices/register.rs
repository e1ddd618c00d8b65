//! Making a device known.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use savdo_domain::access::Actor;
use savdo_domain::account::Platform;
use savdo_domain::ids::DeviceId;
use savdo_persistence::devices::{self, NewDevice};
use sha2::{Digest, Sha256};

use crate::once::Once;
use crate::{Context, Result};

/// A device to be known.
#[derive(Clone)]
pub struct RegisterDevice {
    /// The token by which its maker reaches it.
    pub token: String,
    /// What runs on it.
    pub platform: Platform,
}

/// Makes a device known as the caller's; one that was another's is his from now on.
///
/// # Errors
/// A failed statement; those of [`Once`].
pub fn register<O: Once<DeviceId>>(
    context: &Context,
    actor: &Actor,
    command: RegisterDevice,
    once: &O,
) -> Result<O::Answer> {
    let device = NewDevice {
        user_id: actor.user_id,
        token_hash: STANDARD_NO_PAD.encode(Sha256::digest(command.token.as_bytes())),
        token: command.token,
        platform: command.platform,
        at: context.now(),
    };
    once.write(context, actor, "device_register", move |tx| {
        Ok(devices::take(tx, &device)?)
    })
}
