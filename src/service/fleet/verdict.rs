//! Whether an audit passes, and if not, why.

use crate::domain::text::{counted, list};
use std::collections::BTreeSet;

use super::unjudged::tag;
use super::{Count, Fleet, FleetOptions};
use crate::audit::exit_policy::{ExitPolicy, Sums};
use crate::cloud::Inventory;
use crate::domain::advice::{Advice, advice};
use crate::domain::field::Field;
use crate::domain::finding::Unjudged;
use crate::error::{Code, Error};
use crate::service::{Listing, Scope};

/// How many values of a tag are shown.
const VALUES: usize = 5;

impl<C: Inventory> Fleet<'_, C> {
    /// Why an audit does not pass. A tag that nothing carries is misspelt, whatever else is said.
    pub(super) async fn failure(
        &self,
        options: &FleetOptions,
        count: &Count,
        unjudged: &[Unjudged],
        fixing: bool,
    ) -> Option<Error> {
        match &options.scope {
            Scope::Tagged(key, value) if count.sums.systems == 0 && !unjudged.is_empty() => {
                let shown = tag(key, value.as_ref());
                let error =
                    Error::new(Code::TagNotFound, format!("no file system carries {shown}"));
                Some(error.hint(self.others(key).await))
            }
            _ => failed(&options.exit, &count.sums, unjudged, fixing),
        }
    }

    /// Which values of that tag there are.
    async fn others(&self, key: &str) -> Advice {
        let mut values = BTreeSet::new();
        for member in &self.members {
            let listed = member.service.list(Listing::All).await;
            let listed = listed.unwrap_or_default().into_iter();
            values.extend(listed.filter_map(|mut fs| fs.tags.remove(key)));
        }
        if values.is_empty() {
            return advice![
                format!("none carries the tag {key} at all: check its spelling, "),
                Field::Region,
                " and ",
                Field::Profile,
            ];
        }
        let shown = values
            .iter()
            .take(VALUES)
            .map(|value| format!("{key}={value}"));
        let more = if values.len() > VALUES { ", …" } else { "" };
        format!("others carry {}{more}", list(shown)).into()
    }
}

/// The error of a report with failures; none: it passes.
fn failed(exit: &ExitPolicy, sums: &Sums, unjudged: &[Unjudged], fixing: bool) -> Option<Error> {
    if sums.failing + sums.regions == 0 {
        let why = unjudged.iter().find(|unjudged| unjudged.counts)?.sentence();
        let message = advice!["nothing was audited (", Field::Strict, format!("): {why}"),];
        return Some(Error::new(Code::NothingJudged, message).hint(advice![
            "check the request: regions, profiles, the config file and ",
            Field::Baseline,
            "; without ",
            Field::Strict,
            " this passes",
        ]));
    }
    if sums.failing == 0 {
        let message = advice![
            format!("{} could not be audited (", counted(sums.regions, "region")),
            Field::Strict,
            ")",
        ];
        return Some(Error::new(Code::NothingJudged, message).hint("the report says why"));
    }
    let since = if exit.baseline.is_some() {
        ", and not in the baseline"
    } else {
        ""
    };
    let unseen = if exit.strict {
        advice![" or could not be checked (", Field::Strict, ")"]
    } else {
        Advice::default()
    };
    let message = format!("{} failed", counted(sums.failing, "check"));
    let mut message = Advice::from(message).then(unseen).text(format!(
        " on {}{}{since}",
        if sums.systems > sums.failing_systems {
            format!("{} of ", sums.failing_systems)
        } else {
            String::new()
        },
        counted(sums.systems, "file system")
    ));
    if sums.regions > 0 {
        message = message.text(format!(
            "; {} could not be audited",
            counted(sums.regions, "region")
        ));
    }
    let fix = if sums.fixable > 0 && !fixing {
        advice![
            "; ",
            Field::Fix,
            " adds what is missing (preview: ",
            Field::Fix,
            " ",
            Field::DryRun,
            ")",
        ]
    } else {
        Advice::default()
    };
    let hint = Advice::from("see the remedy of each finding")
        .then(fix)
        .then(advice![
            "; to accept findings: ",
            Field::FailOn,
            ", an exception in efsctl.toml, or ",
            Field::Baseline,
        ]);
    Some(Error::new(Code::Findings, message).hint(hint))
}
