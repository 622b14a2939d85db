//! Tables of `network`.

use super::*;

#[test]
fn only_associated_ranges_are_in_use() {
    let net = |text: &str| -> IpNet { text.parse().unwrap() };
    let of = |state| associated([(net("10.0.0.0/16"), state)]);
    for state in [None, Some("associated")] {
        assert_eq!(of(state), (vec![net("10.0.0.0/16")], Vec::new()));
    }
    for state in NOT_ASSOCIATED {
        assert_eq!(of(Some(state)), (Vec::new(), Vec::new()), "{state}");
    }
    let (in_use, unclear) = of(Some("lent"));
    assert!(in_use.is_empty());
    assert_eq!(unclear, [(net("10.0.0.0/16"), "lent".to_owned())]);
}

#[test]
fn a_distant_group_is_admitted_over_a_peering_that_is_active() {
    let by = |peering: Option<&str>| Distant {
        id: SecurityGroupId::from_aws("sg-00000001"),
        account: Some("444455556666".to_owned()),
        vpc: None,
        peering: peering.map(str::to_owned),
    };
    assert_eq!(by(None).is_in_force(), Some(true));
    assert_eq!(by(Some("active")).is_in_force(), Some(true));
    assert_eq!(by(Some("deleted")).is_in_force(), Some(false));
    assert_eq!(by(Some("suspended")).is_in_force(), None);
    let asked = Peer::Group(SecurityGroupId::from_aws("sg-00000001"));
    let other = Peer::Group(SecurityGroupId::from_aws("sg-00000002"));
    let there = Peer::Distant(by(Some("active")));
    assert!(there.is_same(&asked) && asked.is_same(&asked) && !there.is_same(&other));
    assert_eq!(
        by(Some("deleted")).to_string(),
        "sg-00000001 of account 444455556666 (its peering is deleted)"
    );
}

#[test]
fn a_rule_covers_nfs_by_protocol_and_port() {
    let rule = |protocol: &str, ports| Rule {
        protocol: protocol.to_owned(),
        ports,
        peer: Peer::PrefixList("pl-1".to_owned()),
    };
    let cases = [
        ("tcp", Some((2049, 2049)), true),
        ("tcp", Some((0, 65535)), true),
        ("6", Some((2000, 2049)), true),
        ("-1", None, true),
        ("tcp", Some((2050, 65535)), false),
        ("tcp", Some((22, 22)), false),
        ("udp", Some((2049, 2049)), false),
        ("17", Some((2049, 2049)), false),
        ("quic", Some((443, 443)), true),
    ];
    for (protocol, ports, covered) in cases {
        assert_eq!(
            rule(protocol, ports).covers(NFS_PORT),
            covered,
            "{protocol} {ports:?}"
        );
    }
}
