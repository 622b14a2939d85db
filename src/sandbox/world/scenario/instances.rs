//! EC2 instances of a described region.

use super::ScenarioError;
use super::document::InstanceSection;
use super::lookup::{self, id_or};
use super::network::add_tags;
use crate::sandbox::world::ec2::instances::NewInstance;
use crate::sandbox::world::state::Region;

/// Adds an instance.
pub(super) fn add_instance(
    region: &mut Region,
    section: &InstanceSection,
) -> Result<(), ScenarioError> {
    let subnet = lookup::subnet(region, &section.subnet)?;
    let (subnet_id, vpc_id) = (subnet.id.clone(), subnet.vpc_id.clone());
    let groups = section.security_groups.iter();
    let groups = groups.map(|group| lookup::group(region, &vpc_id, group));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let made = region.ids.next("i", &[&subnet_id]);
    let taken = |id: &str| {
        let mut interfaces = region.network_interfaces.values();
        interfaces.any(|interface| interface.instance_id.as_deref() == Some(id))
    };
    let id = id_or(section.id.as_ref(), "i", &made, taken)?.to_owned();
    let interface_id = region.add_instance(NewInstance {
        id,
        subnet_id,
        groups,
        ipv4: section.ip,
        ipv6: section.ipv6,
    })?;
    add_tags(region, &interface_id, &section.tags)
}
