//! Plans: the same difference, run against predictions, in order.

use super::desired::{desired, unwanted, unwanted_all, usable};
use super::observed::{nothing, observed};
use super::table::plan_rows;

plan_rows!(a_deployment {
    "from nothing":
        desired(), nothing()
        => [
            "create file system",
            "create security group",
            "allow new to new",
            "create mount target in eu-west-1a, subnet-a, new",
            "tag interfaces new",
        ];
    "with everything":
        desired().zones("ab").throughput("elastic").ia("30d").backup().tag("team", "red").allow_from("10.0.0.0/8"), nothing()
        => [
            "create file system",
            "create security group",
            "allow 10.0.0.0/8 to new",
            "set lifecycle policy: IA after 30d",
            "create mount target in eu-west-1a, subnet-a, new",
            "create mount target in eu-west-1b, subnet-b, new",
            "tag interfaces new new",
        ];
    "with groups that exist":
        desired().given_groups("sg-given"), nothing()
        => ["create file system", "create mount target in eu-west-1a, subnet-a, sg-given", "tag interfaces new"];
    "One Zone: backups are on from the beginning":
        desired().one_zone('a').given_groups("sg-given").backup(), nothing()
        => ["create file system", "create mount target in eu-west-1a, subnet-a, sg-given", "tag interfaces new"];
    "nothing is to be done":
        desired(), observed()
        => [];
    "what is on its way arrives":
        desired(), observed().file_system_is("creating").mount_target('a', "creating")
        => [];
    "what is being deleted is created anew, with all that is in it":
        desired(), observed().file_system_is("deleting")
        => ["create file system", "create mount target in eu-west-1a, subnet-a, sg-made", "tag interfaces new"];
    "settings of what exists":
        desired().ia("30d").backup().tag("team", "red"), observed().transition("", "AFTER_90_DAYS", "")
        => ["tag file system team=red", "set lifecycle policy: IA after 30d, Archive after 90d", "set automatic backups: on", "tag interfaces eni-a"];
    "throughput first: Archive needs it":
        desired().throughput("elastic").archive("90d"), observed()
        => ["set throughput: elastic", "set lifecycle policy: Archive after 90d"];
    "groups of what exists":
        desired().given_groups("sg-given"), observed()
        => ["set groups of fsmt-a: sg-given sg-made"];
    "what another run left unfinished":
        desired().takes_over().zones("ab"), observed()
        => ["take over as this-run", "create mount target in eu-west-1b, subnet-b, sg-made", "tag interfaces new"];
    "a rule in a group that exists":
        desired().found().rule("sg-theirs", "10.0.0.0/8"), observed().other_group("sg-theirs", "")
        => ["allow 10.0.0.0/8 to sg-theirs"];
    "only the group":
        desired().only_the_group(), nothing()
        => ["create security group", "allow new to new"];
});

plan_rows!(a_removal {
    "all of it":
        unwanted_all(), observed().mount_target('b', "available").access_point("fsap-1", "available")
        => ["delete fsap-1", "delete fsmt-a", "delete fsmt-b", "delete fs-data", "delete sg-made"];
    "what goes already":
        unwanted_all(), observed().mount_target('a', "deleting")
        => ["delete fs-data", "delete sg-made"];
    "what is on its way is deleted once it is there":
        unwanted_all(), observed().file_system_is("creating").without_mount_target('a')
        => ["delete fs-data", "delete sg-made"];
    "what others made stays":
        unwanted().file_system().mount_targets("a"), observed().mount_target('b', "available")
        => ["delete fsmt-a"];
    "a wait changes nothing":
        usable(), observed().file_system_is("creating").mount_target('a', "error")
        => [];
});
