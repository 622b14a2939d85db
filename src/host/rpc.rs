//! Two calls that tell an NFS 4.1 server: `NULL`, and `EXCHANGE_ID`, with which every client begins. Bytes only; nothing is sent here.
//!
//! ONC RPC: RFC 5531. NFS 4: RFC 7530. NFS 4.1: RFC 8881.

use std::fmt;

/// The program number of NFS.
const PROGRAM: u32 = 100_003;
/// The version whose minor version 1 EFS speaks (EFS user guide, "How Amazon EFS works").
const VERSION: u32 = 4;
const MINOR_VERSION: u32 = 1;
/// Procedures of NFS 4.
const NULL: u32 = 0;
const COMPOUND: u32 = 1;
/// The operation, and the minor version that a server lacks, in RFC 8881.
const EXCHANGE_ID: u32 = 42;
const MINOR_VERS_MISMATCH: u32 = 10_021;
/// `nobody`: who asks does not matter, but a server may refuse who says nothing.
const NOBODY: u32 = 65_534;

/// Why an answer is not that of an NFS 4.1 server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// It is no answer of ONC RPC to what was asked.
    NotRpc,
    /// It is a server of something else.
    NotNfs,
    /// It is an NFS server of other versions.
    Versions(u32, u32),
    /// It is an NFS 4 server without minor version 1.
    MinorVersion,
    /// It is a server that refuses the caller.
    Denied,
    /// It is an NFS server that fails.
    Failed(u32),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRpc => f.write_str("what answers is no NFS server"),
            Self::NotNfs => f.write_str("what answers is an RPC server without NFS"),
            Self::Versions(low, high) if low == high => {
                write!(f, "the server speaks NFS {low}, not 4.1")
            }
            Self::Versions(low, high) => {
                write!(f, "the server speaks NFS {low} to {high}, not 4.1")
            }
            Self::MinorVersion => f.write_str("the server speaks NFS 4.0, not 4.1"),
            Self::Denied => f.write_str("the server refuses the call"),
            Self::Failed(status) => write!(f, "the server answers with error {status}"),
        }
    }
}

/// A call, as it is sent: one record.
fn call(xid: u32, procedure: u32, arguments: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut put = |word: u32| body.extend(word.to_be_bytes());
    // Call, RPC version 2.
    for word in [xid, 0, 2, PROGRAM, VERSION, procedure] {
        put(word);
    }
    // AUTH_SYS: stamp, no machine name, uid, gid, no other groups. No verifier.
    for word in [1, 20, 0, 0, NOBODY, NOBODY, 0, 0, 0] {
        put(word);
    }
    body.extend(arguments);
    let length = u32::try_from(body.len()).unwrap_or_default();
    let mut record = (0x8000_0000 | length).to_be_bytes().to_vec();
    record.extend(body);
    record
}

/// Asks nothing: every RPC server answers that.
pub(super) fn null(xid: u32) -> Vec<u8> {
    call(xid, NULL, &[])
}

/// Asks for a client id of NFS 4.1. It is not confirmed, so that the server forgets it.
pub(super) fn exchange_id(xid: u32, owner: [u8; 8]) -> Vec<u8> {
    let mut arguments = Vec::new();
    let mut put = |word: u32| arguments.extend(word.to_be_bytes());
    // No tag, minor version, one operation.
    for word in [0, MINOR_VERSION, 1, EXCHANGE_ID] {
        put(word);
    }
    // The verifier, and the owner that it is of.
    arguments.extend(owner);
    arguments.extend(8_u32.to_be_bytes());
    arguments.extend(owner);
    // No flags, no state protection, no implementation id.
    arguments.extend([0; 12]);
    call(xid, COMPOUND, &arguments)
}

/// Reads words of an answer; short of them it is none.
struct Words<'b>(&'b [u8]);

impl Words<'_> {
    fn next(&mut self) -> Result<u32, Unfit> {
        let (word, rest) = self.0.split_first_chunk().ok_or(Unfit::NotRpc)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*word))
    }

    /// Leaves out bytes of that length, which are padded to words.
    fn skip(&mut self) -> Result<(), Unfit> {
        let length = usize::try_from(self.next()?).map_err(|_| Unfit::NotRpc)?;
        let padded = length.checked_next_multiple_of(4).ok_or(Unfit::NotRpc)?;
        self.0 = self.0.get(padded..).ok_or(Unfit::NotRpc)?;
        Ok(())
    }
}

/// The results of a call that was accepted.
fn accepted(record: &[u8], xid: u32) -> Result<Words<'_>, Unfit> {
    let mut words = Words(record);
    if words.next()? != xid || words.next()? != 1 {
        return Err(Unfit::NotRpc);
    }
    match words.next()? {
        0 => {}
        1 => return Err(Unfit::Denied),
        _ => return Err(Unfit::NotRpc),
    }
    // The verifier: its flavor, and its bytes.
    words.next()?;
    words.skip()?;
    match words.next()? {
        0 => Ok(words),
        1 => Err(Unfit::NotNfs),
        2 => Err(Unfit::Versions(words.next()?, words.next()?)),
        status @ 3..=5 => Err(Unfit::Failed(status)),
        _ => Err(Unfit::NotRpc),
    }
}

/// Reads the answer to [`null`].
///
/// # Errors
///
/// It is not that of a server of NFS 4.
pub(super) fn answers_null(record: &[u8], xid: u32) -> Result<(), Unfit> {
    accepted(record, xid).map(drop)
}

/// Reads the answer to [`exchange_id`].
///
/// # Errors
///
/// It is not that of a server of NFS 4.1.
pub(super) fn answers_exchange_id(record: &[u8], xid: u32) -> Result<(), Unfit> {
    match accepted(record, xid)?.next()? {
        0 => Ok(()),
        MINOR_VERS_MISMATCH => Err(Unfit::MinorVersion),
        status => Err(Unfit::Failed(status)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(super) fn reply(xid: u32, words: &[u32]) -> Vec<u8> {
        let all = [&[xid, 1], words].concat();
        all.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn what_each_answer_means() {
        let rows: [(&[u32], Result<(), Unfit>); 9] = [
            (&[0, 0, 0, 0, 0], Ok(())),
            (&[0, 0, 4, 7, 0, 0], Ok(())),
            (&[0, 0, 0, 1], Err(Unfit::NotNfs)),
            (&[0, 0, 0, 2, 3, 3], Err(Unfit::Versions(3, 3))),
            (&[0, 0, 0, 5], Err(Unfit::Failed(5))),
            (&[1, 1, 5], Err(Unfit::Denied)),
            (&[0, 0, 0, 0, 10_021], Err(Unfit::MinorVersion)),
            (&[0, 0, 0, 0, 10_013], Err(Unfit::Failed(10_013))),
            (&[7], Err(Unfit::NotRpc)),
        ];
        for (words, expected) in rows {
            assert_eq!(
                answers_exchange_id(&reply(9, words), 9),
                expected,
                "{words:?}"
            );
        }
        assert_eq!(answers_null(&reply(9, &[0, 0, 0, 0]), 9), Ok(()));
        assert_eq!(
            answers_null(&reply(8, &[0, 0, 0, 0]), 9),
            Err(Unfit::NotRpc)
        );
        assert_eq!(
            answers_null(b"HTTP/1.1 400 Bad Request", 9),
            Err(Unfit::NotRpc)
        );
    }

    #[test]
    fn a_call_is_one_record_of_its_length() {
        for record in [null(1), exchange_id(2, [7; 8])] {
            let (mark, body) = record.split_first_chunk().unwrap();
            let length = u32::from_be_bytes(*mark) & 0x7fff_ffff;
            assert_eq!(usize::try_from(length).unwrap(), body.len());
            assert_eq!(body.len() % 4, 0);
        }
    }

    proptest! {
        #[test]
        fn no_answer_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = answers_null(&bytes, 1);
            let _ = answers_exchange_id(&bytes, 1);
        }
    }
}
