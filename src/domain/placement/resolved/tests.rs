//! Tables of `Placement`.

use super::super::tests::subnet;
use super::*;
use crate::domain::spec::IpType;
use crate::domain::state::State;

fn spec(change: impl FnOnce(&mut Spec)) -> Spec {
    let mut spec = Spec::new("demo".parse().unwrap());
    change(&mut spec);
    spec
}

/// The layout where nothing is known but the subnets.
fn choose(spec: &Spec, candidates: &[Subnet]) -> Result<Placement, PlacementError> {
    let preferences = Preferences {
        ip_type: spec.ip_type,
        ..Preferences::default()
    };
    Placement::of(spec, candidates, &preferences)
}

fn chosen(placement: &Placement) -> Vec<&str> {
    placement
        .zones
        .iter()
        .map(|site| site.subnet.as_str())
        .collect()
}

#[test]
fn one_subnet_per_zone_whatever_the_order() {
    let mut subnets = vec![
        subnet("subnet-a1", "vpc-1", "x-1a", 10),
        subnet("subnet-a2", "vpc-1", "x-1a", 20),
        subnet("subnet-b2", "vpc-1", "x-1b", 5),
        subnet("subnet-b1", "vpc-1", "x-1b", 5),
    ];
    let placement = choose(&spec(|_| ()), &subnets).unwrap();
    assert_eq!(chosen(&placement), ["subnet-a2", "subnet-b1"]);
    assert!(placement.notes.is_empty());
    subnets.reverse();
    assert_eq!(choose(&spec(|_| ()), &subnets).unwrap(), placement);
}

#[test]
fn two_named_subnets_of_one_zone_give_one_and_a_note() {
    let subnets = [
        subnet("subnet-a1", "vpc-1", "x-1a", 10),
        subnet("subnet-a2", "vpc-1", "x-1a", 20),
    ];
    let asked = spec(|s| s.placement.subnets = subnets.iter().map(|s| s.id.clone()).collect());
    let placement = choose(&asked, &subnets).unwrap();
    assert_eq!(chosen(&placement), ["subnet-a2"]);
    assert_eq!(placement.notes.len(), 1);
    assert!(
        placement.notes[0].1.contains("subnet-a1"),
        "{}",
        placement.notes[0].1
    );
}

#[test]
fn subnets_of_two_vpcs_are_refused() {
    let subnets = [
        subnet("subnet-a", "vpc-1", "x-1a", 1),
        subnet("subnet-b", "vpc-2", "x-1b", 1),
    ];
    let asked = spec(|s| s.placement.subnets = subnets.iter().map(|s| s.id.clone()).collect());
    assert!(matches!(
        choose(&asked, &subnets),
        Err(PlacementError::SeveralVpcs(_))
    ));
    let named = spec(|s| {
        s.placement.vpc = Some(VpcId::from_aws("vpc-1"));
        s.placement.subnets = vec![SubnetId::from_aws("subnet-b")];
    });
    assert!(matches!(
        choose(&named, &subnets[1..]),
        Err(PlacementError::OtherVpc { .. })
    ));
}

#[test]
fn a_subnet_that_can_have_no_mount_target_is_left_out_or_refused() {
    let spoilt = |spoil: fn(&mut Subnet)| {
        let mut larger = subnet("subnet-a2", "vpc-1", "x-1a", 4000);
        spoil(&mut larger);
        larger
    };
    for (larger, why) in [
        (
            spoilt(|s| s.outpost = Some("arn:aws:outposts:x:1:outpost/op-1".to_owned())),
            "Outpost",
        ),
        (
            spoilt(|s| s.kind = Some("Elastic VMware Service".to_owned())),
            "VMware",
        ),
        (
            spoilt(|s| s.state = Some(State::Other("pending".to_owned()))),
            "pending",
        ),
        (
            spoilt(|s| s.state = Some(State::Other("failed-insufficient-capacity".to_owned()))),
            "failed-insufficient-capacity",
        ),
    ] {
        let smaller = subnet("subnet-a1", "vpc-1", "x-1a", 10);
        let both = [larger.clone(), smaller.clone()];
        let placement = choose(&spec(|_| ()), &both).unwrap();
        assert_eq!(chosen(&placement), ["subnet-a1"]);
        assert!(placement.notes.is_empty(), "another one of the zone does");

        let elsewhere = subnet("subnet-b1", "vpc-1", "x-1b", 10);
        let placement = choose(&spec(|_| ()), &[larger.clone(), elsewhere]).unwrap();
        assert_eq!(chosen(&placement), ["subnet-b1"]);
        assert!(placement.notes[0].1.contains(why), "{:?}", placement.notes);

        let named = spec(|s| s.placement.subnets = vec![larger.id.clone()]);
        let refused = choose(&named, std::slice::from_ref(&larger)).unwrap_err();
        assert!(matches!(refused, PlacementError::Unusable(..)));
        assert!(refused.to_string().contains(why), "{refused}");
        let zone = spec(|s| s.placement.zones = vec![larger.zone.clone()]);
        for asked in [zone, spec(|_| ())] {
            let refused = choose(&asked, std::slice::from_ref(&larger)).unwrap_err();
            assert!(
                matches!(refused, PlacementError::NoneUsable(_)),
                "{refused}"
            );
            assert!(refused.to_string().contains(why), "{refused}");
        }
    }
    let mut stateless = subnet("subnet-a", "vpc-1", "x-1a", 10);
    stateless.state = None;
    assert_eq!(
        chosen(&choose(&spec(|_| ()), &[stateless]).unwrap()),
        ["subnet-a"]
    );
}

#[test]
fn zones_narrow_the_choice_and_must_have_a_subnet() {
    let subnets = [
        subnet("subnet-a", "vpc-1", "x-1a", 1),
        subnet("subnet-b", "vpc-1", "x-1b", 1),
    ];
    let asked = spec(|s| s.placement.zones = vec![Zone::from_aws("x-1b")]);
    assert_eq!(chosen(&choose(&asked, &subnets).unwrap()), ["subnet-b"]);
    let one_zone = spec(|s| s.one_zone = Some(Zone::from_aws("x-1a")));
    assert_eq!(chosen(&choose(&one_zone, &subnets).unwrap()), ["subnet-a"]);
    let absent = spec(|s| s.placement.zones = vec![Zone::from_aws("x-1c")]);
    assert!(matches!(
        choose(&absent, &subnets),
        Err(PlacementError::NoSubnetInZone { .. })
    ));
    assert_eq!(choose(&spec(|_| ()), &[]), Err(PlacementError::Nothing));
}

#[test]
fn addresses_must_fit_the_subnet() {
    let mut dual = subnet("subnet-d", "vpc-1", "x-1a", 1);
    dual.ranges = vec!["fd00::/64".parse().unwrap()];
    let subnets = [subnet("subnet-4", "vpc-1", "x-1a", 9), dual];
    let wish = spec(|s| s.ip_type = IpType::DualStack);
    assert_eq!(chosen(&choose(&wish, &subnets).unwrap()), ["subnet-d"]);
    let named = spec(|s| {
        s.ip_type = IpType::DualStack;
        s.placement.subnets = vec![SubnetId::from_aws("subnet-4")];
    });
    assert!(matches!(
        choose(&named, &subnets[..1]),
        Err(PlacementError::IpType(..))
    ));
}
