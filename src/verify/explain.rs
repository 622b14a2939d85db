//! What a fault means, where the policy, the user and the directory say more than its own words.

use super::share::{Attributes, Fault, User};
use crate::connect::Rights;
use crate::domain::verification::Step;

/// What is known where a fault happens.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// What the policy lets such a client do, where that is known.
    pub rights: &'k Rights,
    /// Who does it.
    pub user: User,
    /// Where.
    pub directory: &'k str,
    /// Whose the directory is, where it was seen.
    pub attributes: Option<Attributes>,
}

impl Known<'_> {
    /// The cause; `None`: nothing more than the fault itself.
    #[must_use]
    pub fn explain(&self, step: Step, fault: &Fault) -> Option<String> {
        match (step, fault) {
            (Step::Mount, Fault::Permission) => Some(match self.rights.mount {
                Some(true) => "the server refuses the mount, although the file system policy allows it".to_owned(),
                _ => "the file system policy does not let this client mount (elasticfilesystem:ClientMount)".to_owned(),
            }),
            (Step::List, Fault::NotFound) => Some(format!("there is no directory {}", self.directory)),
            (Step::List, Fault::Permission) => Some(format!("user {} may not list {}{}", self.user, self.directory, self.whose())),
            (Step::MakeDirectory | Step::Leave | Step::Remove, Fault::Permission | Fault::ReadOnly) => {
                Some(self.refused(fault))
            }
            (Step::Expect, Fault::NotFound) => Some("the token is not there".to_owned()),
            (Step::Expect, Fault::Different) => Some("the token is there with another content".to_owned()),
            (Step::Leave, Fault::Exists) => Some("the token is there already".to_owned()),
            (Step::Remove, Fault::NotFound) => Some("there is no such token".to_owned()),
            _ => None,
        }
    }

    /// Why nothing can be written.
    fn refused(&self, fault: &Fault) -> String {
        let is_root = self.user.uid == 0;
        if self.rights.write == Some(false) {
            return "the file system policy does not let this client write (elasticfilesystem:ClientWrite)".to_owned();
        }
        if *fault == Fault::ReadOnly {
            return fault.to_string();
        }
        if is_root && self.rights.root == Some(false) {
            return "root is squashed: the file system policy does not grant elasticfilesystem:ClientRootAccess".to_owned();
        }
        let may_owner = self
            .attributes
            .is_some_and(|found| found.owner.uid == 0 && found.mode & 0o200 != 0);
        if is_root && may_owner {
            return format!(
                "root is squashed: {} is root's{}, and root may not write to it",
                self.directory,
                self.whose()
            );
        }
        format!(
            "user {} may not write to {}{}",
            self.user,
            self.directory,
            self.whose()
        )
    }

    fn whose(&self) -> String {
        self.attributes
            .map(|found| format!(" ({found})"))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refuses_is_told_apart() {
        let policy = |write, root| Rights {
            mount: Some(true),
            write,
            root,
            is_denied_to_identities: false,
        };
        let open = policy(Some(true), Some(true));
        let of = |uid: u32, owner: u32, mode: u32| {
            (
                User { uid, gid: uid },
                Some(Attributes {
                    owner: User {
                        uid: owner,
                        gid: owner,
                    },
                    mode,
                }),
            )
        };
        let rows = [
            (
                open.clone(),
                of(1000, 0, 0o755),
                Fault::Permission,
                "user 1000:1000 may not write to /data (owner 0:0, mode 0755)",
            ),
            (
                open.clone(),
                of(0, 0, 0o755),
                Fault::Permission,
                "root is squashed: /data is root's (owner 0:0, mode 0755), and root may not write to it",
            ),
            (
                open.clone(),
                of(0, 1000, 0o700),
                Fault::Permission,
                "user 0:0 may not write to /data (owner 1000:1000, mode 0700)",
            ),
            (
                policy(Some(true), Some(false)),
                of(0, 0, 0o755),
                Fault::Permission,
                "root is squashed: the file system policy does not grant elasticfilesystem:ClientRootAccess",
            ),
            (
                policy(Some(false), Some(false)),
                of(0, 0, 0o755),
                Fault::Permission,
                "the file system policy does not let this client write (elasticfilesystem:ClientWrite)",
            ),
            (
                policy(Some(false), None),
                of(7, 7, 0o755),
                Fault::ReadOnly,
                "the file system policy does not let this client write (elasticfilesystem:ClientWrite)",
            ),
            (
                policy(None, None),
                of(7, 7, 0o755),
                Fault::ReadOnly,
                "the file system is read-only for this client",
            ),
        ];
        for (rights, (user, attributes), fault, expected) in rows {
            let known = Known {
                rights: &rights,
                user,
                directory: "/data",
                attributes,
            };
            assert_eq!(
                known.explain(Step::MakeDirectory, &fault).as_deref(),
                Some(expected)
            );
        }
    }
}
