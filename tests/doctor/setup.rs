//! A healthy account, client and host, of which each cause breaks one thing.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use efsctl::doctor::Diagnosis;
use efsctl::error::Error;
use efsctl::host::facts::Place;
use efsctl::service::DoctorOptions;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::harness::{Harness, REGION, reference};
use crate::support::world::{World, world};

pub const ID: &str = "fs-0123456789abcdef0";
pub const NAME: &str = "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com";
pub const CLIENT: &str = "i-0000000a";

/// What listens where the mount target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An NFS 4.1 server.
    Nfs,
    /// Nothing.
    Nothing,
    /// Something that takes connections and says nothing.
    Silent,
    /// Something that takes no connection, and refuses none.
    Full,
    /// A web server.
    Http,
}

/// How the name of the file system resolves.
#[derive(Debug, Clone)]
pub struct Names {
    pub plain: Result<IpAddr, String>,
    /// With a dot behind it.
    pub absolute: Result<IpAddr, String>,
}

#[derive(Debug, Clone)]
pub struct Setup {
    /// The first two parts of the range of the VPC.
    pub network: &'static str,
    pub dns_hostnames: bool,
    pub file_system: BTreeMap<&'static str, String>,
    pub has_mount_target: bool,
    pub mount_target: BTreeMap<&'static str, String>,
    pub ingress: Vec<&'static str>,
    pub egress: Option<Vec<&'static str>>,
    /// Blocks NFS in the network ACL of the mount target's subnet.
    pub acl_of_mount_target: bool,
    pub acl_of_client: bool,
    /// The subnet of the client: `a` is that of the mount target, `d` in the same zone, `c` in another VPC.
    pub client_in: char,
    /// It was created a minute ago, not a day.
    pub is_new: bool,
    pub routes: Vec<&'static str>,
    pub access_points: Vec<BTreeMap<&'static str, String>>,
    pub denied: Vec<String>,
    pub message: Vec<&'static str>,
    pub from: Vec<&'static str>,
    /// This host, where it is asked.
    pub asks_host: bool,
    pub role: Role,
    pub names: Names,
    pub files: BTreeMap<&'static str, String>,
    pub look: fn(&Path) -> std::io::Result<()>,
    /// By how many seconds the clock of this host is ahead.
    pub clock_ahead: i64,
}

pub fn text(value: &str) -> String {
    format!("{value:?}")
}

/// A range, with the place of the VPC in it.
fn in_vpc(network: &str, rule: &str) -> String {
    rule.replace("VPC", &format!("{network}.0.0/16"))
}

impl Setup {
    pub fn healthy() -> Self {
        let ip: IpAddr = [127, 0, 1, 20].into();
        let mut files = BTreeMap::new();
        for (name, content) in [
            ("proc/sys/kernel/osrelease", "6.1.0\n"),
            ("proc/filesystems", "nodev\tproc\nnodev\tnfs4\n"),
            ("proc/mounts", "proc /proc proc rw 0 0\n"),
            ("proc/self/status", "Name:\tefsctl\nGroups:\t4 24 1000\n"),
            (
                "etc/resolv.conf",
                "nameserver 127.0.0.2\nsearch eu-west-1.compute.internal\n",
            ),
            ("etc/hosts", "127.0.0.1 localhost\n"),
            ("etc/fstab", "UUID=1 / ext4 defaults 0 1\n"),
            ("sbin/mount.nfs4", ""),
            ("sbin/mount.efs", ""),
            ("usr/bin/efs-proxy", ""),
        ] {
            files.insert(name, content.to_owned());
        }
        Self {
            network: "127.0",
            dns_hostnames: true,
            file_system: [("size", "1073741824".to_owned())].into(),
            has_mount_target: true,
            mount_target: BTreeMap::new(),
            ingress: vec!["tcp 2049 from clients"],
            egress: None,
            acl_of_mount_target: false,
            acl_of_client: false,
            client_in: 'd',
            is_new: false,
            routes: Vec::new(),
            access_points: Vec::new(),
            denied: Vec::new(),
            message: Vec::new(),
            from: vec![CLIENT],
            asks_host: false,
            role: Role::Nfs,
            names: Names {
                plain: Ok(ip),
                absolute: Ok(ip),
            },
            files,
            clock_ahead: 0,
            look: |path| std::fs::metadata(path.join("..")).map(drop),
        }
    }

    /// The same, asked from this host.
    pub fn here(mut self) -> Self {
        self.asks_host = true;
        self.from.clear();
        self
    }

    pub fn world(&self) -> World {
        let range = format!("{}.0.0/16", self.network);
        let ip = format!("{}.1.20", self.network);
        let denied: Vec<&str> = self.denied.iter().map(String::as_str).collect();
        let ingress: Vec<String> = self
            .ingress
            .iter()
            .map(|rule| in_vpc(self.network, rule))
            .collect();
        let ingress: Vec<&str> = ingress.iter().map(String::as_str).collect();
        let mut world = world().account("111122223333").denied(&denied).vpc(&range);
        world = world.set("dns_hostnames", self.dns_hostnames);
        if !self.routes.is_empty() {
            world = world.set("routes", &self.routes[..]);
        }
        world = world.subnet('a').subnet('b');
        world = world.subnet('d').set("zone", "eu-west-1a");
        world = world.group("clients", &[]);
        if let Some(egress) = &self.egress {
            world = world.set("egress", &egress[..]);
        }
        world = world.group("nfs", &ingress);
        let blocks: (&[&str], &[&str]) = (
            &[
                "90 deny tcp 2049 from 0.0.0.0/0",
                "100 allow all from 0.0.0.0/0",
            ],
            &[
                "90 deny tcp 2049 to 0.0.0.0/0",
                "100 allow all to 0.0.0.0/0",
            ],
        );
        if self.acl_of_mount_target {
            world = world.network_acl(&["a"], blocks.0, &["100 allow all to 0.0.0.0/0"]);
        }
        if self.acl_of_client {
            world = world.network_acl(&["d"], &["100 allow all from 0.0.0.0/0"], blocks.1);
        }
        if self.client_in == 'c' {
            world = world
                .vpc_besides("10.7.0.0/16")
                .subnet('c')
                .set("zone", "eu-west-1a")
                .group("clients", &[]);
        }
        world = world.file_system("data").set("id", ID);
        for (key, value) in &self.file_system {
            world = world.set(key, crate::support::world::Text(value.clone()));
        }
        if self.has_mount_target {
            world = world.mount_target('a', &["nfs"]).set("ip", &*ip);
            for (key, value) in &self.mount_target {
                world = world.set(key, crate::support::world::Text(value.clone()));
            }
        }
        for point in &self.access_points {
            world = world.access_point("/app");
            for (key, value) in point {
                world = world.set(key, crate::support::world::Text(value.clone()));
            }
        }
        world.instance(CLIENT, self.client_in, &["clients"])
    }

    /// What `doctor` says.
    pub async fn diagnosed(&self) -> Result<Diagnosis, Error> {
        let harness = Harness::at_once(&self.world().to_string());
        self.diagnosed_on(&harness).await
    }

    pub async fn diagnosed_on(&self, harness: &Harness) -> Result<Diagnosis, Error> {
        let folder = tempfile::tempdir().unwrap();
        let place = self.place(&folder).await;
        let options = DoctorOptions {
            region: REGION.to_owned(),
            clients: self.from.iter().map(|one| one.parse().unwrap()).collect(),
            host: if self.asks_host {
                Ok(place)
            } else {
                Err("not asked".into())
            },
            message: (!self.message.is_empty()).then(|| self.message.join("\n")),
            timeout: None,
            now: i64::try_from((harness.clock)() / 1000).unwrap()
                - if self.is_new { 86_340 } else { 0 },
        };
        let now = aws_smithy_types::DateTime::from(std::time::SystemTime::now()).secs();
        let sent = aws_smithy_types::DateTime::from_secs(now - self.clock_ahead);
        let sent = sent.fmt(aws_smithy_types::date_time::Format::HttpDate);
        let service = harness.dated(sent.unwrap()).await;
        service.doctor(&reference(ID), &options).await
    }

    /// The host, as files below a folder, with what listens at the address of the mount target.
    pub async fn place(&self, folder: &TempDir) -> Place {
        for (name, content) in &self.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let names = self.names.clone();
        Place {
            root: folder.path().to_owned(),
            port: serve(self.role, self.network).await,
            patience: Duration::from_millis(400),
            resolve: Arc::new(move |name| {
                let found = if name.ends_with('.') {
                    &names.absolute
                } else {
                    &names.plain
                };
                let found = found.clone().map(|ip| vec![ip]);
                Box::pin(async move { found })
            }),
            look: self.look,
        }
    }
}

/// Listens at the address of the mount target; answers with the port.
async fn serve(role: Role, network: &str) -> u16 {
    let address = format!("{network}.1.20:0");
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(address.parse().unwrap()).unwrap();
    let at = socket.local_addr().unwrap();
    if role == Role::Nothing {
        return at.port();
    }
    let listener = socket
        .listen(if role == Role::Full { 1 } else { 64 })
        .unwrap();
    match role {
        Role::Full => {
            // What is taken and what waits fill the queue: further connections are not answered.
            tokio::spawn(async move {
                let mut taken = Vec::new();
                for _ in 0..3 {
                    taken.push(tokio::spawn(tokio::net::TcpStream::connect(at)));
                }
                tokio::time::sleep(Duration::from_secs(10)).await;
                drop((listener, taken));
            });
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Role::Nothing => {}
        Role::Nfs | Role::Silent | Role::Http => {
            tokio::spawn(accept(listener, role));
        }
    }
    at.port()
}

async fn accept(listener: TcpListener, role: Role) {
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut record = vec![0; 512];
            let mut nth = 0;
            while let Ok(read) = stream.read(&mut record).await {
                if read == 0 {
                    break;
                }
                let words: &[u32] = match (role, nth) {
                    (Role::Nfs, 0) => &[1, 0, 0, 0, 0],
                    (Role::Nfs, _) => &[1, 0, 0, 0, 0, 0, 0, 1, 42, 0],
                    (Role::Http, _) => {
                        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                        continue;
                    }
                    _ => continue,
                };
                let mut body = record[4..8].to_vec();
                body.extend(words.iter().flat_map(|word| word.to_be_bytes()));
                let mark = 0x8000_0000 | u32::try_from(body.len()).unwrap();
                let answer = [&mark.to_be_bytes()[..], &body].concat();
                let _ = stream.write_all(&answer).await;
                nth += 1;
            }
        });
    }
}
