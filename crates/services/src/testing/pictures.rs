//! Files as people send them.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::files::Upload;

/// A small picture, one colour each.
#[must_use]
pub fn picture(red: u8) -> Upload {
    let flat = DynamicImage::from(RgbImage::from_pixel(8, 6, Rgb([red, 90, 30])));
    let mut bytes = Cursor::new(Vec::new());
    flat.write_to(&mut bytes, ImageFormat::Png)
        .unwrap_or_else(|error| panic!("{error}"));
    Upload(bytes.into_inner())
}
