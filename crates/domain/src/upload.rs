//! What a file that somebody sends may be: judged by its content, never by its name or by what the sender calls it.
//!
//! Pictures are measured by their header, before anything is decoded: a small file can unfold to any size. What is kept of
//! a picture is made anew from its pixels, so that no byte of the file survives; a document is kept as it came.

use crate::fields::FieldProblem;

/// The most bytes that one file may have.
pub const BYTES_MAX: usize = 5 * 1024 * 1024;
/// The longest side of a picture.
pub const SIDE_MAX: u32 = 8_000;
/// The most pixels of a picture.
pub const PIXELS_MAX: u64 = 24_000_000;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A photograph.
    Jpeg,
    /// A drawing.
    Png,
    /// Either.
    Webp,
    /// A document.
    Pdf,
}

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A picture of a product.
    Picture,
    /// A receipt: a picture or a document.
    Receipt,
    /// A prescription as a camera or a scanner sees it.
    Prescription,
}

impl Format {
    /// What a file begins as; its end may still be missing or something else.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let is_webp = || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice());
        if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if is_webp() {
            Some(Self::Webp)
        } else if bytes.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }
}

impl Wanted {
    /// What this file is.
    ///
    /// # Errors
    /// [`FieldProblem::FileEmpty`], [`FieldProblem::FileTooLarge`]; [`FieldProblem::WrongFile`] for anything that is not
    /// wanted.
    pub fn judge(self, bytes: &[u8]) -> Result<Format, FieldProblem> {
        if bytes.is_empty() {
            return Err(FieldProblem::FileEmpty);
        }
        if bytes.len() > BYTES_MAX {
            let max_mib = BYTES_MAX / (1024 * 1024);
            return Err(FieldProblem::FileTooLarge { max_mib });
        }
        let format = Format::of(bytes).filter(|format| self.takes(*format));
        format.ok_or(FieldProblem::WrongFile {
            allowed: self.allowed(),
        })
    }

    const fn takes(self, format: Format) -> bool {
        match (self, format) {
            (Self::Picture | Self::Receipt | Self::Prescription, Format::Jpeg | Format::Png)
            | (Self::Picture | Self::Receipt, Format::Webp)
            | (Self::Receipt, Format::Pdf) => true,
            (Self::Prescription, Format::Webp) | (Self::Picture | Self::Prescription, Format::Pdf) => false,
        }
    }

    const fn allowed(self) -> &'static str {
        match self {
            Self::Picture => "JPEG, PNG, WebP",
            Self::Receipt => "JPEG, PNG, WebP, PDF",
            Self::Prescription => "JPEG, PNG",
        }
    }
}

/// Whether a picture of this width and height is decoded at all.
///
/// # Errors
/// [`FieldProblem::FileBroken`] for one without pixels, [`FieldProblem::PictureTooLarge`].
pub fn check_size(width: u32, height: u32) -> Result<(), FieldProblem> {
    if width == 0 || height == 0 {
        return Err(FieldProblem::FileBroken);
    }
    let pixels = u64::from(width).saturating_mul(height.into());
    if width > SIDE_MAX || height > SIDE_MAX || pixels > PIXELS_MAX {
        let megapixels = PIXELS_MAX / 1_000_000;
        return Err(FieldProblem::PictureTooLarge {
            side: SIDE_MAX,
            megapixels,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BYTES_MAX, Format, PIXELS_MAX, SIDE_MAX, Wanted, check_size};
    use crate::fields::FieldProblem;

    #[test]
    fn a_file_is_what_it_begins_as() {
        let cases: [(&[u8], Option<Format>); 9] = [
            (b"\xff\xd8\xff\xe0rest", Some(Format::Jpeg)),
            (b"\x89PNG\r\n\x1a\nrest", Some(Format::Png)),
            (b"RIFF\x04\x00\x00\x00WEBPVP8 ", Some(Format::Webp)),
            (b"%PDF-1.7\n", Some(Format::Pdf)),
            (b"RIFF\x04\x00\x00\x00WAVE", None),
            (b"GIF89a", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"MZ\x90\x00", None),
            (b"", None),
        ];

        for (bytes, format) in cases {
            assert_eq!(Format::of(bytes), format, "{bytes:?}");
        }
    }

    #[test]
    fn a_document_is_a_receipt_and_no_picture() {
        let wrong = |allowed| Err(FieldProblem::WrongFile { allowed });

        assert_eq!(Wanted::Receipt.judge(b"%PDF-1.7"), Ok(Format::Pdf));
        assert_eq!(Wanted::Picture.judge(b"%PDF-1.7"), wrong("JPEG, PNG, WebP"));
        assert_eq!(
            Wanted::Prescription.judge(b"RIFF\x04\x00\x00\x00WEBPVP8 "),
            wrong("JPEG, PNG")
        );
        assert_eq!(Wanted::Prescription.judge(b"%PDF-1.7"), wrong("JPEG, PNG"));
        assert_eq!(Wanted::Prescription.judge(b"\x89PNG\r\n\x1a\nrest"), Ok(Format::Png));
        assert_eq!(Wanted::Receipt.judge(b"<html>"), wrong("JPEG, PNG, WebP, PDF"));
    }

    #[test]
    fn a_file_has_one_byte_to_five_mebibytes() {
        let of = |length| {
            let mut bytes = vec![0; length];
            bytes
                .iter_mut()
                .zip(b"\xff\xd8\xff")
                .for_each(|(byte, first)| *byte = *first);
            Wanted::Picture.judge(&bytes)
        };

        assert_eq!(of(0), Err(FieldProblem::FileEmpty));
        assert_eq!(of(BYTES_MAX), Ok(Format::Jpeg));
        assert_eq!(of(BYTES_MAX + 1), Err(FieldProblem::FileTooLarge { max_mib: 5 }));
    }

    #[test]
    fn the_largest_pictures_are_decoded_and_no_larger_ones() {
        assert_eq!(check_size(1, 1), Ok(()));
        assert_eq!(check_size(SIDE_MAX, 3_000), Ok(()));
        assert_eq!(check_size(6_000, 4_000), Ok(()));
        let too_large = Err(FieldProblem::PictureTooLarge {
            side: 8_000,
            megapixels: 24,
        });
        for (width, height) in [
            (8_001, 1),
            (1, 8_001),
            (8_000, 3_001),
            (50_000, 50_000),
            (u32::MAX, u32::MAX),
        ] {
            assert_eq!(check_size(width, height), too_large);
        }
        assert_eq!(check_size(0, 5), Err(FieldProblem::FileBroken));
    }

    proptest! {
        /// Law: whatever is let through has pixels, at most as many as may be, and no side that is too long.
        #[test]
        fn nothing_unfolds_beyond_the_bounds(width in 0_u32..20_000, height in 0_u32..20_000) {
            if check_size(width, height).is_ok() {
                prop_assert!((1..=SIDE_MAX).contains(&width) && (1..=SIDE_MAX).contains(&height));
                prop_assert!(u64::from(width) * u64::from(height) <= PIXELS_MAX);
            }
        }

        /// Law: a file is judged by its first bytes alone, whatever follows.
        #[test]
        fn what_follows_changes_nothing(rest in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
            bytes.extend(rest);
            prop_assert_eq!(Format::of(&bytes), Some(Format::Png));
        }
    }
}
