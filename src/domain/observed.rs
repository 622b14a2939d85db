//! What is there, as far as it was read.

use std::collections::{BTreeMap, BTreeSet};

use super::access_point::{AccessPoint, AccessPointSpec};
use super::action::Action;
use super::goal::Desired;
use super::ids::{AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId};
use super::network::{Peer, Rule, SecurityGroup};
use super::resource::ResourceId;
use super::settings::{Key, ObservedSetting, Settings};
use super::spec::Encryption;
use super::state::{FileSystem, MountTarget, MountTargetInterface, State, StoredBytes};
use super::tags::{self, Tags};
use super::word::Word;

/// The state of the account around one file system.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// The file system.
    pub file_system: Option<FileSystem>,
    /// The security group that is created for it.
    pub security_group: Option<SecurityGroup>,
    /// Groups that exist, where rules are wanted in them.
    pub groups_with_rules: BTreeMap<SecurityGroupId, SecurityGroup>,
    /// Its mount targets.
    pub mount_targets: Vec<MountTarget>,
    /// Their network interfaces, as far as they are known.
    pub interfaces: BTreeMap<NetworkInterfaceId, MountTargetInterface>,
    /// Interfaces that were looked for, found or not: looking again would tell nothing more.
    pub requested_interfaces: BTreeSet<NetworkInterfaceId>,
    /// Those of its settings that it does not show itself, where they were read.
    pub settings: Settings,
    /// Its access points, where they were read.
    pub access_points: Option<Vec<AccessPoint>>,
}

/// The settings of a file system that is just created for a target: those that it shows, and the others.
pub fn settings_at_creation(desired: &Desired) -> (Settings, Settings) {
    let spec = &desired.spec;
    spec.settings.at_creation(spec.one_zone.is_some()).split()
}

fn predicted(
    point: &AccessPointSpec,
    file_system: &FileSystemId,
    desired: &Desired,
) -> AccessPoint {
    AccessPoint {
        id: AccessPointId::after_create(),
        file_system: file_system.clone(),
        token: Some(point.token(&desired.spec.name)),
        state: State::Available,
        path: point.path.clone(),
        user: point.user.clone(),
        creation: point.creation.clone(),
        tags: desired.access_point_tags(point),
    }
}

impl Observed {
    /// What would be there after `action`: how a plan goes on without asking AWS.
    pub fn predict(&mut self, action: &Action, desired: &Desired) {
        match action {
            Action::CreateFileSystem => {
                let (shown, others) = settings_at_creation(desired);
                self.settings = others;
                self.access_points = Some(Vec::new());
                self.file_system = Some(FileSystem {
                    id: FileSystemId::after_create(),
                    arn: None,
                    creation_token: desired.spec.name.token(),
                    name: None,
                    state: State::Available,
                    encrypted: Some(desired.spec.encryption != Encryption::None),
                    kms_key_id: None,
                    performance: Word::Known(desired.spec.performance.unwrap_or_default()),
                    settings: shown,
                    one_zone: desired.spec.one_zone.clone(),
                    size_bytes: 0,
                    stored: StoredBytes::default(),
                    mount_targets: 0,
                    tags: desired.file_system_tags(),
                    created_at: None,
                });
            }
            Action::Set(_, value) => self.put(value.observed()),
            Action::TagFileSystem(_, tags) => {
                self.change_file_system(|fs| fs.tags.extend(tags.clone()));
            }
            Action::UntagFileSystem(_, keys) => {
                self.change_file_system(|fs| fs.tags.retain(|key, _| !keys.contains(key)));
            }
            Action::TakeOver(_, run) => self.change_file_system(|fs| {
                fs.tags.insert(tags::RUN.to_owned(), run.clone());
            }),
            Action::CreateSecurityGroup => {
                let Some(network) = &desired.network else {
                    return;
                };
                self.security_group = Some(SecurityGroup {
                    id: SecurityGroupId::after_create(),
                    name: desired.spec.name.security_group(),
                    description: None,
                    vpc: network.placement.vpc.clone(),
                    tags: desired.tags(),
                    ingress: Vec::new(),
                    egress: Vec::new(),
                });
            }
            Action::AllowNfs(id, peer) => self.allow(id, peer),
            Action::CreateMountTarget {
                file_system,
                zone,
                subnet,
                groups,
            } => {
                let interface = NetworkInterfaceId::after_create_in(zone);
                let vpc = desired.network.as_ref();
                self.mount_targets.push(MountTarget {
                    id: MountTargetId::after_create(),
                    file_system: file_system.clone(),
                    subnet: subnet.clone(),
                    zone: zone.clone(),
                    vpc: vpc.map(|network| network.placement.vpc.clone()),
                    ip: None,
                    state: State::Available,
                    interface: Some(interface.clone()),
                });
                self.attach(interface, groups.clone());
            }
            Action::CreateAccessPoint(file_system, point) => {
                let made = predicted(point, file_system, desired);
                self.access_points.get_or_insert_default().push(made);
            }
            Action::SetMountTargetGroups {
                interface, groups, ..
            } => {
                if let Some(interface) = self.interfaces.get_mut(interface) {
                    interface.security_groups.clone_from(groups);
                }
            }
            Action::TagInterfaces(ids, tags) => {
                for id in ids {
                    if let Some(interface) = self.interfaces.get_mut(id) {
                        interface.tags.extend(tags.clone());
                    }
                }
            }
            Action::DeleteAccessPoint(_)
            | Action::DeleteMountTarget(_)
            | Action::RevokeNfs(_)
            | Action::DeleteFileSystem(_)
            | Action::DeleteSecurityGroup(_) => self.forget(action),
        }
    }

    /// The network interface of a mount target that is created. EFS makes them without tags.
    fn attach(&mut self, id: NetworkInterfaceId, security_groups: BTreeSet<SecurityGroupId>) {
        let interface = MountTargetInterface {
            id: id.clone(),
            security_groups,
            tags: Tags::new(),
        };
        self.interfaces.insert(id, interface);
    }

    /// Takes out what `action` deletes.
    pub fn forget(&mut self, action: &Action) {
        match action {
            Action::DeleteAccessPoint(gone) => {
                let points = self.access_points.iter_mut();
                points.for_each(|points| points.retain(|point| point.id != *gone));
            }
            Action::DeleteMountTarget(gone) => {
                self.mount_targets.retain(|desired| desired.id != *gone);
            }
            Action::RevokeNfs(gone) => {
                let groups = self.groups_with_rules.values_mut();
                for group in groups.chain(&mut self.security_group) {
                    let is_it =
                        |rule: &Rule| group.id == gone.group && rule.is_nfs_from(&gone.peer);
                    group.ingress.retain(|rule| !is_it(rule));
                }
            }
            Action::DeleteFileSystem(_) => self.file_system = None,
            Action::DeleteSecurityGroup(_) => self.security_group = None,
            _ => {}
        }
    }

    /// Everything that is there and could be removed.
    pub fn resources(&self) -> impl Iterator<Item = ResourceId> {
        let file_system = self.file_system.iter().map(|fs| (&fs.id).into());
        let group = self.security_group.iter().map(|group| (&group.id).into());
        let mount_targets = self.mount_targets.iter().map(|mt| (&mt.id).into());
        let access_points = self.access_points.iter().flatten();
        let access_points = access_points.map(|point| (&point.id).into());
        file_system
            .chain(group)
            .chain(mount_targets)
            .chain(access_points)
    }

    /// Interfaces of mount targets that no one has looked for yet.
    pub fn unseen_interfaces(&self) -> impl Iterator<Item = &NetworkInterfaceId> {
        self.mount_targets
            .iter()
            .filter_map(|mt| mt.interface.as_ref())
            .filter(|id| {
                !self.interfaces.contains_key(*id) && !self.requested_interfaces.contains(*id)
            })
    }

    /// A setting of the file system, where it was read.
    pub fn setting(&self, key: Key) -> Option<&ObservedSetting> {
        let shown = self.file_system.as_ref().map(|fs| &fs.settings);
        shown?.of(key).or_else(|| self.settings.of(key))
    }

    /// Puts in what was read of a setting.
    pub fn put(&mut self, observed: ObservedSetting) {
        if observed.key().is_shown() {
            self.change_file_system(|fs| fs.settings.put(observed));
        } else {
            self.settings.put(observed);
        }
    }

    /// Changes the file system, if there is one.
    pub fn change_file_system(&mut self, change: impl FnOnce(&mut FileSystem)) {
        if let Some(file_system) = &mut self.file_system {
            change(file_system);
        }
    }

    /// Adds the NFS rule for a peer to that security group.
    pub fn allow(&mut self, id: &SecurityGroupId, peer: &Peer) {
        let groups = self
            .groups_with_rules
            .values_mut()
            .chain(&mut self.security_group);
        // The same group may be known as both.
        for group in groups.filter(|group| group.id == *id) {
            group.ingress.push(Rule::nfs_from(peer.clone()));
        }
    }
}
