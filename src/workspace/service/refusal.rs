//! Why a call is refused.

use std::io;

use crate::domain::limits::OverLimit;
use crate::domain::name::NameRefused;
use crate::domain::path::PathRefused;
use crate::domain::step::StepRefused;

macro_rules! codes {
    ($($name:ident = $word:literal: $meaning:literal)+) => {
        /// Why a call is refused. The word is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in answers.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// One line of documentation.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                }
            }
        }
    };
}

codes! {
    NotFound = "not-found": "there is no such job, or no such file in it; it may have expired"
    PathRefused = "path-refused": "a path that could leave the job, or that is no path"
    NotText = "not-text": "the file is not UTF-8 text"
    Invalid = "invalid": "a value is missing, of the wrong type or out of range"
    BadJson = "bad-json": "the body is no JSON"
    BadContent = "bad-content": "the content of a file is no text, or no base64"
    FileTooLarge = "file-too-large": "the file is larger than a file may be"
    ProjectTooLarge = "project-too-large": "the job would hold more bytes than it may"
    TooManyFiles = "too-many-files": "the job would hold more files than it may"
    BodyTooLarge = "body-too-large": "the body of the request is larger than any may be"
    TooManyItems = "too-many-items": "the batch has more than 1,000 files"
    IdTaken = "id-taken": "something has that name"
    NotGenerating = "not-generating": "the job is not being generated any more"
    JobFailed = "job-failed": "the job failed"
    JobComplete = "job-complete": "the job is complete"
    InTheWay = "in-the-way": "a directory, a file or a link is in the way"
    Damaged = "damaged": "the metadata of the job cannot be used"
    ZipNotReady = "zip-not-ready": "the ZIP is being created"
    Expired = "expired": "the job is expired and is about to be deleted"
    DiskFull = "disk-full": "the disk is full, or a quota is reached"
    BaseUnavailable = "base-unavailable": "the base directory is not there or cannot be written"
    Busy = "busy": "the job is locked by another process, or the server has too much to do"
    Held = "held": "another one holds the job"
    TimedOut = "timed-out": "the body of the request did not arrive in time"
    NoMethod = "method-not-allowed": "the address does not take this method"
    Unauthorized = "unauthorized": "no token, or one that is not known"
    Forbidden = "forbidden": "the token is not that of an administrator"
    Internal = "internal": "a file call failed in a way that is not expected"
}

/// A call that is refused: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Why.
    pub code: Code,
    /// One sentence.
    pub message: String,
}

impl Refusal {
    /// A refusal with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// There is no such workspace, or it is not the caller's.
    pub fn no_job() -> Self {
        Self::new(Code::NotFound, "job not found or expired")
    }
}

impl From<PathRefused> for Refusal {
    fn from(refused: PathRefused) -> Self {
        Self::new(Code::PathRefused, refused.to_string())
    }
}

impl From<NameRefused> for Refusal {
    fn from(refused: NameRefused) -> Self {
        Self::new(Code::Invalid, refused.to_string())
    }
}

impl From<OverLimit> for Refusal {
    fn from(over: OverLimit) -> Self {
        let code = match over {
            OverLimit::File { .. } => Code::FileTooLarge,
            OverLimit::Bytes { .. } => Code::ProjectTooLarge,
            OverLimit::Files { .. } => Code::TooManyFiles,
        };
        Self::new(code, over.to_string())
    }
}

impl From<StepRefused> for Refusal {
    fn from(refused: StepRefused) -> Self {
        let code = match refused {
            StepRefused::Expired => Code::Expired,
            StepRefused::NotGenerating(_) | StepRefused::NoZip(_) => Code::NotGenerating,
            StepRefused::Failed => Code::JobFailed,
            StepRefused::Complete => Code::JobComplete,
        };
        Self::new(code, refused.to_string())
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as K;
        const TOO_MANY_OPEN: [i32; 2] = [23, 24];
        let code = match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Code::DiskFull,
            K::TimedOut => Code::Busy,
            K::ReadOnlyFilesystem | K::StaleNetworkFileHandle => Code::BaseUnavailable,
            _ if error
                .raw_os_error()
                .is_some_and(|number| TOO_MANY_OPEN.contains(&number)) =>
            {
                Code::Busy
            }
            _ => Code::Internal,
        };
        let message = match code {
            Code::DiskFull => format!("the disk is full: {error}"),
            Code::Busy if error.kind() == K::TimedOut => {
                "the job is locked by another process".to_owned()
            }
            Code::Busy => format!("the server has too much to do: {error}"),
            Code::BaseUnavailable => format!("the base cannot be used: {error}"),
            _ => format!("a file call failed: {error}"),
        };
        Self::new(code, message)
    }
}
