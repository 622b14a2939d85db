//! Mount targets and their interfaces.

use super::desired::desired;
use super::observed::observed;
use super::table::next_rows;

next_rows!(each_state_of_a_mount_target {
    "missing":
        desired(), observed().without_mount_target('a')
        => ["create mount target in eu-west-1a, subnet-a, sg-made"];
    "creating":
        desired(), observed().mount_target('a', "creating")
        => ["wait for mount targets"];
    "updating":
        desired(), observed().mount_target('a', "updating")
        => ["wait for mount targets"];
    "deleting: it is waited for, and then created anew":
        desired(), observed().mount_target('a', "deleting")
        => ["wait for mount targets"];
    "deleted, but still listed":
        desired(), observed().mount_target('a', "deleted")
        => ["create mount target in eu-west-1a, subnet-a, sg-made"];
    "error":
        desired(), observed().mount_target('a', "error")
        => ["failed: fsmt-a eu-west-1a error"];
    "a state that this version does not know":
        desired(), observed().mount_target('a', "resting")
        => ["wait for mount targets"];
});

next_rows!(zones {
    "one in each zone, all at once":
        desired().zones("abc"), observed().without_mount_target('a')
        => [
            "create mount target in eu-west-1a, subnet-a, sg-made",
            "create mount target in eu-west-1b, subnet-b, sg-made",
            "create mount target in eu-west-1c, subnet-c, sg-made",
        ];
    "each by itself":
        desired().zones("abc"), observed().mount_target('b', "creating").mount_target('c', "error")
        => ["wait for mount targets", "failed: fsmt-c error"];
    "in another subnet of the zone: EFS takes one mount target in a zone":
        desired(), observed().in_subnet('a', "subnet-0123abcd")
        => [];
    "one that is in a zone that nobody asked for stays":
        desired(), observed().mount_target('c', "available")
        => [];
    "the one that is live counts, beside one that was deleted":
        desired(), observed().mount_target('a', "deleted").one_more_mount_target('a', "available")
        => [];
    "none before the file system is available":
        desired(), observed().file_system_is("creating").without_mount_target('a')
        => ["wait for file system"];
    "none before the group is there":
        desired(), observed().without_group().without_mount_target('a')
        => ["create security group"];
});

next_rows!(interfaces {
    "a mount target cannot carry tags: its interface does":
        desired(), observed().interface_without_tags('a')
        => ["tag interfaces eni-a"];
    "all of them by one call":
        desired().zones("ab"), observed().mount_target('b', "available").interface_without_tags('a').interface_without_tags('b')
        => ["tag interfaces eni-a eni-b"];
    "those of a mount target that is being made, too":
        desired(), observed().mount_target('a', "creating").interface_without_tags('a')
        => ["tag interfaces eni-a", "wait for mount targets"];
    "nobody looked for it yet":
        desired(), observed().interface_not_looked_for('a')
        => ["wait for interfaces"];
    "it was looked for, and cannot be read":
        desired(), observed().interface_not_readable('a')
        => [];
    "AWS has not told of it":
        desired(), observed().interface_not_told('a')
        => [];
});

next_rows!(mount_targets_that_must_not_be {
    "one is there":
        desired().found().without_network().without_mount_target('a'), observed()
        => ["delete fsmt-a"];
    "one that is being created is not waited for":
        desired().found().without_network().without_mount_target('a'), observed().mount_target('a', "creating")
        => ["delete fsmt-a"];
    "one that is broken goes too":
        desired().found().without_network().without_mount_target('a'), observed().mount_target('a', "error")
        => ["delete fsmt-a"];
    "it is on its way out":
        desired().found().without_network().without_mount_target('a'), observed().mount_target('a', "deleting")
        => ["wait for mount targets"];
    "it is gone":
        desired().found().without_network().without_mount_target('a'), observed().without_mount_target('a')
        => [];
    "the others stay, and one is added":
        desired().found().zones("c").without_mount_target('b'), observed().mount_target('b', "available")
        => ["create mount target in eu-west-1c, subnet-c, sg-made", "delete fsmt-b"];
    "not while the file system changes":
        desired().found().without_network().without_mount_target('a'), observed().file_system_is("updating")
        => ["wait for file system"];
});
