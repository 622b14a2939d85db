//! What differs and cannot be changed: told before the first call that writes.

use efsctl::domain::settings::Protection;

use super::desired::desired;
use super::observed::{nothing, observed};
use super::table::conflict_rows;

conflict_rows!(fixed_at_creation {
    "nothing is there":
        desired().unencrypted().performance("maxIO"), nothing()
        => [];
    "nothing differs":
        desired(), observed()
        => [];
    "encryption is desired":
        desired(), observed().encrypted(Some(false))
        => ["encrypted: true, but false"];
    "no encryption is desired":
        desired().unencrypted(), observed()
        => ["encrypted: false, but true"];
    "AWS does not tell":
        desired(), observed().encrypted(None)
        => ["encrypted: true, but not reported"];
    "another key":
        desired().key("1234abcd-12ab-34cd-56ef-1234567890ab"), observed().key("arn:aws:kms:eu-west-1:111122223333:key/99999999-12ab-34cd-56ef-1234567890ab")
        => ["kms_key_id: 1234abcd-12ab-34cd-56ef-1234567890ab, but arn:aws:kms:eu-west-1:111122223333:key/99999999-12ab-34cd-56ef-1234567890ab"];
    "the same key, by its id":
        desired().key("1234abcd-12ab-34cd-56ef-1234567890ab"), observed().key("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
        => [];
    "an alias cannot be compared":
        desired().key("alias/files"), observed().key("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
        => [];
    "another performance mode":
        desired().performance("maxIO"), observed()
        => ["performance_mode: maxIO, but generalPurpose"];
    "nobody asked for a performance mode":
        desired(), observed().performance("maxIO")
        => [];
    "a performance mode that this version does not know":
        desired().performance("generalPurpose"), observed().performance("warpIO")
        => ["performance_mode: generalPurpose, but warpIO"];
    "One Zone is desired":
        desired().one_zone('a'), observed()
        => ["availability_zone: eu-west-1a, but regional"];
    "One Zone is there":
        desired(), observed().one_zone('a')
        => ["availability_zone: regional, but eu-west-1a"];
    "another zone":
        desired().one_zone('a'), observed().one_zone('b')
        => ["availability_zone: eu-west-1a, but eu-west-1b"];
    "what is being deleted is no conflict: it is created anew":
        desired().one_zone('a'), observed().file_system_is("deleting")
        => [];
    "several at once":
        desired().unencrypted().performance("maxIO"), observed()
        => ["encrypted: false, but true", "performance_mode: maxIO, but generalPurpose"];
});

conflict_rows!(copies_of_replications {
    "a copy is read-only":
        desired(), observed().protection("REPLICATING")
        => ["replication_overwrite_protection: ENABLED, but REPLICATING"];
    "settings of one that exists are for AWS to refuse":
        desired().found().backup(), observed().protection("REPLICATING")
        => [];
    "but for its protection":
        desired().found().protection(Protection::Off), observed().protection("REPLICATING")
        => ["replication_overwrite_protection: DISABLED, but REPLICATING"];
    "and told once, whatever is asked of its protection":
        desired().protection(Protection::Off), observed().protection("REPLICATING")
        => ["replication_overwrite_protection: ENABLED, but REPLICATING"];
    "what could become a copy is none":
        desired(), observed().protection("DISABLED")
        => [];
    "a word that this version does not know":
        desired(), observed().protection("PERHAPS")
        => [];
});

conflict_rows!(placement {
    "another subnet of the zone, and nobody named one":
        desired(), observed().in_subnet('a', "subnet-0123abcd")
        => [];
    "another subnet than the one that was named":
        desired().in_these_subnets(), observed().in_subnet('a', "subnet-0123abcd")
        => ["subnet_id: subnet-a, but subnet-0123abcd"];
    "the one in the other subnet is being deleted":
        desired().in_these_subnets(), observed().mount_target('a', "deleting").in_subnet('a', "subnet-0123abcd")
        => [];
    "another VPC":
        desired(), observed().in_vpc('a', "vpc-other")
        => ["vpc_id: vpc-main, but vpc-other"];
});

conflict_rows!(the_rest {
    "a lifecycle policy that could not be sent again whole":
        desired().ia("30d"), observed().transition("", "", "")
        => ["lifecycle_policy: IA after 30d, one that this version of efsctl cannot read, but one that this version of efsctl cannot read"];
    "one that would not be changed":
        desired(), observed().transition("", "", "")
        => [];
    "a group of our name that efsctl did not make":
        desired(), observed().group_of_others()
        => ["security_group_id: a new group named efsctl-data, but sg-made, which efsctl did not create"];
    "groups were given: that group does not matter":
        desired().given_groups("sg-given"), observed().group_of_others()
        => [];
    "what was found is not compared with what `create` would make":
        desired().found(), observed().encrypted(Some(false)).one_zone('a').group_of_others()
        => [];
});
