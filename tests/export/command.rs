//! The command: regions, exit codes, and what goes where.

use super::parsed::Parsed;
use crate::support::cli::Ended;
use crate::support::world::{World, WorldFile, world};

fn export(place: &WorldFile, arguments: &str) -> Ended {
    place
        .efsctl(&format!("export {arguments} --format terraform"))
        .run()
}

fn two_regions() -> World {
    world()
        .account("111122223333")
        .disabled_region("ap-east-1")
        .file_system("north")
        .set("id", "fs-000000000000000e1")
        .region("us-east-1")
        .file_system("south")
        .set("id", "fs-000000000000000a1")
}

#[test]
fn several_regions_are_one_configuration() {
    let place = two_regions().file();
    let ended = export(&place, "--all --region all");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let parsed = Parsed::of(&ended.stdout);
    let ids: Vec<String> = parsed.imported().into_iter().map(|(_, id)| id).collect();
    assert_eq!(
        ids,
        [
            "fs-000000000000000a1@us-east-1",
            "fs-000000000000000e1@eu-west-1"
        ]
    );
    for (name, region) in [
        ("fs_000000000000000a1", "us-east-1"),
        ("fs_000000000000000e1", "eu-west-1"),
    ] {
        let body = &parsed.resources[&format!("aws_efs_file_system.{name}")];
        assert_eq!(
            super::parsed::attribute(body, "region"),
            format!("\"{region}\"")
        );
    }
    let named = export(&place, "south north --region eu-west-1,us-east-1");
    assert_eq!(
        (named.code, named.stdout),
        (
            0,
            ended
                .stdout
                .replace("us-east-1, eu-west-1", "eu-west-1, us-east-1")
        ),
        "the same"
    );
}

/// An id that two regions have makes two names.
#[test]
fn an_address_is_there_once() {
    let place = two_regions().set("id", "fs-000000000000000e1").file();
    let ended = export(&place, "--all --region eu-west-1,us-east-1");
    let parsed = Parsed::of(&ended.stdout);
    let names: Vec<&String> = parsed.resources.keys().collect();
    assert_eq!(
        names,
        [
            "aws_efs_file_system.fs_000000000000000e1_eu_west_1",
            "aws_efs_file_system.fs_000000000000000e1_us_east_1"
        ]
    );
}

#[test]
fn one_region_is_about_itself() {
    let place = two_regions().file();
    let ended = export(&place, "north --region eu-west-1");
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (
            0,
            place
                .efsctl("list --region eu-west-1")
                .run()
                .stderr
                .as_str()
        )
    );
    assert!(
        ended.stdout.contains("  id = \"fs-000000000000000e1\"\n"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains("region "), "{}", ended.stdout);
    let ended = export(&place, "south --region eu-west-1");
    assert_eq!((ended.code, ended.stdout.as_str()), (7, ""));
    assert!(
        ended.stderr.contains("it is in us-east-1"),
        "{}",
        ended.stderr
    );
    let ended = export(&place, "nowhere --region all");
    assert_eq!((ended.code, ended.stdout.as_str()), (7, ""));
    assert!(
        ended
            .stderr
            .contains("there is no file system `nowhere` in any of these regions"),
        "{}",
        ended.stderr
    );
    let ended = export(&place, "--all --region eu-west-2");
    assert_eq!(ended.code, 0);
    assert!(
        ended
            .stderr
            .contains("note: there is no file system to export"),
        "{}",
        ended.stderr
    );
    assert!(Parsed::of(&ended.stdout).resources.is_empty());
}

#[test]
fn what_is_missing_is_an_exit_code() {
    let place = two_regions()
        .denied(&["elasticfilesystem:DescribeFileSystemPolicy"])
        .file();
    let ended = export(&place, "north --region eu-west-1");
    assert_eq!(ended.code, 8);
    assert!(ended.stdout.contains("# the policy of fs-000000000000000e1 could not be read: DescribeFileSystemPolicy is denied (the caller needs elasticfilesystem:DescribeFileSystemPolicy)"), "{}", ended.stdout);
    assert!(ended.stderr.contains("error: the export is incomplete: DescribeFileSystemPolicy is denied\nhint: what is missing is named in the output; the caller needs elasticfilesystem:DescribeFileSystemPolicy\n"), "{}", ended.stderr);
    let place = two_regions().file();
    let ended = export(&place, "--all --region eu-west-1,ap-east-1");
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("# ap-east-1 could not be read: "),
        "{}",
        ended.stdout
    );
    assert!(
        ended
            .stderr
            .contains("the export is incomplete: 1 region could not be read"),
        "{}",
        ended.stderr
    );
    let none = place
        .efsctl("export --all --region ap-east-1 --format terraform")
        .run();
    assert_eq!((none.code, none.stdout.as_str()), (8, ""));
}
