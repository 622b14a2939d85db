//! Sandboxes that can be mounted, and a client that mounts them.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use nfs_rs::Mount;
use tempfile::TempDir;

use super::server::{Server, pause, serve, serving};
use super::skipped::skipped;

/// Longer than anything takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server with `--nfs`, in a range of 127.0.0.0/8 that no other test uses.
pub struct Mountable {
    pub server: Server,
    pub place: Place,
}

/// What a server with `--nfs` works in. It can have several, one after the other or at once.
pub struct Place {
    folder: TempDir,
    /// Taken while it is used. No mount target has this address: the first ones of a subnet are reserved.
    _range: TcpListener,
    world: PathBuf,
}

/// `efsctl sandbox serve --nfs` with quick delays, on a world whose only VPC has a range of its own; nothing, which is reported, where
/// nfs-ganesha is not installed.
pub fn mountable(flags: &str) -> Option<Mountable> {
    ganesha()?;
    let place = Place::new();
    let server = place.serve("--nfs", flags);
    Some(Mountable { server, place })
}

/// Where nfs-ganesha is.
pub fn ganesha() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join("ganesha.nfsd"))
        .find(|program| program.exists());
    if found.is_none() {
        skipped("nfs-ganesha is not installed");
    }
    found
}

impl Place {
    /// An empty folder, a range, and a world in that range.
    pub fn new() -> Self {
        let (range, second) = (32..=223)
            .find_map(|second| {
                let listener = TcpListener::bind((format!("127.{second}.0.1"), 2049));
                Some((listener.ok()?, second))
            })
            .expect("a range that no other test uses");
        let subnet = |zone: char, third: u8| {
            format!(
                "[[region.vpc.subnet]]\nzone = \"eu-west-1{zone}\"\ncidr = \"127.{second}.{third}.0/20\"\n"
            )
        };
        let subnets = subnet('a', 0) + &subnet('b', 16) + &subnet('c', 32);
        let world = format!(
            "[timing]\nfile_system = \"100ms\"\nmount_target = \"1s\"\ndelete = \"100ms\"\n\
             [[region]]\nname = \"eu-west-1\"\ndefault_vpc = false\n\
             [[region.vpc]]\nid = \"vpc-0000000a\"\ncidr = \"127.{second}.0.0/16\"\n{subnets}"
        );
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("tmp")).expect("a folder in it");
        let path = folder.path().join("world.toml");
        std::fs::write(&path, world).expect("a file");
        Self {
            folder,
            _range: range,
            world: path,
        }
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command of a server here.
    pub fn command(&self, nfs: &str, flags: &str) -> Command {
        let notes = File::options()
            .create(true)
            .append(true)
            .open(self.path("notes"));
        let mut command = serve(&format!("--world {} {flags}", self.world.display()));
        command
            .arg(nfs)
            .env("TMPDIR", self.path("tmp"))
            .stderr(notes.expect("a file"));
        command
    }

    /// A server here.
    pub fn serve(&self, nfs: &str, flags: &str) -> Server {
        serving(&mut self.command(nfs, flags))
    }

    /// What was said on stderr so far.
    pub fn notes(&self) -> String {
        std::fs::read_to_string(self.path("notes")).expect("text")
    }

    /// The pids of the nfs-ganesha of its servers.
    pub fn ganeshas(&self) -> Vec<u32> {
        let mark = self.path("tmp").display().to_string();
        let processes = std::fs::read_dir("/proc").expect("processes").flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        // A process that has ended and was not waited for yet has no command line.
        let line = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/cmdline"));
        pids.filter(|pid| {
            line(pid).is_ok_and(|line| line.starts_with("ganesha.nfsd") && line.contains(&mark))
        })
        .collect()
    }

    /// The files that its servers left.
    pub fn files(&self) -> usize {
        std::fs::read_dir(self.path("tmp"))
            .expect("a folder")
            .count()
    }
}

impl Mountable {
    /// Creates a file system with three mount targets: its id, and the addresses by zone.
    pub fn create(&self, name: &str) -> (String, Vec<String>) {
        create(&self.server, name)
    }
}

/// Creates a file system with three mount targets: its id, and the addresses by zone.
pub fn create(server: &Server, name: &str) -> (String, Vec<String>) {
    let made = server
        .efsctl(&format!("create {name} --vpc vpc-0000000a -o json"))
        .run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    let document = made.document();
    let file_system = &document["file_system"];
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let targets = file_system["mount_targets"].as_array().expect("a list");
    let mut targets: Vec<(String, String)> = targets
        .iter()
        .map(|target| {
            (
                text(&target["availability_zone"]),
                text(&target["ip_address"]),
            )
        })
        .collect();
    targets.sort();
    let addresses = targets.into_iter().map(|(_, address)| address).collect();
    (text(&file_system["file_system_id"]), addresses)
}

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "it did not happen: {what}");
        pause(Duration::from_millis(10));
    }
}

/// Whether a connection to the port of NFS is refused.
pub fn is_refused(address: &str) -> bool {
    let connected = std::net::TcpStream::connect((address, 2049));
    connected.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// Runs what a client does.
pub fn client<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        tokio::time::timeout(PATIENCE, work)
            .await
            .expect("an answer")
    })
}

/// Mounts an address by NFS 4.1, as root.
pub async fn mount(address: &str) -> nfs_rs::Result<Box<dyn Mount>> {
    let url = format!("nfs://{address}/?version=4.1&nfsport=2049&uid=0&gid=0&noresvport=true");
    nfs_rs::parse_url_and_mount(&url).await
}

/// Writes a file in the root.
pub async fn write(mount: &dyn Mount, name: &str, text: &str) {
    let made = mount.create_path(name, Some(0o644)).await.expect("a file");
    let bytes = text.as_bytes().to_vec().into();
    nfs_rs::write_all(mount, made.fh.clone(), 0, bytes)
        .await
        .expect("it is written");
    mount.close(made.fh).await.expect("it is closed");
}

/// Reads a file in the root; nothing: there is none.
pub async fn read(mount: &dyn Mount, name: &str) -> Option<String> {
    let opened = mount.open_path(name, nfs_rs::OPEN_READ).await.ok()?;
    let bytes = mount.read(opened.fh.clone(), 0, 4096).await.expect("bytes");
    mount.close(opened.fh).await.expect("it is closed");
    Some(String::from_utf8(bytes.to_vec()).expect("text"))
}

/// Writes through one address, and reads through another.
pub fn write_and_read(through: &str, other: &str, name: &str, text: &str) {
    client(async {
        let writer = mount(through).await.expect("it can be mounted");
        write(&*writer, name, text).await;
        let reader = mount(other).await.expect("it can be mounted");
        assert_eq!(read(&*reader, name).await.as_deref(), Some(text), "{name}");
        reader.umount().await.expect("it is unmounted");
        writer.umount().await.expect("it is unmounted");
    });
}

/// A folder with a program of that name, to be put before the `PATH`.
pub fn program(folder: &Path, name: &str, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;

    std::fs::create_dir_all(folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, script).expect("a file");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("a program");
    let rest = std::env::var("PATH").unwrap_or_default();
    format!("{}:{rest}", folder.display())
}
