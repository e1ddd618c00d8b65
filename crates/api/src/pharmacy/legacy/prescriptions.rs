//! What older clients send about prescriptions otherwise: by either name of a key, and without an order.

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::ids::{OrderId, PrescriptionId};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_services::Context;
use savdo_services::prescriptions::{RejectPrescription, SubmitPrescription};
use serde::Deserialize;
use validator::Validate;

use super::products::either;
use crate::extract::{Body, FileInput, IdInput, InLanguage, Keyed, Patch, PathId, PicturesForm, TextInput};
use crate::guards::SignedIn;
use crate::pharmacy::prescriptions::replies::Manner;
use crate::pharmacy::prescriptions::{rejected, submitted};
use crate::problem::Problem;

/// A prescription to be shown, by either name of a key.
#[derive(Debug, Deserialize, Validate)]
pub struct OlderPrescriptionBody {
    order_id: Option<IdInput>,
    order: Option<IdInput>,
    images: Option<Vec<FileInput>>,
    rasmlar: Option<Vec<FileInput>>,
}

/// Why a prescription is rejected, by either name of the key.
#[derive(Debug, Deserialize, Validate)]
pub struct OlderRejectBody {
    #[serde(default)]
    #[validate(length(min = 1, max = 500))]
    reason: Patch<TextInput>,
    #[serde(default)]
    #[validate(length(min = 1, max = 500))]
    rad_sababi: Patch<TextInput>,
}

/// Shows the pharmacy a prescription; one for no order goes to the only store that is open online.
///
/// # Errors
/// As today's; what is wrong with the pictures stands under the name that they came by, and 400 for two names that say different things.
pub async fn submit(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, PicturesForm(body)): Keyed<PicturesForm<OlderPrescriptionBody>>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let manner = Manner::of(&request, language);
    let images_came_as = body.images_came_as();
    let answer = submitted(&context, actor, body.into_command()?, key, manner).await;
    answer.map_err(|problem| match problem {
        Problem::Refused(Refusal::Fields(errors)) => Problem::Refused(errors.renamed("images", images_came_as).into()),
        problem => problem,
    })
}

/// Rejects a prescription; its order waits for another one.
///
/// # Errors
/// As today's; what is wrong with the reason stands under the name that it came by.
pub async fn reject(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, Body(body)): Keyed<Body<OlderRejectBody>>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(PrescriptionId::new(id))?;
    rejected(&context, actor, command, key, Manner::of(&request, language)).await
}

impl OlderPrescriptionBody {
    const fn images_came_as(&self) -> &'static str {
        if self.images.is_none() && self.rasmlar.is_some() {
            "rasmlar"
        } else {
            "images"
        }
    }

    fn into_command(self) -> Result<SubmitPrescription, Problem> {
        let mut errors = FieldErrors::new();
        let order_id = either(&mut errors, "order", self.order_id, self.order);
        let images = either(&mut errors, "rasmlar", self.images, self.rasmlar);
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(SubmitPrescription {
            order_id: order_id.map(|id| OrderId::new(id.0)),
            images: images.unwrap_or_default().into_iter().map(|file| file.0).collect(),
        })
    }
}

impl OlderRejectBody {
    fn into_command(self, id: PrescriptionId) -> Result<RejectPrescription, Problem> {
        let mut errors = FieldErrors::new();
        let is_sent = self.reason.is_sent() || self.rad_sababi.is_sent();
        let reason = self.reason.not_null("reason", &mut errors);
        let older = self.rad_sababi.not_null("rad_sababi", &mut errors);
        let reason = either(&mut errors, "rad_sababi", reason, older);
        if !is_sent {
            errors.add("rad_sababi", FieldProblem::Required);
        }
        match (errors.into_result(), reason) {
            (Ok(()), Some(TextInput(reason))) => Ok(RejectPrescription { id, reason }),
            (Err(errors), _) => Err(Problem::Refused(errors.into())),
            (Ok(()), None) => Err(Problem::internal(&"a reason that was sent is none")),
        }
    }
}
