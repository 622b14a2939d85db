//! What is observed: builders of the state of an account.

use std::collections::BTreeSet;

use efsctl::domain::access_point::{AccessPoint, CreationInfo, PosixUser};
use efsctl::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId,
    VpcId, Zone,
};
use efsctl::domain::network::{Rule, SecurityGroup};
use efsctl::domain::observed::Observed;
use efsctl::domain::settings::policy::ObservedPolicy;
use efsctl::domain::settings::replication::{ObservedReplication, ReplicaCopy};
use efsctl::domain::settings::{Key, Lifecycle, ObservedSetting as Setting, Throughput};
use efsctl::domain::state::{FileSystem, MountTarget, MountTargetInterface, State, StoredBytes};
use efsctl::domain::tags::{self, Tags};
use efsctl::domain::word::Word;

use super::desired::{document, groups, peer, subnet, zone};

/// The one file system.
pub const FILE_SYSTEM: &str = "fs-data";

/// The one VPC.
pub const VPC: &str = "vpc-main";

/// The state of an account around one file system.
#[derive(Clone)]
pub struct ObservedBuilder(Observed);

/// Nothing is there.
pub fn nothing() -> ObservedBuilder {
    ObservedBuilder(Observed::default())
}

/// Everything that [`desired`](super::desired::desired) asks for is in place, made by an earlier run.
pub fn observed() -> ObservedBuilder {
    nothing()
        .with(|observed| {
            observed.file_system = Some(file_system());
            observed.security_group = Some(made("sg-made", our_tags()));
            observed.put(Setting::Lifecycle(Lifecycle::default()));
            observed.put(Setting::Backups(Word::from_api("DISABLED")));
            observed.put(Setting::Policy(ObservedPolicy::None));
            observed.put(Setting::Replication(ObservedReplication::None));
        })
        .group_allows("sg-made")
        .mount_target('a', "available")
}

fn our_tags() -> Tags {
    tags::of(&"data".parse().unwrap(), "an-earlier-run", &Tags::new())
}

fn file_system() -> FileSystem {
    FileSystem {
        id: FileSystemId::from_aws(FILE_SYSTEM),
        arn: None,
        creation_token: "efsctl:data".to_owned(),
        name: Some("data".to_owned()),
        state: State::Available,
        encrypted: Some(true),
        kms_key_id: None,
        performance: Word::from_api("generalPurpose"),
        settings: [
            Setting::Throughput(Throughput::from_answer(Some("bursting"), None)),
            Setting::Protection(Some(Word::from_api("ENABLED"))),
        ]
        .into_iter()
        .collect(),
        one_zone: None,
        size_bytes: 0,
        stored: StoredBytes::default(),
        mount_targets: 1,
        tags: our_tags(),
        created_at: None,
    }
}

fn made(id: &str, tags: Tags) -> SecurityGroup {
    SecurityGroup {
        id: SecurityGroupId::from_aws(id),
        name: "efsctl-data".to_owned(),
        description: None,
        vpc: VpcId::from_aws(VPC),
        tags,
        ingress: Vec::new(),
        egress: Vec::new(),
    }
}

fn nfs(from: &str) -> Rule {
    Rule {
        protocol: "tcp".to_owned(),
        ports: Some((2049, 2049)),
        peer: peer(from),
    }
}

fn interface_id(letter: char) -> NetworkInterfaceId {
    NetworkInterfaceId::from_aws(format!("eni-{letter}"))
}

impl ObservedBuilder {
    fn with(mut self, change: impl FnOnce(&mut Observed)) -> Self {
        change(&mut self.0);
        self
    }

    fn file_system_with(self, change: impl FnOnce(&mut FileSystem)) -> Self {
        self.with(|observed| change(observed.file_system.as_mut().expect("a file system")))
    }

    fn group_with(self, change: impl FnOnce(&mut SecurityGroup)) -> Self {
        self.with(|observed| change(observed.security_group.as_mut().expect("a group")))
    }

    fn interface_with(self, letter: char, change: impl FnOnce(&mut MountTargetInterface)) -> Self {
        self.with(|observed| {
            let interface = observed.interfaces.get_mut(&interface_id(letter));
            change(interface.expect("an interface"));
        })
    }

    fn mount_target_with(self, letter: char, change: impl FnOnce(&mut MountTarget)) -> Self {
        self.with(|observed| {
            let mut targets = observed.mount_targets.iter_mut();
            change(
                targets
                    .find(|mt| mt.zone == zone(letter))
                    .expect("a mount target"),
            );
        })
    }

    /// What is there, as the library has it.
    pub fn now(&self) -> &Observed {
        &self.0
    }

    /// The state of the file system.
    pub fn file_system_is(self, state: &str) -> Self {
        self.file_system_with(|fs| fs.state = State::from_api(state))
    }

    /// No file system.
    pub fn without_file_system(self) -> Self {
        self.with(|observed| observed.file_system = None)
    }

    /// A tag of the file system.
    pub fn tag(self, key: &str, value: &str) -> Self {
        self.file_system_with(|fs| drop(fs.tags.insert(key.to_owned(), value.to_owned())))
    }

    /// The file system carries no tag.
    pub fn without_tags(self) -> Self {
        self.file_system_with(|fs| fs.tags.clear())
    }

    /// The run that the file system carries.
    pub fn made_by_run(self, run: &str) -> Self {
        self.tag(tags::RUN, run)
    }

    /// The throughput mode, in the word of the API.
    pub fn throughput(self, mode: &str) -> Self {
        self.with(|observed| {
            observed.put(Setting::Throughput(Throughput::from_answer(
                Some(mode),
                None,
            )))
        })
    }

    /// Provisioned throughput.
    pub fn provisioned(self, mibps: f64) -> Self {
        let throughput = Throughput::from_answer(Some("provisioned"), Some(mibps));
        self.with(|observed| observed.put(Setting::Throughput(throughput)))
    }

    /// The performance mode, in the word of the API.
    pub fn performance(self, word: &str) -> Self {
        self.file_system_with(|fs| fs.performance = Word::from_api(word))
    }

    /// Whether it is encrypted; `None`: AWS does not tell.
    pub fn encrypted(self, is_encrypted: Option<bool>) -> Self {
        self.file_system_with(|fs| fs.encrypted = is_encrypted)
    }

    /// The key of the file system.
    pub fn key(self, arn: &str) -> Self {
        self.file_system_with(|fs| fs.kms_key_id = Some(arn.to_owned()))
    }

    /// All data in that zone.
    pub fn one_zone(self, letter: char) -> Self {
        self.file_system_with(|fs| fs.one_zone = Some(zone(letter)))
    }

    /// Replication overwrite protection, in the word of the API.
    pub fn protection(self, word: &str) -> Self {
        self.with(|observed| observed.put(Setting::Protection(Some(Word::from_api(word)))))
    }

    /// One element of the lifecycle policy, in the words of the API: `("AFTER_30_DAYS", "", "")` moves to IA.
    pub fn transition(self, to_ia: &str, to_archive: &str, to_primary: &str) -> Self {
        let [ia, archive, primary] =
            [to_ia, to_archive, to_primary].map(|word| (!word.is_empty()).then_some(word));
        self.with(|observed| {
            let mut policy = observed
                .settings
                .get::<Lifecycle>()
                .cloned()
                .unwrap_or_default();
            policy.add(ia, archive, primary);
            observed.put(Setting::Lifecycle(policy));
        })
    }

    /// Nobody looked at the lifecycle policy yet.
    pub fn lifecycle_not_seen(self) -> Self {
        self.with(|observed| observed.settings.forget(Key::Lifecycle))
    }

    /// The file system policy.
    pub fn policy(self, statements: &[&str]) -> Self {
        self.policy_is(&document(statements).to_string())
    }

    /// A file system policy with a member that this version does not know.
    pub fn unreadable_policy(self) -> Self {
        self.policy_is(r#"{"Statement":[],"Tomorrow":1}"#)
    }

    fn policy_is(self, text: &str) -> Self {
        let policy = ObservedPolicy::read(Some(text), &FileSystemId::from_aws(FILE_SYSTEM));
        self.with(|observed| observed.put(Setting::Policy(policy)))
    }

    /// Nobody looked at it yet.
    pub fn policy_not_seen(self) -> Self {
        self.with(|observed| observed.settings.forget(Key::Policy))
    }

    /// The status of automatic backups, in the word of the API.
    pub fn backup(self, status: &str) -> Self {
        self.with(|observed| observed.put(Setting::Backups(Word::from_api(status))))
    }

    /// Nobody looked at it yet.
    pub fn backup_not_seen(self) -> Self {
        self.with(|observed| observed.settings.forget(Key::Backups))
    }

    /// The group that is made is not there.
    pub fn without_group(self) -> Self {
        self.with(|observed| observed.security_group = None)
    }

    /// A group of that name is there, which efsctl did not create.
    pub fn group_of_others(self) -> Self {
        self.group_with(|group| group.tags.clear())
    }

    /// The made group allows somebody to NFS.
    pub fn group_allows(self, from: &str) -> Self {
        self.group_with(|group| group.ingress.push(nfs(from)))
    }

    /// The made group allows somebody to other ports.
    pub fn group_allows_to(self, from: &str, ports: (i32, i32)) -> Self {
        self.group_with(|group| {
            group.ingress.push(Rule {
                ports: Some(ports),
                ..nfs(from)
            });
        })
    }

    /// The made group allows nobody.
    pub fn group_allows_nobody(self) -> Self {
        self.group_with(|group| group.ingress.clear())
    }

    /// A group of others, in which rules are wanted, with those it has.
    pub fn other_group(self, id: &str, allows: &str) -> Self {
        self.with(|observed| {
            let mut group = made(id, Tags::new());
            group.ingress.extend(allows.split_whitespace().map(nfs));
            observed
                .groups_with_rules
                .insert(SecurityGroupId::from_aws(id), group);
        })
    }

    /// The same, with one rule to these ports.
    pub fn other_group_to(self, id: &str, from: &str, ports: (i32, i32)) -> Self {
        self.other_group(id, "").with(|observed| {
            let group = observed
                .groups_with_rules
                .get_mut(&SecurityGroupId::from_aws(id));
            group.expect("a group").ingress.push(Rule {
                ports: Some(ports),
                ..nfs(from)
            });
        })
    }

    /// It is replicated to that region, in that state.
    pub fn replicated(self, region: &str, status: &str) -> Self {
        let copy = ReplicaCopy {
            id: FileSystemId::from_aws("fs-copy"),
            region: region.to_owned(),
            status: Word::from_api(status),
        };
        self.replication(ObservedReplication::Source(vec![copy]))
    }

    /// It is the copy of another one.
    pub fn a_copy(self) -> Self {
        self.replication(ObservedReplication::CopyOf(FileSystemId::from_aws(
            "fs-source",
        )))
    }

    /// Its replication was not read.
    pub fn replication_not_read(self) -> Self {
        self.with(|observed| observed.settings.forget(Key::Replication))
    }

    fn replication(self, observed: ObservedReplication) -> Self {
        self.with(|all| all.settings.put(Setting::Replication(observed)))
    }

    /// A mount target in the subnet of that zone, with the made group and an interface that carries our tags. It takes the place of
    /// the one that was there.
    pub fn mount_target(self, letter: char, state: &str) -> Self {
        self.without_mount_target(letter)
            .one_more_mount_target(letter, state)
    }

    /// One more in the same zone: AWS shows what is gone for a while.
    pub fn one_more_mount_target(self, letter: char, state: &str) -> Self {
        let mount_target = MountTarget {
            id: MountTargetId::from_aws(format!("fsmt-{letter}")),
            file_system: FileSystemId::from_aws(FILE_SYSTEM),
            subnet: subnet(letter),
            zone: zone(letter),
            vpc: Some(VpcId::from_aws(VPC)),
            ip: None,
            state: State::from_api(state),
            interface: Some(interface_id(letter)),
        };
        let interface = MountTargetInterface {
            id: interface_id(letter),
            security_groups: BTreeSet::from([SecurityGroupId::from_aws("sg-made")]),
            tags: our_tags(),
        };
        self.with(|observed| {
            observed.mount_targets.push(mount_target);
            observed.interfaces.insert(interface.id.clone(), interface);
        })
    }

    /// No mount target in that zone.
    pub fn without_mount_target(self, letter: char) -> Self {
        self.with(|observed| {
            let zone: Zone = zone(letter);
            observed.mount_targets.retain(|mt| mt.zone != zone);
            observed.interfaces.remove(&interface_id(letter));
        })
    }

    /// The subnet of the mount target in that zone.
    pub fn in_subnet(self, letter: char, id: &str) -> Self {
        self.mount_target_with(letter, |mt| mt.subnet = SubnetId::from_aws(id))
    }

    /// The VPC of the mount target in that zone.
    pub fn in_vpc(self, letter: char, id: &str) -> Self {
        self.mount_target_with(letter, |mt| mt.vpc = Some(VpcId::from_aws(id)))
    }

    /// The groups that the mount target in that zone has.
    pub fn has_groups(self, letter: char, ids: &str) -> Self {
        self.interface_with(letter, |interface| interface.security_groups = groups(ids))
    }

    /// Its interface carries no tag.
    pub fn interface_without_tags(self, letter: char) -> Self {
        self.interface_with(letter, |interface| interface.tags.clear())
    }

    /// A tag of its interface.
    pub fn interface_with_tag(self, letter: char, key: &str, value: &str) -> Self {
        self.interface_with(letter, |interface| {
            interface.tags.insert(key.to_owned(), value.to_owned());
        })
    }

    /// Nobody looked for its interface yet.
    pub fn interface_not_looked_for(self, letter: char) -> Self {
        self.with(|observed| drop(observed.interfaces.remove(&interface_id(letter))))
    }

    /// Its interface was looked for, and cannot be read.
    pub fn interface_not_readable(self, letter: char) -> Self {
        self.interface_not_looked_for(letter)
            .with(|observed| _ = observed.requested_interfaces.insert(interface_id(letter)))
    }

    /// AWS has not told of its interface.
    pub fn interface_not_told(self, letter: char) -> Self {
        self.interface_not_looked_for(letter)
            .mount_target_with(letter, |mt| mt.interface = None)
    }

    /// It has no access points.
    pub fn without_access_points(self) -> Self {
        self.with(|observed| observed.access_points = Some(Vec::new()))
    }

    /// An access point that efsctl made.
    pub fn access_point(self, id: &str, state: &str) -> Self {
        self.access_point_with(id, state, |point| point.tags = our_tags())
    }

    /// An access point that somebody else made.
    pub fn access_point_of_others(self, id: &str, state: &str) -> Self {
        self.access_point_with(id, state, |_| {})
    }

    /// The access point of the deployment with that name, to that directory.
    pub fn access_point_named(self, name: &str, path: &str, state: &str) -> Self {
        self.access_point_with(&format!("fsap-{name}"), state, |point| {
            point.token = Some(format!("efsctl:data/{name}"));
            path.clone_into(&mut point.path);
            point.tags = our_tags();
        })
    }

    /// Every request through the last one is made as this user and group.
    pub fn through_user(self, uid: i64, gid: i64) -> Self {
        self.with(|observed| {
            let point = observed.access_points.iter_mut().flatten().next_back();
            point.expect("an access point").user = Some(PosixUser {
                uid,
                gid,
                secondary_gids: BTreeSet::new(),
            });
        })
    }

    /// The directory of the last one is created so.
    pub fn created_with(self, owner: i64, permissions: &str) -> Self {
        self.with(|observed| {
            let point = observed.access_points.iter_mut().flatten().next_back();
            point.expect("an access point").creation = Some(CreationInfo {
                owner_uid: owner,
                owner_gid: owner,
                permissions: permissions.to_owned(),
            });
        })
    }

    fn access_point_with(
        self,
        id: &str,
        state: &str,
        change: impl FnOnce(&mut AccessPoint),
    ) -> Self {
        let mut point = AccessPoint {
            id: AccessPointId::from_aws(id),
            file_system: FileSystemId::from_aws(FILE_SYSTEM),
            token: None,
            state: State::from_api(state),
            path: "/".to_owned(),
            user: None,
            creation: None,
            tags: Tags::new(),
        };
        change(&mut point);
        self.with(|observed| observed.access_points.get_or_insert_default().push(point))
    }
}
