//! What `validate --fix` adds to a file system that exists, whoever made it.

use super::desired::desired;
use super::observed::{nothing, observed};
use super::table::next_rows;

next_rows!(a_file_system_that_was_found {
    "nothing is missing":
        desired().found(), observed()
        => [];
    "it is not created anew when it is gone":
        desired().found(), nothing()
        => ["failed: file system fs-data no longer exists"];
    "nor when it is still listed as deleted":
        desired().found(), observed().file_system_is("deleted")
        => ["failed: file system fs-data no longer exists"];
    "nor when it is being deleted":
        desired().found(), observed().file_system_is("deleting")
        => ["failed: fs-data being deleted"];
    "it is waited for while it changes":
        desired().found().backup(), observed().file_system_is("updating")
        => ["wait for file system"];
    "it carries no tag of ours":
        desired().found(), observed().without_tags().interface_without_tags('a')
        => [];
    "but those that were asked for":
        desired().found().tag("team", "red"), observed().without_tags()
        => ["tag file system team=red"];
    "its interfaces carry our tags where efsctl made it once":
        desired().found_of_efsctl(), observed().interface_without_tags('a')
        => ["tag interfaces eni-a"];
    "a setting is added":
        desired().found().backup().ia("30d"), observed()
        => ["set automatic backups: automatic backups on", "set lifecycle policy: IA after 30d"];
    "a mount target has the groups of the others":
        desired().found().zones("ab"), observed()
        => ["create mount target in eu-west-1b, subnet-b, sg-made"];
    "the groups of those that exist are left alone":
        desired().found().given_groups("sg-given"), observed()
        => [];
});
