//! Network interfaces.

use super::input::describe as describe_input;
use super::operation::{Operation, done, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::network_interfaces::InterfaceView;
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    DeleteNetworkInterface => delete;
    DescribeNetworkInterfaces => describe;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_network_interfaces(&describe_input(query, "NetworkInterfaceId")?)?;
    xml.list("networkInterfaceSet", &page.items, |xml, view| {
        write(xml, region, view);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn delete(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    region.delete_network_interface(query.get("NetworkInterfaceId"), query.dry_run()?)?;
    done(xml);
    Ok(())
}

fn write(xml: &mut Xml, region: &Region, view: &InterfaceView) {
    let interface = &view.interface;
    xml.text("networkInterfaceId", &interface.id);
    xml.text("subnetId", &interface.subnet_id);
    xml.text("vpcId", &interface.vpc_id);
    xml.text("availabilityZone", &view.availability_zone);
    xml.text("availabilityZoneId", &view.availability_zone_id);
    xml.text("description", &interface.description);
    xml.text("ownerId", &region.account_id);
    xml.optional("requesterId", region.requester_of(interface));
    xml.text("requesterManaged", interface.requester_managed);
    xml.text("status", interface.status());
    xml.text("macAddress", interface.mac_address());
    xml.optional("privateIpAddress", interface.private_ip.as_deref());
    let dns_name = region.private_dns_name(interface);
    xml.optional("privateDnsName", dns_name.as_deref());
    xml.text("sourceDestCheck", true);
    xml.list("groupSet", &view.groups, |xml, (id, name)| {
        xml.text("groupId", id);
        xml.text("groupName", name);
    });
    if let Some(attachment) = interface.attachment(&region.account_id) {
        xml.element("attachment", |xml| {
            xml.text("attachmentId", &attachment.id);
            xml.text("deleteOnTermination", attachment.delete_on_termination);
            xml.text("deviceIndex", attachment.device_index);
            if attachment.instance_id.is_some() {
                xml.text("networkCardIndex", 0);
            }
            xml.optional("instanceId", attachment.instance_id);
            xml.text("instanceOwnerId", attachment.instance_owner_id);
            xml.text("status", attachment.status());
        });
    }
    xml.tags(&interface.tags);
    xml.list(
        "privateIpAddressesSet",
        &interface.private_ip,
        |xml, address| {
            xml.text("privateIpAddress", address);
            xml.optional("privateDnsName", dns_name.as_deref());
            xml.text("primary", true);
        },
    );
    xml.list("ipv6AddressesSet", &interface.ipv6, |xml, address| {
        xml.text("ipv6Address", address);
        xml.text("isPrimaryIpv6", false);
    });
    xml.text("interfaceType", interface.interface_type());
}
