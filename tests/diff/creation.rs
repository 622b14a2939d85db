//! The file system itself: each of its states, its tags, and the run it carries.

use super::desired::desired;
use super::observed::{nothing, observed};
use super::table::next_rows;

next_rows!(a_file_system_is_created {
    "nothing is there: file system and group are created side by side, and mount targets need both":
        desired(), nothing()
        => ["create file system", "create security group"];
    "everything is there":
        desired(), observed()
        => [];
    "only the file system is missing":
        desired(), observed().without_file_system().without_mount_target('a')
        => ["create file system"];
    "only the group is missing":
        desired(), observed().without_group().without_mount_target('a')
        => ["create security group"];
    "groups that exist are given: none is created":
        desired().given_groups("sg-given"), nothing()
        => ["create file system"];
    "settings are only read where there is a file system":
        desired().ia("30d").backup().tag("team", "red"), nothing()
        => ["create file system", "create security group"];
});

next_rows!(each_state_of_the_file_system {
    "creating: what is in it waits, and the group is created meanwhile":
        desired(), observed().file_system_is("creating").without_mount_target('a').without_group()
        => ["wait for file system", "create security group"];
    "updating":
        desired(), observed().file_system_is("updating").without_mount_target('a')
        => ["wait for file system"];
    "deleting: it is waited for, and then created anew":
        desired(), observed().file_system_is("deleting")
        => ["wait for file system"];
    "deleted, but still listed":
        desired(), observed().file_system_is("deleted").without_mount_target('a')
        => ["create file system"];
    "error":
        desired(), observed().file_system_is("error")
        => ["failed: fs-data error"];
    "error of a One Zone file system: its data is lost with the zone":
        desired().one_zone('a'), observed().one_zone('a').file_system_is("error")
        => ["failed: fs-data error eu-west-1a cannot be recovered"];
    "a state that this version does not know":
        desired(), observed().file_system_is("resting")
        => ["wait for file system"];
});

next_rows!(tags_of_the_file_system {
    "a tag is missing":
        desired().tag("team", "red"), observed().interface_with_tag('a', "team", "red")
        => ["tag file system team=red"];
    "a tag has another value":
        desired().tag("team", "red"), observed().interface_with_tag('a', "team", "red").tag("team", "blue")
        => ["tag file system team=red"];
    "a tag of somebody else stays":
        desired(), observed().tag("team", "red")
        => [];
    "our own tags are put back, without the run and without a name that nobody asked for":
        desired(), observed().without_tags()
        => ["tag file system efsctl:managed-by=efsctl efsctl:name=data"];
    "a name that was asked for":
        desired().tag("Name", "shown"), observed().interface_with_tag('a', "Name", "shown")
        => ["tag file system Name=shown"];
    "tags wait for the file system, not for its mount targets":
        desired().tag("team", "red"), observed().without_mount_target('a')
        => ["tag file system team=red", "create mount target in eu-west-1a, subnet-a, sg-made"];
});

next_rows!(what_another_run_left_unfinished {
    "the run of what is unfinished is replaced first of all":
        desired().takes_over(), observed()
        => ["take over as this-run"];
    "at once, whatever its state: the other run may be about to roll back":
        desired().takes_over(), observed().file_system_is("creating").without_mount_target('a')
        => ["take over as this-run", "wait for file system"];
    "not what is being deleted":
        desired().takes_over(), observed().file_system_is("deleting")
        => ["wait for file system"];
    "it was taken over before":
        desired().takes_over(), observed().made_by_run("this-run")
        => [];
    "what is finished keeps its run":
        desired(), observed().made_by_run("another-run")
        => [];
});
