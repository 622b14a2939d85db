//! Whether an audit passes, and if not, why.

use crate::domain::text::{counted, list};
use std::collections::BTreeSet;

use super::unjudged::tag;
use super::{Count, Fleet, FleetOptions};
use crate::audit::exit_policy::{ExitPolicy, Sums};
use crate::cloud::Inventory;
use crate::domain::finding::Unjudged;
use crate::error::{Error, Kind};
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
                let told = tag(key, value.as_ref());
                let error = Error::new(Kind::NotFound, format!("no file system carries {told}"));
                Some(error.hint(self.others(key).await))
            }
            _ => failed(&options.exit, &count.sums, unjudged, fixing),
        }
    }

    /// Which values of that tag there are.
    async fn others(&self, key: &str) -> String {
        let mut values = BTreeSet::new();
        for site in &self.sites {
            let listed = site.service.list(Listing::All).await;
            let listed = listed.unwrap_or_default().into_iter();
            values.extend(listed.filter_map(|mut fs| fs.tags.remove(key)));
        }
        if values.is_empty() {
            return format!(
                "none carries the tag {key} at all: check its spelling, --region and --profile"
            );
        }
        let shown = values
            .iter()
            .take(VALUES)
            .map(|value| format!("{key}={value}"));
        let more = if values.len() > VALUES { ", …" } else { "" };
        format!("others carry {}{more}", list(shown))
    }
}

/// The error of a report with failures; none: it passes.
fn failed(exit: &ExitPolicy, sums: &Sums, unjudged: &[Unjudged], fixing: bool) -> Option<Error> {
    if sums.failing + sums.regions == 0 {
        let why = unjudged.iter().find(|unjudged| unjudged.counts)?.sentence();
        let message = format!("nothing was audited (--strict): {why}");
        return Some(Error::new(Kind::Policy, message).hint(
            "check what is asked for: regions, profiles, the config file and --baseline; without --strict this passes",
        ));
    }
    if sums.failing == 0 {
        let message = format!(
            "{} could not be audited (--strict)",
            counted(sums.regions, "region")
        );
        return Some(Error::new(Kind::Policy, message).hint("the report says why"));
    }
    let since = if exit.baseline.is_some() {
        ", and not in the baseline"
    } else {
        ""
    };
    let unseen = if exit.strict {
        " or could not be seen (--strict)"
    } else {
        ""
    };
    let mut message = format!(
        "{} failed{unseen} on {}{}{since}",
        counted(sums.failing, "check"),
        if sums.systems > sums.failing_systems {
            format!("{} of ", sums.failing_systems)
        } else {
            String::new()
        },
        counted(sums.systems, "file system")
    );
    if sums.regions > 0 {
        message += "; ";
        message += &counted(sums.regions, "region");
        message += " could not be audited";
    }
    let fix = if sums.fixable > 0 && !fixing {
        "; --fix adds what is missing, and --fix --dry-run shows it"
    } else {
        ""
    };
    Some(Error::new(Kind::Policy, message).hint(format!(
        "the remedies stand beside the findings{fix}; --fail-on, an exception in efsctl.toml, or --baseline let some of them pass"
    )))
}
