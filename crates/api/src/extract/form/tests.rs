use actix_web::web::Bytes;

use super::{Content, Malformed, PARTS_MAX, Part, identity, parts};

const TYPE: &str = "multipart/form-data; boundary=xyz";

fn read(body: &[u8]) -> Result<Vec<Part>, Malformed> {
    parts(TYPE, &Bytes::copy_from_slice(body))
}

fn text(key: &str, text: &str) -> Part {
    Part {
        key: key.to_owned(),
        content: Content::Text(text.to_owned()),
    }
}

fn file(key: &str, content: &'static [u8]) -> Part {
    Part {
        key: key.to_owned(),
        content: Content::File(Bytes::from_static(content)),
    }
}

/// A body of one part with this head and content.
fn one(head: &str, content: &str) -> Vec<u8> {
    format!("--xyz\r\n{head}\r\n\r\n{content}\r\n--xyz--\r\n").into_bytes()
}

#[test]
fn texts_and_files_are_read_in_their_order() {
    let body = b"--xyz\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nChoy \xc3\xa9\r\n\
        --xyz\r\ncontent-disposition: form-data; name=image; filename=\"../../etc/x\"\r\nContent-Type: image/jpeg\r\n\r\n\
        \xff\xd8\r\n--xy\r\n\r\n--xyz\r\n\
        Content-Disposition: form-data; name=\"category\"\r\n\r\n\r\n--xyz--";

    let expected = vec![
        text("name", "Choy é"),
        file("image", b"\xff\xd8\r\n--xy\r\n"),
        text("category", ""),
    ];
    assert_eq!(read(body), Ok(expected));
    assert_eq!(read(b"--xyz--\r\n"), Ok(Vec::new()));
}

#[test]
fn a_boundary_may_be_quoted_and_other_parameters_stand_around_it() {
    let body = Bytes::from_static(b"--a b:c\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--a b:c--\r\n");
    for content_type in [
        "Multipart/Form-Data; boundary=\"a b:c\"",
        "multipart/form-data; charset=utf-8; BOUNDARY=\"a b:c\"; x=y",
    ] {
        assert_eq!(parts(content_type, &body), Ok(vec![text("n", "1")]), "{content_type}");
    }
    for content_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=\"a b:c",
        "multipart/form-data; boundary=\"a b:c\"; boundary=x",
        "multipart/form-data; boundary=\"a b:c \"",
    ] {
        assert_eq!(parts(content_type, &body), Err(Malformed), "{content_type}");
    }
    let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
    let of_long = format!("--{0}--", "x".repeat(71));
    assert_eq!(parts(&long, &of_long.into()), Err(Malformed));
}

#[test]
fn what_a_file_is_called_is_not_looked_at() {
    let long = "x".repeat(4_000);
    for name in [
        "\"../../etc/passwd\"",
        r#""\share\x.jpg""#,
        r#""a \"quoted\" name; name=other.jpg""#,
        "\"nul\0.jpg\"",
        "\"\u{202e}gpj.exe\"",
        "\"line%0D%0Abreak.jpg\"",
        "plain.jpg",
        &long,
    ] {
        let read = read(&one(
            &format!("Content-Disposition: form-data; name=\"image\"; filename={name}"),
            "bytes",
        ));
        assert_eq!(read, Ok(vec![file("image", b"bytes")]), "{name}");
    }
    let extended = "Content-Disposition: form-data; name=\"image\"; filename*=UTF-8''%d0%b4.jpg";
    assert_eq!(read(&one(extended, "bytes")), Ok(vec![file("image", b"bytes")]));
}

#[test]
fn a_file_that_was_not_chosen_is_not_sent_but_an_empty_one_is() {
    let of = |name| format!("Content-Disposition: form-data; name=\"image\"; filename=\"{name}\"");

    assert_eq!(read(&one(&of(""), "")), Ok(Vec::new()));
    assert_eq!(read(&one(&of("a.jpg"), "")), Ok(vec![file("image", b"")]));
    assert_eq!(read(&one(&of(""), "bytes")), Ok(vec![file("image", b"bytes")]));
}

#[test]
fn what_two_readers_could_understand_differently_is_refused() {
    let of = |head: &str| one(head, "1");
    let long_key = format!("Content-Disposition: form-data; name=\"{}\"", "k".repeat(101));
    let long_head = format!(
        "X-Padding: {}\r\nContent-Disposition: form-data; name=\"n\"",
        "p".repeat(9_000)
    );
    let refused: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"preamble\r\n--xyz--".to_vec(),
        b"--xyz".to_vec(),
        b"--xyz\r\n".to_vec(),
        b"--xyz--epilogue".to_vec(),
        b"--xyz\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1".to_vec(),
        b"--xyz\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--xyzabc\r\n".to_vec(),
        b"--xyz\nContent-Disposition: form-data; name=\"n\"\n\n1\n--xyz--".to_vec(),
        of("Content-Type: text/plain"),
        of("Content-Disposition: attachment; name=\"n\""),
        of("Content-Disposition: form-data"),
        of("Content-Disposition: form-data; name=\"\""),
        of("Content-Disposition: form-data; name=\"a\"; name=\"b\""),
        of("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\""),
        of("Content-Disposition: form-data;\r\n name=\"folded\""),
        of("Content-Disposition: form-data; name=\"nul\0\""),
        of("Content-Disposition: form-data; name=\"open"),
        of("Content-Disposition : form-data; name=\"n\""),
        of("Content-Disposition: form-data; name=\"n\"\r\nContent-Transfer-Encoding: base64"),
        of("Content-Disposition: form-data; name=\"n\"; filename=\"line\r\nbreak\""),
        one("Content-Disposition: form-data; name=\"n\"", "nul\0"),
        of(&long_key),
        of(&long_head),
        b"--xyz\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n\xff\r\n--xyz--".to_vec(),
        b"--xyz\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n--xyz--".to_vec(),
    ];
    for body in refused {
        assert_eq!(read(&body), Err(Malformed), "{}", String::from_utf8_lossy(&body));
    }
}

#[test]
fn parts_and_texts_are_bounded() {
    let of = |count: usize, content: &str| {
        let part = format!("--xyz\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n{content}\r\n");
        read(format!("{}--xyz--", part.repeat(count)).as_bytes()).map(|parts| parts.len())
    };

    assert_eq!(of(PARTS_MAX, "1"), Ok(PARTS_MAX));
    assert_eq!(of(PARTS_MAX + 1, "1"), Err(Malformed));
    assert_eq!(of(10_000, "1"), Err(Malformed));
    let half = "x".repeat(512 * 1024);
    assert_eq!(of(2, &half), Ok(2));
    assert_eq!(of(2, &format!("{half}x")), Err(Malformed));
}

#[test]
fn the_same_parts_are_known_whatever_stands_between_them() {
    let body = |boundary: &str, name: &str, content: &str| {
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"image\"; filename=\"{name}\"\r\n\r\n{content}\r\n--{boundary}--"
        );
        let content_type = format!("multipart/form-data; boundary={boundary}");
        identity(&parts(&content_type, &body.into()).unwrap())
    };

    let first = body("one", "a.jpg", "bytes");
    assert_eq!(body("two", "b.jpg", "bytes"), first);
    assert_ne!(body("one", "a.jpg", "other"), first);
    // Where one part ends and the next begins counts.
    let cut = |pairs: &[(&str, &str)]| identity(&pairs.iter().map(|(key, value)| text(key, value)).collect::<Vec<_>>());
    assert_ne!(cut(&[("a", "bc")]), cut(&[("ab", "c")]));
    assert_ne!(cut(&[("a", "b"), ("c", "d")]), cut(&[("a", "bcd")]));
    assert_ne!(identity(&[text("a", "b")]), identity(&[file("a", b"b")]));
}
