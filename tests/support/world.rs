//! A simulated account, described: `world().vpc("10.0.0.0/16").subnet('a').group("nfs", &[…]).file_system("data")`.
//!
//! What each method adds belongs to what was added before it, as in the text that comes of it (`docs/SANDBOX.md`). Tests of that
//! text have it as a text.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::cli::Efsctl;
use super::harness::{Harness, REGION};
use super::server::{Server, sandbox};

/// An account that is being described.
#[derive(Clone)]
pub struct World {
    account: Section,
    regions: Vec<Section>,
    /// The sections of the regions: each belongs to the region of that number.
    sections: Vec<(usize, Section)>,
}

#[derive(Clone, Default)]
struct Section {
    header: &'static str,
    keys: BTreeMap<&'static str, String>,
    tags: BTreeMap<String, String>,
}

/// An account with the default VPC of the region of every bench.
pub fn world() -> World {
    let world = World {
        account: Section::default(),
        regions: Vec::new(),
        sections: Vec::new(),
    };
    world.region(REGION)
}

impl World {
    /// From here on, of another region.
    pub fn region(mut self, name: &str) -> Self {
        self.regions.push(Section::new("[[region]]"));
        self.of_region("name", name)
    }

    /// Its number.
    pub fn account(mut self, id: &str) -> Self {
        self.account.set("account_id", id);
        self
    }

    /// IAM actions that nobody may do in it.
    pub fn denied(mut self, actions: &[&str]) -> Self {
        self.account.set("denied", actions);
        self
    }

    /// A region that is not enabled.
    pub fn disabled_region(mut self, name: &str) -> Self {
        self.account.set("disabled_regions", &[name][..]);
        self
    }

    /// A quota of the region.
    pub fn quota(self, name: &str, limit: u32) -> Self {
        self.of_region("quotas", Text(format!("{{ {name} = {limit} }}")))
    }

    /// Mount targets in that zone fail.
    pub fn failing_zone(self, letter: char) -> Self {
        self.of_region("failing_zones", &[&*zone(letter)][..])
    }

    /// There is no default VPC.
    pub fn without_default_vpc(self) -> Self {
        self.of_region("default_vpc", false)
    }

    /// A managed prefix list.
    pub fn prefix_list(self, id: &str, name: &str, entries: &[&str]) -> Self {
        self.section("[[region.prefix_list]]")
            .set("id", id)
            .set("name", name)
            .set("entries", entries)
    }

    /// A VPC, besides the default one.
    pub fn vpc_besides(self, range: &str) -> Self {
        let id = self.next_id("vpc", "[[region.vpc]]");
        self.section("[[region.vpc]]")
            .set("id", &*id)
            .set("cidr", range)
    }

    /// A VPC in place of the default one.
    pub fn vpc(self, range: &str) -> Self {
        self.without_default_vpc().vpc_besides(range)
    }

    /// A subnet of the VPC in the zone of that letter, by which it is called: `a` has the range `10.0.1.0/24` of `10.0.0.0/16`.
    pub fn subnet(self, letter: char) -> Self {
        let range = self.last("[[region.vpc]]").keys["cidr"].clone();
        let mut network = range.trim_matches('"').split('.');
        let [first, second] = [network.next().unwrap(), network.next().unwrap()];
        let third = u32::from(letter) - u32::from('a') + 1;
        self.section("[[region.vpc.subnet]]")
            .set("id", &*format!("subnet-000000000000000{letter}1"))
            .set("name", &*letter.to_string())
            .set("zone", &*zone(letter))
            .set("cidr", &*format!("{first}.{second}.{third}.0/24"))
    }

    /// A security group of the VPC with these inbound rules: `tcp 2049 from 10.0.0.0/16`.
    pub fn group(self, name: &str, ingress: &[&str]) -> Self {
        let id = self.next_id("sg", "[[region.vpc.security_group]]");
        self.section("[[region.vpc.security_group]]")
            .set("id", &*id)
            .set("name", name)
            .set("ingress", ingress)
    }

    /// A network ACL of the VPC for these subnets.
    pub fn network_acl(self, subnets: &[&str], ingress: &[&str], egress: &[&str]) -> Self {
        self.section("[[region.vpc.network_acl]]")
            .set("subnets", subnets)
            .set("ingress", ingress)
            .set("egress", egress)
    }

    /// A file system of somebody: the first one is `fs-0000000000000000a`. Names need not differ.
    pub fn file_system(self, name: &str) -> Self {
        let id = self.next_id("fs", "[[region.file_system]]");
        self.section("[[region.file_system]]")
            .set("id", &*id)
            .set("token", &*id)
            .set("name", name)
    }

    /// So many file systems of one name.
    pub fn file_systems(self, name: &str, count: usize) -> Self {
        self.section("[[region.file_system]]")
            .set("name", name)
            .set("count", u64::try_from(count).unwrap())
    }

    /// A file system that efsctl made.
    pub fn file_system_of_efsctl(self, name: &str) -> Self {
        self.file_system(name)
            .set("token", &*format!("efsctl:{name}"))
            .tag("efsctl:managed-by", "efsctl")
            .tag("efsctl:name", name)
    }

    /// Its copy, which another file system is.
    pub fn copied_to(self, id: &str, region: &str, status: &str) -> Self {
        let [to, region, status] = [id, region, status].map(|text| text.toml());
        self.set(
            "replication",
            Text(format!(
                "{{ to = {to}, region = {region}, status = {status} }}"
            )),
        )
    }

    /// A mount target of the file system, in the subnet of that letter.
    pub fn mount_target(self, letter: char, groups: &[&str]) -> Self {
        self.section("[[region.file_system.mount_target]]")
            .set("subnet", &*letter.to_string())
            .set("security_groups", groups)
    }

    /// An access point of the file system.
    pub fn access_point(self, path: &str) -> Self {
        self.section("[[region.file_system.access_point]]")
            .set("path", path)
    }

    /// An instance in the subnet of that letter.
    pub fn instance(self, id: &str, letter: char, groups: &[&str]) -> Self {
        self.section("[[region.instance]]")
            .set("id", id)
            .set("subnet", &*letter.to_string())
            .set("security_groups", groups)
    }

    /// A member of what was added last.
    pub fn set(mut self, key: &'static str, value: impl Toml) -> Self {
        self.sections
            .last_mut()
            .expect("a section")
            .1
            .set(key, value);
        self
    }

    /// A tag of what was added last.
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        let section = &mut self.sections.last_mut().expect("a section").1;
        section.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// What has been described, on tokio's clock.
    pub fn harness(&self) -> Harness {
        Harness::described(&self.to_string())
    }

    /// What has been described, as a file.
    pub fn file(&self) -> WorldFile {
        WorldFile::of(&self.to_string())
    }

    fn section(mut self, header: &'static str) -> Self {
        let section = Section::new(header);
        self.sections.push((self.regions.len() - 1, section));
        self
    }

    fn of_region(mut self, key: &'static str, value: impl Toml) -> Self {
        self.regions.last_mut().expect("a region").set(key, value);
        self
    }

    fn last(&self, header: &str) -> &Section {
        let mut sections = self.sections.iter().rev().map(|(_, section)| section);
        sections
            .find(|section| section.header == header)
            .expect("a section to belong to")
    }

    /// `fs-0000000000000000a`, then `…b`.
    fn next_id(&self, kind: &str, header: &str) -> String {
        let before = self
            .sections
            .iter()
            .filter(|(_, section)| section.header == header);
        format!("{kind}-{:017x}", 10 + before.count())
    }
}

/// The zone of that letter in the region of every bench.
fn zone(letter: char) -> String {
    format!("{REGION}{letter}")
}

impl Section {
    fn new(header: &'static str) -> Self {
        Self {
            header,
            ..Self::default()
        }
    }

    fn set(&mut self, key: &'static str, value: impl Toml) {
        self.keys.insert(key, value.toml());
    }
}

impl Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.header)?;
        for (key, value) in &self.keys {
            writeln!(f, "{key} = {value}")?;
        }
        if !self.tags.is_empty() {
            let tags = self.tags.iter();
            let tags: Vec<String> = tags
                .map(|(key, value)| format!("{} = {}", key.toml(), value.toml()))
                .collect();
            writeln!(f, "tags = {{ {} }}", tags.join(", "))?;
        }
        Ok(())
    }
}

impl Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.account)?;
        for (number, region) in self.regions.iter().enumerate() {
            write!(f, "{region}")?;
            let sections = self.sections.iter().filter(|(of, _)| *of == number);
            for (_, section) in sections {
                write!(f, "{section}")?;
            }
        }
        Ok(())
    }
}

/// What stands behind the equals sign.
pub trait Toml {
    fn toml(&self) -> String;
}

/// TOML as it stands.
pub struct Text(pub String);

impl Toml for Text {
    fn toml(&self) -> String {
        self.0.clone()
    }
}

impl Toml for &str {
    fn toml(&self) -> String {
        let mut text = String::from('"');
        for c in self.chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                c if c.is_control() => write!(text, "\\u{:04X}", u32::from(c)).unwrap(),
                c => text.push(c),
            }
        }
        text + "\""
    }
}

impl Toml for &String {
    fn toml(&self) -> String {
        self.as_str().toml()
    }
}

impl Toml for bool {
    fn toml(&self) -> String {
        self.to_string()
    }
}

impl Toml for u64 {
    fn toml(&self) -> String {
        self.to_string()
    }
}

impl Toml for &[&str] {
    fn toml(&self) -> String {
        let items: Vec<String> = self.iter().map(Toml::toml).collect();
        format!("[{}]", items.join(", "))
    }
}

/// A description in a file, which is there as long as this is.
pub struct WorldFile {
    _folder: TempDir,
    path: PathBuf,
}

impl WorldFile {
    /// A file with that text.
    pub fn of(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("world.toml");
        std::fs::write(&path, text).expect("a file");
        Self {
            _folder: folder,
            path,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// efsctl on the account, each time as it is described: `--sandbox --world FILE ARGUMENTS`.
    pub fn efsctl(&self, arguments: &str) -> Efsctl {
        let world = self.path.display();
        Efsctl::new(&format!("--sandbox --world {world} {arguments}"))
    }

    /// A server of the account.
    pub fn serve(&self, flags: &str) -> Server {
        sandbox(&format!("--world {} {flags}", self.path.display()))
    }
}

#[test]
fn a_world_is_what_was_described() {
    let world = world()
        .account("111122223333")
        .denied(&["ec2:DescribeVpcs"])
        .prefix_list("pl-0000000a", "offices", &["10.0.8.0/24"])
        .vpc("10.0.0.0/16")
        .set("dns_hostnames", true)
        .subnet('a')
        .subnet('b')
        .group("nfs", &["tcp 2049 from offices"])
        .tag("a \"b\"", "\\\n")
        .file_system_of_efsctl("data")
        .set("size", 7)
        .mount_target('a', &["nfs"])
        .access_point("/x")
        .file_system("other")
        .instance("i-0000000a", 'b', &["nfs"])
        .region("us-east-1");
    let world = efsctl::sandbox::world::scenario::parse(&world.to_string(), 0).unwrap();
    assert_eq!(world.account_id, "111122223333");
    assert_eq!(world.regions.len(), 2);
    let region = &world.regions[REGION];
    assert_eq!(region.vpcs.len(), 1, "no default one");
    assert_eq!(
        region.subnets["subnet-000000000000000b1"].cidr.to_string(),
        "10.0.2.0/24"
    );
    let group = &region.security_groups["sg-0000000000000000a"];
    assert_eq!(group.tags["a \"b\""], "\\\n");
    let ids: Vec<&String> = region.file_systems.keys().collect();
    assert_eq!(ids, ["fs-0000000000000000a", "fs-0000000000000000b"]);
    let made = &region.file_systems[ids[0]];
    assert_eq!(made.creation_token, "efsctl:data");
    assert_eq!(
        (region.mount_targets.len(), region.access_points.len()),
        (1, 1)
    );
    assert!(
        region.network_interfaces.len() > 1,
        "of the mount target and the instance"
    );
}
