//! What should be gone: a rollback, and `delete`.

use super::desired::{unwanted, unwanted_all};
use super::observed::{nothing, observed};
use super::table::next_rows;

next_rows!(everything_goes_in_the_order_of_aws {
    "nothing should go":
        unwanted(), observed()
        => [];
    "nothing is there":
        unwanted_all(), nothing()
        => [];
    "access points and mount targets first":
        unwanted_all(), observed().mount_target('b', "available").access_point("fsap-1", "available")
        => ["delete fsap-1", "delete fsmt-a", "delete fsmt-b"];
    "the file system waits for its mount targets":
        unwanted_all(), observed().mount_target('a', "deleting")
        => ["wait for mount targets"];
    "and for its access points":
        unwanted_all(), observed().without_mount_target('a').access_point("fsap-1", "deleting")
        => ["wait for access points"];
    "then the file system and the group, side by side":
        unwanted_all(), observed().without_mount_target('a')
        => ["delete fs-data", "delete sg-made"];
    "what is listed as deleted holds nothing up":
        unwanted_all(), observed().mount_target('a', "deleted").access_point("fsap-1", "deleted")
        => ["delete fs-data", "delete sg-made"];
    "the file system is being deleted":
        unwanted_all(), observed().without_mount_target('a').file_system_is("deleting").without_group()
        => ["wait for file system"];
    "the file system was deleted":
        unwanted_all(), observed().without_mount_target('a').file_system_is("deleted")
        => ["delete sg-made"];
});

next_rows!(each_state_of_what_goes {
    "a mount target that is being created is deleted at once":
        unwanted_all(), observed().mount_target('a', "creating")
        => ["delete fsmt-a"];
    "one that changes is waited for":
        unwanted_all(), observed().mount_target('a', "updating")
        => ["wait for mount targets"];
    "a broken one is deleted":
        unwanted_all(), observed().mount_target('a', "error")
        => ["delete fsmt-a"];
    "an access point that is being created is waited for":
        unwanted_all(), observed().without_mount_target('a').access_point("fsap-1", "creating")
        => ["wait for access points"];
    "a file system that is being created is waited for":
        unwanted_all(), observed().without_mount_target('a').without_group().file_system_is("creating")
        => ["wait for file system"];
    "a broken file system is deleted":
        unwanted_all(), observed().without_mount_target('a').without_group().file_system_is("error")
        => ["delete fs-data"];
});

next_rows!(what_others_made_stays {
    "only mount targets that are meant go":
        unwanted().mount_targets("a"), observed().mount_target('b', "available")
        => ["delete fsmt-a"];
    "a mount target of others blocks the file system, and the group that it has":
        unwanted().file_system().mount_targets("a").group("sg-made"), observed().without_mount_target('a').mount_target('b', "available")
        => ["blocked: fs-data fsmt-b"];
    "all of them are named":
        unwanted().file_system(), observed().mount_target('b', "available")
        => ["blocked: fs-data fsmt-a fsmt-b"];
    "a mount target of others that is being deleted is waited for":
        unwanted().file_system(), observed().mount_target('a', "deleting")
        => ["wait for mount targets"];
    "one that was deleted does not block":
        unwanted().file_system(), observed().mount_target('a', "deleted")
        => ["delete fs-data"];
    "an access point of others blocks the file system, and the group":
        unwanted().file_system().group("sg-made"), observed().without_mount_target('a').access_point_of_others("fsap-theirs", "available")
        => ["blocked: fs-data fsap-theirs"];
    "one that is being deleted does not":
        unwanted().file_system(), observed().without_mount_target('a').access_point_of_others("fsap-theirs", "deleting")
        => ["delete fs-data"];
    "so does one that another run of efsctl made":
        unwanted().file_system(), observed().without_mount_target('a').access_point("fsap-ours", "available")
        => ["blocked: fs-data fsap-ours"];
    "only access points that are meant go":
        unwanted().access_points("1"), observed().access_point("fsap-1", "available").access_point("fsap-2", "available")
        => ["delete fsap-1"];
    "the group alone":
        unwanted().group("sg-made"), observed().without_mount_target('a')
        => ["delete sg-made"];
    "a group of another id is not the one":
        unwanted().group("sg-another"), observed()
        => [];
    "the file system alone: the group stays":
        unwanted().file_system(), observed().without_mount_target('a')
        => ["delete fs-data"];
});
