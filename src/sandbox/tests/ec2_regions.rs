//! Which regions there are, and which of them the account has enabled.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::scenario::parse;

use super::ec2_support::*;

/// An account that has not enabled two of the opt-in regions.
fn narrow() -> World {
    parse("disabled_regions = ['af-south-1', 'me-south-1']", NOW).unwrap()
}

/// The names and states of the regions that a form is answered with.
fn regions(world: &mut World, form: &str) -> Vec<(String, String)> {
    let form = format!("Action=DescribeRegions&{form}");
    let (status, xml) = call(region(world), &form);
    assert_eq!(status, 200, "{xml}");
    let items = xml.split("<item>").skip(1);
    items
        .map(|item| {
            (
                inner(item, "regionName").to_owned(),
                inner(item, "optInStatus").to_owned(),
            )
        })
        .collect()
}

#[test]
fn regions_that_are_not_enabled_are_shown_when_they_are_asked_for() {
    let mut world = narrow();
    let enabled = regions(&mut world, "");
    let all = regions(&mut world, "AllRegions=true");
    assert_eq!((enabled.len(), all.len()), (32, 34));
    assert!(enabled.iter().all(|(_, status)| status != "not-opted-in"));
    let region = |name: &str, status: &str| (name.to_owned(), status.to_owned());
    for wanted in [
        region("eu-west-1", "opt-in-not-required"),
        region("eu-south-1", "opted-in"),
        region("me-south-1", "not-opted-in"),
    ] {
        assert!(all.contains(&wanted), "{wanted:?}");
    }
    assert_eq!(
        regions(
            &mut world,
            "RegionName.1=me-south-1&RegionName.2=eu-south-1"
        ),
        [
            region("eu-south-1", "opted-in"),
            region("me-south-1", "not-opted-in")
        ]
    );
}

#[test]
fn a_new_account_has_enabled_every_region() {
    let mut world = world();
    let all = regions(&mut world, "AllRegions=true");
    assert_eq!(regions(&mut world, ""), all);
    assert_eq!(all.len(), 34);
}

#[test]
fn regions_are_filtered_by_name_endpoint_and_state() {
    let mut world = narrow();
    let mut names = |form: &str| -> Vec<String> {
        let found = regions(&mut world, form).into_iter();
        found.map(|(name, _)| name).collect()
    };
    let filter = |name: &str, value: &str| format!("Filter.1.Name={name}&Filter.1.Value.1={value}");
    assert_eq!(
        names(&filter("region-name", "eu-west-*")),
        ["eu-west-1", "eu-west-2", "eu-west-3"]
    );
    assert_eq!(
        names(&filter("endpoint", "ec2.us-east-1.amazonaws.com")),
        ["us-east-1"]
    );
    let off = filter("opt-in-status", "not-opted-in");
    assert!(names(&off).is_empty());
    assert_eq!(
        names(&format!("AllRegions=true&{off}")),
        ["af-south-1", "me-south-1"]
    );
}

#[test]
fn a_region_is_shown_with_its_endpoint() {
    let mut world = world();
    let form = "Action=DescribeRegions&RegionName.1=eu-west-1";
    let (_, xml) = call(region(&mut world), form);
    assert_eq!(
        inner(&xml, "regionInfo"),
        "<item><regionName>eu-west-1</regionName>\
         <regionEndpoint>ec2.eu-west-1.amazonaws.com</regionEndpoint>\
         <optInStatus>opt-in-not-required</optInStatus></item>"
    );
    let china = world.region("cn-north-1", NOW).unwrap();
    let (_, xml) = call(china, "Action=DescribeRegions");
    assert_eq!(xml.matches("<regionName>cn-").count(), 2);
    assert!(xml.contains("ec2.cn-north-1.amazonaws.com.cn"));
}

#[test]
fn what_is_no_region_or_no_flag_is_refused() {
    let mut world = narrow();
    for (form, code) in [
        ("RegionName.1=eu-nowhere-1", "InvalidParameterValue"),
        ("RegionName.1=cn-north-1", "InvalidParameterValue"),
        ("AllRegions=perhaps", "InvalidParameterValue"),
        (
            "Filter.1.Name=colour&Filter.1.Value.1=red",
            "InvalidParameterValue",
        ),
        ("DryRun=true", "DryRunOperation"),
    ] {
        let (_, xml) = call(
            region(&mut world),
            &format!("Action=DescribeRegions&{form}"),
        );
        assert_eq!(inner(&xml, "Code"), code, "{form}");
    }
}

#[test]
fn only_opt_in_regions_can_be_disabled() {
    for name in ["eu-west-1", "nowhere-1"] {
        let error = parse(&format!("disabled_regions = ['{name}']"), NOW).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("disabled region `{name}`: only an opt-in region can be disabled")
        );
    }
}

#[test]
fn what_is_disabled_stays_so_in_the_state_file_and_an_old_one_has_nothing_disabled() {
    let text = serde_json::to_string(&narrow()).unwrap();
    let mut again: World = serde_json::from_str(&text).unwrap();
    assert_eq!(regions(&mut again, "").len(), 32);
    let text = serde_json::to_string(&world()).unwrap();
    assert!(!text.contains("disabled_regions"), "{text}");
    let mut old: World = serde_json::from_str(&text).unwrap();
    assert_eq!(regions(&mut old, "").len(), 34);
}
