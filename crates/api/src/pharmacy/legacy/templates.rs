//! What older clients send about the words of messages otherwise: Uzbek ones without their language.

use actix_web::{HttpResponse, web};
use savdo_services::Context;
use serde::{Deserialize, Deserializer};
use validator::{Validate, ValidationErrors};

use crate::extract::{Body, InLanguage, Keyed};
use crate::guards::SignedIn;
use crate::pharmacy::templates::{TemplateBody, created};
use crate::problem::Problem;

/// Words to be made, in Uzbek where they say no language.
#[derive(Debug)]
pub struct OlderTemplateBody(TemplateBody);

impl<'de> Deserialize<'de> for OlderTemplateBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TemplateBody::deserialize(deserializer).map(|body| Self(body.or_in_uzbek()))
    }
}

impl Validate for OlderTemplateBody {
    fn validate(&self) -> Result<(), ValidationErrors> {
        self.0.validate()
    }
}

/// Makes words of a store, in place of those of the installation.
///
/// # Errors
/// As today's.
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(OlderTemplateBody(body))): Keyed<Body<OlderTemplateBody>>,
) -> Result<HttpResponse, Problem> {
    created(&context, actor, body, key, language).await
}
