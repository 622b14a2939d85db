//! Whether the file system policy lets such a client in, and what it has to have.

use super::artefact::{Refused, Why};
use super::model::{ClientRules, Connection, Rights};
use super::request::{Client, Request};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;

/// How a client comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comes {
    /// With TLS.
    pub(super) tls: bool,
    /// With an IAM identity.
    pub(super) iam: bool,
    /// By an access point.
    pub(super) by_access_point: bool,
}

impl Comes {
    fn rights(self, rules: &ClientRules) -> &Rights {
        match (self.by_access_point, self.tls) {
            (true, _) => &rules.access_point,
            (false, true) => &rules.tls,
            (false, false) => &rules.plain,
        }
    }
}

/// What the policy asks of such a client, as notes.
///
/// # Errors
///
/// [`Why::Policy`]: it cannot mount, and what would let it.
pub(super) fn granted(
    connection: &Connection,
    request: &Request,
    comes: Comes,
) -> Result<Vec<Advice>, Refused> {
    let id = connection.file_system.id.bare();
    let rules = match &connection.rules {
        Ok(rules) => rules,
        Err(why) => {
            let note = Advice::from(
                "whether the file system policy lets such a client mount is not known: ",
            );
            return Ok(vec![note.then(why.clone())]);
        }
    };
    let rights = comes.rights(rules);
    let needed = format!(
        "the role of the client needs elasticfilesystem:ClientMount{}, by its own policy or this one",
        writes(request)
    );
    match (rights.mount, comes.iam) {
        (Some(true), iam) => Ok(limits(id, rights, request, iam)),
        (Some(false), false) => Err(refused(connection, request, rules, comes)),
        (_, true) if rights.is_denied_to_identities => {
            Err(refused(connection, request, rules, comes))
        }
        (Some(false), true) => Ok(vec![
            format!("the policy of {id} lets only IAM identities mount: {needed}").into(),
        ]),
        (None, true) => Ok(vec![
            format!("whom the policy of {id} lets mount depends on its conditions: {needed}")
                .into(),
        ]),
        (None, false) => {
            let depends = format!(
                "whether the policy of {id} lets a client without IAM identity mount depends on its conditions; where it does not, "
            );
            Ok(vec![if comes.tls {
                advice![depends, "add ", Field::Iam]
            } else {
                advice![depends, "leave ", without_tls(request), " out"]
            }])
        }
    }
}

/// The option by which it comes without TLS.
fn without_tls(request: &Request) -> Field {
    match request.client {
        Client::Nfs4 => Field::PlainNfs,
        Client::EfsUtils | Client::EfsUtilsWithoutTls => Field::NoTls,
    }
}

fn writes(request: &Request) -> &'static str {
    if request.read_only {
        ""
    } else {
        " and ClientWrite"
    }
}

/// What it may not do once it is mounted.
fn limits(id: &str, rights: &Rights, request: &Request, iam: bool) -> Vec<Advice> {
    let mut notes = Vec::new();
    let who = if iam {
        "unless the role of the client has it from a policy of its own"
    } else {
        "for lack of an IAM identity"
    };
    if rights.write == Some(false) && !request.read_only {
        notes.push(format!("the policy of {id} lets such a client only read ({who}: elasticfilesystem:ClientWrite)").into());
    }
    let is_squashed = rights.root == Some(false) && rights.write != Some(false);
    if is_squashed && !request.read_only && request.access_point.is_none() {
        notes.push(advice![
            format!("the policy of {id} squashes root ({who}: elasticfilesystem:ClientRootAccess): root cannot write to a directory of root, nor set its owner or mode; an access point has a directory and a user of its own ("),
            Field::AccessPoint,
            ")"
        ]);
    }
    notes
}

/// Why it cannot mount, with what can: with TLS, by an access point, with an IAM identity, in this order of how little it takes.
fn refused(
    connection: &Connection,
    request: &Request,
    rules: &ClientRules,
    comes: Comes,
) -> Refused {
    let id = connection.file_system.id.bare();
    let can = |rights: &Rights| rights.mount != Some(false);
    let plain = without_tls(request);
    let list = Command::efsctl("describe").arg(id);
    if !comes.tls && can(&rules.tls) {
        let message = format!("the policy of {id} denies mounting without TLS");
        return Refused::new(
            Why::Policy,
            message,
            advice!["leave ", plain, " out: efs-utils mounts with TLS"],
        );
    }
    if !comes.tls {
        let message =
            format!("the policy of {id} denies mounting without TLS, and with TLS it needs more");
        let hint = if can(&rules.access_point) {
            advice![
                "leave ",
                plain,
                " out, and name an access point with ",
                Field::AccessPoint,
                "; to list them: ",
                list
            ]
        } else {
            advice!["leave ", plain, " out, and add ", Field::Iam]
        };
        return Refused::new(Why::Policy, message, hint);
    }
    if !comes.by_access_point && can(&rules.access_point) {
        let message = format!("the policy of {id} lets clients mount by an access point only");
        let hint = advice![
            "name one with ",
            Field::AccessPoint,
            "; to list them: ",
            list
        ];
        return Refused::new(Why::Policy, message, hint);
    }
    if !comes.by_access_point
        && rules.tls.is_denied_to_identities
        && !rules.access_point.is_denied_to_identities
    {
        let message =
            format!("the policy of {id} lets only IAM identities mount, by an access point");
        let hint = advice![
            "name one with ",
            Field::AccessPoint,
            ", and add ",
            Field::Iam,
            "; to list them: ",
            list
        ];
        return Refused::new(Why::Policy, message, hint);
    }
    if !comes.iam && !comes.rights(rules).is_denied_to_identities {
        let message = format!("the policy of {id} lets no client without IAM identity mount");
        let hint = advice![
            "add ",
            Field::Iam,
            ": the role of the client needs elasticfilesystem:ClientMount, by its own policy or this one"
        ];
        return Refused::new(Why::Policy, message, hint);
    }
    let by = if comes.by_access_point {
        " by this access point"
    } else {
        ""
    };
    let show = Command::aws("efs describe-file-system-policy").flag("--file-system-id", id);
    Refused::new(
        Why::Policy,
        format!("the policy of {id} denies mounting to every client{by}"),
        advice!["to see it: ", show],
    )
}
