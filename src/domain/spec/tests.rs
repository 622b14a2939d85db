//! Tables of `spec`.

use super::*;
use crate::domain::settings::Wish;
use crate::domain::settings::lifecycle::Days;
use crate::domain::settings::throughput::InvalidThroughput;

fn spec(change: impl FnOnce(&mut Spec)) -> Result<(), SpecError> {
    let mut spec = Spec::new("demo".parse().unwrap());
    change(&mut spec);
    spec.check()
}

#[test]
fn throughput_is_a_mode_with_an_amount_where_it_needs_one() {
    assert_eq!("bursting".parse(), Ok(Throughput::Bursting));
    assert_eq!("elastic".parse(), Ok(Throughput::Elastic));
    assert_eq!("provisioned=64".parse(), Ok(Throughput::Provisioned(64.0)));
    assert_eq!(
        "provisioned".parse::<Throughput>(),
        Err(InvalidThroughput::NoAmount)
    );
    for bad in [
        "provisioned=0",
        "provisioned=4000",
        "provisioned=x",
        "provisioned=NaN",
        "fast",
        "elastic=1",
        "",
    ] {
        assert!(bad.parse::<Throughput>().is_err(), "{bad}");
    }
}

#[test]
fn combinations_aws_refuses_are_refused_first() {
    let zone: Zone = "eu-west-1a".parse().unwrap();
    let days = |text: &str| -> Option<Days> { text.parse().ok() };
    assert_eq!(spec(|_| ()), Ok(()));
    assert_eq!(
        spec(|s| {
            s.performance = Some(PerformanceMode::MaxIo);
            s.settings.throughput = Wish::Set(Throughput::Elastic);
        }),
        Err(SpecError::MaxIoElastic)
    );
    assert_eq!(
        spec(|s| {
            s.performance = Some(PerformanceMode::MaxIo);
            s.one_zone = Some(zone.clone());
        }),
        Err(SpecError::MaxIoOneZone)
    );
    assert_eq!(
        spec(|s| {
            s.settings.throughput = Wish::Set(Throughput::Bursting);
            s.settings.lifecycle.to_archive = days("90d").into();
        }),
        Err(SpecError::ArchiveNeedsElastic)
    );
    assert_eq!(
        spec(|s| {
            s.settings.throughput = Wish::Set(Throughput::Elastic);
            s.settings.lifecycle.to_archive = days("90d").into();
        }),
        Ok(())
    );
    assert!(matches!(
        spec(|s| {
            s.settings.throughput = Wish::Set(Throughput::Elastic);
            s.settings.lifecycle.to_ia = days("90d").into();
            s.settings.lifecycle.to_archive = days("30d").into();
        }),
        Err(SpecError::Lifecycle(_))
    ));
    assert!(matches!(
        spec(|s| {
            s.one_zone = Some(zone.clone());
            s.placement.zones = vec!["eu-west-1b".parse().unwrap()];
        }),
        Err(SpecError::OneZoneElsewhere(..))
    ));
    let open = |ranges: &[&str]| {
        let sources = ranges.iter().map(|range| range.parse().unwrap()).collect();
        spec(|s| s.access = Access::Make(sources))
    };
    for wide in [
        &["0.0.0.0/0"][..],
        &["::/0"],
        &["0.0.0.0/1", "128.0.0.0/1"],
        &["8.0.0.0/8", "9.0.0.0/8"],
        &["10.0.0.0/8", "2000::/16"],
    ] {
        let error = open(wide);
        assert!(
            matches!(error, Err(SpecError::OpenToTheWorld(_))),
            "{wide:?}"
        );
    }
    for narrow in [&["10.0.0.0/8"][..], &["8.0.0.0/8"], &["2001:db8::/32"]] {
        assert_eq!(open(narrow), Ok(()), "{narrow:?}");
    }
    assert_eq!(
        spec(|s| {
            s.access = Access::Make(vec!["0.0.0.0/0".parse().unwrap()]);
            s.open_to_the_world = true;
        }),
        Ok(())
    );
    let groups = |count| {
        let id = |n| SecurityGroupId::from_aws(format!("sg-000000{n:02}"));
        Access::Groups((0..count).map(id).collect())
    };
    // A raised quota may take more than five: that is for EFS to say.
    assert_eq!(spec(|s| s.access = groups(16)), Ok(()));
    assert_eq!(
        spec(|s| s.access = groups(17)),
        Err(SpecError::TooManyGroups(17))
    );
}
