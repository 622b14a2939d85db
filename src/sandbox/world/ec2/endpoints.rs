//! VPC endpoints: how the interfaces of a service, or routes to it, come into a VPC.

use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::{ENDPOINT, SECURITY_GROUP, SUBNET, VPC};
use super::network_interfaces::NewInterface;
use super::refusals::{invalid, missing, refuse, required, unless_dry_run};
use super::tags::{TagSpecification, specified};
use crate::world::state::VpcEndpoint;
use crate::world::{ApiError, Region};

/// Input of `CreateVpcEndpoint`.
#[derive(Debug, Clone, Default)]
pub struct CreateVpcEndpoint {
    /// Its VPC.
    pub vpc_id: Option<String>,
    /// `com.amazonaws.eu-west-1.elasticfilesystem`.
    pub service_name: Option<String>,
    /// `Gateway` (default) or `Interface`.
    pub kind: Option<String>,
    /// Of an interface endpoint: one in each zone.
    pub subnet_ids: Vec<String>,
    /// Of an interface endpoint; none: the default group of the VPC.
    pub group_ids: Vec<String>,
    /// Of a gateway endpoint.
    pub route_table_ids: Vec<String>,
    /// The usual name of the service leads to it; the default of an interface endpoint.
    pub private_dns: Option<bool>,
    /// Tags.
    pub tag_specifications: Vec<TagSpecification>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

impl Listed for Seen<'_, VpcEndpoint> {
    const FILTERS: &'static [&'static str] = &[
        "ip-address-type",
        "service-name",
        "service-region",
        "vpc-endpoint-id",
        "vpc-endpoint-state",
        "vpc-endpoint-type",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "ip-address-type" => one("ipv4"),
            "service-name" => one(&self.it.service),
            "service-region" => one(&self.region.name),
            "vpc-endpoint-id" => one(&self.it.id),
            "vpc-endpoint-state" => one(&self.it.state),
            "vpc-endpoint-type" => one(&self.it.kind),
            "vpc-id" => one(&self.it.vpc_id),
            _ => Vec::new(),
        }
    }
}

impl Region {
    /// `DescribeVpcEndpoints`.
    pub fn describe_vpc_endpoints(&self, input: &Describe) -> Result<Page<VpcEndpoint>, ApiError> {
        Ok(select(input, self.see(self.endpoints.values()))?.map(|seen| seen.it.clone()))
    }

    /// `CreateVpcEndpoint`. It is available at once.
    pub fn create_vpc_endpoint(
        &mut self,
        input: &CreateVpcEndpoint,
    ) -> Result<VpcEndpoint, ApiError> {
        let vpc_id = VPC.required(input.vpc_id.as_deref())?.to_owned();
        self.vpc(&vpc_id)?;
        let service = required(input.service_name.as_deref(), "serviceName")?.to_owned();
        self.check_service(&service)?;
        let kind = input.kind.as_deref().unwrap_or("Gateway");
        let private_dns = match kind {
            "Interface" => input.private_dns.unwrap_or(true),
            "Gateway" => false,
            other => return Err(invalid(format!("Invalid VPC endpoint type: {other}"))),
        };
        self.check_private_dns(&vpc_id, &service, private_dns)?;
        let groups = self.check_endpoint_places(&vpc_id, input)?;
        let tags = specified(&input.tag_specifications, &ENDPOINT)?;
        unless_dry_run(input.dry_run)?;
        let id = self.ids.next("vpce", &[&vpc_id, &service]);
        let mut interfaces = Vec::new();
        for subnet_id in &input.subnet_ids {
            let made = self.create_interface(NewInterface {
                subnet_id: subnet_id.clone(),
                want_ipv4: true,
                groups: groups.clone(),
                description: format!("VPC Endpoint Interface {id}"),
                ..NewInterface::default()
            });
            interfaces.push(made.map_err(|_| {
                let message =
                    format!("There are not enough free addresses in subnet '{subnet_id}'");
                refuse("InsufficientFreeAddressesInSubnet", message)
            })?);
        }
        let endpoint = VpcEndpoint {
            id: id.clone(),
            vpc_id,
            service,
            kind: kind.to_owned(),
            state: "available".to_owned(),
            subnets: input.subnet_ids.clone(),
            groups,
            route_tables: input.route_table_ids.clone(),
            private_dns,
            interfaces,
            created: self.now,
            tags,
        };
        self.endpoints.insert(id, endpoint.clone());
        Ok(endpoint)
    }

    /// `DeleteVpcEndpoints`: answers with the ids that are not there.
    pub fn delete_vpc_endpoints(
        &mut self,
        ids: &[String],
        dry_run: bool,
    ) -> Result<Vec<String>, ApiError> {
        if ids.is_empty() {
            return Err(missing("VpcEndpointId"));
        }
        ids.iter().try_for_each(|id| ENDPOINT.check(id))?;
        unless_dry_run(dry_run)?;
        let mut unknown = Vec::new();
        for id in ids {
            let Some(gone) = self.endpoints.remove(id) else {
                unknown.push(id.clone());
                continue;
            };
            for interface in gone.interfaces {
                self.release_interface(&interface);
            }
        }
        Ok(unknown)
    }

    /// The names of services end in the region and the service.
    fn check_service(&self, name: &str) -> Result<(), ApiError> {
        let infix = format!(".{}.", self.name);
        let service = name.split_once(infix.as_str());
        if service.is_some_and(|(_, service)| !service.is_empty()) {
            return Ok(());
        }
        let message = format!("The Vpc Endpoint Service '{name}' does not exist");
        Err(refuse("InvalidServiceName", message))
    }

    fn check_private_dns(&self, vpc_id: &str, service: &str, wanted: bool) -> Result<(), ApiError> {
        if !wanted {
            return Ok(());
        }
        let vpc = self.vpc(vpc_id)?;
        if !vpc.dns_support || !vpc.dns_hostnames {
            let message = format!(
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for {vpc_id}"
            );
            return Err(refuse("InvalidParameter", message));
        }
        let mut others = self.endpoints.values();
        if others.any(|it| it.vpc_id == vpc_id && it.service == service && it.private_dns) {
            let message = format!(
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for {service} in the VPC {vpc_id}"
            );
            return Err(refuse("InvalidParameter", message));
        }
        Ok(())
    }

    /// The groups of a new endpoint, when those and the subnets are of its VPC.
    fn check_endpoint_places(
        &self,
        vpc_id: &str,
        input: &CreateVpcEndpoint,
    ) -> Result<Vec<String>, ApiError> {
        let mut zones = Vec::new();
        for id in &input.subnet_ids {
            let subnet = self
                .subnets
                .get(id)
                .filter(|subnet| subnet.vpc_id == vpc_id);
            let subnet = subnet.ok_or_else(|| SUBNET.not_found(id))?;
            if zones.contains(&&subnet.availability_zone) {
                let message =
                    "Found another VPC endpoint subnet in the availability zone of this subnet";
                return Err(refuse("DuplicateSubnetsInSameZone", message));
            }
            zones.push(&subnet.availability_zone);
        }
        for id in &input.group_ids {
            let group = self.security_groups.get(id);
            group
                .filter(|group| group.vpc_id == vpc_id)
                .ok_or_else(|| SECURITY_GROUP.not_found(id))?;
        }
        let mut groups = input.group_ids.clone();
        if groups.is_empty() && !input.subnet_ids.is_empty() {
            groups.extend(self.default_security_group(vpc_id));
        }
        Ok(groups)
    }
}
