//! What NFS clients may do.

use super::condition::Condition;
use super::document::Statement;
use super::request::VIA_MOUNT_TARGET;
use super::{
    Anonymous, ClientAction, Doubt, Enforced, Grant, Policy, Principal, Principals, Request, Truth,
    Way, Who, keys, label,
};

/// The ways by which someone may, with who it is.
type Left<'a> = Vec<Request<'a>>;

impl Policy {
    /// Whether no client can mount without TLS. Such a client is always anonymous: mounting with an IAM identity
    /// needs TLS (UG: mounting-IAM-option). So there may be nothing to deny.
    pub fn enforces_tls(&self) -> Enforced {
        let mount = ClientAction::Mount.as_str();
        let client = Request::new(Way::Plain, Who::Anonymous);
        if self.allowed(mount, &client) == Truth::No || self.denied(mount, &client) == Truth::Yes {
            return Enforced::Yes;
        }
        let doubts = self.doubts(mount, &client);
        let is_allowed = client.anywhere().iter().any(|client| {
            self.allowed(mount, client) != Truth::No && self.denied(mount, client) == Truth::No
        });
        if !is_allowed {
            return Enforced::Unclear(doubts);
        }
        let denied = |action: &ClientAction| self.denied(action.as_str(), &client) == Truth::Yes;
        let some: Vec<_> = ClientAction::ALL.into_iter().filter(denied).collect();
        if !some.is_empty() {
            Enforced::Partly(some)
        } else if doubts.is_empty() {
            Enforced::No
        } else {
            Enforced::ForSome(doubts)
        }
    }

    /// By which statements someone may mount. Without any, only identities whose own policies allow it can.
    pub fn grants_mount(&self) -> Vec<Grant> {
        self.allows()
            .filter_map(|(number, allow)| self.grant(number, allow))
            .collect()
    }

    /// What clients without IAM identity may do, and within which bounds.
    ///
    /// None when such clients cannot mount: the console's "prevent anonymous access" takes away no more than that.
    pub fn anonymous(&self) -> Vec<Anonymous> {
        let mounts = self.anonymous_mounts();
        let may = |allow: &Statement, action: &ClientAction| {
            let mut ways = self.anonymous_ways(allow, *action);
            ways.any(|way| mounts.contains(&way))
        };
        self.allows()
            .map(|(number, allow)| Anonymous {
                statement: label(number, allow),
                actions: ClientAction::ALL
                    .into_iter()
                    .filter(|action| may(allow, action))
                    .collect(),
                narrowed_by: keys(allow, |one| one.narrows() && one.is_enforced()),
                not_enforced: keys(allow, |one| !one.is_enforced()),
            })
            .filter(|anonymous| !anonymous.actions.is_empty())
            .collect()
    }

    /// The statements that let clients without IAM identity act as root.
    pub fn anonymous_root(&self) -> Vec<String> {
        let is_root = |one: &Anonymous| one.actions.contains(&ClientAction::RootAccess);
        let anonymous = self.anonymous().into_iter().filter(is_root);
        anonymous.map(|one| one.statement).collect()
    }

    /// The statements that only say what is so without a policy: everybody may do everything by a mount target (UG:
    /// iam-access-control-nfs-efs).
    pub fn restates_default(&self) -> Vec<String> {
        let by_mount_target =
            |keys: &[String]| matches!(keys, [key] if key.eq_ignore_ascii_case(VIA_MOUNT_TARGET));
        let is_default = |one: &Anonymous| {
            one.actions == ClientAction::ALL
                && by_mount_target(&one.narrowed_by)
                && one.not_enforced.is_empty()
        };
        let anonymous = self.anonymous().into_iter().filter(is_default);
        anonymous.map(|one| one.statement).collect()
    }

    /// The statements that name `ClientMount`, whether they let anyone mount or not.
    pub fn names_mount(&self) -> Vec<String> {
        self.labels(|allow| allow.actions.cover(ClientAction::Mount.as_str()))
    }

    fn anonymous_mounts(&self) -> Vec<Way> {
        self.allows()
            .flat_map(|(_, allow)| self.anonymous_ways(allow, ClientAction::Mount))
            .collect()
    }

    fn anonymous_ways(
        &self,
        allow: &Statement,
        action: ClientAction,
    ) -> impl Iterator<Item = Way> + use<> {
        let left = self.left(allow, action, &[Who::Anonymous]);
        left.into_iter().map(|request| request.way)
    }

    fn grant(&self, number: usize, allow: &Statement) -> Option<Grant> {
        let who = self.askers(allow);
        let left = self.left(allow, ClientAction::Mount, &who);
        let ways: Vec<Way> = Way::NFS
            .into_iter()
            .filter(|way| left.iter().any(|request| request.way == *way))
            .collect();
        if left.is_empty() {
            return None;
        }
        let principals = left_of(allow, &left);
        let mut actions = ClientAction::ALL.to_vec();
        actions.retain(|action| !self.left(allow, *action, &who).is_empty());
        let mut depends_on: Vec<String> = left
            .iter()
            .flat_map(|request| self.dependencies(allow, request))
            .collect();
        once_each(&mut depends_on);
        Some(Grant {
            statement: label(number, allow),
            unless: self.takers(&principals, &left),
            is_certain: left.iter().any(|request| self.is_spared(allow, request)),
            principals,
            actions,
            ways,
            depends_on,
        })
    }

    /// The statements by which the policy leaves mounting to IAM identities: they allow everybody to write or to be root, and none
    /// allows to mount. That is what the console writes for "Prevent anonymous access" (UG: create-file-system-policy), and the CDK
    /// by default. Empty where something lets mount, or where that is denied to all.
    pub fn leaves_mounting_to_identities(&self) -> Vec<String> {
        if !self.names_mount().is_empty() || self.denies_mounting() == Some(true) {
            return Vec::new();
        }
        let grants =
            |allow: &Statement, action| !self.left(allow, action, &[Who::Anonymous]).is_empty();
        self.labels(|allow| {
            grants(allow, ClientAction::Write) || grants(allow, ClientAction::RootAccess)
        })
    }

    /// Whether mounting is denied to everybody, with TLS and by whichever access point; `None`: that is not known.
    pub fn denies_mounting(&self) -> Option<bool> {
        let mount = ClientAction::Mount.as_str();
        let denied = |way| self.denied(mount, &Request::new(way, Who::Anonymous));
        match Truth::all([Way::Tls, Way::AccessPoint].map(denied)) {
            Truth::Yes => Some(true),
            Truth::No => Some(false),
            Truth::Perhaps => None,
        }
    }

    /// Those named by an Allow, or left out by a Deny, whom IAM has deleted: no one can be them.
    pub fn deleted(&self) -> Vec<&Principal> {
        let granted = self
            .allows()
            .flat_map(|(_, allow)| allow.principals.names());
        let spared = self
            .denies()
            .flat_map(|(_, deny)| deny.principals.exceptions());
        granted
            .chain(spared)
            .filter(|one| one.is_deleted())
            .collect()
    }

    /// Whom to ask about, to know whom an Allow lets mount. AWS services are no NFS clients, and whom IAM has deleted is no one.
    fn askers<'a>(&'a self, allow: &'a Statement) -> Vec<Who<'a>> {
        let is_client = |one: &&Principal| !one.is_service && !one.is_deleted();
        let named = move |names: &'a [Principal]| names.iter().filter(is_client);
        let principals = &allow.principals;
        let anonymous = principals.include_anonymous().then_some(Who::Anonymous);
        let spared = self
            .denies()
            .flat_map(|(_, deny)| named(deny.principals.exceptions()))
            .filter(|_| anonymous.is_some());
        let all = named(principals.names()).chain(spared).map(Who::Named);
        anonymous.into_iter().chain(all).collect()
    }

    /// The requests of these that the Allow may grant and no Deny surely denies.
    fn left<'a>(&self, allow: &Statement, action: ClientAction, who: &[Who<'a>]) -> Left<'a> {
        let action = action.as_str();
        let ways = |who: &Who<'a>| {
            let who = *who;
            // A client with an identity uses TLS (UG: mounting-IAM-option).
            let can = move |way: &Way| who == Who::Anonymous || *way != Way::Plain;
            let ways = Way::NFS.into_iter().filter(can);
            ways.map(move |way| Request::new(way, who))
        };
        who.iter()
            .flat_map(ways)
            .filter(|request| {
                self.applies(allow, action, request) != Truth::No
                    && self.denied(action, request) != Truth::Yes
            })
            .collect()
    }

    /// Whether no Deny touches that mount, at least from addresses that no Deny names, or by an access point that one
    /// names.
    fn is_spared(&self, allow: &Statement, request: &Request<'_>) -> bool {
        let mount = ClientAction::Mount.as_str();
        let conditions = self.statements.iter().flat_map(|one| &one.conditions);
        let by = conditions
            .flat_map(Condition::access_points)
            .map(|arn| request.by(arn));
        let requests = by.chain([*request]).flat_map(Request::anywhere);
        requests.into_iter().any(|request| {
            let request = &request;
            self.applies(allow, mount, request) != Truth::No
                && self.denied(mount, request) == Truth::No
        })
    }

    /// The Denies that take the mount from some of those that are left.
    fn takers(&self, principals: &Principals, left: &Left<'_>) -> Vec<Doubt> {
        let mount = ClientAction::Mount.as_str();
        let denies = self.denies().filter(|(_, deny)| deny.actions.cover(mount));
        let taker = |deny: (usize, &Statement)| {
            let touched = left.iter().find(|request| {
                let who = deny.1.principals.include(request.who) != Truth::No;
                let names = deny.1.principals.names();
                let some =
                    principals.include_anonymous() && names.iter().any(|one| !one.is_service);
                (who || some) && self.reaches(deny.1, request) != Truth::No
            })?;
            Some(self.doubt(deny, touched))
        };
        denies.filter_map(taker).collect()
    }

    fn doubts(&self, action: &str, request: &Request<'_>) -> Vec<Doubt> {
        self.denies()
            .filter(|(_, deny)| self.applies(deny, action, request) == Truth::Perhaps)
            .map(|deny| self.doubt(deny, request))
            .collect()
    }
}

/// Whom an Allow is about, without those whom nothing is left.
fn left_of(allow: &Statement, left: &Left<'_>) -> Principals {
    if left.iter().any(|request| request.who == Who::Anonymous) {
        return allow.principals.clone();
    }
    let mut names: Vec<Principal> = Vec::new();
    for request in left {
        if let Who::Named(one) = request.who
            && !names.contains(one)
        {
            names.push(one.clone());
        }
    }
    Principals::Named(names)
}

fn once_each(words: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
}
