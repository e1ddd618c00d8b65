//! How long a source file may be.

use crate::Violation;

/// A longer file is split by noun or by verb.
pub const LINES_MAX: usize = 400;

/// Judges one source file; generated table definitions (`src/schema.rs`) may have any length.
#[must_use]
pub fn too_long(path: &str, text: &str) -> Option<Violation> {
    let lines = text.lines().count();
    let is_generated = path.ends_with("/src/schema.rs");
    (lines > LINES_MAX && !is_generated).then(|| {
        Violation::at(
            path,
            format!("{lines} lines, at most {LINES_MAX}: split it by noun or by verb"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_named_with_its_length() {
        let violation =
            too_long("crates/domain/src/money.rs", &"\n".repeat(401)).map(|violation| violation.to_string());

        assert_eq!(
            violation.as_deref(),
            Some("crates/domain/src/money.rs: 401 lines, at most 400: split it by noun or by verb")
        );
    }

    #[test]
    fn a_file_at_the_limit_and_the_schema_pass() {
        assert_eq!(too_long("crates/domain/src/money.rs", &"\n".repeat(400)), None);
        assert_eq!(too_long("crates/persistence/src/schema.rs", &"\n".repeat(4000)), None);
    }
}
