//! Security groups: the one that is made, those that are given, those of others.

use super::desired::desired;
use super::observed::{nothing, observed};
use super::table::next_rows;

next_rows!(the_group_that_is_made {
    "it allows itself by default":
        desired(), observed().group_allows_nobody()
        => ["allow sg-made to sg-made"];
    "nobody said whom to allow: a group that allows somebody is left alone":
        desired(), observed().group_allows_nobody().group_allows("10.0.0.0/8")
        => [];
    "a rule for other ports does not allow to NFS":
        desired(), observed().group_allows_nobody().group_allows_to("10.0.0.0/8", (22, 22))
        => ["allow sg-made to sg-made"];
    "those who are asked for, and not itself":
        desired().allow_from("10.0.0.0/8 sg-web pl-12345678"), observed().group_allows_nobody()
        => ["allow 10.0.0.0/8 to sg-made", "allow sg-web to sg-made", "allow pl-12345678 to sg-made"];
    "only who is missing; who else is allowed stays":
        desired().allow_from("10.0.0.0/8 10.1.0.0/16"), observed().group_allows("10.0.0.0/8")
        => ["allow 10.1.0.0/16 to sg-made"];
    "by a rule over more ports than one":
        desired().allow_from("10.0.0.0/8"), observed().group_allows_to("10.0.0.0/8", (2000, 3000))
        => [];
    "a wider range is another rule":
        desired().allow_from("10.1.0.0/16"), observed().group_allows("10.0.0.0/8")
        => ["allow 10.1.0.0/16 to sg-made"];
    "rules and mount targets are made side by side":
        desired().allow_from("10.0.0.0/8"), observed().without_mount_target('a')
        => ["allow 10.0.0.0/8 to sg-made", "create mount target in eu-west-1a, subnet-a, sg-made"];
    "rules do not wait for the file system":
        desired().allow_from("10.0.0.0/8"), observed().file_system_is("creating")
        => ["wait for file system", "allow 10.0.0.0/8 to sg-made"];
});

next_rows!(only_the_group {
    "it is created, and nothing else":
        desired().allow_from("10.0.0.0/8").only_the_group(), nothing()
        => ["create security group"];
    "it allows whom it should":
        desired().allow_from("10.0.0.0/8").only_the_group(), observed().without_file_system()
        => ["allow 10.0.0.0/8 to sg-made"];
    "it is there":
        desired().only_the_group(), observed().without_file_system()
        => [];
    "groups that exist are given":
        desired().given_groups("sg-given").only_the_group(), nothing()
        => [];
});

next_rows!(groups_of_mount_targets {
    "given groups are put on what is created":
        desired().given_groups("sg-one sg-two"), observed().without_mount_target('a')
        => ["create mount target in eu-west-1a, subnet-a, sg-one sg-two"];
    "and on what exists, beside those that it has":
        desired().given_groups("sg-one"), observed().has_groups('a', "sg-theirs")
        => ["set groups of fsmt-a: sg-one sg-theirs"];
    "it has them, and more":
        desired().given_groups("sg-one"), observed().has_groups('a', "sg-one sg-theirs")
        => [];
    "it has one of two":
        desired().given_groups("sg-one sg-two"), observed().has_groups('a', "sg-one")
        => ["set groups of fsmt-a: sg-one sg-two"];
    "only when it is available":
        desired().given_groups("sg-one"), observed().mount_target('a', "creating")
        => ["wait for mount targets"];
    "the made group too, where it was taken off":
        desired(), observed().has_groups('a', "sg-theirs")
        => ["set groups of fsmt-a: sg-made sg-theirs"];
    "not before the made group is there":
        desired(), observed().without_group()
        => ["create security group"];
    "nobody said which: new ones have those of the others":
        desired().zones("ab").groups_of_the_others("sg-theirs"), observed().without_group().has_groups('a', "sg-theirs")
        => ["create mount target in eu-west-1b, subnet-b, sg-theirs"];
    "and the others keep what they have":
        desired().groups_of_the_others("sg-theirs"), observed().without_group().has_groups('a', "sg-another")
        => [];
    "what the others have cannot be read: none is created without a group":
        desired().zones("ab").groups_of_the_others(""), observed().without_group()
        => ["failed: eu-west-1b no security group"];
    "the interface cannot be read: its groups are not set":
        desired().given_groups("sg-one"), observed().interface_not_readable('a')
        => [];
});

next_rows!(rules_in_groups_that_exist {
    "a rule is missing":
        desired().found().rule("sg-theirs", "10.0.0.0/8"), observed().other_group("sg-theirs", "")
        => ["allow 10.0.0.0/8 to sg-theirs"];
    "a rule is there":
        desired().found().rule("sg-theirs", "10.0.0.0/8"), observed().other_group("sg-theirs", "10.0.0.0/8")
        => [];
    "the group was not looked at yet":
        desired().found().rule("sg-theirs", "10.0.0.0/8"), observed()
        => ["wait for security group"];
    "several groups, several rules":
        desired().found().rule("sg-one", "sg-web").rule("sg-two", "sg-web"), observed().other_group("sg-one", "").other_group("sg-two", "")
        => ["allow sg-web to sg-one", "allow sg-web to sg-two"];
});

next_rows!(rules_that_must_not_be {
    "one is there":
        desired().found().without_rule("sg-theirs", "10.0.0.0/8"), observed().other_group("sg-theirs", "10.0.0.0/8 sg-web")
        => ["revoke sgr-one of sg-theirs"];
    "it is gone":
        desired().found().without_rule("sg-theirs", "10.0.0.0/8"), observed().other_group("sg-theirs", "sg-web")
        => [];
    "one to all ports is another rule":
        desired().found().without_rule("sg-theirs", "10.0.0.0/8"), observed().other_group_to("sg-theirs", "10.0.0.0/8", (0, 65_535))
        => [];
    "the group was not looked at yet":
        desired().found().without_rule("sg-theirs", "10.0.0.0/8"), observed()
        => ["wait for security group"];
    "one goes, one comes":
        desired().found().without_rule("sg-theirs", "10.0.0.0/8").rule("sg-theirs", "10.1.0.0/16"), observed().other_group("sg-theirs", "10.0.0.0/8")
        => ["allow 10.1.0.0/16 to sg-theirs", "revoke sgr-one of sg-theirs"];
});
