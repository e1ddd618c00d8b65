use std::io::Cursor;

use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use savdo_domain::FieldProblem;
use savdo_domain::upload::Format;

use super::Pictures;

/// Eight by four pixels: the left half red, the right half blue.
fn flag() -> RgbImage {
    RgbImage::from_fn(8, 4, |x, _| if x < 4 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) })
}

fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn made_anew(bytes: &[u8]) -> Result<Vec<u8>, FieldProblem> {
    let format = Format::of(bytes).unwrap();
    Pictures::new().made_anew(format, bytes).unwrap()
}

fn seen(jpeg: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap()
}

fn is_reddish(picture: &DynamicImage, x: u32, y: u32) -> bool {
    let [red, _, blue, _] = picture.get_pixel(x, y).0;
    red > 120 && blue < 80
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A JPEG that says how it is to be turned, and where it was taken.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 41.311081 69.240562");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [kind.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length, checked.as_slice(), &crc32(&checked).to_be_bytes()].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

fn riff(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let mut bytes = [kind.as_slice(), &length, content].concat();
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

#[test]
fn pictures_of_every_format_become_jpegs_of_the_same_size() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let jpeg = made_anew(&written(flag(), format)).unwrap();

        let picture = seen(&jpeg);
        assert_eq!(picture.dimensions(), (8, 4), "{format:?}");
        assert!(is_reddish(&picture, 1, 1) && !is_reddish(&picture, 6, 1), "{format:?}");
    }
}

#[test]
fn a_picture_is_turned_as_its_header_says_and_tells_no_place_any_more() {
    let sent = with_exif(&written(flag(), ImageFormat::Jpeg), 6);
    assert!(contains(&sent, b"GPS"));

    let jpeg = made_anew(&sent).unwrap();

    let picture = seen(&jpeg);
    assert_eq!(picture.dimensions(), (4, 8));
    assert!(is_reddish(&picture, 1, 1) && !is_reddish(&picture, 1, 6));
    assert!(!contains(&jpeg, b"Exif") && !contains(&jpeg, b"GPS"));
}

#[test]
fn no_byte_that_came_along_survives() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let mut sent = written(flag(), format);
        sent.extend(b"PK\x03\x04<script>alert(1)</script>GIF89a");

        let jpeg = made_anew(&sent).unwrap();

        assert!(
            !contains(&jpeg, b"PK\x03\x04") && !contains(&jpeg, b"script"),
            "{format:?}"
        );
        assert!(jpeg.ends_with(b"\xff\xd9"));
    }
}

#[test]
fn what_lets_something_through_lies_on_white() {
    let glass = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));

    let jpeg = made_anew(&written(glass, ImageFormat::Png)).unwrap();

    let [red, green, blue, _] = seen(&jpeg).get_pixel(3, 3).0;
    assert!(red > 250 && green > 250 && blue > 250);
}

#[test]
fn a_picture_that_ends_too_soon_is_broken() {
    let noise = RgbImage::from_fn(64, 64, |x, y| {
        Rgb([x, y, x * y].map(|part| u8::try_from(part * 37 % 251).unwrap()))
    });
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = written(noise.clone(), format);
        for length in [16, 40, whole.len() / 2, whole.len() - 20] {
            assert_eq!(
                made_anew(&whole[..length]),
                Err(FieldProblem::FileBroken),
                "{format:?} of {length} bytes"
            );
        }
        assert!(made_anew(&whole).is_ok());
    }
}

#[test]
fn a_thumbnail_in_the_header_does_not_end_the_picture() {
    let whole = written(flag(), ImageFormat::Jpeg);
    let thumbnail = b"\xff\xe2\x00\x06\xff\xd9\xff\xd9";
    let with_thumbnail = [&whole[..2], thumbnail, &whole[2..]].concat();
    assert!(made_anew(&with_thumbnail).is_ok());

    let truncated = &with_thumbnail[..with_thumbnail.len() - 4];

    assert_eq!(made_anew(truncated), Err(FieldProblem::FileBroken));
}

#[test]
fn a_small_file_that_would_unfold_without_end_is_refused_by_its_header() {
    let too_large = FieldProblem::PictureTooLarge {
        side: 8_000,
        megapixels: 24,
    };
    let mut png = written(flag(), ImageFormat::Png);
    let size = [50_000_u32.to_be_bytes(), 50_000_u32.to_be_bytes()].concat();
    png[16..24].copy_from_slice(&size);
    let mut jpeg = written(flag(), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    let webp = {
        // 16383 by 16383.
        let mut webp = written(flag(), ImageFormat::WebP);
        let at = webp.windows(4).position(|part| part == b"VP8L").unwrap() + 9;
        webp[at..at + 4].copy_from_slice(&(0x3ffe_u32 | 0x3ffe << 14).to_le_bytes());
        webp
    };

    for bytes in [png, jpeg, webp] {
        assert_eq!(made_anew(&bytes), Err(too_large.clone()), "{:?}", Format::of(&bytes));
    }
}

/// What unfolds to so many zeros, at a two-hundredth of their size.
fn zeros(count: u32) -> Vec<u8> {
    assert_eq!((count - 1) % 258, 0);
    // One block of fixed codes: a zero, then 258 of what stands one before, again and again, then the end.
    let mut bits: Vec<bool> = vec![true, true, false];
    let mut code = |code: u32, length: u32| bits.extend((0..length).rev().map(|bit| code >> bit & 1 == 1));
    code(0x30, 8);
    for _ in 0..count / 258 {
        code(0xc5, 8);
        code(0, 5);
    }
    code(0, 7);
    let bytes = bits
        .chunks(8)
        .map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit)));
    let checked = (count % 65_521) << 16 | 1;
    [0x78, 0x9c]
        .into_iter()
        .chain(bytes)
        .chain(checked.to_be_bytes())
        .collect()
}

/// The most memory that this process has ever held, in MiB.
fn most_held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Case 68 of the abuse cases. Runs in a process of its own, whose memory is nobody else's.
#[test]
#[cfg(target_os = "linux")]
fn no_small_file_takes_much_memory_whatever_it_would_unfold_to() {
    const NAME: &str = "files::pictures::tests::no_small_file_takes_much_memory_whatever_it_would_unfold_to";
    let is_alone = std::env::args().any(|argument| argument == NAME);
    if !is_alone {
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let done = alone.args(["--exact", NAME]).output().unwrap();
        let told = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(done.status.success() && told[0].contains("1 passed"), "{told:?}");
        return;
    }
    let still = written(flag(), ImageFormat::Png);
    let many = zeros(258 * 1_000_000 + 1);
    let profile = chunk(b"iCCP", &[b"x\0\0".as_slice(), &many].concat());
    let words = chunk(b"zTXt", &[b"x\0\0".as_slice(), &many].concat());
    let too_long = [&still[..33], &chunk(b"IDAT", &many), &chunk(b"IEND", b"")].concat();
    let mut wide = still.clone();
    wide[16..24].copy_from_slice(&[50_000_u32.to_be_bytes(), 50_000_u32.to_be_bytes()].concat());
    wide.resize(40_000, 0);
    let [with_profile, with_words] = [&profile, &words].map(|part| [&still[..33], part, &still[33..]].concat());
    assert!(made_anew(&still).is_ok());
    let before = most_held();

    for (bytes, what) in [
        (&wide, "wide"),
        (&with_profile, "profile"),
        (&with_words, "words"),
        (&too_long, "too long"),
    ] {
        // What is drawn is small, or it is not drawn at all.
        assert!(made_anew(bytes).map_or(true, |jpeg| jpeg.len() < 10_000), "{what}");
        let more = most_held() - before;
        assert!(more < 64, "{what}: {more} MiB");
    }
    assert!(made_anew(&wide).is_err());
}

#[test]
fn what_moves_is_refused() {
    let still = written(flag(), ImageFormat::Png);
    let moves = chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    let png = [&still[..33], &moves, &still[33..]].concat();
    let still = written(flag(), ImageFormat::WebP);
    let at = still.windows(4).position(|part| part == b"VP8L").unwrap();
    let frame = [[0; 6].as_slice(), &[7, 0, 0, 3, 0, 0, 100, 0, 0, 0], &still[at..]].concat();
    let inner = [
        b"WEBP".to_vec(),
        riff(b"VP8X", &[0x02, 0, 0, 0, 7, 0, 0, 3, 0, 0]),
        riff(b"ANIM", &[0; 6]),
        riff(b"ANMF", &frame),
        riff(b"ANMF", &frame),
    ]
    .concat();
    let webp = riff(b"RIFF", &inner);

    for bytes in [png, webp] {
        assert_eq!(made_anew(&bytes), Err(FieldProblem::PictureAnimated));
    }
}

#[test]
fn only_one_picture_is_decoded_at_a_time_and_few_wait() {
    let pictures = Pictures::new();
    let sent = written(flag(), ImageFormat::Png);
    let inside = pictures.gate.enter().unwrap();

    let refused = std::thread::scope(|scope| {
        let all: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| pictures.made_anew(Format::Png, &sent).is_err()))
            .collect();
        while all.iter().filter(|one| one.is_finished()).count() < 12 - super::WAITING_MAX {
            std::thread::yield_now();
        }
        drop(inside);
        all.into_iter()
            .map(|one| one.join().unwrap())
            .filter(|refused| *refused)
            .count()
    });

    assert_eq!(refused, 12 - super::WAITING_MAX);
}
