//! The keys under which files of patients lie: each file has a random one, and that is sealed by a key of the installation.
//!
//! A key of the installation is known by a name that is made of it, so that several can be read by side by side: what an older
//! one sealed is sealed anew under the current one, and the files themselves stay as they are. None of them is ever shown.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hkdf::Hkdf;
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};
use sha2::Sha256;

use crate::Result;
use crate::sealing::Seals;

/// How many bytes a key has.
const LENGTH: usize = 32;

/// The keys of the installation for files: the current one, and those that were current before.
pub struct FileKeys {
    current: FileKey,
    old: Vec<FileKey>,
}

/// One key of the installation for files.
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey {
    id: String,
    bytes: [u8; LENGTH],
}

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key of files has {} hexadecimal digits", LENGTH * 2)]
pub struct NoFileKey;

/// The random key of one file.
#[derive(Clone)]
pub(crate) struct Secret([u8; LENGTH]);

impl FileKey {
    /// The key that these hexadecimal digits write.
    ///
    /// # Errors
    /// Any other text than 64 of them.
    pub fn parse(text: &str) -> std::result::Result<Self, NoFileKey> {
        let digits = text.as_bytes();
        let mut bytes = [0; LENGTH];
        if digits.len() != LENGTH * 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(NoFileKey);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NoFileKey)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NoFileKey)?;
        }
        Ok(Self::new(bytes))
    }

    fn new(bytes: [u8; LENGTH]) -> Self {
        let mut name = [0; 8];
        // Only a longer output than 255 hashes can fail.
        let _ = Hkdf::<Sha256>::new(None, &bytes).expand(b"savdo file key id v1", &mut name);
        Self {
            id: name.iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes,
        }
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "FileKey({})", self.id)
    }
}

impl FileKeys {
    /// New keys are sealed by `current`, those of before are still opened by the `old`.
    #[must_use]
    pub const fn new(current: FileKey, old: Vec<FileKey>) -> Self {
        Self { current, old }
    }

    /// What the current key is known by.
    pub(crate) fn current(&self) -> &str {
        &self.current.id
    }

    /// The key of a picture, sealed by the current key for this picture of this prescription alone.
    ///
    /// # Errors
    /// A system without randomness.
    pub(crate) fn seal(&self, of: (PrescriptionId, PrescriptionImageId), secret: &Secret) -> Result<String> {
        let sealed = Seals::new(self.current.bytes).lock(&place(of), &secret.0)?;
        Ok(STANDARD_NO_PAD.encode(sealed))
    }

    /// The key of a picture again.
    ///
    /// # Errors
    /// A key of the installation that is not known here any more; a seal of another picture, or one that somebody changed.
    pub(crate) fn open(
        &self,
        of: (PrescriptionId, PrescriptionImageId),
        (key_id, sealed): (&str, &str),
    ) -> Result<Secret> {
        let known = std::iter::once(&self.current)
            .chain(&self.old)
            .find(|key| key.id == key_id);
        let place = place(of);
        let key = known.with_context(|| format!("the key {key_id} of {place} is not configured"))?;
        let opened = STANDARD_NO_PAD
            .decode(sealed)
            .ok()
            .and_then(|sealed| Seals::new(key.bytes).unlock(&place, &sealed))
            .and_then(|opened| opened.try_into().ok());
        Ok(Secret(
            opened.with_context(|| format!("the key of {place} does not open"))?,
        ))
    }
}

fn place((prescription_id, image_id): (PrescriptionId, PrescriptionImageId)) -> String {
    format!("prescription {prescription_id} image {image_id}")
}

impl Secret {
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).context("the system has no randomness")?;
        Ok(Self(bytes))
    }

    /// The content of the file.
    pub(crate) fn lock(&self, content: &[u8]) -> Result<Vec<u8>> {
        Seals::new(self.0).lock(CONTENT, content)
    }

    /// What the file holds; none where it is another file, or somebody changed it.
    pub(crate) fn unlock(&self, file: &[u8]) -> Option<Vec<u8>> {
        Seals::new(self.0).unlock(CONTENT, file)
    }
}

/// The key is the file's own: which picture it is stands in the seal of the key.
const CONTENT: &str = "picture";

#[cfg(test)]
mod tests {
    use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};

    use super::{FileKey, FileKeys, NoFileKey, Secret};

    const OF: (PrescriptionId, PrescriptionImageId) = (PrescriptionId::new(1), PrescriptionImageId::new(2));

    fn key(digit: &str) -> FileKey {
        FileKey::parse(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn only_64_hexadecimal_digits_are_a_key() {
        assert!(FileKey::parse(&"aF".repeat(32)).is_ok());
        for text in [
            "",
            "12",
            &"g".repeat(64),
            &"a".repeat(63),
            &"a".repeat(65),
            &"ў".repeat(32),
            &"+1".repeat(32),
        ] {
            assert_eq!(FileKey::parse(text), Err(NoFileKey), "{text}");
        }
        assert!(!format!("{:?}", key("a")).contains("aaaa"));
    }

    #[test]
    fn a_key_opens_for_its_picture_alone_and_under_a_key_that_is_known() {
        let keys = FileKeys::new(key("a"), Vec::new());
        let secret = Secret::random().unwrap();
        let file = secret.lock(b"picture").unwrap();

        let sealed = keys.seal(OF, &secret).unwrap();

        let opened =
            |keys: &FileKeys, of, id: &str| keys.open(of, (id, &sealed)).ok().and_then(|key| key.unlock(&file));
        let id = keys.current();
        assert_eq!(opened(&keys, OF, id).as_deref(), Some(b"picture".as_slice()));
        assert_eq!(opened(&keys, (PrescriptionId::new(2), OF.1), id), None);
        assert_eq!(opened(&keys, (OF.0, PrescriptionImageId::new(3)), id), None);
        let later = FileKeys::new(key("b"), vec![key("a")]);
        assert_eq!(opened(&later, OF, id).as_deref(), Some(b"picture".as_slice()));
        assert_eq!(opened(&later, OF, later.current()), None);
        assert_eq!(opened(&FileKeys::new(key("b"), Vec::new()), OF, id), None);
        assert_eq!(Secret::random().unwrap().unlock(&file), None);
    }

    #[test]
    fn a_file_that_somebody_changed_does_not_open() {
        let secret = Secret::random().unwrap();
        let file = secret.lock(b"picture").unwrap();

        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert_eq!(secret.unlock(&changed), None, "{at}");
        }
        assert_eq!(secret.unlock(&file[..20]), None);
        assert_ne!(secret.lock(b"picture").unwrap(), file);
    }
}
