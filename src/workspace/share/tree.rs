//! The tree of a workspace, read by handles.

use std::io;

use super::disk::{Disk, FileKind, Meta};
use super::posix::bytes;
use crate::domain::limits::Counts;
use crate::domain::path::{METADATA, RelPath};

/// Deeper than any path that is served.
const DEEPEST: usize = 1_000;

/// A regular file of a workspace.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: RelPath,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// When it changed: nanoseconds since 1970.
    pub(crate) mtime: i64,
}

/// What a tree holds.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Regular files with names that are served, by the bytes of their paths.
    pub(crate) files: Vec<File>,
    /// All regular files, but the metadata.
    pub(crate) counts: Counts,
    /// What is left out of lists and ZIPs.
    pub(crate) warnings: Vec<String>,
}

/// Visits every entry of a tree but the metadata file, with its path. An entry that disappears meanwhile is left out.
fn visit<D: Disk>(
    disk: &D,
    root: &D::Dir,
    mut each: impl FnMut(&[u8], &Meta) -> bool,
) -> io::Result<()> {
    let device = disk.stat_dir(root)?.device;
    let mut left = vec![(root.clone(), Vec::new(), 0)];
    while let Some((dir, prefix, depth)) = left.pop() {
        let entries = match disk.list(&dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        for entry in entries {
            let name = bytes(&entry.name);
            if depth == 0 && name == METADATA.as_bytes() {
                continue;
            }
            let meta = match disk.stat_at(&dir, &entry.name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            let path = [prefix.as_slice(), name].concat();
            if !each(&path, &meta) {
                return Ok(());
            }
            if meta.kind == FileKind::Directory
                && meta.device == device
                && depth < DEEPEST
                && let Ok(below) = disk.child(&dir, &entry.name)
            {
                left.push((below, [path.as_slice(), b"/"].concat(), depth + 1));
            }
        }
    }
    Ok(())
}

/// Reads the whole tree.
pub(crate) fn walk<D: Disk>(disk: &D, root: &D::Dir) -> io::Result<Walked> {
    let mut walked = Walked::default();
    visit(disk, root, |path, meta| {
        let shown = || -> String {
            String::from_utf8_lossy(path)
                .chars()
                .take(200)
                .flat_map(char::escape_debug)
                .collect()
        };
        match meta.kind {
            FileKind::Directory => {}
            FileKind::Other => walked
                .warnings
                .push(format!("`{}` is left out: it is no regular file", shown())),
            FileKind::File => {
                walked.counts = walked.counts.with(None, meta.size);
                match RelPath::from_bytes(path) {
                    Ok(path) => walked.files.push(File {
                        path,
                        size: meta.size,
                        mtime: meta.mtime,
                    }),
                    Err(refused) => walked.warnings.push(format!(
                        "`{}` is left out: {}",
                        shown(),
                        refused.fault
                    )),
                }
            }
        }
        true
    })?;
    walked.files.sort_by(|a, b| a.path.cmp(&b.path));
    walked.warnings.sort_unstable();
    Ok(walked)
}

/// How far apart two times of one call may be: a tick of the clock of a kernel, and more.
const ONE_CALL: i64 = 50_000_000;

/// The newest change in a tree; stops at the first entry that changed after `young`. That the metadata was written again is none: its
/// counts are refreshed after the last write.
pub(crate) fn newest<D: Disk>(disk: &D, root: &D::Dir, young: i64) -> io::Result<i64> {
    let own = disk.stat_dir(root)?;
    let of_root = own.mtime.max(own.ctime);
    let is_refresh = disk
        .stat_at(root, METADATA.as_ref())
        .is_ok_and(|meta| (of_root - meta.ctime).abs() < ONE_CALL);
    let mut newest = if is_refresh { 0 } else { of_root };
    if newest > young {
        return Ok(newest);
    }
    visit(disk, root, |_, meta| {
        newest = newest.max(meta.mtime).max(meta.ctime);
        newest <= young
    })?;
    Ok(newest)
}
