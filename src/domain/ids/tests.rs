//! Tables of `ids`.

use super::*;

#[test]
fn names_are_what_aws_takes_in_a_token_and_in_a_group_name() {
    let longest = "a".repeat(50);
    for good in ["a", "9", "demo", "team.a_b-c", longest.as_str()] {
        let name: Name = good.parse().unwrap();
        assert!(name.token().len() <= 64, "{good}");
    }
    let too_long = "a".repeat(51);
    for bad in [
        "",
        "fs-12345678",
        "-a",
        ".a",
        "a/b",
        "a b",
        "ä",
        "a:b",
        too_long.as_str(),
    ] {
        assert!(bad.parse::<Name>().is_err(), "{bad}");
    }
}

#[test]
fn ids_follow_the_pattern_of_the_service_model() {
    for good in ["fs-01234567", "fs-0123456789abcdef0"] {
        assert!(good.parse::<FileSystemId>().is_ok(), "{good}");
    }
    for bad in [
        "fs-",
        "fs-0123",
        "fs-0123456G",
        "fs-ABCDEF01",
        "fsmt-01234567",
        "fs_01234567",
        "01234567",
    ] {
        assert!(bad.parse::<FileSystemId>().is_err(), "{bad}");
    }
}

#[test]
fn a_reference_is_an_id_an_arn_or_a_name() {
    let id = Reference::Id(FileSystemId::from_aws("fs-01234567"));
    let arn = "arn:aws-cn:elasticfilesystem:cn-north-1:111122223333:file-system/fs-01234567";
    assert_eq!("fs-01234567".parse(), Ok(id));
    let there = FileSystemId::of_another_account(arn);
    assert_eq!(there.account(), Some("111122223333"));
    assert_eq!(there.bare(), "fs-01234567");
    let here = FileSystemId::from_aws("fs-01234567");
    assert_eq!((here.account(), here.bare()), (None, "fs-01234567"));
    let named: Reference = arn.parse().unwrap();
    assert!(matches!(&named, Reference::Arn { region, .. } if region == "cn-north-1"));
    assert_eq!(named.to_string(), "fs-01234567");
    assert!(matches!("demo".parse(), Ok(Reference::Name(_))));
    for bad in [
        "fs-xyz",
        "arn:aws:s3:::bucket",
        "arn:aws:elasticfilesystem:r:1:file-system/x",
        "a/b",
        "",
    ] {
        assert!(bad.parse::<Reference>().is_err(), "{bad}");
    }
}

#[test]
fn a_zone_has_a_region_and_a_letter() {
    assert!("eu-west-1a".parse::<Zone>().is_ok());
    assert!("us-west-2-lax-1a".parse::<Zone>().is_ok());
    for bad in ["eu-west-1", "a", "eu-west-1A", ""] {
        assert!(bad.parse::<Zone>().is_err(), "{bad}");
    }
    let carries = |zone: &str| Zone::from_aws(zone).is_availability_zone_of("us-west-2");
    assert!(carries("us-west-2d"));
    assert!(
        !carries("us-west-2-lax-1a")
            && !carries("us-west-2-wl1-den-wlz-1")
            && !carries("us-east-1a")
    );
}

#[test]
fn what_is_not_created_yet_is_told_from_every_id() {
    let pending = FileSystemId::after_create();
    assert!(!pending.is_known());
    assert_ne!(pending, FileSystemId::from_aws(pending.as_str()));
    let zones = ["eu-west-1a", "eu-west-1b"].map(Zone::from_aws);
    let [a, b] = zones.map(|zone| NetworkInterfaceId::after_create_in(&zone));
    assert!(a != b && !a.is_known() && !b.is_known());
    let id: FileSystemId = serde_json::from_str("\"fs-01234567\"").unwrap();
    assert!(id.is_known());
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"fs-01234567\"");
}
