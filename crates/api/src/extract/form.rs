//! `multipart/form-data` (RFC 7578) read strictly: the parts of a body that lies whole in memory.
//!
//! What two readers could understand differently is malformed: text before the first part or behind the last, a part without
//! a name, text that is no UTF-8. Parts, their heads and their texts are bounded. What the sender calls a file, and what it
//! says the file is, is not looked at.

use actix_web::web::Bytes;

/// The most parts of a body.
const PARTS_MAX: usize = 100;
/// The most bytes of a part's head, in which a long file name may stand.
const HEAD_MAX: usize = 8 * 1024;
/// The most bytes of a key.
const KEY_MAX: usize = 100;
/// The most bytes of all texts together: those of a JSON body.
const TEXTS_MAX: usize = 1024 * 1024;
/// The longest boundary (RFC 2046).
const BOUNDARY_MAX: usize = 70;

/// A body that is no form, or could be understood in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A key and what was sent under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) key: String,
    pub(crate) content: Content,
}

/// What was sent under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    File(Bytes),
}

/// Whether this content type says that the body is a form.
pub(crate) fn is_form(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("multipart/form-data")
}

/// The parts of a form, in their order. A file that was not chosen (no name, no bytes) is as if not sent.
pub(crate) fn parts(content_type: &str, body: &Bytes) -> Result<Vec<Part>, Malformed> {
    let (_, parameters) = content_type.split_once(';').ok_or(Malformed)?;
    let boundary = parameter(parameters, "boundary")?.ok_or(Malformed)?;
    if !is_boundary(&boundary) {
        return Err(Malformed);
    }
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = cut(body, body.strip_prefix(first.as_bytes()).ok_or(Malformed)?);
    let mut parts = Vec::new();
    let (mut sent, mut texts_left) = (0_usize, TEXTS_MAX);
    loop {
        if matches!(&rest[..], b"--" | b"--\r\n") {
            return Ok(parts);
        }
        sent += 1;
        let part = rest
            .strip_prefix(b"\r\n")
            .filter(|_| sent <= PARTS_MAX)
            .ok_or(Malformed)?;
        let (head, content) = split(part, b"\r\n\r\n", HEAD_MAX).ok_or(Malformed)?;
        let head = Head::read(head)?;
        let (content, behind) = split(content, between.as_bytes(), content.len()).ok_or(Malformed)?;
        if let Some(part) = head.with(cut(body, content), &mut texts_left)? {
            parts.push(part);
        }
        rest = cut(body, behind);
    }
}

/// The same bytes for the same parts, whatever stands between them and whatever the files are called.
pub(super) fn identity(parts: &[Part]) -> Bytes {
    let mut identity = Vec::new();
    for Part { key, content } in parts {
        let (kind, bytes): (&[u8], &[u8]) = match content {
            Content::Text(text) => (b"text", text.as_bytes()),
            Content::File(file) => (b"file", file),
        };
        for piece in [key.as_bytes(), kind, bytes] {
            identity.extend(piece.len().to_be_bytes());
            identity.extend(piece);
        }
    }
    identity.into()
}

/// What stands before a part's content.
struct Head {
    key: String,
    /// The name of the file; none where the part is a text.
    file_name: Option<String>,
}

impl Head {
    fn read(head: &[u8]) -> Result<Self, Malformed> {
        let head = String::from_utf8_lossy(head);
        let mut disposition = None;
        for line in head.split("\r\n") {
            let (name, value) = line.split_once(':').ok_or(Malformed)?;
            let is_token = name.bytes().all(|byte| byte.is_ascii_graphic());
            if name.is_empty() || !is_token {
                return Err(Malformed);
            }
            if name.eq_ignore_ascii_case("content-disposition") && disposition.replace(value).is_some() {
                return Err(Malformed);
            }
            if name.eq_ignore_ascii_case("content-transfer-encoding") && !is_plain_encoding(value) {
                return Err(Malformed);
            }
        }
        let (kind, parameters) = disposition.and_then(|value| value.split_once(';')).ok_or(Malformed)?;
        if !kind.trim().eq_ignore_ascii_case("form-data") {
            return Err(Malformed);
        }
        let key = parameter(parameters, "name")?.ok_or(Malformed)?;
        let is_key = !key.is_empty()
            && key.len() <= KEY_MAX
            && !key.contains(|letter: char| letter.is_control() || letter == char::REPLACEMENT_CHARACTER);
        if !is_key {
            return Err(Malformed);
        }
        let file_name = match parameter(parameters, "filename")? {
            Some(name) => Some(name),
            None => parameter(parameters, "filename*")?,
        };
        Ok(Self { key, file_name })
    }

    fn with(self, content: Bytes, texts_left: &mut usize) -> Result<Option<Part>, Malformed> {
        let Self { key, file_name } = self;
        let content = match file_name {
            Some(name) if name.is_empty() && content.is_empty() => return Ok(None),
            Some(_) => Content::File(content),
            None => {
                *texts_left = texts_left.checked_sub(content.len()).ok_or(Malformed)?;
                let text = std::str::from_utf8(&content).map_err(|_| Malformed)?;
                if text.contains('\0') {
                    return Err(Malformed);
                }
                Content::Text(text.to_owned())
            }
        };
        Ok(Some(Part { key, content }))
    }
}

/// Bytes as they stand there, without a code around them that other readers would look through.
fn is_plain_encoding(value: &str) -> bool {
    ["7bit", "8bit", "binary"]
        .iter()
        .any(|plain| value.trim().eq_ignore_ascii_case(plain))
}

/// The characters of RFC 2046; a space is not the last.
fn is_boundary(text: &str) -> bool {
    let is_one = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
    (1..=BOUNDARY_MAX).contains(&text.len()) && text.bytes().all(is_one) && !text.ends_with(' ')
}

/// A parameter of a header such as `; name="image"; filename="a \"b\".jpg"`.
fn parameter(mut parameters: &str, wanted: &str) -> Result<Option<String>, Malformed> {
    let mut found = None;
    loop {
        parameters = parameters.trim_start_matches([';', ' ', '\t']);
        if parameters.is_empty() {
            return Ok(found);
        }
        let (name, rest) = parameters.split_once('=').ok_or(Malformed)?;
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let (value, rest) = rest.split_once(';').unwrap_or((rest, ""));
                (value.trim().to_owned(), rest)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) && found.replace(value).is_some() {
            return Err(Malformed);
        }
        parameters = rest;
    }
}

/// The text up to the closing quote, and what follows it. A backslash stands for itself but before a quote or another one.
fn unquoted(quoted: &str) -> Result<(String, &str), Malformed> {
    let mut value = String::new();
    let mut letters = quoted.chars();
    loop {
        match letters.next().ok_or(Malformed)? {
            '"' => return Ok((value, letters.as_str())),
            '\\' if letters.as_str().starts_with(['"', '\\']) => value.extend(letters.next()),
            letter => value.push(letter),
        }
    }
}

/// What stands before and behind the first of these marks, if it begins within so many bytes.
fn split<'a>(bytes: &'a [u8], mark: &[u8], within: usize) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(bytes, mark).filter(|at| *at <= within)?;
    Some((bytes.get(..at)?, bytes.get(at.checked_add(mark.len())?..)?))
}

/// Where a mark that begins with a carriage return first stands: every `\r` is looked at, and no other byte twice.
fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..)?;
        let at = from.checked_add(rest.iter().position(|byte| *byte == b'\r')?)?;
        if bytes.get(at..)?.starts_with(mark) {
            return Some(at);
        }
        from = at.checked_add(1)?;
    }
}

/// A part of the body that shares its memory.
fn cut(body: &Bytes, part: &[u8]) -> Bytes {
    body.slice_ref(part)
}

#[cfg(test)]
mod tests;
