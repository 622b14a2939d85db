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
    "a tag that must not be there is removed":
        desired().found().untag("team"), observed().tag("team", "red").tag("cost", "7")
        => ["untag file system team"];
    "one that is not there need not be":
        desired().found().untag("team"), observed()
        => [];
    "its interfaces carry our tags where efsctl made it once":
        desired().found_of_efsctl(), observed().interface_without_tags('a')
        => ["tag interfaces eni-a"];
    "a setting is added":
        desired().found().backup().ia("30d"), observed()
        => ["set automatic backups: on", "set lifecycle policy: IA after 30d"];
    "a mount target has the groups of the others":
        desired().found().zones("ab"), observed()
        => ["create mount target in eu-west-1b, subnet-b, sg-made"];
    "the groups of those that exist are left alone":
        desired().found().given_groups("sg-given"), observed()
        => [];
});

next_rows!(an_end {
    "a file system that efsctl creates carries it from the start":
        desired().expires(2_000_000_000, true), observed()
        => ["tag file system efsctl:expires=2033-05-18T03:33:20Z"];
    "a duration does not put off an end that is set":
        desired().expires(2_000_000_000, true), observed().tag("efsctl:expires", "2030-01-01T00:00:00Z")
        => [];
    "a time does":
        desired().expires(2_000_000_000, false), observed().tag("efsctl:expires", "2030-01-01T00:00:00Z")
        => ["tag file system efsctl:expires=2033-05-18T03:33:20Z"];
    "an end that is no time is replaced":
        desired().expires(2_000_000_000, true), observed().tag("efsctl:expires", "soon")
        => ["tag file system efsctl:expires=2033-05-18T03:33:20Z"];
    "on what exists a duration counts from now":
        desired().found().expires(2_000_000_000, true), observed().tag("efsctl:expires", "2030-01-01T00:00:00Z")
        => ["tag file system efsctl:expires=2033-05-18T03:33:20Z"];
    "never removes it":
        desired().found().never_expires(), observed().tag("efsctl:expires", "2030-01-01T00:00:00Z")
        => ["untag file system efsctl:expires"];
});

next_rows!(what_is_on_its_way {
    "backups that are being turned on are left to AWS":
        desired().found().backup(), observed().backup("ENABLING")
        => [];
    "or waited for":
        desired().found().backup().until_settled(), observed().backup("ENABLING")
        => ["wait for automatic backups"];
    "until they are on":
        desired().found().backup().until_settled(), observed().backup("ENABLED")
        => [];
    "what was not asked for is not waited for":
        desired().found().until_settled(), observed().backup("ENABLING")
        => [];
});
