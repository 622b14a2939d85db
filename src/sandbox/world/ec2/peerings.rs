//! Peerings of VPCs: they come from a described account; no call makes, accepts or ends one.

use ipnet::IpNet;

use super::describe::{Describe, Listed, Page, Seen, one, select};
use crate::world::state::{PeeredGroup, Peering};
use crate::world::{ApiError, Region};

/// A peering as `DescribeVpcPeeringConnections` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeeringView {
    /// What is stored.
    pub peering: Peering,
    /// The ranges of the VPC here.
    pub ranges: Vec<IpNet>,
}

impl Peering {
    /// The sentence that stands beside its status.
    pub fn status_message(&self) -> String {
        match self.status.as_str() {
            "active" => "Active".to_owned(),
            "pending-acceptance" => format!("Pending Acceptance by {}", self.peer_owner),
            "deleted" => "Deleted".to_owned(),
            other => other.to_owned(),
        }
    }
}

impl Listed for Seen<'_, Peering> {
    const FILTERS: &'static [&'static str] = &[
        "accepter-vpc-info.cidr-block",
        "accepter-vpc-info.owner-id",
        "accepter-vpc-info.vpc-id",
        "expiration-time",
        "requester-vpc-info.cidr-block",
        "requester-vpc-info.owner-id",
        "requester-vpc-info.vpc-id",
        "status-code",
        "status-message",
        "vpc-peering-connection-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        let peering = self.it;
        let texts = |ranges: &[IpNet]| ranges.iter().map(IpNet::to_string).collect();
        match name {
            "accepter-vpc-info.cidr-block" => texts(&peering.peer_ranges),
            "accepter-vpc-info.owner-id" => one(&peering.peer_owner),
            "accepter-vpc-info.vpc-id" => one(&peering.peer_vpc_id),
            "requester-vpc-info.cidr-block" => texts(&self.region.ranges_of(&peering.vpc_id)),
            "requester-vpc-info.owner-id" => one(&self.region.account_id),
            "requester-vpc-info.vpc-id" => one(&peering.vpc_id),
            "status-code" => one(&peering.status),
            "status-message" => one(&peering.status_message()),
            "vpc-peering-connection-id" => one(&peering.id),
            _ => Vec::new(),
        }
    }
}

impl Region {
    /// `DescribeVpcPeeringConnections`.
    pub fn describe_vpc_peering_connections(
        &self,
        input: &Describe,
    ) -> Result<Page<PeeringView>, ApiError> {
        let page = select(input, self.see(self.peerings.values()))?;
        Ok(page.map(|seen| PeeringView {
            peering: seen.it.clone(),
            ranges: self.ranges_of(&seen.it.vpc_id),
        }))
    }

    fn ranges_of(&self, vpc_id: &str) -> Vec<IpNet> {
        let ranges = self.vpcs.get(vpc_id).into_iter().flat_map(|vpc| {
            let all = vpc.ipv4_ranges().into_iter().chain(vpc.ipv6_ranges());
            all.filter(|range| range.state == "associated")
                .map(|range| range.cidr)
        });
        ranges.collect()
    }

    /// The VPC of a group across a peering, and the status of that peering, as rules show them.
    pub fn across<'a>(&'a self, group: &'a PeeredGroup) -> (Option<&'a str>, Option<&'a str>) {
        let peering = group.peering.as_ref().and_then(|id| self.peerings.get(id));
        let here = self.security_groups.get(&group.id);
        let vpc = here.map(|group| group.vpc_id.as_str());
        let far = peering.map(|peering| peering.peer_vpc_id.as_str());
        let status = peering.map(|peering| peering.status.as_str());
        let named = group.peering.as_ref().map(|_| "active");
        (vpc.or(far), group.status.as_deref().or(status).or(named))
    }

    /// The active peering of a VPC that leads to an account, and to a VPC when that is known.
    pub(super) fn peering_between(
        &self,
        vpc_id: &str,
        account: &str,
        peer_vpc_id: Option<&str>,
    ) -> Option<&Peering> {
        let is_side =
            |peering: &Peering, vpc: &str| peering.vpc_id == vpc || peering.peer_vpc_id == vpc;
        self.peerings.values().find(|peering| {
            peering.status == "active"
                && is_side(peering, vpc_id)
                && match peer_vpc_id {
                    Some(peer) => is_side(peering, peer),
                    None => peering.peer_owner == account,
                }
        })
    }
}
