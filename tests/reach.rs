//! Reachability, against a model that decides connection by connection without any algebra of sets.

mod model;
mod named;

use std::collections::BTreeSet;
use std::net::IpAddr;

use efsctl::audit::reach::{Passing, Reach, Stage, open_to_world};
use efsctl::domain::ids::SubnetId;
use efsctl::domain::network::{AclEntry, NetworkAcl, Peer, Rule};
use ipnet::IpNet;
use proptest::prelude::*;
use proptest::sample::select;

use self::model::{Attached, Case, WIDE, acl, address, group, group_id, lenient, net};

/// Where generated entries of an ACL begin and end.
const CUTS: [u16; 9] = [0, 1023, 1024, 2048, 2049, 2050, 40_000, 65_534, 65_535];

fn tiny_ranges() -> impl Strategy<Value = IpNet> {
    let v4 =
        (0..16_u8, 28..=32_u8).prop_map(|(host, length)| net(&format!("10.0.0.{host}/{length}")));
    let v6 = (0..16_u8, 124..=128_u8)
        .prop_map(|(host, length)| net(&format!("fd00::{host:x}/{length}")));
    prop_oneof![v4, v6].prop_map(|net| net.trunc())
}

fn ranges() -> impl Strategy<Value = IpNet> {
    prop_oneof![1 => tiny_ranges(), 1 => select(&WIDE[..]).prop_map(net)]
}

fn groups_worn() -> impl Strategy<Value = Attached> {
    prop::collection::btree_set((0..4_usize).prop_map(group_id), 1..3)
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let peer = prop_oneof![
        6 => ranges().prop_map(Peer::Range),
        2 => (0..4_usize).prop_map(|n| Peer::Group(group_id(n))),
        1 => select(vec!["pl-1", "pl-2"]).prop_map(|list| Peer::PrefixList(list.to_owned())),
    ];
    let about = prop_oneof![
        4 => Just(("tcp", Some((2049, 2049)))),
        1 => Just(("-1", None)),
        1 => Just(("6", Some((0, 65535)))),
        1 => Just(("tcp", None)),
        1 => Just(("udp", Some((2049, 2049)))),
        1 => Just(("tcp", Some((22, 2048)))),
    ];
    let rule = (about, peer).prop_map(|((protocol, ports), peer)| Rule {
        protocol: protocol.to_owned(),
        ports,
        peer,
    });
    prop::collection::vec(rule, 0..6)
}

fn acls() -> impl Strategy<Value = NetworkAcl> {
    let ports = || {
        let cuts = (select(&CUTS[..]), select(&CUTS[..]));
        cuts.prop_map(|(one, other)| Some((one.min(other), one.max(other))))
    };
    let about = prop_oneof![
        3 => ports().prop_map(|ports| ("6", ports)),
        1 => Just(("6", None)),
        2 => Just(("-1", None)),
        1 => Just(("-1", Some((0, 0)))),
        1 => Just(("17", None)),
    ];
    let one = (about, any::<bool>(), prop::bool::weighted(0.6), ranges());
    let own = prop::collection::vec(one, 0..4);
    // The entries of a new VPC come last: as they are, for some ports only, or not at all.
    let last = prop_oneof![
        3 => Just(Some(("-1", None))),
        2 => (select(&CUTS[..4]), select(&CUTS[4..])).prop_map(|ports| Some(("6", Some(ports)))),
        1 => Just(None),
    ];
    (own, last, any::<bool>()).prop_map(|(own, last, turned)| {
        let numbered =
            own.into_iter()
                .zip(1..)
                .map(
                    |(((protocol, ports), egress, allow, range), number)| AclEntry {
                        number,
                        egress,
                        protocol: protocol.to_owned(),
                        allow,
                        range,
                        ports,
                    },
                );
        let mut entries: Vec<_> = numbered.collect();
        if let Some((protocol, ports)) = last {
            entries.extend(lenient().entries.into_iter().map(|entry| AclEntry {
                protocol: protocol.to_owned(),
                ports,
                ..entry
            }));
        }
        if turned {
            entries.reverse();
        }
        acl(entries)
    })
}

fn subnets() -> impl Strategy<Value = Option<SubnetId>> {
    let id = |n| SubnetId::from_aws(format!("subnet-0000000{n}"));
    prop_oneof![1 => Just(None), 1 => Just(Some(id(1))), 3 => Just(Some(id(2)))]
}

/// Paths of which all is known.
fn cases() -> impl Strategy<Value = Case> {
    let doors = prop_oneof![
        1 => Just(vec!["10.0.0.9"]),
        1 => Just(vec!["fd00::9"]),
        4 => Just(vec!["10.0.0.9", "fd00::9"]),
        1 => Just(vec!["10.0.0.2", "10.0.0.9"]),
    ];
    let client = (
        prop::bool::weighted(0.7),
        prop_oneof![1 => Just(Vec::new()), 9 => prop::collection::vec(tiny_ranges(), 1..4)],
        prop::option::weighted(0.8, groups_worn()),
        subnets(),
        acls(),
    );
    let server = (doors, groups_worn(), acls());
    let groups = prop::collection::vec((rules(), rules()), 4);
    let lists = [(); 2].map(|()| prop::collection::vec(ranges(), 0..3));
    (client, server, groups, lists).prop_map(|(client, server, rules, lists)| {
        let (every, addresses, attached, client_subnet, client_acl) = client;
        let (doors, server, server_acl) = server;
        Case {
            every,
            addresses,
            client: attached,
            client_subnet,
            client_acl: Some(client_acl),
            doors: doors.into_iter().map(address).collect(),
            server: Some(server),
            server_subnet: Some(SubnetId::from_aws("subnet-00000001")),
            server_acl: Some(server_acl),
            groups: rules
                .into_iter()
                .enumerate()
                .map(|(n, rules)| group(n, rules))
                .collect(),
            prefix_lists: ["pl-1", "pl-2"]
                .map(str::to_owned)
                .into_iter()
                .zip(lists)
                .collect(),
        }
    })
}

/// Paths, and the same paths with some of it not known.
fn hidden() -> impl Strategy<Value = (Case, Case)> {
    let seldom = || prop::bool::weighted(0.15);
    let hide = (
        prop::collection::vec(seldom(), 4),
        prop::collection::vec(prop::bool::weighted(0.5), 2),
        [seldom(), seldom(), seldom()],
    );
    (cases(), hide).prop_map(
        |(whole, (groups, lists, [client_acl, server_acl, server]))| {
            let mut case = whole.clone();
            for n in (0..4).filter(|n| groups[*n]) {
                case.groups.remove(&group_id(n));
            }
            for (list, _) in ["pl-1", "pl-2"].iter().zip(lists).filter(|(_, hide)| *hide) {
                case.prefix_lists.remove(*list);
            }
            case.client_acl.take_if(|_| client_acl);
            case.server_acl.take_if(|_| server_acl);
            case.server.take_if(|_| server);
            // Without subnet and ACL the client's side is not judged: that is not hidden, it is another question.
            let mut whole = whole;
            if case.client_subnet.is_none() && case.client_acl.is_none() {
                whole.client_acl = None;
            }
            (whole, case)
        },
    )
}

fn each(uncovered: &[IpNet], case: &Case) -> BTreeSet<IpAddr> {
    let inside = |host: &IpAddr| uncovered.iter().any(|net| net.contains(host));
    case.hosts().into_iter().filter(inside).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// All is known: the answer is that of the model, to the stage and to the address.
    #[test]
    fn what_is_known_is_decided(case in cases()) {
        match (case.reach(), case.verdict()) {
            (Reach::Open, None) => prop_assert!(case.is_open()),
            (Reach::Blocked { stage, uncovered }, Some((refusing, refused))) => {
                prop_assert_eq!(stage, refusing);
                prop_assert_eq!(each(&uncovered, &case), if case.every { refused } else { BTreeSet::new() });
                prop_assert!(uncovered.iter().all(|net| case.addresses.iter().any(|whole| whole.contains(net))
                    || IpNet::aggregate(&case.addresses).iter().any(|whole| whole.contains(net))));
            }
            // One address would do, and some would: which it has is all there is to know.
            (Reach::Unknown { why }, None) => {
                prop_assert!(!case.every && !case.is_open());
                prop_assert_eq!(why.len(), 1, "{:?}", why);
            }
            (said, model) => prop_assert!(false, "{:?}, and the model {:?}", said, model),
        }
    }

    /// Something is not known: it is said exactly if it could turn out either way.
    #[test]
    fn what_is_not_known_is_said_only_if_it_matters((whole, case) in hidden()) {
        let (worst, best) = (case.resolved(false), case.resolved(true));
        match case.reach() {
            Reach::Open => prop_assert!(worst.is_open() && whole.is_open()),
            Reach::Blocked { stage, uncovered } => {
                let (refusing, refused) = best.verdict().unwrap();
                prop_assert_eq!(stage, refusing);
                prop_assert_eq!(each(&uncovered, &best), if case.every { refused } else { BTreeSet::new() });
                prop_assert!(whole.verdict().is_some());
            }
            Reach::Unknown { why } => {
                prop_assert!(!worst.is_open() && best.verdict().is_none());
                prop_assert!(!why.is_empty());
            }
        }
    }

    /// The stages, each by itself, say nothing else than the verdict: what is open is open everywhere, and what is closed anywhere is
    /// blocked, there or before.
    #[test]
    fn the_stages_do_not_contradict_the_verdict((_, case) in hidden()) {
        let stages = case.stages();
        let closed: Vec<Stage> = stages
            .iter()
            .filter(|(_, passing)| matches!(passing, Passing::Closed(_)))
            .map(|(stage, _)| *stage)
            .collect();
        match case.reach() {
            Reach::Open => prop_assert!(stages.iter().all(|(_, passing)| *passing == Passing::Open), "{stages:?}"),
            Reach::Blocked { stage, .. } => prop_assert!(closed.iter().all(|one| *one >= stage), "{stage:?}: {closed:?}"),
            Reach::Unknown { .. } => prop_assert!(closed.is_empty(), "{closed:?}"),
        }
    }

    /// Where everybody is let in, so is the Internet; and what is said to be let in, is.
    #[test]
    fn the_world_is_let_in_if_everybody_is(case in cases()) {
        let found = open_to_world(case.server.as_ref().unwrap(), &case.firewalls());
        for family in ["0.0.0.0/0", "::/0"].map(net) {
            let stranger = Case { client: None, addresses: vec![family], every: true, ..case.clone() };
            let hosts = stranger.hosts();
            let all = hosts.iter().all(|host| case_admits(&stranger, *host));
            let of_family: Vec<_> = found.iter().map(|(_, net)| *net).filter(|net| family.contains(net)).collect();
            prop_assert!(!all || !of_family.is_empty(), "{:?}", found);
            for host in hosts.iter().filter(|host| of_family.iter().any(|net| net.contains(*host))) {
                prop_assert!(case_admits(&stranger, *host), "{host} in {found:?}");
            }
        }
    }
}

fn case_admits(case: &Case, host: IpAddr) -> bool {
    case.passes(Stage::IngressRules, host, case.doors[0])
}
