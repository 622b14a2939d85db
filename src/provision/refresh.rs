//! Reading: one call a scope, whatever number of things it holds, merged with what this run knows it made.

use std::collections::BTreeSet;

use futures::future::try_join;
use tokio::time::Instant;

use super::ledger::Ledger;
use crate::cloud::{Answer, Class, Cloud, FileSystems, Groups};
use crate::domain::access_point::AccessPoint;
use crate::domain::action::ReadScope;
use crate::domain::ids::{FileSystemId, NetworkInterfaceId, SecurityGroupId, VpcId};
use crate::domain::network::SecurityGroup;
use crate::domain::observed::Observed;
use crate::domain::settings::ObservedSetting;
use crate::domain::state::{FileSystem, MountTarget, MountTargetInterface, State};

/// By what the things of one file system are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The file system: by token or id.
    pub file_system: FileSystems,
    /// The security group that is created for it: by name, in this VPC.
    pub security_group: Option<(String, VpcId)>,
    /// Groups that exist and get rules.
    pub groups_with_rules: BTreeSet<SecurityGroupId>,
}

impl Lookup {
    /// One file system, by its id, and no group.
    pub fn of(id: &FileSystemId) -> Self {
        Self {
            file_system: FileSystems::Id(id.clone()),
            security_group: None,
            groups_with_rules: BTreeSet::new(),
        }
    }

    /// Reads the scopes, side by side, and puts what is found into `observed`.
    ///
    /// # Errors
    ///
    /// The first failed read; what the others found is kept.
    pub async fn refresh<C: Cloud>(
        &self,
        cloud: &C,
        scopes: &BTreeSet<ReadScope>,
        ledger: &Ledger,
        observed: &mut Observed,
    ) -> Answer<()> {
        // What is answered late was true when it was asked.
        let asked = Instant::now();
        let id = observed.file_system.as_ref().map(|fs| fs.id.clone());
        let reads = scopes
            .iter()
            .map(|scope| self.read(cloud, *scope, id.as_ref(), observed));
        let found = futures::future::join_all(reads).await;
        let mut outcome = Ok(());
        for finding in found {
            match finding {
                Ok(finding) => finding.merge((ledger, asked), observed),
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        outcome
    }

    async fn read<C: Cloud>(
        &self,
        cloud: &C,
        scope: ReadScope,
        id: Option<&FileSystemId>,
        observed: &Observed,
    ) -> Answer<Answered> {
        let absent = |error: crate::cloud::CloudError| match error.class {
            Class::NotFound => Ok(()),
            _ => Err(error),
        };
        match (scope, id) {
            (ReadScope::FileSystem, _) => cloud
                .file_systems(&self.file_system)
                .await
                .map(Answered::FileSystems),
            (ReadScope::SecurityGroup, _) => self.read_groups(cloud).await,
            (ReadScope::Interfaces, _) => {
                let ids: BTreeSet<NetworkInterfaceId> = observed
                    .mount_targets
                    .iter()
                    .filter_map(|mt| mt.interface.clone())
                    .collect();
                if ids.is_empty() {
                    return Ok(Answered::Nothing);
                }
                match cloud.interfaces(&ids).await {
                    // Who may not read them can still make a file system; it is reported by a warning elsewhere.
                    Err(error) if error.class == Class::Denied => {
                        Ok(Answered::Interfaces(ids, Vec::new()))
                    }
                    answer => answer.map(|found| Answered::Interfaces(ids, found)),
                }
            }
            (_, None) => Ok(Answered::Nothing),
            (ReadScope::MountTargets, Some(id)) => match cloud.mount_targets(id).await {
                Ok(found) => Ok(Answered::MountTargets(found)),
                Err(error) => absent(error).map(|()| Answered::MountTargets(Vec::new())),
            },
            (ReadScope::AccessPoints, Some(id)) => match cloud.access_points(id).await {
                Ok(found) => Ok(Answered::AccessPoints(found)),
                Err(error) => absent(error).map(|()| Answered::AccessPoints(Vec::new())),
            },
            (ReadScope::Setting(key), Some(id)) => {
                cloud.setting(id, key).await.map(Answered::Setting)
            }
        }
    }
}

impl Lookup {
    /// The group that is created, by its name; those that exist, by their ids.
    async fn read_groups<C: Cloud>(&self, cloud: &C) -> Answer<Answered> {
        let made = async {
            let Some((name, vpc)) = &self.security_group else {
                return Ok(None);
            };
            let groups = cloud.security_groups(&Groups::Name(name.clone())).await?;
            Ok(groups.into_iter().find(|group| group.vpc == *vpc))
        };
        let groups_with_rules = async {
            if self.groups_with_rules.is_empty() {
                return Ok(Vec::new());
            }
            let ids = self.groups_with_rules.iter().cloned().collect();
            cloud.security_groups(&Groups::Ids(ids)).await
        };
        let (made, groups_with_rules) = try_join(made, groups_with_rules).await?;
        Ok(Answered::SecurityGroups(made, groups_with_rules))
    }
}

/// What one read found.
enum Answered {
    FileSystems(Vec<FileSystem>),
    SecurityGroups(Option<SecurityGroup>, Vec<SecurityGroup>),
    MountTargets(Vec<MountTarget>),
    Interfaces(BTreeSet<NetworkInterfaceId>, Vec<MountTargetInterface>),
    AccessPoints(Vec<AccessPoint>),
    Setting(ObservedSetting),
    Nothing,
}

impl Answered {
    /// A read may miss what was made a moment ago: what this run created stays, for a while.
    fn merge(self, (ledger, asked): (&Ledger, Instant), observed: &mut Observed) {
        match self {
            Self::FileSystems(found) => {
                // AWS may show a deleted file system for a while beside its successor.
                let live = |fs: &&FileSystem| fs.state != State::Deleted;
                let found = found.iter().find(live).cloned();
                let kept = observed
                    .file_system
                    .take()
                    .filter(|fs| ledger.is_fresh(&fs.id, asked));
                observed.file_system = found.or(kept);
            }
            Self::SecurityGroups(found, groups_with_rules) => {
                let by_id = groups_with_rules
                    .into_iter()
                    .map(|group| (group.id.clone(), group));
                observed.groups_with_rules.extend(by_id);
                let kept = observed
                    .security_group
                    .take()
                    .filter(|group| ledger.is_fresh(&group.id, asked));
                observed.security_group = match (found, kept) {
                    // A rule that was just created may be as invisible as a group.
                    (Some(mut found), Some(kept)) if found.id == kept.id => {
                        for rule in kept.ingress {
                            if !found.ingress.contains(&rule) {
                                found.ingress.push(rule);
                            }
                        }
                        Some(found)
                    }
                    (found, kept) => found.or(kept),
                };
            }
            Self::MountTargets(found) => {
                let kept = std::mem::take(&mut observed.mount_targets);
                let is_fresh = |id: &_| ledger.is_fresh(id, asked);
                observed.mount_targets = merged(found, kept, |mt| (&mt.id, &mt.state), is_fresh);
            }
            Self::Interfaces(requested, found) => {
                observed.requested_interfaces.extend(requested);
                observed.interfaces.extend(
                    found
                        .into_iter()
                        .map(|interface| (interface.id.clone(), interface)),
                );
            }
            Self::AccessPoints(found) => {
                let kept = observed.access_points.take().unwrap_or_default();
                let is_fresh = |id: &_| ledger.is_fresh(id, asked);
                let points = merged(found, kept, |point| (&point.id, &point.state), is_fresh);
                observed.access_points = Some(points);
            }
            Self::Setting(found) => observed.put(found),
            Self::Nothing => {}
        }
    }
}

/// What was found, and what the listing may have missed because it is fresh. Of what is deleted nothing.
fn merged<T, Id: PartialEq>(
    mut found: Vec<T>,
    known: Vec<T>,
    key: impl Fn(&T) -> (&Id, &State),
    is_fresh: impl Fn(&Id) -> bool,
) -> Vec<T> {
    let mut missed = known;
    missed.retain(|one| {
        let id = key(one).0;
        is_fresh(id) && !found.iter().any(|other| key(other).0 == id)
    });
    found.retain(|one| *key(one).1 != State::Deleted);
    found.extend(missed);
    found
}
