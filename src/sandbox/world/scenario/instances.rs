//! EC2 instances and VPC endpoints of a described region.

use super::ScenarioError;
use super::document::{EndpointSection, InstanceSection, InterfaceSection};
use super::lookup::{self, check_word, id_or};
use super::tags::{add_tags, named};
use crate::world::ec2::endpoints::CreateVpcEndpoint;
use crate::world::ec2::instances::NewInstance;
use crate::world::state::{Instance, Region, Tags};

/// Adds an instance with its interfaces.
pub(super) fn add_instance(
    region: &mut Region,
    section: &InstanceSection,
) -> Result<(), ScenarioError> {
    let subnet_id = lookup::subnet(region, &section.subnet)?.id.clone();
    let made = region.ids.next("i", &[&subnet_id]);
    let taken = |id: &str| region.instances.contains_key(id);
    let id = id_or(section.id.as_ref(), "i", &made, taken)?.to_owned();
    let usual = Instance::default();
    let instance = Instance {
        state: section.state.clone().unwrap_or(usual.state),
        kind: section.kind.clone().unwrap_or(usual.kind),
        launched: region.now,
        tags: named(section.name.as_ref(), &Tags::new()),
    };
    check_word(&instance.state)?;
    check_word(&instance.kind)?;
    region.instances.insert(id.clone(), instance);
    let first = InterfaceSection {
        subnet: section.subnet.clone(),
        security_groups: section.security_groups.clone(),
        ip: section.ip,
        ipv6: section.ipv6,
        tags: section.tags.clone(),
    };
    let all = std::iter::once(&first).chain(&section.interface);
    for (index, interface) in all.enumerate() {
        let index = u8::try_from(index)
            .map_err(|_| ScenarioError::new("an instance has at most 256 interfaces here"))?;
        add_interface(region, &id, index, interface)?;
    }
    Ok(())
}

fn add_interface(
    region: &mut Region,
    id: &str,
    device_index: u8,
    section: &InterfaceSection,
) -> Result<(), ScenarioError> {
    let subnet = lookup::subnet(region, &section.subnet)?;
    let (subnet_id, vpc_id) = (subnet.id.clone(), subnet.vpc_id.clone());
    let groups = section.security_groups.iter();
    let groups = groups.map(|group| lookup::group(region, &vpc_id, group));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let interface_id = region.add_instance(NewInstance {
        id: id.to_owned(),
        subnet_id,
        groups,
        ipv4: section.ip,
        ipv6: section.ipv6,
        device_index,
    })?;
    add_tags(region, &interface_id, &section.tags)
}

/// Adds a VPC endpoint.
pub(super) fn add_endpoint(
    region: &mut Region,
    vpc_id: &str,
    section: &EndpointSection,
) -> Result<(), ScenarioError> {
    let subnets = section.subnets.iter();
    let subnets = subnets.map(|name| lookup::subnet(region, name).map(|subnet| subnet.id.clone()));
    let subnet_ids = subnets.collect::<Result<Vec<_>, _>>()?;
    let groups = section.security_groups.iter();
    let groups = groups.map(|group| lookup::group(region, vpc_id, group));
    let group_ids = groups.collect::<Result<Vec<_>, _>>()?;
    let made = region.create_vpc_endpoint(&CreateVpcEndpoint {
        vpc_id: Some(vpc_id.to_owned()),
        service_name: Some(section.service.clone()),
        kind: Some(section.kind.as_deref().unwrap_or("Interface").to_owned()),
        subnet_ids,
        group_ids,
        private_dns: section.private_dns,
        ..CreateVpcEndpoint::default()
    })?;
    let taken = |id: &str| region.endpoints.contains_key(id);
    let id = id_or(section.id.as_ref(), "vpce", &made.id, taken)?.to_owned();
    let Some(mut endpoint) = region.endpoints.remove(&made.id) else {
        return Ok(());
    };
    for interface in &endpoint.interfaces {
        if let Some(interface) = region.network_interfaces.get_mut(interface) {
            interface.description = interface.description.replace(&made.id, &id);
        }
    }
    if let Some(state) = &section.state {
        check_word(state)?;
        endpoint.state.clone_from(state);
    }
    endpoint.id.clone_from(&id);
    endpoint.tags = named(section.name.as_ref(), &section.tags);
    region.endpoints.insert(id, endpoint);
    Ok(())
}
