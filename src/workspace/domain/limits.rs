//! How much a workspace may hold.

use serde::{Deserialize, Serialize};

/// The limits of a workspace; each is inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Number of files.
    pub files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 10 << 20,
            bytes: 100 << 20,
            files: 10_000,
        }
    }
}

/// What a workspace holds: regular files, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Number of files.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

impl Counts {
    /// With a file in the place of one of `old` bytes, or of none.
    pub fn with(self, old: Option<u64>, new: u64) -> Self {
        let files = self.files + u64::from(old.is_none());
        let bytes = self
            .bytes
            .saturating_sub(old.unwrap_or(0))
            .saturating_add(new);
        Self { files, bytes }
    }

    /// Without a file of `old` bytes.
    pub fn without(self, old: u64) -> Self {
        Self {
            files: self.files.saturating_sub(1),
            bytes: self.bytes.saturating_sub(old),
        }
    }
}

/// A limit that a write would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    /// That of one file.
    #[error("File too large (max {}): {size} bytes", mib(*.limit))]
    File {
        /// Bytes of the file.
        size: u64,
        /// Bytes that are allowed.
        limit: u64,
    },
    /// That of all files together.
    #[error("Project too large (max {}): {used} bytes used, {asked} more", mib(*.limit))]
    Bytes {
        /// Bytes that are there.
        used: u64,
        /// Bytes that would be added.
        asked: u64,
        /// Bytes that are allowed.
        limit: u64,
    },
    /// The number of files.
    #[error("Too many files (max {limit}): {used} there, 1 more")]
    Files {
        /// Files that are there.
        used: u64,
        /// Files that are allowed.
        limit: u64,
    },
}

fn mib(bytes: u64) -> String {
    match bytes % (1 << 20) {
        0 => format!("{}MB", bytes >> 20),
        _ => format!("{bytes} bytes"),
    }
}

impl Limits {
    /// Whether a file may be this large.
    ///
    /// # Errors
    ///
    /// It may not.
    pub fn file(&self, size: u64) -> Result<(), OverLimit> {
        if size > self.file_bytes {
            Err(OverLimit::File {
                size,
                limit: self.file_bytes,
            })
        } else {
            Ok(())
        }
    }

    /// Whether a file of `new` bytes may take the place of one of `old` bytes, or of none. A write that adds nothing is allowed even
    /// where others wrote beyond the limit.
    ///
    /// # Errors
    ///
    /// The limit that it would pass.
    pub fn write(&self, used: Counts, old: Option<u64>, new: u64) -> Result<Counts, OverLimit> {
        self.file(new)?;
        let then = used.with(old, new);
        if then.files > self.files && then.files > used.files {
            return Err(OverLimit::Files {
                used: used.files,
                limit: self.files,
            });
        }
        if then.bytes > self.bytes && then.bytes > used.bytes {
            let asked = then.bytes - used.bytes;
            return Err(OverLimit::Bytes {
                used: used.bytes,
                asked,
                limit: self.bytes,
            });
        }
        Ok(then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits {
        file_bytes: 10,
        bytes: 25,
        files: 3,
    };

    #[test]
    fn limits_are_inclusive_and_an_overwrite_counts_the_difference() {
        let none = Counts::default();
        assert!(SMALL.write(none, None, 10).is_ok());
        assert!(matches!(
            SMALL.write(none, None, 11),
            Err(OverLimit::File { .. })
        ));
        let full = Counts {
            files: 3,
            bytes: 25,
        };
        assert_eq!(SMALL.write(full, Some(5), 5), Ok(full));
        assert!(matches!(
            SMALL.write(full, Some(5), 6),
            Err(OverLimit::Bytes { asked: 1, .. })
        ));
        assert!(matches!(
            SMALL.write(Counts { files: 3, bytes: 0 }, None, 0),
            Err(OverLimit::Files { .. })
        ));
        assert_eq!(
            SMALL.write(
                Counts {
                    files: 2,
                    bytes: 20
                },
                None,
                5
            ),
            Ok(full)
        );
        let over = Counts {
            files: 3,
            bytes: 90,
        };
        assert!(SMALL.write(over, Some(9), 8).is_ok());
    }
}
