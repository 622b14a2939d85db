//! The settings that `create` and `set` take: what contradicts itself, and what depends on the time.

use std::fmt::Display;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::confirm::{Question, same_with_yes};
use super::{App, read_text};
use crate::cli::setting::SettingArgs;
use crate::domain::advice::{Advice, advice};
use crate::domain::expiry::Expiry;
use crate::domain::field::Field;
use crate::domain::settings::policy::{Content, Document, PolicyArg, Wanted};
use crate::domain::settings::{Wish, Wishes};
use crate::domain::tags::Tags;
use crate::error::{Code, Error};

/// Two options exclude each other.
pub(super) fn contradiction(sentence: String) -> Error {
    Error::usage(sentence).hint("leave one of them out")
}

/// What is asked of each setting.
pub(super) fn wishes(args: &SettingArgs) -> Result<Wishes, Error> {
    args.check().map_err(contradiction)?;
    Ok(args.wishes(policy(args)?))
}

fn policy(args: &SettingArgs) -> Result<Wish<Wanted>, Error> {
    let content = match &args.policy {
        None => return Ok(Wish::Leave),
        Some(PolicyArg::None) => return Ok(Wish::Clear),
        Some(PolicyArg::Presets(presets)) => Content::Presets(presets.clone()),
        Some(PolicyArg::Document(document)) => Content::Document(document.clone()),
        Some(PolicyArg::File(path)) => Content::Document(document(path)?),
    };
    Ok(Wish::Set(Wanted {
        content,
        bypass_lockout_check: args.bypass_lockout_check,
    }))
}

fn document(path: &Path) -> Result<Document, Error> {
    let invalid = |why: &dyn Display| {
        let named = (Field::Policy, format!("file://{}", path.display()));
        Error::new(Code::InvalidFile, advice![named, format!(": {why}")]).hint(advice![
            "give a policy document of IAM, or presets: ",
            (Field::Policy, "enforce-tls,deny-root"),
        ])
    };
    let text = read_text(path).map_err(|why| invalid(&why))?;
    Document::written(&text).map_err(|why| invalid(&why))
}

/// The tags.
pub(super) fn tags(args: &SettingArgs) -> Result<Tags, Error> {
    args.tags().map_err(contradiction)
}

/// The time, in seconds since 1970.
pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// When what was typed ends.
pub(super) fn expires(args: &SettingArgs) -> Result<Wish<Expiry>, Error> {
    args.expires(now()).map_err(|error| {
        let message = advice![Field::Expires, format!(": {error}")];
        Error::usage(message).hint(advice!["give a time to come: ", (Field::Expires, "48h")])
    })
}

/// Asks on the terminal whether what is lost may be lost.
pub(super) async fn confirmed(app: &App, what: &str, losses: &[Advice]) -> Result<(), Error> {
    let losses: Vec<String> = losses.iter().map(|loss| app.ui.shown(loss)).collect();
    let losses = losses.join("; ");
    app.confirm(Question {
        text: format!("change {what}? {losses}"),
        verb: "change it",
        undone: "nothing was changed",
        hint: Advice::from(losses).text("; ").then(same_with_yes()),
    })
    .await
}
