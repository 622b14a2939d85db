//! Whether this host is in a network that reaches the mount targets.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::Probe;
use crate::cloud::{Cloud, Subnets, Vpcs, Within};
use crate::domain::advice::Advice;
use crate::domain::ids::SubnetId;
use crate::domain::network::ranges_that_reach;
use crate::domain::text::list;
use crate::host::here::address_towards;

impl<C: Cloud> Probe<'_, C> {
    /// Where this host is, if it is in no network that reaches the mount targets. `None` too where that cannot be read: it is said for
    /// certain only.
    pub(super) async fn outside(&self) -> Option<Advice> {
        let cloud = &self.service.cloud;
        let ids: BTreeSet<&SubnetId> = self.targets.iter().map(|one| &one.view.subnet_id).collect();
        let wanted = Subnets::Ids(ids.iter().map(|id| (*id).clone()).collect());
        let mut subnets = cloud.subnets(&wanted).await.ok()?;
        subnets.retain(|subnet| ids.contains(&subnet.id));
        let id = subnets.first()?.vpc.clone();
        let (within, vpc) = (Within::Vpc(id.clone()), Vpcs::Id(id.clone()));
        let (tables, vpcs) = futures::join!(cloud.route_tables(&within), cloud.vpcs(&vpc));
        let (tables, vpcs) = (tables.ok()?, vpcs.ok()?);
        let vpc = vpcs.iter().find(|vpc| vpc.id == id)?;
        let ranges = ranges_that_reach(vpc, &subnets, &tables)?;
        let here: BTreeSet<IpAddr> = self
            .targets
            .iter()
            .filter_map(|target| address_towards(target.address?))
            .collect();
        if here
            .iter()
            .any(|ip| ranges.iter().any(|range| range.contains(ip)))
        {
            return None;
        }
        let ranges = list(&ranges);
        Some(Advice::from(if here.is_empty() {
            format!("this host has no route to {id} ({ranges})")
        } else {
            let here = list(&here);
            format!("the address of this host, {here}, is in no range that reaches {id} ({ranges})")
        }))
    }
}
