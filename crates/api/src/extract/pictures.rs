//! Bodies that bring pictures to the online pharmacy (pharmacy.md 1.1, 2.8): a form may be as long as its pictures, the one of a
//! product or those of a prescription, and what is said of them.

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

/// The most bytes a form with pictures of a prescription may have.
const FORM_OF_SEVERAL_MAX: usize = 26 * 1024 * 1024;

/// A form with pictures of a prescription.
#[derive(Debug, Clone)]
pub struct PicturesForm<T>(pub T);

/// A form with a picture.
#[derive(Debug, Clone)]
pub struct PictureForm<T>(pub T);

/// A form with or without a picture, or JSON.
#[derive(Debug, Clone)]
pub struct PictureFormOrJson<T>(pub T);

impl<T> Bounded for PicturesForm<T> {
    fn bytes_max(_: &HttpRequest) -> usize {
        FORM_OF_SEVERAL_MAX
    }

    fn too_large(_: &HttpRequest) -> Problem {
        Problem::ImageTooLarge
    }

    fn identity(request: &HttpRequest, bytes: &Bytes) -> Result<Bytes, Problem> {
        FormOrJson::<T>::identity(request, bytes)
    }
}

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

/// A form, and nothing else.
fn read_form<T: DeserializeOwned + Validate + 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    limits: body::Limits,
) -> Pending<T> {
    let content_type = content_type(request).to_owned();
    let payload = payload.take();
    Box::pin(async move {
        if !form::is_form(&content_type) {
            return Err(Problem::UnsupportedMediaType);
        }
        let bytes = body::read(payload, limits).await?;
        shaped_form(parts(&content_type, &bytes)?)
    })
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for PicturesForm<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = read_form(request, payload, Self::limits(request));
        Box::pin(async move { form.await.map(Self) })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for PictureForm<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = read_form(request, payload, Self::limits(request));
        Box::pin(async move { form.await.map(Self) })
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
