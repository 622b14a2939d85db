//! The addresses of this host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

/// The address from which this host would ask that one; `None`: it has no route to it. Nothing is sent.
#[must_use]
pub fn address_towards(destination: IpAddr) -> Option<IpAddr> {
    let unspecified: IpAddr = match destination {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // Connecting a datagram socket only chooses the route.
    let socket = UdpSocket::bind((unspecified, 0)).ok()?;
    socket.connect((destination, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_address_is_asked_from_one() {
        let here = address_towards(Ipv4Addr::LOCALHOST.into());
        assert!(here.is_some_and(|ip| ip.is_loopback()), "{here:?}");
    }
}
