//! Which addresses of a subnet are free.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// The addresses of a range AWS hands out: all but the first four and the last (VPC user guide, "Subnet
/// CIDR blocks"), as first address and count.
pub(super) fn usable(range: Ipv4Net) -> (u32, u32) {
    let size = u64::from(u32::from(range.broadcast()) - u32::from(range.network())) + 1;
    let count = u32::try_from(size.saturating_sub(5)).unwrap_or(u32::MAX);
    (u32::from(range.network()).saturating_add(4), count)
}

/// A free address, looked for from a starting point on, as AWS does not hand them out in order.
pub(super) fn free(range: Ipv4Net, taken: &BTreeSet<Ipv4Addr>, start: u64) -> Option<Ipv4Addr> {
    let (first, count) = usable(range);
    if count == 0 {
        return None;
    }
    let offset = u32::try_from(start % u64::from(count)).unwrap_or_default();
    let candidates = (offset..count).chain(0..offset);
    candidates
        .map(|index| Ipv4Addr::from(first + index))
        .find(|address| !taken.contains(address))
}

/// The IPv6 address of a subnet that ends in a number.
pub(super) fn ipv6(range: Ipv6Net, number: u64) -> Ipv6Addr {
    let host = u128::from(number) & u128::from(range.hostmask());
    Ipv6Addr::from(u128::from(range.network()) | host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_28_has_eleven_addresses_and_then_none() {
        let range: Ipv4Net = "10.0.0.16/28".parse().unwrap();
        let mut taken = BTreeSet::new();
        for start in 0..11 {
            let address = free(range, &taken, start * 7).unwrap();
            assert!(
                (20..=30).contains(&address.octets()[3]),
                "{address} is not reserved"
            );
            assert!(taken.insert(address), "{address} is new");
        }
        assert_eq!(free(range, &taken, 3), None);
    }
}
