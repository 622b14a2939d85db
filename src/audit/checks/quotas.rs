//! How near the quotas are.

use std::collections::BTreeSet;

use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, RegionInventory, Unavailable};
use crate::domain::finding::{About, Severity};
use crate::domain::network::{Peer, SecurityGroup};

/// Quotas as AWS gives them to a new account (EFS user guide, "Quotas"). Raised ones are not seen: that takes Service Quotas.
const FILE_SYSTEMS: usize = 1_000;
const ACCESS_POINTS: usize = 10_000;
const RULES: usize = 60;

pub(in crate::audit) static QUOTAS: Check = Check {
    about: About {
        id: "quotas",
        title: "no quota is close to its limit",
        failure: "a quota is close to its limit",
        severity: Severity::Low,
        why: "At a quota the next creation is refused. Default quotas are assumed: 1,000 file systems a region, 10,000 access points a file system, 60 inbound rules a group for each of IPv4 and IPv6.",
        reads: &[
            "DescribeFileSystems",
            "DescribeMountTargets",
            "DescribeAccessPoints",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
            "GetManagedPrefixListEntries",
        ],
        controls: &[],
    },
    judge: quotas,
};

fn quotas(input: &CheckInput<'_>) -> Known<Outcome> {
    if let Some(unavailable) = input.foreign("its quotas") {
        return Err(unavailable);
    }
    let inventory = input.inventory;
    let mut counts = Vec::new();
    if let Some(count) = inventory.file_systems {
        let what = format!("file systems in {}", inventory.region);
        counts.push((count, FILE_SYSTEMS, what));
    }
    let mut unavailable = None;
    match &inventory.access_points {
        Ok(points) => {
            let own = points.get(&input.facts.file_system.id).map_or(0, Vec::len);
            counts.push((own, ACCESS_POINTS, "access points".to_owned()));
        }
        Err(why) => drop(unavailable.get_or_insert(why)),
    }
    match (&inventory.groups, input.interfaces()) {
        (Ok(groups), Ok(interfaces)) => {
            let attached = interfaces.iter().filter_map(|(_, interface)| *interface);
            let attached: BTreeSet<_> = attached.flat_map(|interface| &interface.groups).collect();
            for group in attached.into_iter().filter_map(|id| groups.get(id)) {
                counts.extend(rules_of(group, inventory));
            }
        }
        (Err(why), _) => drop(unavailable.get_or_insert(why)),
        (_, Err(why)) => return quotas_near(input, counts, Some(why)),
    }
    quotas_near(input, counts, unavailable.cloned())
}

/// Inbound rules of a group against the quota. A prefix list counts with all its entries, at least (VPC user guide, "Work with
/// customer-managed prefix lists": with as many as it may have, which is not seen).
fn rules_of(group: &SecurityGroup, inventory: &RegionInventory) -> [Count; 2] {
    [("IPv4", true), ("IPv6", false)].map(|(family, is_v4)| {
        let rules = group.ingress.iter().map(|rule| match &rule.peer {
            Peer::Range(range) => usize::from(range.addr().is_ipv4() == is_v4),
            Peer::Group(_) | Peer::Distant(_) | Peer::Other(_) => 1,
            Peer::PrefixList(id) => inventory.prefix_lists.get(id).map_or(1, |list| {
                list.iter()
                    .filter(|range| range.addr().is_ipv4() == is_v4)
                    .count()
            }),
        });
        let what = format!("inbound {family} rules of {}", group.id);
        (rules.sum(), RULES, what)
    })
}

/// How many there are, how many there may be, and of what.
type Count = (usize, usize, String);

fn quotas_near(
    input: &CheckInput<'_>,
    mut counts: Vec<Count>,
    unavailable: Option<Unavailable>,
) -> Known<Outcome> {
    counts.sort();
    counts.dedup();
    let percent = usize::from(input.rules.quota_percent);
    let evidence: Vec<String> = counts
        .iter()
        .filter(|(count, most, _)| count * 100 >= most * percent)
        .map(|(count, most, what)| format!("{count} of {most} {what}"))
        .collect();
    if let (true, Some(unavailable)) = (evidence.is_empty(), unavailable) {
        return Err(unavailable);
    }
    Ok(Outcome::unless(
        evidence,
        || "request an increase in Service Quotas, or clean up".to_owned(),
        format!("below {percent} % of every quota that is checked"),
    ))
}
