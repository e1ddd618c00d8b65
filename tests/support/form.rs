//! A form with files, as browsers send one.

/// The parts of a `multipart/form-data` body.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<u8>);

/// Between the parts: long enough to stand in no file of a test.
const BOUNDARY: &str = "----savdo-tests-4f1c9d";

impl Form {
    /// A form with this text under this key.
    #[must_use]
    pub fn of(key: &str, text: &str) -> Self {
        Self::default().text(key, text)
    }

    /// The same with one more text.
    #[must_use]
    pub fn text(self, key: &str, text: &str) -> Self {
        self.part(&format!("name=\"{key}\""), text.as_bytes())
    }

    /// The same with one more file.
    #[must_use]
    pub fn file(self, key: &str, name: &str, bytes: &[u8]) -> Self {
        self.part(&format!("name=\"{key}\"; filename=\"{name}\""), bytes)
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let mut body = self.0.clone();
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        body
    }

    /// What its content type is.
    #[must_use]
    pub fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// A body of ours in words; none for any other.
    pub(crate) fn told(body: &[u8]) -> Option<String> {
        let body = String::from_utf8_lossy(body);
        let parts = body.strip_prefix("--")?.strip_prefix(BOUNDARY)?;
        let between = format!("--{BOUNDARY}");
        let told = parts.split(&between).filter_map(|part| {
            let (head, content) = part.trim_start().split_once("\r\n\r\n")?;
            let (_, disposition) = head.split_once("; ")?;
            let is_file = disposition.contains("filename");
            let content = if is_file { "(file)" } else { content.trim_end() };
            Some(format!("{disposition}: {content}\n"))
        });
        Some(told.collect())
    }

    fn part(mut self, disposition: &str, content: &[u8]) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
        self.0.extend(head.bytes());
        self.0.extend(content);
        self.0.extend(b"\r\n");
        self
    }
}
