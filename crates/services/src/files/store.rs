//! The folder of the files: one drawer for each kind, random names, whole files only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_persistence::Error as StorageError;
use savdo_persistence::database::make_private_folder;

use super::sealed::EXTENSION;
use crate::{Error, Result};

/// What a name begins with: as many hexadecimal digits.
const NAME_DIGITS: usize = 32;
/// What a file is called until it is whole.
const PART: &str = ".part";

/// What kind of file it is, each in a folder of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawer {
    /// Pictures of products: anybody may see them.
    Products,
    /// Receipts of expenses: of one store.
    Receipts,
    /// Pictures of prescriptions: each under a key of its own.
    Prescriptions,
}

/// The files of an installation. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Files {
    folder: Arc<PathBuf>,
    #[cfg(feature = "testing")]
    faults: Arc<Faults>,
}

/// A file to be read.
#[derive(Debug)]
pub struct OpenFile {
    /// The file, at its beginning.
    pub file: File,
    /// How many bytes it has.
    pub length: u64,
    /// The last part of its name: `jpg`, `pdf`, or `sealed`.
    pub extension: String,
}

impl Drawer {
    pub(crate) const ALL: [Self; 3] = [Self::Products, Self::Receipts, Self::Prescriptions];

    const fn folder(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Receipts => "receipts",
            Self::Prescriptions => "prescriptions",
        }
    }
}

impl Files {
    /// The files below this folder, which is made when the first of them comes.
    pub(crate) fn below(folder: PathBuf) -> Self {
        Self {
            folder: Arc::new(folder),
            #[cfg(feature = "testing")]
            faults: Arc::default(),
        }
    }

    /// Where they are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file and waits until it is on the disk; answers its name. A file that fails midway is taken away again.
    ///
    /// # Errors
    /// [`StorageError::StorageFull`]; a disk that cannot be written.
    pub(super) fn write(
        &self,
        drawer: Drawer,
        extension: &'static str,
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<String> {
        let name = format!("{}.{extension}", random_digits()?);
        let folder = self.folder.join(drawer.folder());
        let (path, part) = (folder.join(&name), folder.join(format!("{name}{PART}")));
        self.step("make the folder", || make_private_folder(&folder))?;
        let written = self
            .step("create", || create(&part))
            .and_then(|mut file| {
                self.step("write", || file.write_all(bytes))?;
                // The age of a file is told by the clock of the installation, as everything is.
                self.step("date", || file.set_modified(SystemTime::from(now)))?;
                self.step("sync", || file.sync_all())
            })
            .and_then(|()| self.step("name", || fs::rename(&part, &path)))
            .and_then(|()| self.step("sync the folder", || File::open(&folder)?.sync_all()));
        if let Err(error) = written {
            for path in [&part, &path] {
                let _ = fs::remove_file(path);
            }
            return Err(error);
        }
        Ok(name)
    }

    /// A file by its name; none where there is no such file, or where no file of ours is called so.
    ///
    /// # Errors
    /// A disk that cannot be read.
    pub(crate) fn open(&self, drawer: Drawer, name: &str) -> Result<Option<OpenFile>> {
        let Some(extension) = extension_of(name) else {
            return Ok(None);
        };
        match File::open(self.path(drawer, name)) {
            Ok(file) => {
                let length = file.metadata().context("a stored file cannot be measured")?.len();
                let extension = extension.to_owned();
                Ok(Some(OpenFile {
                    file,
                    length,
                    extension,
                }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(understood("open", error)),
        }
    }

    /// Whether there is a file of this name.
    pub(crate) fn has(&self, drawer: Drawer, name: &str) -> bool {
        extension_of(name).is_some() && self.path(drawer, name).is_file()
    }

    /// Takes a file away; one that is gone already is no fault.
    ///
    /// # Errors
    /// A disk that cannot be written.
    pub(crate) fn remove(&self, drawer: Drawer, name: &str) -> Result<()> {
        self.step("remove", || match fs::remove_file(self.path(drawer, name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        })
    }

    /// The names of all files of ours that were written before an instant, those that never became whole included.
    ///
    /// # Errors
    /// A disk that cannot be read.
    pub(super) fn older_than(&self, drawer: Drawer, instant: DateTime<Utc>) -> Result<Vec<String>> {
        let entries = match fs::read_dir(self.folder.join(drawer.folder())) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(understood("list", error)),
        };
        let before = SystemTime::from(instant);
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| understood("list", error))?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let modified = entry.metadata().and_then(|known| known.modified());
            // One that went away meanwhile has no age.
            let is_old = modified.is_ok_and(|modified| modified < before);
            if is_old && extension_of(name.strip_suffix(PART).unwrap_or(&name)).is_some() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn path(&self, drawer: Drawer, name: &str) -> PathBuf {
        self.folder.join(drawer.folder()).join(name)
    }

    /// The one door to the disk for what changes it, where a test lets the n-th step fail.
    fn step<T>(&self, what: &'static str, run: impl FnOnce() -> io::Result<T>) -> Result<T> {
        #[cfg(feature = "testing")]
        self.faults.before().map_err(|error| understood(what, error))?;
        run().map_err(|error| understood(what, error))
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The last part of a name that one of our files can have; none of any other text, so that no path leads out of the folder.
fn extension_of(name: &str) -> Option<&str> {
    let (digits, extension) = name.split_once('.')?;
    let is_plain = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (digits.len() == NAME_DIGITS && is_plain && matches!(extension, "jpg" | "pdf" | EXTENSION)).then_some(extension)
}

fn random_digits() -> Result<String> {
    let mut random = [0_u8; NAME_DIGITS / 2];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn understood(what: &'static str, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            StorageError::StorageFull.into()
        }
        _ => anyhow::Error::from(error)
            .context(format!("a file cannot be stored or read ({what})"))
            .into(),
    }
}

/// Faults made on purpose.
#[cfg(feature = "testing")]
#[derive(Debug, Default)]
pub struct Faults {
    fuse: std::sync::atomic::AtomicU64,
}

#[cfg(feature = "testing")]
impl Faults {
    /// Makes the `nth` step on the disk from now on (1: the next) find no room.
    pub fn fail_at(&self, nth: u64) {
        self.fuse.store(nth, std::sync::atomic::Ordering::SeqCst);
    }

    /// Lets every step pass again; says whether the armed one had not come yet.
    pub fn disarm(&self) -> bool {
        self.fuse.swap(0, std::sync::atomic::Ordering::SeqCst) > 0
    }

    fn before(&self) -> io::Result<()> {
        use std::sync::atomic::Ordering::SeqCst;
        if self.fuse.load(SeqCst) > 0 && self.fuse.fetch_sub(1, SeqCst) == 1 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

#[cfg(feature = "testing")]
impl Files {
    /// The faults that a test makes.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// All that lies in the folder, by drawer and name, in order.
    pub(crate) fn all(&self) -> Vec<String> {
        let of_drawer = |drawer: Drawer| {
            let entries = fs::read_dir(self.folder.join(drawer.folder())).into_iter().flatten();
            entries.filter_map(move |entry| Some(format!("{}/{}", drawer.folder(), entry.ok()?.file_name().to_str()?)))
        };
        let mut all: Vec<_> = Drawer::ALL.into_iter().flat_map(of_drawer).collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use chrono::DateTime;
    use savdo_persistence::Error as StorageError;

    use super::{Drawer, Files, extension_of, understood};
    use crate::Error;

    #[test]
    fn only_names_that_we_give_lead_to_a_file() {
        let digits = "0123456789abcdef0123456789abcdef";
        assert_eq!(extension_of(&format!("{digits}.jpg")), Some("jpg"));
        assert_eq!(extension_of(&format!("{digits}.pdf")), Some("pdf"));
        let others = [
            "../../etc/passwd".to_owned(),
            format!("../{digits}.jpg"),
            format!("{digits}.jpg/../../savdo.db"),
            format!("{digits}.exe"),
            format!("{digits}.jpg.part"),
            format!("{}.jpg", digits.to_uppercase()),
            format!("{digits}0.jpg"),
            ".jpg".to_owned(),
            String::new(),
        ];
        for name in others {
            assert_eq!(extension_of(&name), None, "{name}");
        }
    }

    #[test]
    fn a_full_disk_is_told_as_one() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            let told = understood("write", kind.into());
            assert!(matches!(told, Error::Storage(StorageError::StorageFull)), "{told}");
        }
        assert!(matches!(
            understood("write", io::ErrorKind::PermissionDenied.into()),
            Error::Unexpected(_)
        ));
    }

    #[test]
    fn a_file_that_fails_midway_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::below(folder.path().join("files"));
        let mut steps = 0;

        loop {
            steps += 1;
            files.faults().fail_at(steps);
            let written = files.write(Drawer::Products, "jpg", b"bytes", DateTime::UNIX_EPOCH);
            if files.faults().disarm() {
                assert!(files.has(Drawer::Products, &written.unwrap()));
                break;
            }
            assert!(
                matches!(written, Err(Error::Storage(StorageError::StorageFull))),
                "{steps}"
            );
            assert_eq!(files.all(), [""; 0], "step {steps}");
        }
        assert_eq!((steps, files.all().len()), (8, 1));
    }
}
