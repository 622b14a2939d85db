//! On which mount a path of this host is.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Mount, Place, files, table};

/// A directory of this host, and the mount that it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounted {
    /// The directory, absolute and without symbolic links.
    pub path: PathBuf,
    /// The mount.
    pub mount: Mount,
    /// Ports of this host through which efs-utils mounts the file system that was asked about, over TLS.
    pub ports: Vec<u16>,
}

/// Why it is not known.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotMounted {
    /// The path cannot be read.
    Unreadable(io::Error),
    /// It is no directory.
    NotADirectory,
    /// It does not answer: its server may be away.
    Hangs,
    /// The table of mounts cannot be read, or does not have it, as a sentence.
    NoTable(String),
}

/// The mount on which a directory is, and how efs-utils mounts the file system with that id. A directory that hangs in the kernel is not
/// waited for.
///
/// # Errors
///
/// See [`NotMounted`].
pub async fn mounted(place: &Place, path: &Path, id: &str) -> Result<Mounted, NotMounted> {
    let (tell, answer) = oneshot::channel();
    let asked = path.to_owned();
    std::thread::spawn(move || {
        let _ = tell.send(found(&asked));
    });
    let answer = timeout(place.patience, answer).await;
    let Ok(Ok(answer)) = answer else {
        return Err(NotMounted::Hangs);
    };
    let (path, device, is_directory) = answer.map_err(NotMounted::Unreadable)?;
    if !is_directory {
        return Err(NotMounted::NotADirectory);
    }
    let text = files::text(&place.root, "proc/self/mountinfo").map_err(NotMounted::NoTable)?;
    let mount = of_device(&table::mountinfo(&text), device, &path);
    let mount = mount.ok_or_else(|| {
        let path = path.display();
        NotMounted::NoTable(format!("/proc/self/mountinfo has no mount of {path}"))
    })?;
    Ok(Mounted {
        path,
        mount,
        ports: files::ports(&place.root, id),
    })
}

fn found(path: &Path) -> io::Result<(PathBuf, (u32, u32), bool)> {
    let path = path.canonicalize()?;
    let found = path.metadata()?;
    let device = (
        rustix::fs::major(found.dev()),
        rustix::fs::minor(found.dev()),
    );
    Ok((path, device, found.is_dir()))
}

/// The mount of that device that is nearest above a path. The device decides: a mount may be hidden below a later one.
fn of_device(all: &[((u32, u32), Mount)], device: (u32, u32), path: &Path) -> Option<Mount> {
    let of_device = all.iter().filter(|(own, _)| *own == device);
    let above = of_device.filter(|(_, mount)| path.starts_with(&mount.point));
    let nearest = above.max_by_key(|(_, mount)| mount.point.len());
    nearest.map(|(_, mount)| mount.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_decides_which_mount_it_is() {
        let text = "\
22 1 8:1 / / rw,relatime - ext4 /dev/root rw
30 22 0:40 / /mnt/efs rw shared:1 - nfs4 fs-1.efs.eu-west-1.amazonaws.com:/ rw,vers=4.1,addr=10.0.1.5
31 22 0:40 /app /mnt/efs/bound ro shared:1 - nfs4 fs-1.efs.eu-west-1.amazonaws.com:/ rw,vers=4.1
32 22 0:41 / /mnt rw - nfs4 127.0.0.1:/ rw,port=20049
33 22 0:42 / /mnt/my\\040data rw - tmpfs none rw
a line that is none
";
        let all = table::mountinfo(text);
        let at = |device, path: &str| of_device(&all, device, Path::new(path));
        assert_eq!(all.len(), 5);
        // What was mounted over it has another device.
        assert_eq!(at((0, 41), "/mnt/efs").unwrap().source, "127.0.0.1:/");
        assert_eq!(at((0, 40), "/mnt/efs/a").unwrap().point, "/mnt/efs");
        let bound = at((0, 40), "/mnt/efs/bound/a").unwrap();
        assert!(bound.has("ro") && bound.has("vers=4.1"), "{bound:?}");
        assert_eq!(at((0, 42), "/mnt/my data").unwrap().kind, "tmpfs");
        assert_eq!(at((0, 40), "/other"), None);
    }
}
