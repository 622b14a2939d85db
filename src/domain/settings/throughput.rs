//! The throughput mode (EFS API reference, `UpdateFileSystem`).

use std::fmt;
use std::str::FromStr;

use super::super::word::{NOT_REPORTED, Word};
use super::{Key, Setting, Verdict, Wish};

/// Throughput mode, with its amount.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Throughput {
    /// Grows with the data stored; AWS's and our default.
    #[default]
    Bursting,
    /// Pays per byte; needed for Archive.
    Elastic,
    /// A fixed number of MiB/s.
    Provisioned(f64),
}

impl Throughput {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bursting => "bursting",
            Self::Elastic => "elastic",
            Self::Provisioned(_) => "provisioned",
        }
    }

    /// Reads what AWS answers: a mode, and the MiB/s of a provisioned one. Without its amount a mode is not known; there is
    /// none that would be the default.
    pub fn from_answer(mode: Option<&str>, mibps: Option<f64>) -> Word<Self> {
        match (mode, mibps) {
            (Some("bursting"), _) => Word::Known(Self::Bursting),
            (Some("elastic"), _) => Word::Known(Self::Elastic),
            (Some("provisioned"), Some(mibps)) => Word::Known(Self::Provisioned(mibps)),
            (other, _) => Word::Other(other.unwrap_or(NOT_REPORTED).to_owned()),
        }
    }

    /// MiB/s, when provisioned.
    pub fn mibps(self) -> Option<f64> {
        match self {
            Self::Provisioned(mibps) => Some(mibps),
            Self::Bursting | Self::Elastic => None,
        }
    }
}

impl Word<Throughput> {
    /// The word of the API.
    pub fn mode(&self) -> &str {
        match self {
            Self::Known(throughput) => throughput.as_str(),
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provisioned(mibps) => write!(f, "provisioned, {mibps} MiB/s"),
            Self::Bursting | Self::Elastic => f.write_str(self.as_str()),
        }
    }
}

impl FromStr for Throughput {
    type Err = InvalidThroughput;

    fn from_str(text: &str) -> Result<Self, InvalidThroughput> {
        match text.split_once('=') {
            None if text == "bursting" => Ok(Self::Bursting),
            None if text == "elastic" => Ok(Self::Elastic),
            None if text == "provisioned" => Err(InvalidThroughput::NoAmount),
            Some(("provisioned", amount)) => match amount.parse::<f64>() {
                Ok(mibps) if (1.0..=3414.0).contains(&mibps) => Ok(Self::Provisioned(mibps)),
                _ => Err(InvalidThroughput::Amount(amount.to_owned())),
            },
            _ => Err(InvalidThroughput::Mode(text.to_owned())),
        }
    }
}

/// No throughput mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidThroughput {
    /// A word it does not know.
    #[error("`{0}` is not a throughput mode: expected bursting, elastic or provisioned=MIBPS")]
    Mode(String),
    /// `provisioned` alone.
    #[error("`provisioned` needs an amount: provisioned=MIBPS, for example provisioned=64")]
    NoAmount,
    /// An amount that is no number in the range.
    #[error("`{0}` is not an amount of throughput: expected 1 to 3414 MiB/s")]
    Amount(String),
}

impl Setting for Throughput {
    const KEY: Key = Key::Throughput;
    const NAME: &'static str = "throughput";
    const RESOURCE: &'static str = "throughput";
    const SHOWN: bool = true;
    const UPDATES: bool = true;
    type Wish = Wish<Self>;
    type Observed = Word<Self>;

    fn verdict(wish: &Wish<Self>, observed: &Word<Self>) -> Verdict<Self> {
        let wanted = match wish {
            Wish::Leave => return Verdict::Keep,
            Wish::Set(wanted) => *wanted,
            Wish::Clear => Self::default(),
        };
        if observed.is(&wanted) {
            Verdict::Keep
        } else {
            Verdict::Set(wanted)
        }
    }

    fn shown(observed: &Word<Self>) -> String {
        observed.to_string()
    }

    fn observed(&self) -> Word<Self> {
        Word::Known(*self)
    }

    fn at_creation(wish: &Wish<Self>, _: bool) -> Word<Self> {
        Word::Known(wish.value().copied().unwrap_or_default())
    }

    /// There always is one, and none of them means that no one chose it.
    fn is_unset(_: &Word<Self>) -> bool {
        false
    }
}
