//! Whom the group allows that is made for the first mount targets.

use crate::domain::text::list;
use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::audit::check::CheckInput;
use crate::audit::checks::path;
use crate::audit::reach::is_wide;
use crate::domain::advice::Advice;
use crate::domain::keyword::Keyword;
use crate::domain::network::{Peer, Source};
use crate::domain::placement::Placement;
use crate::domain::spec::IpType;

/// The stated clients, where they can reach those mount targets at all.
pub(super) fn sources(
    input: &CheckInput<'_>,
    (placement, ip_type): (&Placement, IpType),
    notes: &mut Vec<Advice>,
) -> Vec<Source> {
    let mut sources = BTreeSet::new();
    let reaches = |range: &IpNet| match range {
        IpNet::V4(_) => ip_type != IpType::Ipv6,
        IpNet::V6(_) => ip_type != IpType::Ipv4,
    };
    for client in input.clients {
        let addresses = &client.addresses;
        if !addresses.is_empty() && !addresses.iter().any(reaches) {
            let why = format!(
                "{} reaches none of the mount targets that are added: they have {} addresses; add others yourself: ",
                client.stated,
                ip_type.keyword()
            );
            let by_hand = input.aws_efs(
                "create-mount-target",
                "--subnet-id SUBNET --ip-address-type DUAL_STACK",
            );
            notes.push(Advice::from(why).run(by_hand));
        }
        match path::peers(input, client, &placement.vpc) {
            Ok(peers) => sources.extend(peers.into_iter().filter_map(|peer| match peer {
                Peer::Group(id) => Some(Source::Group(id)),
                Peer::Range(range) => reaches(&range).then_some(Source::Range(range)),
                Peer::PrefixList(_) | Peer::Distant(_) | Peer::Other(_) => None,
            })),
            Err(why) => notes.push(format!("{} is not allowed: {why}", client.stated).into()),
        }
    }
    let range = |source: &Source| match source {
        Source::Range(range) => Some(*range),
        _ => None,
    };
    let ranges: Vec<IpNet> = sources.iter().filter_map(range).collect();
    if IpNet::aggregate(&ranges).iter().any(is_wide) {
        notes.push(
            format!(
                "the group to create does not allow {}: NFS would be open to the Internet",
                list(&ranges)
            )
            .into(),
        );
        sources.retain(|source| range(source).is_none());
    }
    sources.into_iter().collect()
}
