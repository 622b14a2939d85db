//! Waiting for what others make or delete: nothing is changed.

use super::desired::{gone, usable};
use super::observed::{nothing, observed};
use super::table::next_rows;

next_rows!(until_it_is_usable {
    "everything is available":
        usable(), observed()
        => [];
    "the file system is being created":
        usable(), observed().file_system_is("creating")
        => ["wait for file system"];
    "there is no mount target yet":
        usable(), observed().without_mount_target('a')
        => ["wait for mount targets"];
    "one of two is being created":
        usable(), observed().mount_target('b', "creating")
        => ["wait for mount targets"];
    "a mount target is broken":
        usable(), observed().mount_target('b', "error")
        => ["failed: fsmt-b error"];
    "a mount target that was deleted is nobody's concern":
        usable(), observed().mount_target('b', "deleted")
        => [];
    "the file system is broken":
        usable(), observed().file_system_is("error")
        => ["failed: fs-data error"];
    "the file system is gone":
        usable(), observed().without_file_system()
        => ["failed: the file system no longer exists"];
    "settings and groups do not matter":
        usable(), observed().without_group().lifecycle_not_seen().interface_not_looked_for('a')
        => [];
});

next_rows!(until_it_is_gone {
    "it is there":
        gone(), observed()
        => ["wait for file system"];
    "it is being deleted":
        gone(), observed().file_system_is("deleting")
        => ["wait for file system"];
    "it is gone":
        gone(), nothing()
        => [];
});
