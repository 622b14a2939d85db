//! Where a mount target gets its addresses, and what happens when it cannot have them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::ApiError;
use super::super::ec2::network_interfaces::InterfaceRefusal;
use super::super::state::Subnet;
use super::errors::bad_request;
use super::names::check_enum;

/// The addresses that a new mount target asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Addresses {
    pub(super) want_ipv4: bool,
    pub(super) want_ipv6: bool,
    pub(super) ipv4: Option<Ipv4Addr>,
    pub(super) ipv6: Option<Ipv6Addr>,
}

impl Addresses {
    /// The addresses of a request, when the subnet has such and they suit the type that was asked for (`IPV4_ONLY` when none was).
    pub(super) fn of(
        kind: Option<&str>,
        ipv4: Option<&str>,
        ipv6: Option<&str>,
        subnet: &Subnet,
    ) -> Result<Self, ApiError> {
        let kind = kind.unwrap_or("IPV4_ONLY");
        check_enum(
            "IpAddressType",
            kind,
            &["IPV4_ONLY", "IPV6_ONLY", "DUAL_STACK"],
        )?;
        let (want_ipv4, want_ipv6) = (kind != "IPV6_ONLY", kind != "IPV4_ONLY");
        let suits = match kind {
            "IPV4_ONLY" => !subnet.ipv6_native,
            "IPV6_ONLY" => subnet.ipv6_native,
            _ => !subnet.ipv6_native && subnet.own_ipv6().is_some(),
        };
        if !suits {
            return Err(bad_request(format!(
                "The subnet '{}' does not support the IP address type {kind}.",
                subnet.id
            )));
        }
        let ipv4 = parse::<Ipv4Addr>("IpAddress", ipv4, want_ipv4, kind)?;
        let ipv6 = parse::<Ipv6Addr>("Ipv6Address", ipv6, want_ipv6, kind)?;
        Ok(Self {
            want_ipv4,
            want_ipv6,
            ipv4,
            ipv6,
        })
    }
}

fn parse<T: std::str::FromStr>(
    member: &str,
    text: Option<&str>,
    wanted: bool,
    kind: &str,
) -> Result<Option<T>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    if !wanted {
        return Err(bad_request(format!(
            "{member} cannot be specified with the IP address type {kind}."
        )));
    }
    match text.parse() {
        Ok(address) => Ok(Some(address)),
        Err(_) => Err(bad_request(format!("invalid {member}: {text}"))),
    }
}

/// What EFS answers when EC2 refuses the network interface.
pub(super) fn refused_interface(refusal: InterfaceRefusal, subnet_id: &str) -> ApiError {
    match refusal {
        InterfaceRefusal::NoFreeAddresses => ApiError::new(
            "NoFreeAddressesInSubnet",
            409,
            format!("There are no free IP addresses in the subnet '{subnet_id}'."),
        ),
        InterfaceRefusal::AddressInUse => ApiError::new(
            "IpAddressInUse",
            409,
            format!("The specified IP address is already in use in the subnet '{subnet_id}'."),
        ),
        InterfaceRefusal::AddressOutsideSubnet => bad_request(format!(
            "The specified IP address does not fall within the address range of the subnet '{subnet_id}'."
        )),
    }
}
