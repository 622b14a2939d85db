//! Settings of the file system: one table for each.

use efsctl::domain::settings::Protection;

use super::desired::desired;
use super::observed::observed;
use super::table::next_rows;

next_rows!(throughput {
    "nobody asked":
        desired(), observed().throughput("elastic")
        => [];
    "as it should be":
        desired().throughput("elastic"), observed().throughput("elastic")
        => [];
    "another mode":
        desired().throughput("elastic"), observed()
        => ["set throughput: elastic"];
    "another amount":
        desired().throughput("provisioned=64"), observed().provisioned(128.0)
        => ["set throughput: provisioned, 64 MiB/s"];
    "the same amount":
        desired().throughput("provisioned=64"), observed().provisioned(64.0)
        => [];
    "from provisioned to bursting":
        desired().throughput("bursting"), observed().provisioned(64.0)
        => ["set throughput: bursting"];
    "a mode that this version does not know is another one":
        desired().throughput("elastic"), observed().throughput("warp")
        => ["set throughput: elastic"];
    "provisioned without an amount is not the amount that is desired":
        desired().throughput("provisioned=64"), observed().throughput("provisioned")
        => ["set throughput: provisioned, 64 MiB/s"];
    "the file system is changing: it is not changed again":
        desired().throughput("elastic"), observed().file_system_is("updating")
        => ["wait for file system"];
});

next_rows!(lifecycle {
    "nobody asked":
        desired(), observed().transition("AFTER_30_DAYS", "", "")
        => [];
    "a transition is added":
        desired().ia("30d"), observed()
        => ["set lifecycle policy: IA after 30d"];
    "as it should be":
        desired().ia("30d"), observed().transition("AFTER_30_DAYS", "", "")
        => [];
    "other days":
        desired().ia("30d"), observed().transition("AFTER_7_DAYS", "", "")
        => ["set lifecycle policy: IA after 30d"];
    "what nobody asked for stays, and is sent again":
        desired().ia("30d"), observed().transition("", "AFTER_90_DAYS", "").transition("", "", "AFTER_1_ACCESS")
        => ["set lifecycle policy: IA after 30d, Archive after 90d, back on access"];
    "all three":
        desired().ia("30d").archive("90d").primary(), observed()
        => ["set lifecycle policy: IA after 30d, Archive after 90d, back on access"];
    "back on access is there already":
        desired().primary(), observed().transition("", "", "AFTER_1_ACCESS")
        => [];
    "a word that this version does not know is replaced where it is about what is asked for":
        desired().ia("30d"), observed().transition("AFTER_2_MOONS", "", "")
        => ["set lifecycle policy: IA after 30d"];
    "and is sent again where it is about something else":
        desired().ia("30d"), observed().transition("", "AFTER_2_MOONS", "")
        => ["set lifecycle policy: IA after 30d, Archive AFTER_2_MOONS"];
    "an element that cannot be read would be erased: nothing is sent":
        desired().ia("30d"), observed().transition("", "", "")
        => ["failed: lifecycle fs-data loss"];
    "an element that cannot be read is no obstacle where nothing differs":
        desired().ia("30d"), observed().transition("AFTER_30_DAYS", "", "").transition("", "", "")
        => [];
    "nobody looked yet":
        desired().ia("30d"), observed().lifecycle_not_seen()
        => ["wait for lifecycle policy"];
    "nobody looked, and nobody asked":
        desired(), observed().lifecycle_not_seen()
        => [];
    "the file system is not available":
        desired().ia("30d"), observed().file_system_is("creating")
        => ["wait for file system"];
});

next_rows!(backup {
    "nobody asked":
        desired(), observed().backup("DISABLED")
        => [];
    "on, and nobody asked: it stays on":
        desired(), observed().backup("ENABLED")
        => [];
    "off":
        desired().backup(), observed().backup("DISABLED")
        => ["set automatic backups: on"];
    "being turned off":
        desired().backup(), observed().backup("DISABLING")
        => ["set automatic backups: on"];
    "on":
        desired().backup(), observed().backup("ENABLED")
        => [];
    "being turned on":
        desired().backup(), observed().backup("ENABLING")
        => [];
    "a status that this version does not know is not on":
        desired().backup(), observed().backup("PERHAPS")
        => ["set automatic backups: on"];
    "nobody looked yet":
        desired().backup(), observed().backup_not_seen()
        => ["wait for automatic backups"];
    "the file system is not available":
        desired().backup(), observed().file_system_is("creating")
        => ["wait for file system"];
});

next_rows!(protection {
    "nobody asked":
        desired(), observed().protection("DISABLED")
        => [];
    "as it should be":
        desired().protection(Protection::On), observed()
        => [];
    "off":
        desired().protection(Protection::Off), observed()
        => ["set replication overwrite protection: off"];
    "on again":
        desired().protection(Protection::On), observed().protection("DISABLED")
        => ["set replication overwrite protection: on"];
    "a word that this version does not know is another one":
        desired().protection(Protection::On), observed().protection("FROZEN")
        => ["set replication overwrite protection: on"];
    "the protection of a copy changes with its replication":
        desired().protection(Protection::Off), observed().protection("REPLICATING")
        => ["failed: replication overwrite protection fs-data loss"];
});

const THEIRS: &str =
    r#"{"Sid":"theirs","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}"#;

const RENDERED: &str = r#"{"Sid":"EfsctlBase","Effect":"Allow","Principal":"*","Action":["elasticfilesystem:ClientWrite","elasticfilesystem:ClientMount"],"Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":true}}}"#;

next_rows!(policy {
    "nobody asked":
        desired(), observed().policy(&[THEIRS])
        => [];
    "there is none":
        desired().presets("enforce-tls deny-root"), observed()
        => ["set file system policy: enforce-tls, deny-root"];
    "as it should be, however it is written":
        desired().presets("deny-root"), observed().policy(&[RENDERED])
        => [];
    "other presets":
        desired().presets("read-only"), observed().policy(&[RENDERED])
        => ["set file system policy: read-only"];
    "a statement of others stays":
        desired().presets("read-only"), observed().policy(&[THEIRS, RENDERED])
        => ["set file system policy: read-only; statement theirs"];
    "and is no difference":
        desired().presets("deny-root"), observed().policy(&[THEIRS, RENDERED])
        => [];
    "beside statements of others presets only deny":
        desired().presets("enforce-tls read-only"), observed().policy(&[THEIRS])
        => ["set file system policy: enforce-tls; statement theirs"];
    "what they would take from a grant of their own is not there":
        desired().presets("read-only"), observed().policy(&[THEIRS])
        => [];
    "presets that somebody else changed are made whole":
        desired().presets("deny-root"), observed().policy(&[&RENDERED.replace("\"Allow\"", "\"Deny\"")])
        => ["set file system policy: deny-root"];
    "a policy that cannot be parsed would be lost":
        desired().presets("deny-root"), observed().unreadable_policy()
        => ["failed: file system policy fs-data loss"];
    "a whole document takes the place of anything":
        desired().policy(&[THEIRS]), observed().unreadable_policy()
        => ["set file system policy: statement theirs"];
    "and of statements that are not in it":
        desired().policy(&[THEIRS]), observed().policy(&[THEIRS, RENDERED])
        => ["set file system policy: statement theirs"];
    "the same document":
        desired().policy(&[THEIRS, RENDERED]), observed().policy(&[RENDERED, THEIRS])
        => [];
    "nobody looked yet":
        desired().presets("deny-root"), observed().policy_not_seen()
        => ["wait for file system policy"];
    "the file system is not available":
        desired().presets("deny-root"), observed().file_system_is("creating")
        => ["wait for file system"];
});

next_rows!(settings_side_by_side {
    "settings and mount targets are set side by side":
        desired().ia("30d").backup(), observed().without_mount_target('a')
        => ["set lifecycle policy: IA after 30d", "set automatic backups: on", "create mount target in eu-west-1a, subnet-a, sg-made"];
    "one is set while another is not seen yet":
        desired().ia("30d").backup(), observed().lifecycle_not_seen()
        => ["wait for lifecycle policy", "set automatic backups: on"];
    "throughput goes after what it would hold up: EFS refuses the others while it is updating":
        desired().throughput("elastic").ia("30d"), observed()
        => ["set lifecycle policy: IA after 30d"];
    "and after the mount targets":
        desired().throughput("elastic"), observed().without_mount_target('a')
        => ["create mount target in eu-west-1a, subnet-a, sg-made"];
    "Archive takes elastic throughput, so that goes first":
        desired().throughput("elastic").ia("30d").archive("90d"), observed()
        => ["set throughput: elastic"];
    "and other settings do not wait for it":
        desired().throughput("elastic").archive("90d").backup(), observed()
        => ["set automatic backups: on"];
    "without a network only settings and tags are due":
        desired().without_network().ia("30d"), observed().without_mount_target('a').without_group()
        => ["set lifecycle policy: IA after 30d"];
});

next_rows!(cleared {
    "what was never set":
        desired().clear_settings(), observed()
        => [];
    "what was set goes, one after the other where it has to be":
        desired().clear_settings(),
        observed().throughput("elastic").transition("AFTER_30_DAYS", "", "").backup("ENABLED").policy(&[THEIRS])
        => ["set lifecycle policy: none", "set automatic backups: off", "set file system policy: none"];
    "a policy that cannot be parsed":
        desired().clear_settings(), observed().unreadable_policy()
        => ["set file system policy: none"];
    "throughput has a default instead of an end":
        desired().clear_settings(), observed().throughput("elastic")
        => ["set throughput: bursting"];
    "what is being turned off is off":
        desired().clear_settings(), observed().backup("DISABLING")
        => [];
    "a word that this version does not know goes with the rest":
        desired().clear_settings(), observed().transition("AFTER_2_MOONS", "", "")
        => ["set lifecycle policy: none"];
    "an element that cannot be read would be erased unasked":
        desired().clear_settings(), observed().transition("AFTER_30_DAYS", "", "").transition("", "", "")
        => ["failed: lifecycle fs-data loss"];
});

next_rows!(replication {
    "it begins":
        desired().replicate_to("eu-west-2"), observed()
        => ["set replication: to eu-west-2"];
    "when everything else is so":
        desired().replicate_to("eu-west-2").backup().zones("ab"), observed()
        => ["set automatic backups: on", "create mount target in eu-west-1b, subnet-b, sg-made"];
    "and nothing is on its way":
        desired().replicate_to("eu-west-2"), observed().mount_target('a', "creating")
        => ["wait for mount targets"];
    "it runs":
        desired().replicate_to("eu-west-2"), observed().replicated("eu-west-2", "ENABLED")
        => [];
    "it begins already, and is left to AWS":
        desired().replicate_to("eu-west-2"), observed().replicated("eu-west-2", "ENABLING")
        => [];
    "or waited for":
        desired().replicate_to("eu-west-2").until_settled(), observed().replicated("eu-west-2", "ENABLING")
        => ["wait for replication"];
    "it is paused":
        desired().replicate_to("eu-west-2").until_settled(), observed().replicated("eu-west-2", "PAUSED")
        => [];
    "in a state that this version does not know":
        desired().replicate_to("eu-west-2").until_settled(), observed().replicated("eu-west-2", "RESTING")
        => [];
    "one before it ends":
        desired().replicate_to("eu-west-2").until_settled(), observed().replicated("eu-west-2", "DELETING")
        => ["wait for replication"];
    "to another region":
        desired().replicate_to("us-west-2"), observed().replicated("eu-west-2", "ENABLED")
        => ["failed: replication fs-data loss"];
    "it failed":
        desired().replicate_to("eu-west-2"), observed().replicated("eu-west-2", "ERROR")
        => ["failed: replication fs-data loss"];
    "to another file system":
        desired().replicate_to("arn:aws:elasticfilesystem:eu-west-2:111122223333:file-system/fs-0123456789abcdef0"), observed().replicated("eu-west-2", "ENABLED")
        => ["failed: replication fs-data loss"];
    "it ends":
        desired().replicate_nowhere(), observed().replicated("eu-west-2", "ENABLED")
        => ["set replication: none"];
    "one that failed too":
        desired().replicate_nowhere(), observed().replicated("eu-west-2", "ERROR")
        => ["set replication: none"];
    "it ends already":
        desired().replicate_nowhere().until_settled(), observed().replicated("eu-west-2", "DELETING")
        => ["wait for replication"];
    "a copy has none of its own":
        desired().replicate_to("eu-west-2"), observed().a_copy()
        => ["failed: replication fs-data loss"];
    "and its own ends at the source":
        desired().replicate_nowhere(), observed().a_copy()
        => ["failed: replication fs-data loss"];
    "it was not read yet":
        desired().replicate_to("eu-west-2"), observed().replication_not_read()
        => ["wait for replication"];
});
