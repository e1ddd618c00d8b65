//! Pictures made anew: decoded, turned upright, written as JPEG without anything that came along.
//!
//! One at a time in the process, behind a gate: a picture unfolds to some hundred megabytes. Its size is read from its header
//! before that. What a decoder cannot read to its end is no picture; that includes a decoder that panics.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits, RgbImage};
use savdo_domain::FieldProblem;
use savdo_domain::upload::{Format, SIDE_MAX, check_size};

use crate::Result;
use crate::gate::Gate;

const WAITING_MAX: usize = 4;
/// How good the JPEG is, of 100.
const QUALITY: u8 = 85;
/// What the headers of a picture may unfold to, such as its colour profile.
const HEADERS_MAX: u64 = 8 * 1024 * 1024;

/// How many threads decoding pictures can hold at once, those that wait included.
pub const DECODING_AT_ONCE: usize = 1 + WAITING_MAX;

/// Makes pictures anew.
pub(crate) struct Pictures {
    gate: Gate,
}

impl Pictures {
    pub(crate) fn new() -> Self {
        Self {
            gate: Gate::new(1, WAITING_MAX),
        }
    }

    /// The JPEG of a picture of this format, or what is wrong with it.
    ///
    /// # Errors
    /// [`Error::Overloaded`](crate::Error::Overloaded) where too many wait already.
    pub(super) fn made_anew(&self, format: Format, bytes: &[u8]) -> Result<std::result::Result<Vec<u8>, FieldProblem>> {
        let decoded = self
            .gate
            .run(|| catch_unwind(AssertUnwindSafe(|| made_anew(format, bytes))))?;
        Ok(decoded.unwrap_or(Err(FieldProblem::FileBroken)))
    }
}

fn made_anew(format: Format, bytes: &[u8]) -> std::result::Result<Vec<u8>, FieldProblem> {
    let picture = decoded(format, bytes)?;
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    flattened(picture)
        .write_with_encoder(encoder)
        .map_err(|_| FieldProblem::FileBroken)?;
    Ok(jpeg)
}

fn decoded(format: Format, bytes: &[u8]) -> std::result::Result<DynamicImage, FieldProblem> {
    let broken = |_| FieldProblem::FileBroken;
    let reader = Cursor::new(bytes);
    match format {
        Format::Jpeg if !is_whole(bytes) => Err(FieldProblem::FileBroken),
        Format::Jpeg => upright(JpegDecoder::new(reader).map_err(broken)?),
        Format::Png => {
            check_png_size(bytes)?;
            let decoder = PngDecoder::with_limits(reader, limits()).map_err(broken)?;
            let moves = decoder.is_apng().map_err(broken)?;
            still(moves).and_then(|()| upright(decoder))
        }
        Format::Webp => {
            let decoder = WebPDecoder::new(reader).map_err(broken)?;
            still(decoder.has_animation()).and_then(|()| upright(decoder))
        }
        Format::Pdf => Err(FieldProblem::FileBroken),
    }
}

/// Decodes what is small enough, turned as its header says.
fn upright(mut decoder: impl ImageDecoder) -> std::result::Result<DynamicImage, FieldProblem> {
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let decode = || -> ImageResult<DynamicImage> {
        let orientation = decoder.orientation()?;
        decoder.set_limits(Limits::no_limits())?;
        let mut picture = DynamicImage::from_decoder(decoder)?;
        picture.apply_orientation(orientation);
        Ok(picture)
    };
    decode().map_err(|_| FieldProblem::FileBroken)
}

const fn still(moves: bool) -> std::result::Result<(), FieldProblem> {
    if moves {
        Err(FieldProblem::PictureAnimated)
    } else {
        Ok(())
    }
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(HEADERS_MAX);
    limits
}

/// The size stands at a fixed place, before anything that could unfold.
fn check_png_size(bytes: &[u8]) -> std::result::Result<(), FieldProblem> {
    let number = |at: usize| {
        let digits: [u8; 4] = bytes.get(at..at.saturating_add(4))?.try_into().ok()?;
        Some(u32::from_be_bytes(digits))
    };
    let size = number(16).zip(number(20));
    size.map_or(Err(FieldProblem::FileBroken), |(width, height)| {
        check_size(width, height)
    })
}

/// Whether a JPEG goes on to its end mark: of one that does not the decoder draws what is missing in grey and says nothing.
fn is_whole(bytes: &[u8]) -> bool {
    // In the data of the picture the mark cannot stand; in the headers before it can, as the end of a thumbnail.
    let pixels = scan_of(bytes).and_then(|scan| bytes.get(scan..));
    pixels.is_some_and(|pixels| pixels.windows(2).any(|pair| pair == [0xff, 0xd9]))
}

/// Where the data of a JPEG begins, behind all headers.
fn scan_of(bytes: &[u8]) -> Option<usize> {
    let mut at = 2_usize;
    loop {
        let (mark, kind) = (*bytes.get(at)?, *bytes.get(at.checked_add(1)?)?);
        let skipped = match (mark, kind) {
            (0xff, 0xda) => return Some(at),
            // Filling, or marks without anything behind them.
            (0xff, 0xff) => 1,
            (0xff, 0x01 | 0xd0..=0xd8) => 2,
            (0xff, _) => {
                let length = [*bytes.get(at.checked_add(2)?)?, *bytes.get(at.checked_add(3)?)?];
                usize::from(u16::from_be_bytes(length)).checked_add(2)?
            }
            _ => 1,
        };
        at = at.checked_add(skipped)?;
    }
}

/// On white where the picture lets something through: JPEG knows no transparency.
fn flattened(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let seen = picture.into_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        let on_white = |part: u8| {
            let (part, alpha) = (u32::from(part), u32::from(alpha));
            u8::try_from((part * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([red, green, blue].map(on_white))
    })
}

#[cfg(test)]
mod tests;
