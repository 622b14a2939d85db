//! Paths that somebody might really build.

use std::collections::BTreeMap;

use efsctl::audit::reach::{Firewalls, Reach, Stage, open_to_world};
use efsctl::domain::network::{Distant, Peer, Rule};

use super::model::{
    Case, acl, address, attached, entry, from, group, group_id, lenient, nets, nfs,
};

#[test]
fn two_halves_admit_the_whole_and_one_does_not() {
    let mut case = Case::allowing(vec![from("10.0.0.0/25"), from("10.0.0.128/25")]);
    assert_eq!(case.reach(), Reach::Open);
    case = Case::allowing(vec![from("10.0.0.0/25")]);
    assert_eq!(
        case.blocked_at(),
        (Stage::IngressRules, vec!["10.0.0.128/25".to_owned()])
    );
    case = Case::allowing(vec![]);
    case.addresses = nets(&["10.0.0.128/25", "10.0.0.0/25"]);
    let whole = vec!["10.0.0.0/24".to_owned()];
    assert_eq!(case.blocked_at(), (Stage::IngressRules, whole));
    // The other half may be in another group that the mount target has.
    case = Case::allowing(vec![from("10.0.0.0/25")]);
    case.groups
        .extend([group(3, (vec![from("10.0.0.128/25")], vec![]))]);
    case.server = Some(attached(&[2, 3]));
    assert_eq!(case.reach(), Reach::Open);
}

#[test]
fn a_rule_that_names_a_group_admits_its_wearers_from_anywhere() {
    let mut case = Case::allowing(vec![nfs(Peer::Group(group_id(1)))]);
    assert_eq!(case.reach(), Reach::Open);
    case.every = false;
    case.addresses.clear();
    assert_eq!(case.reach(), Reach::Open);
    // A bare range has no groups.
    case = Case::allowing(vec![nfs(Peer::Group(group_id(1)))]);
    case.client = None;
    assert_eq!(
        case.blocked_at(),
        (Stage::IngressRules, vec!["10.0.0.0/24".to_owned()])
    );
}

#[test]
fn a_group_beyond_a_peering_is_admitted_while_the_peering_is_active() {
    let by = |peering: Option<&str>| {
        let distant = Distant {
            id: group_id(1),
            account: Some("444455556666".to_owned()),
            vpc: None,
            peering: peering.map(str::to_owned),
        };
        Case::allowing(vec![nfs(Peer::Distant(distant))])
    };
    for active in [None, Some("active")] {
        assert_eq!(by(active).reach(), Reach::Open, "{active:?}");
    }
    assert_eq!(by(Some("deleted")).blocked_at().0, Stage::IngressRules);
    let doubts = by(Some("suspended")).doubts();
    assert!(doubts[0].contains("suspended"), "{doubts:?}");
    let mut case = by(Some("active"));
    case.client = Some(attached(&[2]));
    assert_eq!(case.blocked_at().0, Stage::IngressRules, "somebody else");
}

#[test]
fn whom_a_rule_means_that_cannot_be_read_is_not_known() {
    let odd = || nfs(Peer::Other("range 10.0.0.0/99".to_owned()));
    let mut case = Case::allowing(vec![odd()]);
    let doubts = case.doubts();
    assert!(doubts[0].contains("10.0.0.0/99"), "{doubts:?}");
    case = Case::allowing(vec![odd(), from("10.0.0.0/16")]);
    assert_eq!(case.reach(), Reach::Open, "the rest decides");
}

#[test]
fn a_group_that_admits_itself_admits_who_wears_it_too() {
    let mut case = Case::allowing(vec![nfs(Peer::Group(group_id(2)))]);
    assert_eq!(case.blocked_at().0, Stage::IngressRules);
    case.client = Some(attached(&[1, 2]));
    assert_eq!(case.reach(), Reach::Open);
}

#[test]
fn all_protocols_are_nfs_too_and_udp_is_not() {
    for (protocol, ports, opens) in [
        ("-1", None, true),
        ("6", Some((2049, 2049)), true),
        ("tcp", Some((1, 3000)), true),
        ("udp", Some((2049, 2049)), false),
        ("tcp", Some((2050, 2060)), false),
    ] {
        let rule = Rule {
            protocol: protocol.to_owned(),
            ports,
            ..from("10.0.0.0/8")
        };
        let is_open = Case::allowing(vec![rule]).reach() == Reach::Open;
        assert_eq!(is_open, opens, "{protocol} {ports:?}");
    }
}

#[test]
fn families_are_judged_apart() {
    let mut case = Case::allowing(vec![from("0.0.0.0/0")]);
    case.addresses = nets(&["fd00::/64"]);
    assert_eq!(
        case.blocked_at(),
        (Stage::AddressFamily, vec!["fd00::/64".to_owned()])
    );
    // A client of both families comes by the one they share.
    case.addresses = nets(&["10.0.0.0/24", "fd00::/64"]);
    assert_eq!(case.reach(), Reach::Open);
    case.doors.push(address("fd00:1::9"));
    assert_eq!(
        case.blocked_at(),
        (Stage::IngressRules, vec!["fd00::/64".to_owned()])
    );
    let rules = vec![from("0.0.0.0/0"), from("fd00::/64")];
    case.groups.extend([group(2, (rules, vec![]))]);
    assert_eq!(case.reach(), Reach::Open);
}

#[test]
fn a_prefix_list_is_its_ranges_and_unknown_until_resolved() {
    let mut case = Case::allowing(vec![nfs(Peer::PrefixList("pl-1".to_owned()))]);
    assert_eq!(
        case.doubts(),
        ["prefix list pl-1 of sg-00000002 could not be resolved"]
    );
    case.prefix_lists
        .insert("pl-1".to_owned(), nets(&["10.0.0.0/25", "10.0.0.128/25"]));
    assert_eq!(case.reach(), Reach::Open);
    case.prefix_lists
        .insert("pl-1".to_owned(), nets(&["10.0.0.0/25"]));
    assert_eq!(
        case.blocked_at(),
        (Stage::IngressRules, vec!["10.0.0.128/25".to_owned()])
    );
}

#[test]
fn what_could_not_be_read_is_said_unless_the_rest_decides() {
    let mut case = Case::allowing(vec![from("10.0.0.0/16")]);
    case.server = Some(attached(&[2, 3]));
    assert_eq!(
        case.reach(),
        Reach::Open,
        "sg-00000003 cannot take anything away"
    );
    case.server = Some(attached(&[3]));
    assert_eq!(case.doubts(), ["sg-00000003 could not be read"]);
    case.server = None;
    assert_eq!(
        case.doubts(),
        ["the mount target's security groups could not be read"]
    );
    case = Case::allowing(vec![from("10.0.0.0/16")]);
    case.server_acl = None;
    assert_eq!(
        case.doubts(),
        ["the network ACL of subnet-00000002 could not be read"]
    );
    // What does not matter is not told.
    case.server = Some(attached(&[2, 3]));
    assert_eq!(case.doubts().len(), 1);
    // It is refused elsewhere, whatever the ACL says.
    case.client_acl = Some(acl(vec![]));
    assert_eq!(case.blocked_at().0, Stage::OutboundAcl);
    case.doors.clear();
    assert_eq!(case.doubts(), ["the mount target's address is not known"]);
}

#[test]
fn the_client_has_to_be_let_out() {
    let ingress = || vec![from("10.0.0.0/16")];
    assert_eq!(
        Case::new(ingress(), vec![]).blocked_at().0,
        Stage::EgressRules
    );
    for egress in [from("10.0.1.9/32"), nfs(Peer::Group(group_id(2)))] {
        assert_eq!(Case::new(ingress(), vec![egress]).reach(), Reach::Open);
    }
    let mut case = Case::new(ingress(), vec![from("10.0.1.8/32")]);
    assert_eq!(case.blocked_at().0, Stage::EgressRules);
    // Of a bare range it is not known.
    case.client = None;
    assert_eq!(case.reach(), Reach::Open);
}

#[test]
fn whoever_wears_a_group_has_some_address_of_the_vpc() {
    let mut case = Case::allowing(vec![from("10.0.0.0/25")]);
    case.every = false;
    assert_eq!(
        case.doubts(),
        ["some of the client's possible addresses are refused"]
    );
    case.addresses = nets(&["10.0.0.0/26"]);
    assert_eq!(case.reach(), Reach::Open);
    case.addresses = nets(&["10.0.0.128/25"]);
    assert_eq!(case.blocked_at(), (Stage::IngressRules, vec![]));
}

#[test]
fn the_entry_with_the_lowest_number_decides() {
    let mut case = Case::allowing(vec![from("10.0.0.0/16")]);
    let mut entries = lenient().entries;
    entries.push(entry(99, false, false, "10.0.0.128/25", (2049, 2049)));
    case.server_acl = Some(acl(entries.clone()));
    assert_eq!(
        case.blocked_at(),
        (Stage::InboundAcl, vec!["10.0.0.128/25".to_owned()])
    );
    entries.push(entry(98, false, true, "10.0.0.0/16", (2000, 2100)));
    case.server_acl = Some(acl(entries.clone()));
    assert_eq!(case.reach(), Reach::Open);
    // Without an entry that matches, it is refused.
    entries.retain(|entry| entry.number == 99);
    case.server_acl = Some(acl(entries));
    assert_eq!(
        case.blocked_at(),
        (Stage::InboundAcl, vec!["10.0.0.0/24".to_owned()])
    );
}

#[test]
fn the_answer_needs_every_ephemeral_port() {
    let nfs_in = || entry(1, false, true, "10.0.0.0/16", (2049, 2049));
    let nfs_out = || entry(1, true, true, "10.0.0.0/16", (2049, 2049));
    for (ports, opens) in [
        ((1024, 65535), true),
        ((0, 65535), true),
        ((1024, 60999), false),
        ((32768, 65535), false),
    ] {
        let mut case = Case::allowing(vec![from("10.0.0.0/16")]);
        let answer = entry(2, true, true, "10.0.0.0/16", ports);
        case.server_acl = Some(acl(vec![nfs_in(), answer]));
        let server_side = case.reach();
        let mut case = Case::allowing(vec![from("10.0.0.0/16")]);
        let answer = entry(2, false, true, "10.0.0.0/16", ports);
        case.client_acl = Some(acl(vec![nfs_out(), answer]));
        let client_side = case.reach();
        assert_eq!(
            [server_side == Reach::Open, client_side == Reach::Open],
            [opens; 2],
            "{ports:?}"
        );
    }
    // Two entries may share the ports.
    let mut case = Case::allowing(vec![from("10.0.0.0/16")]);
    let answers =
        [(1024, 30_000), (30_001, 65535)].map(|ports| entry(7, true, true, "10.0.0.0/16", ports));
    case.server_acl = Some(acl([nfs_in()].into_iter().chain(answers).collect()));
    assert_eq!(case.reach(), Reach::Open);
}

#[test]
fn an_acl_does_not_see_what_stays_in_its_subnet() {
    let mut case = Case::allowing(vec![from("10.0.0.0/16")]);
    case.server_acl = Some(acl(vec![]));
    assert_eq!(case.blocked_at().0, Stage::InboundAcl);
    let subnet = case.server_subnet.take();
    for (ours, theirs) in [(None, None), (subnet.clone(), None), (None, subnet.clone())] {
        (case.client_subnet, case.server_subnet) = (ours, theirs);
        assert_eq!(case.blocked_at().0, Stage::InboundAcl);
    }
    (case.client_subnet, case.server_subnet) = (subnet.clone(), subnet);
    assert_eq!(case.reach(), Reach::Open);
    case.server_acl = None;
    assert_eq!(case.reach(), Reach::Open);
}

#[test]
fn the_world_is_everything_however_it_is_written() {
    let all = |texts: &[&str]| texts.iter().map(|text| from(text)).collect::<Vec<_>>();
    let told = |groups: &[Vec<Rule>], lists: &[&str]| -> Vec<String> {
        let groups: BTreeMap<_, _> = groups
            .iter()
            .enumerate()
            .map(|(n, rules)| group(n, (rules.clone(), vec![])))
            .collect();
        let prefix_lists = BTreeMap::from([("pl-1".to_owned(), nets(lists))]);
        let attached = groups.keys().cloned().collect();
        let firewalls = Firewalls {
            groups: &groups,
            prefix_lists: &prefix_lists,
        };
        let found = open_to_world(&attached, &firewalls);
        found
            .iter()
            .map(|(id, net)| format!("{id} {net}"))
            .collect()
    };
    let list = || vec![nfs(Peer::PrefixList("pl-1".to_owned()))];
    assert_eq!(told(&[all(&["0.0.0.0/0"])], &[]), ["sg-00000000 0.0.0.0/0"]);
    assert_eq!(
        told(&[all(&["::/1", "8000::/1"])], &[]),
        ["sg-00000000 ::/0"]
    );
    assert_eq!(
        told(&[list()], &["0.0.0.0/1", "128.0.0.0/1"]),
        ["sg-00000000 0.0.0.0/0"]
    );
    assert_eq!(
        told(&[all(&["0.0.0.0/1"]), all(&["128.0.0.0/1"])], &[]),
        ["sg-00000000 0.0.0.0/1", "sg-00000001 128.0.0.0/1"]
    );
    // What counts is how much of the Internet it is: all but the addresses that nobody sends from, half of it, or a part that no
    // organisation has. Private networks are not of it, however wide.
    assert_eq!(
        told(&[all(&["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"])], &[]),
        ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"].map(|net| format!("sg-00000000 {net}"))
    );
    assert_eq!(told(&[all(&["2000::/3"])], &[]), ["sg-00000000 2000::/3"]);
    assert_eq!(
        told(
            &[all(&["10.0.0.0/8", "0.0.0.0/1"]), list()],
            &["10.0.0.0/8"]
        ),
        ["sg-00000000 0.0.0.0/1"]
    );
    assert_eq!(
        told(
            &[all(&[
                "10.0.0.0/8",
                "8.0.0.0/8",
                "172.16.0.0/12",
                "224.0.0.0/3",
                "2001:db8::/32",
                "fc00::/7"
            ])],
            &[]
        ),
        [""; 0]
    );
    assert_eq!(
        told(&[all(&["8.0.0.0/8"]), all(&["9.0.0.0/8"])], &[]),
        ["sg-00000000 8.0.0.0/8", "sg-00000001 9.0.0.0/8"]
    );
    assert_eq!(told(&[vec![nfs(Peer::Group(group_id(0)))]], &[]), [""; 0]);
}
