//! Pictures of prescriptions: made anew like all others, and written so that the file alone shows nothing.

use std::io::Read;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::upload::{Format, Wanted};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::prescriptions::PrescriptionImageView;

use super::draft::{Draft, Token};
use super::{Drawer, Upload};
use crate::file_keys::Secret;
use crate::{Context, Result};

/// The key under which they are sent.
const FIELD: &str = "images";
/// The last part of the name of a file that nobody reads without its key.
pub(super) const EXTENSION: &str = "sealed";

/// Files under seal on their way to the rows that name them.
pub(crate) struct Sealed {
    drafts: Vec<Draft>,
    pieces: Vec<Piece>,
}

/// What the row of a sealed file is made of.
#[derive(Clone)]
pub(crate) struct Piece {
    /// The name of the file.
    pub(crate) name: String,
    /// The key that opens it.
    pub(crate) secret: Secret,
    /// How many bytes the picture has.
    pub(crate) size: i64,
    /// For the work that writes the row: it says when it did.
    pub(crate) token: Token,
}

/// Judges pictures by their beginnings and sizes alone, before any work is spent on them.
///
/// # Errors
/// At their key: none at all, more than `most`, one that is none.
pub(crate) fn check(uploads: &[Upload], most: usize) -> Result<()> {
    let refused = |problem| Err(Refusal::field(FIELD, problem).into());
    if uploads.is_empty() {
        return refused(FieldProblem::Required);
    }
    if uploads.len() > most {
        return refused(FieldProblem::TooManyFiles { max: most });
    }
    uploads.iter().try_for_each(|upload| format_of(upload).map(|_| ()))
}

fn format_of(upload: &Upload) -> Result<Format> {
    let judged = Wanted::Prescription.judge(&upload.0);
    Ok(judged.map_err(|problem| Refusal::field(FIELD, problem))?)
}

impl Sealed {
    /// Makes each picture anew, one after the other, and writes it under a random key.
    ///
    /// # Errors
    /// At their key: one that cannot be read to its end; too many decoding at once; no room on the disk. Nothing stays then.
    pub(crate) fn write(context: &Context, uploads: &[Upload], now: DateTime<Utc>) -> Result<Self> {
        let (mut drafts, mut pieces) = (Vec::new(), Vec::new());
        for upload in uploads {
            let made = context.pictures().made_anew(format_of(upload)?, &upload.0)?;
            let jpeg = made.map_err(|problem| Refusal::field(FIELD, problem))?;
            let secret = Secret::random()?;
            let locked = secret.lock(&jpeg)?;
            let draft = Draft::write(context.files(), Drawer::Prescriptions, EXTENSION, &locked, now)?;
            pieces.push(Piece {
                name: draft.name().to_owned(),
                secret,
                size: i64::try_from(jpeg.len()).unwrap_or(i64::MAX),
                token: draft.token(),
            });
            drafts.push(draft);
        }
        Ok(Self { drafts, pieces })
    }

    /// What the rows are made of.
    pub(crate) fn pieces(&self) -> Vec<Piece> {
        self.pieces.clone()
    }

    /// Keeps the files if their rows are there or may be; says beside the outcome whether they are known to be.
    pub(crate) fn settle<T>(self, outcome: Result<T>) -> (Result<T>, bool) {
        let is_used = outcome.is_ok() && self.pieces.iter().all(|piece| piece.token.is_used());
        let settled = self
            .drafts
            .into_iter()
            .fold(outcome, |outcome, draft| draft.settle(outcome));
        (settled, is_used)
    }
}

/// The picture of a row, decoded by nobody before the caller; none where it is erased.
///
/// # Errors
/// A file that is not there or was changed, a key that does not open: told with the picture's id.
pub(crate) fn open(context: &Context, image: &PrescriptionImageView) -> Result<Option<Vec<u8>>> {
    let Some(sealed_key) = &image.sealed_key else {
        return Ok(None);
    };
    let of = (image.prescription_id, image.id);
    let secret = context.file_keys().open(of, (&image.key_id, sealed_key))?;
    let stored = context.files().open(Drawer::Prescriptions, &image.file)?;
    let mut file = stored
        .with_context(|| format!("the file of image {} is gone", image.id))?
        .file;
    let mut locked = Vec::new();
    file.read_to_end(&mut locked).context("a stored file cannot be read")?;
    let picture = secret.unlock(&locked);
    Ok(Some(picture.with_context(|| {
        format!("the file of image {} is another or was changed", image.id)
    })?))
}
