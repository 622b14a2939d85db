//! The record in a lock file: what the workspace held when its lock was last dropped.

use super::limits::Counts;

/// The length of a record in bytes.
pub const LENGTH: usize = 128;

const MAGIC: &[u8; 8] = b"efsctl\x01\n";
const PENDING: u64 = 1;

/// A cache of the counts of one directory. One that is pending, torn or of another directory says nothing: the tree is counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The inode of the directory that was counted.
    pub directory: u64,
    /// Files and bytes.
    pub counts: Counts,
    /// A change was begun, and is not known to have ended.
    pub is_pending: bool,
}

impl Record {
    /// As it is written.
    pub fn encode(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        let flags = if self.is_pending { PENDING } else { 0 };
        let fields = [self.directory, self.counts.files, self.counts.bytes, flags];
        let numbers = fields.iter().flat_map(|number| number.to_le_bytes());
        for (byte, value) in bytes.iter_mut().zip(MAGIC.iter().copied().chain(numbers)) {
            *byte = value;
        }
        let (body, end) = bytes.split_at_mut(LENGTH - 4);
        end.copy_from_slice(&crc32fast::hash(body).to_le_bytes());
        bytes
    }

    /// Reads a record; `None` for what is none, or was torn.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, end) = bytes.split_at_checked(LENGTH - 4)?;
        if end != crc32fast::hash(body).to_le_bytes() {
            return None;
        }
        let rest = body.strip_prefix(MAGIC)?;
        let mut numbers = rest
            .chunks_exact(8)
            .map(|chunk| u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        let mut next = || numbers.next();
        Some(Self {
            directory: next()?,
            counts: Counts {
                files: next()?,
                bytes: next()?,
            },
            is_pending: next()? & PENDING != 0,
        })
    }

    /// The counts of the directory with this inode, if they can be believed.
    pub fn counts_of(bytes: &[u8], directory: u64) -> Option<Counts> {
        let record = Self::decode(bytes)?;
        (record.directory == directory && !record.is_pending).then_some(record.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_written_and_a_torn_one_is_none() {
        let record = Record {
            directory: 7,
            counts: Counts {
                files: 3,
                bytes: 1 << 40,
            },
            is_pending: false,
        };
        let bytes = record.encode();
        assert_eq!(Record::decode(&bytes), Some(record));
        assert_eq!(Record::counts_of(&bytes, 7), Some(record.counts));
        assert_eq!(Record::counts_of(&bytes, 8), None);
        let pending = Record {
            is_pending: true,
            ..record
        }
        .encode();
        assert_eq!(Record::counts_of(&pending, 7), None);
        for at in 0..LENGTH {
            let mut torn = bytes;
            torn[at] ^= 1;
            assert_eq!(Record::decode(&torn), None, "{at}");
        }
        for length in [0, 64, 127, 129] {
            let bytes: Vec<u8> = bytes.iter().copied().cycle().take(length).collect();
            assert_eq!(Record::decode(&bytes), None, "{length}");
        }
        assert_eq!(Record::decode(&[0; LENGTH]), None);
    }
}
