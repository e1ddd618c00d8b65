//! Files beside the database: pictures of products, receipts of expenses, pictures of prescriptions.
//!
//! A file is written whole under a random name before the transaction whose row names it, and is never changed. What fails
//! later takes the file away again; what dies in between leaves a file that no row names, and the sweep takes that. So a row
//! never names a file that is not there. Deliberately absent: the names that senders give their files.

mod attached;
mod draft;
mod missing;
mod pictures;
pub(crate) mod sealed;
mod store;
mod sweep;

use chrono::{DateTime, Utc};
use savdo_domain::Refusal;
use savdo_domain::upload::{Format, Wanted};

use crate::{Context, Result};

pub(crate) use attached::{Attached, Replaced};
use draft::Draft;
pub(crate) use missing::{closed_pictures, missing_files, unnamed_files};
pub use pictures::DECODING_AT_ONCE;
pub(crate) use pictures::Pictures;
#[cfg(feature = "testing")]
pub use store::Faults;
pub use store::OpenFile;
pub(crate) use store::{Drawer, Files};
pub(crate) use sweep::sweep;

/// A file as it was sent, not looked at yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload(pub Vec<u8>);

impl std::fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Upload({} bytes)", self.0.len())
    }
}

/// A place for a file: what it takes, under which key it is sent, where it is kept.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    wanted: Wanted,
    field: &'static str,
    drawer: Drawer,
}

/// The picture of a product.
pub(crate) const PICTURE: Place = Place {
    wanted: Wanted::Picture,
    field: "image",
    drawer: Drawer::Products,
};

/// The receipt of an expense.
pub(crate) const RECEIPT: Place = Place {
    wanted: Wanted::Receipt,
    field: "receipt_image",
    drawer: Drawer::Receipts,
};

/// Looks at what was sent, makes a picture anew, and writes it; the file stays if its row does.
fn receive(context: &Context, place: Place, upload: &Upload, now: DateTime<Utc>) -> Result<Draft> {
    let refused = |problem| Refusal::field(place.field, problem);
    let format = place.wanted.judge(&upload.0).map_err(refused)?;
    match format {
        Format::Pdf => Draft::write(context.files(), place.drawer, "pdf", &upload.0, now),
        Format::Jpeg | Format::Png | Format::Webp => {
            let jpeg = context.pictures().made_anew(format, &upload.0)?.map_err(refused)?;
            Draft::write(context.files(), place.drawer, "jpg", &jpeg, now)
        }
    }
}

/// The picture of some product, by its stored name. Without a caller: who knows the name may see it.
///
/// # Errors
/// [`Refusal::NotFound`] for any other name; a disk that cannot be read.
pub fn product_picture(context: &Context, name: &str) -> Result<OpenFile> {
    let found = context.files().open(Drawer::Products, name)?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
