//! What changes for whom when one policy takes the place of another: both are asked the same requests.
//!
//! Only these policies are known. In the same account an identity also has what its own policy allows, and no Deny takes away (UG:
//! iam-access-control-nfs-efs); an identity of another account needs both.

use std::collections::BTreeSet;
use std::fmt;

use super::condition::Condition;
use super::document::Statement;
use super::{ClientAction, Doubt, LockOut, Policy, Principal, Request, Truth, Way, Who};
use crate::domain::text::list;
use crate::domain::wildcard;

/// Who a client is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// It has no IAM identity.
    Anonymous,
    /// An identity of the account of the file system that neither policy names.
    Unnamed,
    /// This one, which one of the policies names.
    Named(String),
}

/// What a policy says to a request, in the order of how much that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It is denied. To a client without identity that is also what no statement allows.
    Denied,
    /// No statement allows it, so it is left to the identity's own policy.
    LeftToIdentity,
    /// It depends on what is not known.
    Unknown,
    /// It is allowed.
    Allowed,
}

/// What is different for the same clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Who they are.
    pub who: Identity,
    /// How they come.
    pub ways: Vec<Way>,
    /// By this access point, which one of the policies names; otherwise by any other, or by none.
    pub access_point: Option<String>,
    /// What.
    pub actions: Vec<ClientAction>,
    /// What the first policy says.
    pub before: Access,
    /// What the second one says.
    pub after: Access,
}

impl Change {
    /// Whether they can do less.
    pub fn is_loss(&self) -> bool {
        self.after < self.before
    }

    /// Whether Docker NFS volumes and plain `nfs4` lines of an fstab no longer mount: the NFS client of the kernel has neither TLS
    /// nor an identity (UG: mounting-IAM-option).
    pub fn stops_plain_nfs(&self) -> bool {
        self.is_loss()
            && self.ways.contains(&Way::Plain)
            && self.actions.contains(&ClientAction::Mount)
    }
}

/// What changes from one policy to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What is different for whom, losses and gains.
    pub changes: Vec<Change>,
    /// Statements that only one of the policies has, and that cannot be evaluated: whom they concern is not known.
    pub unclear: Vec<Doubt>,
    /// Whether no one of the account can change the second policy again, as far as that policy tells.
    pub lock_out: LockOut,
}

impl Comparison {
    /// What clients lose.
    pub fn losses(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.is_loss())
    }

    /// What clients gain.
    pub fn gains(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| !change.is_loss())
    }
}

/// Compares two policies of a file system of that account. `None` is the default, which lets everybody do everything who reaches a
/// mount target.
pub fn compare(before: Option<&Policy>, after: Option<&Policy>, account: &str) -> Comparison {
    let both: Vec<&Policy> = before.into_iter().chain(after).collect();
    let mut changes: Vec<Change> = Vec::new();
    for one in requests(&both, account) {
        let answers = |request: &Asked<'_>| {
            ClientAction::ALL.map(|action| {
                let answer = |policy| access(policy, action, request);
                (action, answer(before), answer(after))
            })
        };
        let general = one.general().map(|general| answers(&general));
        for (at, answer) in answers(&one).into_iter().enumerate() {
            let (_, was, is) = answer;
            let is_known = general.is_some_and(|general| general.get(at) == Some(&answer));
            if was != is && !is_known {
                note(&mut changes, &one, answer);
            }
        }
    }
    merge_ways(&mut changes);
    Comparison {
        changes,
        unclear: unclear(before, after, account),
        lock_out: after.map_or(LockOut::No, |after| after.locks_out(account)),
    }
}

/// A request of a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    way: Way,
    who: Who<'a>,
    access_point: Option<&'a str>,
    account: &'a str,
}

impl<'a> Asked<'a> {
    fn request(&self) -> Request<'a> {
        let request = Request::new(self.way, self.who);
        self.access_point.map_or(request, |arn| request.by(arn))
    }

    fn identity(&self) -> Identity {
        match self.who {
            Who::Anonymous => Identity::Anonymous,
            Who::Unnamed(_) => Identity::Unnamed,
            Who::Named(one) => Identity::Named(one.name.clone()),
        }
    }

    /// The request of those whom no policy names: what changes for them is not repeated for one who is named.
    fn general(self) -> Option<Self> {
        let who = match self.who {
            Who::Named(_) => Who::Unnamed(self.account),
            who => who,
        };
        let is_general = self.who == who && self.access_point.is_none();
        (!is_general).then_some(Self {
            who,
            access_point: None,
            ..self
        })
    }
}

/// The table: every client that is asked for. Those with an identity use TLS (UG: mounting-IAM-option).
const CLIENTS: [(bool, Way); 5] = [
    (false, Way::Plain),
    (false, Way::Tls),
    (false, Way::AccessPoint),
    (true, Way::Tls),
    (true, Way::AccessPoint),
];

/// The table, with whom and what the policies name.
pub(super) fn requests<'a>(policies: &[&'a Policy], account: &'a str) -> Vec<Asked<'a>> {
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let conditions = statements().flat_map(|one| &one.conditions);
    let points: BTreeSet<&str> = conditions
        .flat_map(Condition::access_points)
        .map(String::as_str)
        .filter(|arn| !wildcard::is_open(arn))
        .collect();
    let mut named: Vec<&Principal> = Vec::new();
    for one in statements().flat_map(|one| {
        let principals = &one.principals;
        principals.names().iter().chain(principals.exceptions())
    }) {
        let is_client = !one.is_service && !one.is_deleted() && !one.is_account(account);
        if is_client && !named.contains(&one) {
            named.push(one);
        }
    }
    let mut requests = Vec::new();
    for (has_identity, way) in CLIENTS {
        let mut askers = vec![if has_identity {
            Who::Unnamed(account)
        } else {
            Who::Anonymous
        }];
        if has_identity {
            askers.extend(named.iter().map(|one| Who::Named(one)));
        }
        let points = points.iter().filter(|_| way == Way::AccessPoint);
        for access_point in [None].into_iter().chain(points.map(|arn| Some(*arn))) {
            requests.extend(askers.iter().map(|who| Asked {
                way,
                who: *who,
                access_point,
                account,
            }));
        }
    }
    requests
}

/// What a policy says to a client. What it may do without mounting is nothing.
pub(super) fn access(policy: Option<&Policy>, action: ClientAction, asked: &Asked<'_>) -> Access {
    let Some(policy) = policy else {
        return Access::Allowed;
    };
    let request = asked.request();
    let alone = |action: ClientAction| {
        let action = action.as_str();
        match (
            policy.allowed(action, &request),
            policy.denied(action, &request),
        ) {
            (_, Truth::Yes) => Access::Denied,
            (Truth::No, _) if asked.who == Who::Anonymous => Access::Denied,
            (Truth::No, _) => Access::LeftToIdentity,
            (Truth::Yes, Truth::No) => Access::Allowed,
            _ => Access::Unknown,
        }
    };
    let mount = alone(ClientAction::Mount);
    match alone(action) {
        _ if mount == Access::Denied => Access::Denied,
        access if asked.who == Who::Anonymous => access.min(mount),
        access => access,
    }
}

/// Adds what is different to the change of that client, or as a new one.
fn note(
    changes: &mut Vec<Change>,
    asked: &Asked<'_>,
    (action, before, after): (ClientAction, Access, Access),
) {
    let change = Change {
        who: asked.identity(),
        ways: vec![asked.way],
        access_point: asked.access_point.map(str::to_owned),
        actions: vec![action],
        before,
        after,
    };
    let same = changes.iter_mut().find(|known| {
        (&known.who, &known.ways, &known.access_point)
            == (&change.who, &change.ways, &change.access_point)
            && (known.before, known.after) == (before, after)
    });
    match same {
        Some(known) => known.actions.push(action),
        None => changes.push(change),
    }
}

/// What is the same for the same clients by several ways is one change.
fn merge_ways(changes: &mut Vec<Change>) {
    let mut merged: Vec<Change> = Vec::new();
    for mut change in std::mem::take(changes) {
        let same = merged.iter_mut().find(|known| {
            let alike = |one: &Change| Change {
                ways: Vec::new(),
                ..one.clone()
            };
            alike(known) == alike(&change)
        });
        match same {
            Some(known) => known.ways.append(&mut change.ways),
            None => merged.push(change),
        }
    }
    *changes = merged;
}

/// The statements of one policy that the other has not, and of which it is not known whether they apply to a client.
fn unclear(before: Option<&Policy>, after: Option<&Policy>, account: &str) -> Vec<Doubt> {
    let doubts = |this: Option<&Policy>, that: Option<&Policy>| -> Vec<Doubt> {
        let Some(this) = this else { return Vec::new() };
        let is_new = |one: &Statement| that.is_none_or(|that| !that.statements.contains(one));
        let open = |statement: &Statement, asked: &Asked<'_>| {
            Truth::any(
                ClientAction::ALL
                    .map(|action| this.applies(statement, action.as_str(), &asked.request())),
            ) == Truth::Perhaps
        };
        this.numbered()
            .filter(|(_, statement)| is_new(statement))
            .filter_map(|numbered| {
                let mut requests = requests(&[this], account).into_iter();
                let asked = requests.find(|asked| open(numbered.1, asked))?;
                Some(this.doubt(numbered, &asked.request()))
            })
            .collect()
    };
    let mut all = doubts(before, after);
    for doubt in doubts(after, before) {
        if !all.contains(&doubt) {
            all.push(doubt);
        }
    }
    all
}

/// Clients, what they lose or gain, and what that stops.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = list(self.actions.iter().map(|action| match action {
            ClientAction::Mount => "mount",
            ClientAction::Write => "write",
            ClientAction::RootAccess => "root access",
        }));
        write!(f, "{}: ", self.clients())?;
        match (self.is_loss(), self.before, self.after) {
            (true, _, Access::LeftToIdentity) => {
                write!(f, "{what} only where their own IAM policy allows it")?;
            }
            (true, _, Access::Unknown) => write!(f, "may lose {what}")?,
            (true, ..) => write!(f, "lose {what}")?,
            (false, _, Access::LeftToIdentity) => {
                write!(f, "gain {what} where their own IAM policy allows it")?;
            }
            (false, _, Access::Unknown) => write!(f, "may gain {what}")?,
            (false, ..) => write!(f, "gain {what}")?,
        }
        match (self.stops_plain_nfs(), self.after) {
            (true, Access::Denied) => {
                f.write_str("; Docker NFS volumes and plain nfs4 lines no longer mount")
            }
            (true, _) => {
                f.write_str("; Docker NFS volumes and plain nfs4 lines may no longer mount")
            }
            (false, _) => Ok(()),
        }
    }
}

impl Change {
    fn clients(&self) -> String {
        let by = |way: &Way| self.ways.contains(way);
        let ways = (by(&Way::Plain), by(&Way::Tls), by(&Way::AccessPoint));
        let who = match &self.who {
            Identity::Anonymous if ways == (true, false, false) => {
                return "clients without TLS".to_owned();
            }
            Identity::Anonymous if ways == (true, false, true) => {
                return "clients without TLS, and clients without IAM identity by an access point"
                    .to_owned();
            }
            Identity::Anonymous if ways.0 => "clients without IAM identity".to_owned(),
            Identity::Anonymous => "clients with TLS and without IAM identity".to_owned(),
            Identity::Unnamed => "IAM identities".to_owned(),
            Identity::Named(name) => format!("clients as {name}"),
        };
        match (ways.1, ways.2, &self.access_point) {
            (_, _, Some(arn)) => format!("{who} by {arn}"),
            (true, true, None) => who,
            (_, true, None) => format!("{who} by an access point"),
            (_, false, None) => format!("{who} by no access point"),
        }
    }
}
