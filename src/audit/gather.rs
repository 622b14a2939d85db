//! Reads what an audit judges: a constant number of bulk reads for the region, and four reads for each file system.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::{join, join_all, join4};
use ipnet::IpNet;

use super::clients::{Client, ClientRef};
use super::facts::{FileSystemFacts, Interfaces, Known, RegionInventory, Unavailable};
use crate::cloud::{Answer, Class, Inventory, NetworkInterfaces, Within, read};
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::domain::ids::{SecurityGroupId, VpcId};
use crate::domain::network::{NetworkInterface, Peer, Unclear};
use crate::domain::settings::{Backups, Lifecycle};
use crate::domain::state::FileSystem;

/// A read that failed is something unseen, and the audit goes on. Without credentials there is nothing to go on with: its caller is
/// told.
pub(crate) fn known<T>(answer: Answer<T>) -> Answer<Known<T>> {
    match answer {
        Err(error) if error.class == Class::Credentials => Err(error),
        answer => Ok(answer.map_err(Unavailable::from)),
    }
}

fn indexed<K: Ord, T>(
    answer: Answer<Vec<T>>,
    key: impl Fn(&T) -> K,
) -> Answer<Known<BTreeMap<K, T>>> {
    let by_key = |listed: Vec<T>| listed.into_iter().map(|item| (key(&item), item)).collect();
    Ok(known(answer)?.map(by_key))
}

/// Whether what is read also has to tell where mount targets can be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// It is judged, and nothing else.
    #[default]
    Verdicts,
    /// What fails is fixed.
    Fix,
    /// Why a client does not get through: its routes are read too.
    Causes,
}

/// Reads what holds for the region: seven reads side by side, eight to find causes, nine for a fix; then the DNS attributes of each VPC that has mount
/// targets, and the prefix lists that rules of their security groups name.
///
/// # Errors
///
/// Only of class [`Class::Credentials`]. Every other failed read is part of the answer.
pub async fn region<C: Inventory>(
    cloud: &C,
    region: &str,
    file_systems: Option<usize>,
    purpose: Purpose,
) -> Answer<RegionInventory> {
    let (
        (vpcs, subnets, groups, acls),
        (interfaces, access_points, replications, zones, route_tables),
    ) = join(
        join4(
            cloud.all_vpcs(),
            cloud.all_subnets(),
            cloud.all_security_groups(),
            cloud.network_acls(&Within::Region),
        ),
        async {
            futures::join!(
                cloud.network_interfaces(&NetworkInterfaces::MountTargets),
                cloud.all_access_points(),
                cloud.replications(),
                only_if(purpose == Purpose::Fix, cloud.zones()),
                only_if(
                    purpose != Purpose::Verdicts,
                    cloud.route_tables(&Within::Region)
                )
            )
        },
    )
    .await;
    let mut inventory = RegionInventory {
        region: region.to_owned(),
        file_systems,
        vpcs: indexed(vpcs, |vpc| vpc.id.clone())?,
        dns: BTreeMap::new(),
        subnets: indexed(subnets, |subnet| subnet.id.clone())?,
        groups: indexed(groups, |group| group.id.clone())?,
        acls: known(acls)?,
        zones: zones?,
        route_tables: route_tables?,
        interfaces: known(interfaces)?.map(Interfaces::from_iter),
        prefix_lists: BTreeMap::new(),
        unresolved: BTreeMap::new(),
        access_points: known(access_points)?.map(|points| {
            let mut of = BTreeMap::new();
            for point in points {
                of.entry(point.file_system.clone())
                    .or_insert_with(Vec::new)
                    .push(point);
            }
            of
        }),
        replications: known(replications)?,
    };
    let inhabited = inhabited(&inventory);
    let attached = inventory.interfaces.iter().flat_map(Interfaces::iter);
    let lists = prefix_lists(&inventory, attached.flat_map(|interface| &interface.groups));
    let (dns, resolved) = join(
        join_all(inhabited.iter().map(|vpc| cloud.vpc_dns(vpc))),
        resolved(cloud, lists),
    )
    .await;
    for (vpc, dns) in inhabited.into_iter().zip(dns) {
        inventory.dns.insert(vpc, known(dns)?);
    }
    inventory.learn(resolved?);
    Ok(inventory)
}

/// Reads the prefix lists that only rules of the clients' own groups name.
///
/// # Errors
///
/// As [`region`].
pub async fn lists_of_clients<C: Inventory>(
    cloud: &C,
    inventory: &mut RegionInventory,
    clients: &[Client],
) -> Answer<()> {
    let attached = clients.iter().flat_map(|client| &client.interfaces);
    let mut lists = prefix_lists(inventory, attached.flat_map(|interface| &interface.groups));
    let stated = clients.iter().filter_map(|client| match &client.stated {
        ClientRef::Group(id) => Some(id),
        _ => None,
    });
    lists.extend(prefix_lists(inventory, stated));
    lists.retain(|id| {
        !inventory.prefix_lists.contains_key(id) && !inventory.unresolved.contains_key(id)
    });
    inventory.learn(resolved(cloud, lists).await?);
    Ok(())
}

async fn only_if<T>(is_due: bool, read: impl Future<Output = Answer<T>>) -> Answer<Known<T>> {
    if is_due {
        known(read.await)
    } else {
        Ok(Err(Unavailable::because("it is read only for a fix")))
    }
}

async fn resolved<C: Inventory>(
    cloud: &C,
    lists: BTreeSet<String>,
) -> Answer<Vec<(String, Known<Vec<IpNet>>)>> {
    let asked = lists.into_iter().map(async |id| {
        let ranges = cloud.prefix_list(&id).await;
        Ok((id, known(ranges)?))
    });
    join_all(asked).await.into_iter().collect()
}

/// VPCs with mount targets.
fn inhabited(inventory: &RegionInventory) -> BTreeSet<VpcId> {
    let interfaces = inventory.interfaces.iter().flat_map(Interfaces::iter);
    interfaces
        .filter_map(|interface| interface.vpc.clone())
        .collect()
}

/// Prefix lists in rules of these groups.
fn prefix_lists<'a>(
    inventory: &RegionInventory,
    attached: impl Iterator<Item = &'a SecurityGroupId>,
) -> BTreeSet<String> {
    let Ok(groups) = &inventory.groups else {
        return BTreeSet::new();
    };
    let attached: BTreeSet<&SecurityGroupId> = attached.collect();
    let groups = attached.into_iter().filter_map(|id| groups.get(id));
    groups
        .flat_map(|group| group.ingress.iter().chain(&group.egress))
        .filter_map(|rule| match &rule.peer {
            Peer::PrefixList(id) => Some(id.clone()),
            Peer::Group(_) | Peer::Range(_) | Peer::Distant(_) | Peer::Other(_) => None,
        })
        .collect()
}

/// Reads what only this file system has: four reads side by side.
///
/// # Errors
///
/// As [`region`].
pub async fn facts<C: Inventory>(cloud: &C, file_system: FileSystem) -> Answer<FileSystemFacts> {
    let id = file_system.id.clone();
    let (mount_targets, lifecycle, backup, policy) = join4(
        cloud.mount_targets(&id),
        read::<Lifecycle>(cloud, &id),
        read::<Backups>(cloud, &id),
        cloud.policy(&id),
    )
    .await;
    Ok(FileSystemFacts {
        file_system,
        mount_targets: known(mount_targets)?,
        lifecycle: known(lifecycle)?,
        backup: known(backup)?,
        policy: known(policy)?,
    })
}

/// Reads of that what decides who can mount it: two reads side by side.
///
/// # Errors
///
/// As [`region`].
pub async fn mount_facts<C: Inventory>(
    cloud: &C,
    file_system: FileSystem,
) -> Answer<FileSystemFacts> {
    let id = file_system.id.clone();
    let (mount_targets, policy) = join(cloud.mount_targets(&id), cloud.policy(&id)).await;
    let unread = || Unavailable::because("it has nothing to do with mounting, and is not read");
    Ok(FileSystemFacts {
        file_system,
        mount_targets: known(mount_targets)?,
        lifecycle: Err(unread()),
        backup: Err(unread()),
        policy: known(policy)?,
    })
}

/// Finds out where stated clients are. What does not exist is not seen: it is mistyped.
///
/// # Errors
///
/// As [`region`].
pub async fn clients<C: Inventory>(
    cloud: &C,
    inventory: &RegionInventory,
    stated: &[ClientRef],
) -> Answer<Known<Vec<Client>>> {
    let located = join_all(stated.iter().map(|client| locate(cloud, inventory, client)));
    let located: Answer<Vec<Known<Client>>> = located.await.into_iter().collect();
    Ok(located?.into_iter().collect())
}

async fn locate<C: Inventory>(
    cloud: &C,
    inventory: &RegionInventory,
    stated: &ClientRef,
) -> Answer<Known<Client>> {
    let look = async |which: NetworkInterfaces| known(cloud.network_interfaces(&which).await);
    let found = match stated {
        ClientRef::Group(id) => look(NetworkInterfaces::WithGroup(id.to_string())).await?,
        ClientRef::Instance(id) => look(NetworkInterfaces::Instance(id.clone())).await?,
        ClientRef::Range(_) | ClientRef::Subnet(_) | ClientRef::Vpc(_) => Ok(Vec::new()),
    };
    Ok(placed(inventory, stated, found))
}

/// A stated client where it is; of a group or an instance, `found` are its network interfaces.
fn placed(
    inventory: &RegionInventory,
    stated: &ClientRef,
    found: Known<Vec<NetworkInterface>>,
) -> Known<Client> {
    let mut client = Client {
        stated: stated.clone(),
        interfaces: Vec::new(),
        subnets: BTreeSet::new(),
        addresses: Vec::new(),
        doubts: Vec::new(),
    };
    let missing = || Unavailable {
        is_gone: true,
        ..Unavailable::because(advice![
            (Field::Client, stated),
            " does not exist in this region",
        ])
    };
    // What is not found may be of another account, where there are others: then it is not known, and not mistyped.
    let elsewhere = |client: Client| {
        Ok(Client {
            doubts: vec![format!(
                "{stated} belongs to another account: its location and outbound rules cannot be read from here"
            )],
            ..client
        })
    };
    match stated {
        ClientRef::Range(range) => client.addresses.push(*range),
        ClientRef::Subnet(id) => {
            let subnets = inventory.subnets.as_ref().map_err(Clone::clone)?;
            let Some(subnet) = subnets.get(id) else {
                return if inventory.has_others() {
                    elsewhere(client)
                } else {
                    Err(missing())
                };
            };
            client.subnets.insert(id.clone());
            client.addresses.clone_from(&subnet.ranges);
            client.doubts = subnet
                .unclear
                .iter()
                .map(|range| unclear(stated, range))
                .collect();
        }
        ClientRef::Vpc(id) => {
            let vpcs = inventory.vpcs.as_ref().map_err(Clone::clone)?;
            let Some(vpc) = vpcs.get(id) else {
                return if inventory.has_others() {
                    elsewhere(client)
                } else {
                    Err(missing())
                };
            };
            let subnets = inventory.subnets.as_ref().map_err(Clone::clone)?;
            let own = subnets.values().filter(|subnet| subnet.vpc == *id);
            client.subnets = own.map(|subnet| subnet.id.clone()).collect();
            client.addresses.clone_from(&vpc.cidrs);
            client.doubts = vpc
                .unclear
                .iter()
                .map(|range| unclear(stated, range))
                .collect();
        }
        ClientRef::Group(id) => {
            let groups = inventory.groups.as_ref().map_err(Clone::clone)?;
            if !groups.contains_key(id) {
                return if inventory.has_others() || inventory.names(id) {
                    elsewhere(client)
                } else {
                    Err(missing())
                };
            }
            let is_client = |interface: &NetworkInterface| interface.mount_target.is_none();
            settle(&mut client, found?.into_iter().filter(is_client).collect());
        }
        ClientRef::Instance(_) => {
            let found = found?;
            if found.is_empty() {
                return if inventory.has_others() {
                    elsewhere(client)
                } else {
                    Err(missing())
                };
            }
            settle(&mut client, found);
        }
    }
    Ok(client)
}

fn unclear(stated: &ClientRef, (range, state): &Unclear) -> String {
    let unavailable =
        Unavailable::unknown_word(format!("the state of {range}, a range of {stated}"), state);
    unavailable.why.to_string()
}

fn settle(client: &mut Client, interfaces: Vec<NetworkInterface>) {
    client.subnets = interfaces
        .iter()
        .filter_map(|interface| interface.subnet.clone())
        .collect();
    client.addresses = interfaces
        .iter()
        .flat_map(|interface| &interface.addresses)
        .map(|address| IpNet::from(*address))
        .collect();
    client.interfaces = interfaces;
}
