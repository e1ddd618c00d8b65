//! Reading a printed document back.

use lopdf::{Document, Error};

/// The texts on each page, in the order they were printed in, with plain spaces for those that hold figures together.
///
/// # Errors
/// What is no PDF document, or has a typeface that does not say which letters it holds.
pub fn read(pdf: &[u8]) -> Result<Vec<Vec<String>>, Error> {
    let document = Document::load_mem(pdf)?;
    let pages = document.get_pages().into_keys();
    let lines = |page| {
        let text = document.extract_text(&[page])?.replace('\u{a0}', " ");
        Ok(text.lines().map(|line| line.trim_end().to_owned()).collect())
    };
    pages.map(lines).collect()
}
