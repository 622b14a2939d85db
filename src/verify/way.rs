//! In which way a client without IAM identity may use a file system.

use crate::connect::{ClientRules, Rights};
use crate::domain::advice::Advice;
use crate::domain::verification::Transport;

/// The way, or why this program cannot go any.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// Like this, with what the policy lets such a client do, where that is known.
    Open(Transport, Rights),
    /// Only clients with an IAM identity, or by an access point, may mount.
    NeedsIdentity,
    /// Nobody may mount.
    Denied,
}

/// The first of the two ways that the policy lets a client go. What is not known is tried.
#[must_use]
pub fn way(rules: &Result<ClientRules, Advice>) -> Way {
    let Ok(rules) = rules else {
        return Way::Open(Transport::Plain, Rights::default());
    };
    let ways = [
        (Transport::Plain, &rules.plain),
        (Transport::Tls, &rules.tls),
    ];
    for known in [Some(true), None] {
        if let Some((transport, rights)) = ways.iter().find(|(_, rights)| rights.mount == known) {
            return Way::Open(*transport, (*rights).clone());
        }
    }
    if rules.tls.is_denied_to_identities && rules.access_point.is_denied_to_identities {
        return Way::Denied;
    }
    Way::NeedsIdentity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_way_that_is_open_is_taken() {
        let may = |mount| Rights {
            mount,
            ..Rights::default()
        };
        let denied = Rights {
            mount: Some(false),
            is_denied_to_identities: true,
            ..Rights::default()
        };
        let no = Some(false);
        let open = |transport, mount| Way::Open(transport, may(mount));
        let rows = [
            (
                may(Some(true)),
                may(Some(true)),
                open(Transport::Plain, Some(true)),
            ),
            (may(no), may(Some(true)), open(Transport::Tls, Some(true))),
            (may(None), may(Some(true)), open(Transport::Tls, Some(true))),
            (may(None), may(None), open(Transport::Plain, None)),
            (may(no), may(None), open(Transport::Tls, None)),
            (may(no), may(no), Way::NeedsIdentity),
            (may(no), denied.clone(), Way::Denied),
        ];
        for (plain, tls, expected) in rows {
            let rules = ClientRules {
                plain,
                access_point: tls.clone(),
                tls,
            };
            assert_eq!(way(&Ok(rules.clone())), expected, "{rules:?}");
        }
        let unread = way(&Err(Advice::from("not read")));
        assert_eq!(unread, Way::Open(Transport::Plain, Rights::default()));
    }
}
