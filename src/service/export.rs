//! Exporting: everything of file systems that exist, whoever created them. Makes no writing call.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};

use super::validate::SIDE_BY_SIDE;
use super::{EfsService, Scope};
use crate::audit::facts::{FileSystemFacts, Interfaces, Known, Unavailable};
use crate::audit::gather::{self, known};
use crate::cloud::{Answer, Cloud, Connected, Groups, Inventory, NetworkInterfaces};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::{FileSystemId, SecurityGroupId};
use crate::domain::inventory::Replication;
use crate::domain::network::SecurityGroup;
use crate::domain::tags::{MANAGED_BY, MANAGER};
use crate::error::Error;
use crate::export::{
    ExportedFileSystem, ExportedGroup, ExportedMountTarget, ExportedRegion, Gap, Part,
};
use crate::provision::explain::explain;

impl<C: Inventory> EfsService<C> {
    /// Reads everything of file systems that the configuration of another tool holds. A read that is denied or fails is a gap in what is
    /// returned.
    ///
    /// Four reads for each file system, and up to five for the region, whatever their number.
    ///
    /// # Errors
    ///
    /// As [`EfsService::validate`].
    pub async fn export(
        &self,
        scope: &Scope,
        region: &str,
        timeout: Option<Duration>,
    ) -> Result<ExportedRegion, Error> {
        let stop = self.stops.first.clone();
        let reading = Box::pin(self.export_all(scope, region));
        self.within("export", timeout, &stop, reading).await
    }

    async fn export_all(&self, scope: &Scope, region: &str) -> Result<ExportedRegion, Error> {
        let cloud = &self.cloud.without_retries();
        let (chosen, _) = self.chosen(cloud, scope).await?;
        if chosen.is_empty() {
            return Ok(ExportedRegion {
                region: region.to_owned(),
                file_systems: Vec::new(),
                groups: Ok(BTreeMap::new()),
            });
        }
        let each = stream::iter(chosen)
            .map(|fs| gather::facts(cloud, fs))
            .buffered(SIDE_BY_SIDE)
            .try_collect();
        let ours = Groups::Tagged(MANAGED_BY, MANAGER.to_owned());
        let bulk = async {
            let answers = futures::join!(
                cloud.network_interfaces(&NetworkInterfaces::MountTargets),
                cloud.all_access_points(),
                cloud.replications(),
                cloud.security_groups(&ours),
            );
            let (interfaces, access_points, replications, groups) = answers;
            Ok((
                known(interfaces)?.map(Interfaces::from_iter),
                known(access_points)?,
                known(replications)?,
                known(groups)?,
            ))
        };
        let read: Answer<(Vec<FileSystemFacts>, _)> = futures::try_join!(each, bulk);
        let (facts, (interfaces, access_points, replications, groups)) =
            read.map_err(|error| explain(&error, "reading what is exported"))?;
        let mut file_systems = Vec::new();
        for facts in facts {
            if matches!(&facts.mount_targets, Err(unavailable) if unavailable.is_gone) {
                self.warn(format!(
                    "{} was deleted during the export: skipped",
                    facts.file_system.id
                ));
                continue;
            }
            file_systems.push(exported(facts, &interfaces, &access_points, &replications));
        }
        let attached = attached(&file_systems);
        let groups = groups.and_then(|mut groups| {
            interfaces.as_ref().map_err(Clone::clone)?;
            groups.retain(|group| attached.contains(&group.id));
            Ok(groups)
        });
        let ids = groups.iter().flatten().map(|group| group.id.clone());
        let ids: BTreeSet<SecurityGroupId> = ids.collect();
        let rules = if ids.is_empty() {
            Ok(Ok(Vec::new()))
        } else {
            known(cloud.group_rules(&ids).await)
        };
        let rules = rules.map_err(|error| explain(&error, "reading what is exported"))?;
        let with_rules = |group: SecurityGroup| {
            let own = rules.as_ref().map(|rules| {
                let mut own: Vec<_> = rules.iter().filter(|rule| rule.group == group.id).collect();
                own.sort_by(|a, b| a.id.cmp(&b.id));
                own.into_iter().cloned().collect()
            });
            let rules = own.map_err(gap);
            (group.id.clone(), ExportedGroup { group, rules })
        };
        Ok(ExportedRegion {
            region: region.to_owned(),
            file_systems,
            groups: groups
                .map(|groups| groups.into_iter().map(with_rules).collect())
                .map_err(|unavailable| gap(&unavailable)),
        })
    }
}

fn gap(unavailable: &Unavailable) -> Gap {
    Gap {
        why: unavailable.why.clone(),
        action: unavailable.action.clone(),
    }
}

fn part<T>(known: Known<T>) -> Part<T> {
    known.map_err(|unavailable| gap(&unavailable))
}

/// Those of all that are of one file system, by id.
fn own<T: Clone>(all: &Known<Vec<T>>, is_own: impl Fn(&T) -> bool) -> Part<Vec<T>> {
    let all = all.as_ref().map_err(gap)?;
    Ok(all.iter().filter(|one| is_own(one)).cloned().collect())
}

fn exported(
    facts: FileSystemFacts,
    interfaces: &Known<Interfaces>,
    access_points: &Known<Vec<AccessPoint>>,
    replications: &Known<Vec<Replication>>,
) -> ExportedFileSystem {
    let id = facts.file_system.id.clone();
    let is_this = |other: &FileSystemId| other.bare() == id.bare();
    let mount_targets = facts.mount_targets.map(|mut targets| {
        targets.sort_by(|a, b| a.id.cmp(&b.id));
        let with_interface = |mount_target| ExportedMountTarget {
            interface: interfaces
                .as_ref()
                .map(|all| all.of(&mount_target).cloned())
                .map_err(gap),
            mount_target,
        };
        targets.into_iter().map(with_interface).collect()
    });
    let points = own(access_points, |point| is_this(&point.file_system));
    ExportedFileSystem {
        mount_targets: part(mount_targets),
        access_points: points.map(|mut points| {
            points.sort_by(|a, b| a.id.cmp(&b.id));
            points
        }),
        policy: part(facts.policy),
        backup: part(facts.backup),
        lifecycle: part(facts.lifecycle),
        replications: own(replications, |replication| {
            let mut copies = replication.destinations.iter();
            is_this(&replication.source) || copies.any(|(copy, ..)| is_this(copy))
        }),
        file_system: facts.file_system,
    }
}

/// Groups of their mount targets.
fn attached(file_systems: &[ExportedFileSystem]) -> BTreeSet<SecurityGroupId> {
    let targets = file_systems
        .iter()
        .flat_map(|of| of.mount_targets.iter().flatten());
    let interfaces = targets.filter_map(|target| target.interface.as_ref().ok()?.as_ref());
    interfaces
        .flat_map(|interface| interface.groups.iter().cloned())
        .collect()
}
