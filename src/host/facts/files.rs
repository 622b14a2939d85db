//! What files of a host say.

use std::collections::BTreeMap;
use std::path::Path;

use super::Readable;

/// Where programs that mount are (filesystem hierarchy; mount(8) looks in `/sbin` for its helpers).
const PROGRAM_FOLDERS: [&str; 6] = [
    "sbin",
    "usr/sbin",
    "usr/local/sbin",
    "bin",
    "usr/bin",
    "usr/local/bin",
];

/// Programs that are looked for: the helpers of the NFS client and of efs-utils, and what efs-utils encrypts with.
const PROGRAMS: [&str; 4] = ["mount.nfs4", "mount.efs", "efs-proxy", "stunnel"];

/// How much of the end of a log is read, in bytes.
const END_OF_LOG: usize = 64 * 1024;

/// The text of a file below a root; an error names it.
pub(super) fn text(root: &Path, name: &str) -> Readable<String> {
    let bytes = std::fs::read(root.join(name));
    let bytes = bytes.map_err(|error| format!("/{name} cannot be read: {error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The same; a file that does not exist has no text.
pub(super) fn text_if_any(root: &Path, name: &str) -> Readable<Option<String>> {
    match root.join(name).try_exists() {
        Ok(false) => Ok(None),
        _ => text(root, name).map(Some),
    }
}

pub(super) fn programs(root: &Path) -> BTreeMap<&'static str, bool> {
    let exists = |name: &str| {
        let mut folders = PROGRAM_FOLDERS.iter();
        folders.any(|folder| root.join(folder).join(name).symlink_metadata().is_ok())
    };
    PROGRAMS.iter().map(|name| (*name, exists(name))).collect()
}

/// Whether the kernel has NFS 4: registered, or as a module that can be loaded (proc(5), `/proc/filesystems`).
pub(super) fn nfs4(root: &Path, kernel: &Readable<String>) -> Readable<bool> {
    let registered = text(root, "proc/filesystems")?;
    if registered
        .lines()
        .any(|line| line.split_whitespace().last() == Some("nfs4"))
    {
        return Ok(true);
    }
    let modules = root.join("lib/modules").join(kernel.clone()?);
    if !modules.is_dir() {
        return Err(format!(
            "nfs4 is not registered, and there is no directory of modules /lib/modules/{}",
            kernel.as_deref().unwrap_or_default()
        ));
    }
    let folder = modules.join("kernel/fs/nfs");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok(names.any(|name| name.starts_with("nfsv4.ko")))
}

/// Ports of this host that TLS mounts of that file system go through: efs-utils keeps a state file for each,
/// `fs-ID.MOUNT.POINT.PORT` (efs-utils, `get_mount_specific_filename`).
pub(super) fn ports(root: &Path, id: &str) -> Vec<u16> {
    let begin = format!("{id}.");
    let entries = std::fs::read_dir(root.join("run/efs"));
    let entries = entries.or_else(|_| std::fs::read_dir(root.join("var/run/efs")));
    let names = entries.into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut ports: Vec<u16> = names
        .filter(|name| name.starts_with(&begin))
        .filter_map(|name| name.rsplit('.').next()?.parse().ok())
        .collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// A switch of the configuration of efs-utils.
pub(super) fn switch(text: &str, name: &str) -> Option<bool> {
    let settings = text.lines().filter_map(|line| line.split_once('='));
    let mut found = settings.filter(|(key, _)| key.trim() == name);
    let (_, value) = found.next_back()?;
    Some(value.trim().eq_ignore_ascii_case("true"))
}

/// The last error in the log of efs-utils, without its time.
pub(super) fn last_error(text: &str) -> Option<String> {
    let from = text.len().saturating_sub(END_OF_LOG);
    let from = (from..text.len()).find(|at| text.is_char_boundary(*at))?;
    let lines = text.get(from..)?.lines().rev();
    let mut errors = lines.filter_map(|line| line.split_once(" - ERROR - "));
    errors.next().map(|(_, message)| message.to_owned())
}

/// The groups of a process (proc(5), `/proc/self/status`).
pub(super) fn groups(text: &str) -> Option<usize> {
    let line = text.lines().find_map(|line| line.strip_prefix("Groups:"))?;
    Some(line.split_whitespace().count())
}
