//! Whether presets hold beside the statements of others.

use std::collections::BTreeSet;
use std::fmt;

use super::{ClientAction, Policy, Request, Truth, Way, Who, label};
use crate::domain::settings::policy::Preset;
use crate::domain::text::list;

/// A statement by which a preset does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overridden {
    /// The preset.
    pub preset: Preset,
    /// The statement: its `Sid`, or `#n`.
    pub statement: String,
    /// What it allows, or may allow, everybody.
    pub actions: Vec<ClientAction>,
}

impl fmt::Display for Overridden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "statement {} allows everybody {}, so {} does not hold",
            self.statement,
            list(&self.actions),
            self.preset
        )
    }
}

/// The ways and actions that are not open to everybody where a preset holds.
fn refused(preset: Preset) -> (&'static [Way], &'static [ClientAction]) {
    match preset {
        Preset::EnforceTls => (&[Way::Plain], &ClientAction::ALL),
        Preset::DenyAnonymous => (&Way::NFS, &[ClientAction::Mount]),
        Preset::DenyRoot => (&Way::NFS, &[ClientAction::RootAccess]),
        Preset::ReadOnly => (&Way::NFS, &[ClientAction::Write]),
        Preset::AccessPointsOnly => (&[Way::Plain, Way::Tls], &ClientAction::ALL),
    }
}

impl Policy {
    /// The statements by which presets do not hold. A preset is about everybody: one who is named by an Allow has what could as well be
    /// in their own policy. An Allow counts when it may apply, a Deny when it surely does.
    pub fn overridden(&self, presets: &BTreeSet<Preset>) -> Vec<Overridden> {
        let mut overridden = Vec::new();
        for preset in presets {
            let (ways, actions) = refused(*preset);
            for (number, allow) in self.allows() {
                let allows = |action: &ClientAction| {
                    ways.iter().any(|way| {
                        let request = Request::new(*way, Who::Anonymous);
                        let action = action.as_str();
                        self.applies(allow, action, &request) != Truth::No
                            && self.denied(action, &request) != Truth::Yes
                    })
                };
                let actions: Vec<ClientAction> = actions.iter().copied().filter(allows).collect();
                if !actions.is_empty() {
                    overridden.push(Overridden {
                        preset: *preset,
                        statement: label(number, allow),
                        actions,
                    });
                }
            }
        }
        overridden
    }
}
