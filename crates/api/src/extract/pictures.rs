//! Bodies that bring the picture of a product to the online pharmacy (pharmacy.md 1.1, 2.8): a form may be as long as one picture
//! and what is said of it.

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use validator::Validate;

use crate::extract::body::{self, Body, Bounded, Pending, content_type, parts, shaped_form};
use crate::extract::{FormOrJson, form};
use crate::problem::Problem;

/// The most bytes a form may have, its picture included.
const FORM_MAX: usize = 6 * 1024 * 1024;

/// A form with a picture.
#[derive(Debug, Clone)]
pub struct PictureForm<T>(pub T);

/// A form with or without a picture, or JSON.
#[derive(Debug, Clone)]
pub struct PictureFormOrJson<T>(pub T);

impl<T> Bounded for PictureForm<T> {
    fn bytes_max(_: &HttpRequest) -> usize {
        FORM_MAX
    }

    fn too_large(_: &HttpRequest) -> Problem {
        Problem::ImageTooLarge
    }

    fn identity(request: &HttpRequest, bytes: &Bytes) -> Result<Bytes, Problem> {
        FormOrJson::<T>::identity(request, bytes)
    }
}

impl<T> Bounded for PictureFormOrJson<T> {
    fn bytes_max(request: &HttpRequest) -> usize {
        if form::is_form(content_type(request)) {
            FORM_MAX
        } else {
            Body::<T>::bytes_max(request)
        }
    }

    fn too_large(request: &HttpRequest) -> Problem {
        if form::is_form(content_type(request)) {
            Problem::ImageTooLarge
        } else {
            Problem::BodyTooLarge
        }
    }

    fn identity(request: &HttpRequest, bytes: &Bytes) -> Result<Bytes, Problem> {
        FormOrJson::<T>::identity(request, bytes)
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for PictureForm<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = content_type(request).to_owned();
        let limits = Self::limits(request);
        let payload = payload.take();
        Box::pin(async move {
            if !form::is_form(&content_type) {
                return Err(Problem::UnsupportedMediaType);
            }
            let bytes = body::read(payload, limits).await?;
            shaped_form(parts(&content_type, &bytes)?).map(Self)
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for PictureFormOrJson<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if form::is_form(content_type(request)) {
            let form = PictureForm::from_request(request, payload);
            return Box::pin(async move { form.await.map(|PictureForm(body)| Self(body)) });
        }
        let json = Body::from_request(request, payload);
        Box::pin(async move { json.await.map(|Body(body)| Self(body)) })
    }
}
