//! A prescription to be shown: a white sheet with a frame, lines of writing and a round stamp, drawn pixel by pixel.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use savdo_services::files::Upload;

/// Width and height in pixels, those of A5.
const SIZE: (u32, u32) = (420, 594);
/// The middle of the stamp.
const STAMP: (u32, u32) = (300, 470);
/// From one line of writing to the next.
const LINE: u32 = 42;

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const INK: Rgb<u8> = Rgb([28, 38, 84]);
const STAMP_INK: Rgb<u8> = Rgb([96, 62, 168]);

/// The sheet as a telephone would send it.
pub(super) fn draw() -> anyhow::Result<Upload> {
    let (width, height) = SIZE;
    let sheet = RgbImage::from_fn(width, height, |x, y| colour((x, y)));
    let mut png = Cursor::new(Vec::new());
    DynamicImage::from(sheet).write_to(&mut png, ImageFormat::Png)?;
    Ok(Upload(png.into_inner()))
}

fn colour(at: (u32, u32)) -> Rgb<u8> {
    if is_of_stamp(at) {
        STAMP_INK
    } else if is_of_frame(at) || is_of_writing(at) {
        INK
    } else {
        PAPER
    }
}

/// Two rings, one in the other.
fn is_of_stamp((x, y): (u32, u32)) -> bool {
    let square = x.abs_diff(STAMP.0).pow(2) + y.abs_diff(STAMP.1).pow(2);
    (52 * 52..58 * 58).contains(&square) || (34 * 34..37 * 37).contains(&square)
}

fn is_of_frame((x, y): (u32, u32)) -> bool {
    let from_edge = x.min(y).min(SIZE.0 - 1 - x).min(SIZE.1 - 1 - y);
    (16..19).contains(&from_edge)
}

/// Lines of different lengths, with a gap between the words, down to the stamp.
fn is_of_writing((x, y): (u32, u32)) -> bool {
    let line = y / LINE;
    let end = SIZE.0 - 50 - line * 37 % 130;
    let is_word = (x + line * 29) % 68 > 9;
    (1..9).contains(&line) && y % LINE > LINE - 5 && (50..end).contains(&x) && is_word
}

#[cfg(test)]
mod tests {
    use super::{INK, PAPER, SIZE, STAMP, STAMP_INK, draw};

    #[test]
    fn the_sheet_is_a_white_picture_with_a_frame_writing_and_a_stamp() {
        let sheet = image::load_from_memory(&draw().unwrap().0).unwrap().to_rgb8();

        assert_eq!(sheet.dimensions(), SIZE);
        let shown = [(0, 0), (17, 300), (100, 80), (STAMP.0 + 55, STAMP.1), STAMP].map(|(x, y)| *sheet.get_pixel(x, y));
        assert_eq!(shown, [PAPER, INK, INK, STAMP_INK, PAPER]);
    }
}
