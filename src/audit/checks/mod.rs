//! The checks, by theme. Each is what there is to know of it, and one small function.

pub(super) mod anonymous;
pub(super) mod encryption;
pub(super) mod exposure;
pub(super) mod mounts;
pub(super) mod network;
pub(super) mod path;
pub(super) mod points;
pub(super) mod policy;
pub(super) mod quotas;
pub(super) mod settings;
pub(super) mod tags;

use super::facts::Known;
use crate::domain::finding::Control;

/// What is wrong with the parts of a file system. What fails for certain fails, whatever of the other parts could not be seen.
fn wrongs(parts: impl IntoIterator<Item = Known<Option<String>>>) -> Known<Vec<String>> {
    let (mut wrong, mut unavailable) = (Vec::new(), None);
    for part in parts {
        match part {
            Ok(found) => wrong.extend(found),
            Err(why) => drop(unavailable.get_or_insert(why)),
        }
    }
    match unavailable {
        Some(unavailable) if wrong.is_empty() => Err(unavailable),
        _ => Ok(wrong),
    }
}

const fn hub(id: &'static str) -> Control {
    Control {
        catalogue: "Security Hub",
        id,
    }
}

const fn config(id: &'static str) -> Control {
    Control {
        catalogue: "AWS Config",
        id,
    }
}

const fn prowler(id: &'static str) -> Control {
    Control {
        catalogue: "Prowler",
        id,
    }
}

const fn checkov(id: &'static str) -> Control {
    Control {
        catalogue: "Checkov",
        id,
    }
}

const fn other(catalogue: &'static str, id: &'static str) -> Control {
    Control { catalogue, id }
}
