//! Who is granted what that goes beyond the clients of the account: the public, other accounts, and the
//! administration of the file system.

use std::collections::BTreeSet;

use super::condition::Condition;
use super::document::{Actions, Statement};
use super::principals::{Principal, account_of};
use super::{Foreign, LockOut, Policy, Request, Truth, Way, Who, Wide, keys, label};
use crate::domain::settings::policy::actions::ADMINISTRATIVE;
use crate::domain::wildcard;

/// The two actions by which a policy is changed. With either of them left the other can be won back.
const POLICY_ACTIONS: [&str; 2] = [
    "elasticfilesystem:PutFileSystemPolicy",
    "elasticfilesystem:DeleteFileSystemPolicy",
];

/// No account has this number.
const NO_ACCOUNT: &str = "000000000000";

impl Policy {
    /// The statements that make the policy public in the sense of EFS block public access (UG:
    /// access-control-block-public-access): no fixed principal and no condition with fixed values. A public policy
    /// also blocks AWS Transfer Family servers of other accounts.
    pub fn is_public(&self) -> Vec<String> {
        self.labels(|allow| {
            allow.principals.are_open()
                && !self.is_void(allow, Who::Anonymous)
                && !allow.conditions.iter().any(Condition::makes_non_public)
        })
    }

    /// The statements that allow everybody administrative actions by a wildcard. `AccessedViaMountTarget` leaves
    /// none of them: they are calls of the API. Principals of accounts that are named are not everybody.
    pub fn wildcard_actions(&self) -> Vec<Wide> {
        let call = Request::new(Way::Api, Who::Anonymous);
        let is_left = |action: &str| self.denied(action, &call) != Truth::Yes;
        let wide = |(number, allow): (usize, &Statement)| {
            let (pattern, action) = covered(&allow.actions, is_left)?;
            Some(Wide {
                statement: label(number, allow),
                pattern,
                action,
                narrowed_by: keys(allow, Condition::narrows),
            })
        };
        self.allows()
            .filter(|(_, allow)| {
                allow.principals.are_open()
                    && !allow.conditions.iter().any(Condition::fixes_accounts)
                    && self.reaches(allow, &call) != Truth::No
            })
            .filter_map(wide)
            .collect()
    }

    /// Whoever is granted something outside this account, sorted: by a principal, by a condition on the account, ARN or
    /// organization of the caller, or by being left out of what is denied to the others.
    pub fn foreign(&self, account: &str) -> Vec<Foreign> {
        let granted = self.allows().flat_map(|(_, allow)| self.granted_to(allow));
        let spared = self
            .denies()
            .filter(|(_, deny)| {
                let arn = self.arn.as_deref();
                deny.resources.include(arn, Way::Api) != Truth::No
            })
            .flat_map(|(_, deny)| deny.principals.exceptions())
            .filter(|one| !one.is_service && self.is_among_everybody(one))
            .filter_map(|one| account_of(&one.name))
            .map(|account| Foreign::Account(account.to_owned()));
        let all: BTreeSet<Foreign> = granted.into_iter().chain(spared).collect();
        all.into_iter()
            .filter(|foreign| foreign.id() != account)
            .collect()
    }

    /// Whether no one of this account can change the policy again: all are denied both to put and to delete it.
    pub fn locks_out(&self, account: &str) -> LockOut {
        let named = self.named_in(account);
        let who = named.iter().map(Who::Named).chain([Who::Unnamed(account)]);
        let calls: Vec<Request<'_>> = who
            .flat_map(|who| Request::new(Way::Api, who).anywhere())
            .collect();
        let denied =
            |call: &Request<'_>| Truth::all(POLICY_ACTIONS.map(|action| self.denied(action, call)));
        let applies = |deny: &Statement, call: &Request<'_>| {
            Truth::any(POLICY_ACTIONS.map(|action| self.applies(deny, action, call)))
        };
        match Truth::all(calls.iter().map(denied)) {
            Truth::No => LockOut::No,
            Truth::Yes => LockOut::Yes(
                self.denies()
                    .filter(|(_, deny)| calls.iter().any(|call| applies(deny, call) == Truth::Yes))
                    .map(|(number, deny)| label(number, deny))
                    .collect(),
            ),
            Truth::Perhaps => LockOut::Unclear(
                self.denies()
                    .filter_map(|deny| {
                        let open = |call: &&Request<'_>| applies(deny.1, call) == Truth::Perhaps;
                        Some(self.doubt(deny, calls.iter().find(open)?))
                    })
                    .collect(),
            ),
        }
    }

    /// The same of a file system whose account is not known: of the accounts whose users and roles a Deny may leave out, and of one that
    /// no statement names, the one that is locked out least.
    pub fn locks_out_everywhere(&self) -> LockOut {
        let named = self.denies().flat_map(|(_, deny)| {
            let exceptions = deny.principals.exceptions().iter().map(|one| &one.name);
            exceptions.chain(deny.conditions.iter().flat_map(Condition::principals))
        });
        let named: BTreeSet<&str> = named.filter_map(|name| account_of(name)).collect();
        let mut answers = named.into_iter().map(|account| self.locks_out(account));
        let spared = answers.find(|answer| !matches!(answer, LockOut::Yes(_)));
        spared.unwrap_or_else(|| self.locks_out(NO_ACCOUNT))
    }

    /// Users and roles of that account that a Deny may leave out: by its `NotPrincipal`, or by a condition.
    fn named_in(&self, account: &str) -> Vec<Principal> {
        let left_out = |deny: &Statement| {
            let exceptions = deny.principals.exceptions().iter().map(|one| &one.name);
            let conditions = deny.conditions.iter().flat_map(Condition::principals);
            let names: Vec<Principal> = exceptions
                .chain(conditions)
                .map(|name| Principal::identity(name))
                // That leaves out the root user, who is not locked out by any policy.
                .filter(|one| account_of(&one.name) == Some(account) && !one.is_account(account))
                .collect();
            names
        };
        self.denies().flat_map(|(_, deny)| left_out(deny)).collect()
    }

    fn granted_to(&self, allow: &Statement) -> Vec<Foreign> {
        let is_left = |one: &Principal| !self.is_void(allow, Who::Named(one));
        let values = || allow.conditions.iter().flat_map(Condition::accounts);
        let by_condition = values().map(|value| Principal::identity(value));
        let mut found: Vec<Foreign> = allow
            .principals
            .names()
            .iter()
            .cloned()
            .chain(by_condition)
            .filter(is_left)
            .filter_map(|one| Some(Foreign::Account(account_of(&one.name)?.to_owned())))
            .collect();
        let is_narrowed = allow.conditions.iter().any(Condition::fixes_accounts);
        if is_narrowed || !allow.principals.are_open() || self.is_void(allow, Who::Anonymous) {
            return found;
        }
        let organizations: Vec<Foreign> = allow
            .conditions
            .iter()
            .flat_map(Condition::organizations)
            .map(|value| organization(value))
            .collect();
        if organizations.is_empty() {
            let patterns = values().filter(|value| covers_accounts(value));
            found.extend(patterns.cloned().map(Foreign::Accounts));
        }
        found.extend(organizations);
        found
    }

    /// Whether a grant to everybody is one to that principal, too.
    fn is_among_everybody(&self, one: &Principal) -> bool {
        let who = Who::Named(one);
        self.allows().any(|(_, allow)| {
            allow.principals.are_open()
                && allow.principals.include(who) != Truth::No
                && !allow.conditions.iter().any(Condition::fixes_accounts)
                && !self.is_void(allow, who)
        })
    }
}

/// The first of the wildcards that covers an administrative action which is left, and that action.
fn covered(actions: &Actions, is_left: impl Fn(&str) -> bool) -> Option<(String, &'static str)> {
    let first = |covers: &dyn Fn(&str) -> bool| {
        let mut all = ADMINISTRATIVE.into_iter();
        all.find(|action| covers(action) && is_left(action))
    };
    match actions {
        Actions::Only(patterns) => patterns
            .iter()
            .filter(|pattern| wildcard::is_open(pattern))
            .find_map(|pattern| {
                let action = first(&|action| wildcard::covers(pattern, action))?;
                Some((pattern.clone(), action))
            }),
        all_but @ Actions::AllBut(_) => {
            let action = first(&|action| all_but.cover(action))?;
            Some(("NotAction".to_owned(), action))
        }
    }
}

fn organization(value: &str) -> Foreign {
    if value.contains('/') {
        Foreign::OrganizationPath(value.to_owned())
    } else {
        Foreign::Organization(value.to_owned())
    }
}

/// Whether the account in a value is left to a wildcard.
fn covers_accounts(value: &str) -> bool {
    let account = match value.split(':').nth(4) {
        Some(account) if value.starts_with("arn:") => account,
        _ => value,
    };
    account.contains(['*', '?'])
}
