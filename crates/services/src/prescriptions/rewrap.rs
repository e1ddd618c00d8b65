//! After a change of the installation's key for files: what an older one sealed is sealed anew under the current one.

use savdo_domain::ids::PrescriptionImageId;
use savdo_persistence::prescriptions::{PrescriptionImageView, files};

use crate::{Context, Result};

/// So many are looked at at a time.
const AT_A_TIME: i64 = 500;

/// Seals the keys of all pictures anew that an older key sealed; says how many. The files stay as they are. A job of the worker.
///
/// # Errors
/// A key of the installation that is not configured any more, a failed statement; what was sealed anew until then stays so.
pub fn rewrap_keys(context: &Context) -> Result<usize> {
    let (mut rewrapped, mut after) = (0_usize, PrescriptionImageId::new(0));
    loop {
        let kept = context.database().read("prescription_keys", |reader| {
            files::kept_unscoped(reader, after, AT_A_TIME)
        })?;
        let Some(last) = kept.last() else {
            return Ok(rewrapped);
        };
        after = last.id;
        let current = context.file_keys().current();
        for image in kept.into_iter().filter(|image| image.key_id != current) {
            rewrapped = rewrapped.saturating_add(usize::from(rewrap(context, image)?));
        }
    }
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
