//! After a change of the installation's key for files: what an older one sealed is sealed anew under the current one.

use savdo_domain::ids::PrescriptionImageId;
use savdo_persistence::prescriptions::{PrescriptionImageView, files};

use crate::{Context, Error, Result};

/// So many are looked at at a time.
const AT_A_TIME: i64 = 500;

/// Seals the keys of all pictures anew that an older key sealed; says how many. The files stay as they are. A job of the worker.
///
/// # Errors
/// Keys of pictures that no configured key opens, once all others are done; a failed statement. What was sealed anew stays so.
pub fn rewrap_keys(context: &Context) -> Result<usize> {
    let (mut rewrapped, mut closed, mut after) = (0_usize, 0_usize, PrescriptionImageId::new(0));
    loop {
        let older = context.database().read("prescription_keys", |reader| {
            files::sealed_by_others_unscoped(reader, context.file_keys().current(), after, AT_A_TIME)
        })?;
        let Some(last) = older.last() else { break };
        after = last.id;
        for image in older {
            let id = image.id;
            match rewrap(context, image) {
                Ok(is_done) => rewrapped = rewrapped.saturating_add(usize::from(is_done)),
                Err(error @ Error::Storage(_)) => return Err(error),
                Err(error) => {
                    closed = closed.saturating_add(1);
                    tracing::error!(image.id = %id, %error, "The key of picture {id} does not open: {error}");
                }
            }
        }
    }
    if closed > 0 {
        return Err(anyhow::anyhow!("{closed} keys of pictures do not open under any key that is configured").into());
    }
    Ok(rewrapped)
}

/// `false` for one that was erased meanwhile, or sealed anew by another process.
fn rewrap(context: &Context, image: PrescriptionImageView) -> Result<bool> {
    let keys = context.file_keys();
    let of = (image.prescription_id, image.id);
    let Some(sealed_key) = &image.sealed_key else {
        return Ok(false);
    };
    let secret = keys.open(of, (&image.key_id, sealed_key))?;
    let (key_id, sealed) = (keys.current().to_owned(), keys.seal(of, &secret)?);
    Ok(context.database().write("prescription_rewrap", move |tx| {
        files::rewrap(tx, image.store_id, &image, (&key_id, &sealed))
    })?)
}
