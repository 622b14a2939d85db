//! EC2 instances: they can be looked at and tagged.

use std::time::{Duration, UNIX_EPOCH};

use super::input::describe as describe_input;
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::instances_listing::InstanceView;
use crate::world::state::NetworkInterface;
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    DescribeInstances => describe;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_instances(&describe_input(query, "InstanceId")?)?;
    xml.list("reservationSet", &page.items, |xml, view| {
        xml.text("reservationId", view.id.replacen("i-", "r-", 1));
        xml.text("ownerId", &region.account_id);
        xml.list("groupSet", [(); 0], |_, ()| ());
        xml.list("instancesSet", [view], |xml, view| write(xml, region, view));
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn write(xml: &mut Xml, region: &Region, view: &InstanceView) {
    xml.text("instanceId", &view.id);
    xml.element("instanceState", |xml| {
        xml.text("code", view.state_code());
        xml.text("name", &view.state);
    });
    xml.text("instanceType", &view.kind);
    let launched = UNIX_EPOCH + Duration::from_millis(view.launched);
    xml.text("launchTime", humantime::format_rfc3339_millis(launched));
    xml.element("placement", |xml| {
        xml.text("availabilityZone", &view.availability_zone);
        xml.text("tenancy", "default");
    });
    if let Some(first) = view.interfaces.first() {
        xml.text("subnetId", &first.subnet_id);
        xml.text("vpcId", &first.vpc_id);
        xml.optional("privateIpAddress", first.private_ip.as_deref());
        xml.optional("privateDnsName", region.private_dns_name(first));
        xml.optional("ipv6Address", first.ipv6.as_deref());
        groups(xml, region, first);
    }
    xml.text("sourceDestCheck", true);
    xml.list("networkInterfaceSet", &view.interfaces, |xml, interface| {
        write_interface(xml, region, interface);
    });
    xml.tags_if_any(&view.tags);
}

fn write_interface(xml: &mut Xml, region: &Region, interface: &NetworkInterface) {
    xml.text("networkInterfaceId", &interface.id);
    xml.text("subnetId", &interface.subnet_id);
    xml.text("vpcId", &interface.vpc_id);
    xml.text("description", &interface.description);
    xml.text("ownerId", &region.account_id);
    xml.text("status", interface.status());
    xml.text("macAddress", interface.mac_address());
    xml.optional("privateIpAddress", interface.private_ip.as_deref());
    xml.optional("privateDnsName", region.private_dns_name(interface));
    xml.text("sourceDestCheck", true);
    groups(xml, region, interface);
    if let Some(attachment) = interface.attachment(&region.account_id) {
        xml.element("attachment", |xml| {
            xml.text("attachmentId", &attachment.id);
            xml.text("deviceIndex", attachment.device_index);
            xml.text("status", attachment.status());
            xml.text("deleteOnTermination", attachment.delete_on_termination);
            xml.text("networkCardIndex", 0);
        });
    }
    xml.list("ipv6AddressesSet", &interface.ipv6, |xml, address| {
        xml.text("ipv6Address", address);
    });
    xml.text("interfaceType", interface.interface_type());
}

fn groups(xml: &mut Xml, region: &Region, interface: &NetworkInterface) {
    xml.list("groupSet", &interface.groups, |xml, id| {
        xml.text("groupId", id);
        xml.text("groupName", region.group_name(id));
    });
}
