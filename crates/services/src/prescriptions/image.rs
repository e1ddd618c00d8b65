//! Showing a picture of a prescription.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Origin};
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};
use savdo_domain::prescription::PrescriptionRefusal;
use savdo_persistence::prescriptions::read;

use super::seen::Ticket;
use super::{denied, traces};
use crate::accounts::behind;
use crate::files::sealed;
use crate::{Context, Result};

/// Who wants to see a picture.
#[derive(Debug, Clone)]
pub enum Viewer {
    /// Somebody who is signed in.
    SignedIn(Actor),
    /// Whoever holds a ticket to it, and where he comes from.
    Holder(Ticket, Origin),
}

/// A picture that is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ImageShown {
    /// The prescription.
    pub prescription_id: PrescriptionId,
    /// The JPEG.
    pub jpeg: Vec<u8>,
}

impl std::fmt::Debug for ImageShown {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ImageShown({} bytes)", self.jpeg.len())
    }
}

/// A picture of a prescription that the caller sees. That somebody else than the patient saw it is written down first.
///
/// # Errors
/// [`AccountRefusal::TokenNotValid`](savdo_domain::account::AccountRefusal::TokenNotValid) for a ticket that opens nothing;
/// [`Refusal::NotFound`] for any other picture; [`PrescriptionRefusal::ImageErased`].
pub fn image(
    context: &Context,
    viewer: Viewer,
    prescription_id: PrescriptionId,
    image_id: PrescriptionImageId,
) -> Result<ImageShown> {
    let now = context.now();
    let actor = match viewer {
        Viewer::SignedIn(actor) => actor,
        Viewer::Holder(ticket, origin) => {
            let holder = context.tickets().read(&ticket.0, image_id, now)?;
            let of = (holder.user_id, holder.token_version);
            behind(context, holder.session_id, of, origin)?
        }
    };
    let scope = actor.prescription_scope()?;
    let found = context.database().read("prescription_image", |reader| {
        let prescription = read::find(reader, &scope, prescription_id)?.ok_or(Refusal::NotFound)?;
        let image = read::image(reader, &prescription, image_id)?;
        Ok((prescription, image))
    });
    let (prescription, image) = denied::traced(context, &actor, (prescription_id, Some(image_id)), found)?;
    let Some(image) = image else {
        denied::note_picture(context, &actor, image_id)?;
        return Err(Refusal::NotFound.into());
    };
    let jpeg = sealed::open(context, &image)?.ok_or(PrescriptionRefusal::ImageErased)?;
    if prescription.patient.id != actor.user_id {
        context.database().write("prescription_look", move |tx| {
            traces::of_look(tx, &actor, &prescription, image_id, now)
        })?;
    }
    Ok(ImageShown { prescription_id, jpeg })
}
