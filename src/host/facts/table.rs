//! Tables of the system, as text: mounts, `/etc/fstab`, `/etc/resolv.conf`.

use std::net::IpAddr;

/// A line of `/proc/mounts` or `/etc/fstab`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What is mounted: `fs-….efs.eu-west-1.amazonaws.com:/`.
    pub source: String,
    /// Where.
    pub point: String,
    /// The type: `nfs4`, `efs`.
    pub kind: String,
    /// Its options, in order.
    pub options: Vec<String>,
}

impl Mount {
    /// Whether it has that option.
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|own| own == option)
    }

    /// The value of an option: of `addr` that of `addr=10.0.1.5`.
    pub fn value(&self, option: &str) -> Option<&str> {
        let mut values = self.options.iter().filter_map(|own| own.split_once('='));
        let found = values.find(|(name, _)| *name == option)?;
        Some(found.1)
    }

    /// Its server has that address: by its option, or as its source.
    pub fn server(&self) -> Option<IpAddr> {
        let named = self.value("addr").and_then(|text| text.parse().ok());
        let source = self.source.rsplit_once(":/").map(|(host, _)| host);
        let bare = source.map(|host| host.trim_start_matches('[').trim_end_matches(']'));
        named.or_else(|| bare?.parse().ok())
    }

    /// It is a network file system of that kind.
    pub fn is_nfs(&self) -> bool {
        matches!(self.kind.as_str(), "nfs" | "nfs4" | "efs")
    }
}

/// The lines of a table of mounts (fstab(5)): comments are left out, and characters that are written as numbers are read.
pub(super) fn mounts(text: &str) -> Vec<Mount> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let fields = lines.map(|line| line.split_whitespace().map(unescaped).collect::<Vec<_>>());
    fields
        .filter_map(|fields| match fields.as_slice() {
            [source, point, kind, options, ..] => Some(Mount {
                source: source.clone(),
                point: point.clone(),
                kind: kind.clone(),
                options: options.split(',').map(str::to_owned).collect(),
            }),
            _ => None,
        })
        .collect()
}

/// The lines of `/proc/self/mountinfo` (proc(5)), each with its device. Options are those of the mount, then those of the file system.
pub(super) fn mountinfo(text: &str) -> Vec<((u32, u32), Mount)> {
    let line = |line: &str| {
        let (mounted, what) = line.split_once(" - ")?;
        let mounted: Vec<&str> = mounted.split_whitespace().collect();
        let what: Vec<&str> = what.split_whitespace().collect();
        let ([_, _, device, _, point, own, ..], [kind, source, shared, ..]) =
            (mounted.as_slice(), what.as_slice())
        else {
            return None;
        };
        let (major, minor) = device.split_once(':')?;
        let mount = Mount {
            source: unescaped(source),
            point: unescaped(point),
            kind: (*kind).to_owned(),
            options: own
                .split(',')
                .chain(shared.split(','))
                .map(str::to_owned)
                .collect(),
        };
        Some(((major.parse().ok()?, minor.parse().ok()?), mount))
    };
    text.lines().filter_map(line).collect()
}

fn unescaped(field: &str) -> String {
    [(r"\040", " "), (r"\011", "\t"), (r"\134", "\\")]
        .iter()
        .fold(field.to_owned(), |text, (number, character)| {
            text.replace(number, character)
        })
}

/// How names are resolved (resolv.conf(5)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolver {
    /// The name servers.
    pub servers: Vec<IpAddr>,
    /// Domains that are tried behind a name.
    pub search: Vec<String>,
    /// A name with fewer dots than that is tried with them first.
    pub ndots: usize,
}

pub(super) fn resolver(text: &str) -> Resolver {
    let mut found = Resolver {
        ndots: 1,
        ..Resolver::default()
    };
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("nameserver") => {
                let address: Option<IpAddr> = words.next().and_then(|word| word.parse().ok());
                found.servers.extend(address);
            }
            Some("search" | "domain") => found.search = words.map(str::to_owned).collect(),
            Some("options") => {
                let mut dots = words.filter_map(|word| word.strip_prefix("ndots:")?.parse().ok());
                found.ndots = dots.next_back().unwrap_or(found.ndots);
            }
            _ => {}
        }
    }
    found
}

/// The addresses that a hosts file gives a name (hosts(5)).
pub(super) fn hosts(text: &str, name: &str) -> Vec<IpAddr> {
    let lines = text.lines().filter_map(|line| line.split('#').next());
    let named = lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        let address: IpAddr = words.next()?.parse().ok()?;
        words
            .any(|word| word.eq_ignore_ascii_case(name))
            .then_some(address)
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read_with_their_options() {
        let text = "# a comment\n\nfs-1.efs.eu-west-1.amazonaws.com:/ /mnt/my\\040data nfs4 rw,noresvport,addr=10.0.1.5 0 0\nproc /proc proc\n[fd00::5]:/ /mnt/b nfs4 rw 0 0\n";
        let found = mounts(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].point, "/mnt/my data");
        assert!(found[0].has("noresvport") && found[0].is_nfs());
        assert_eq!(found[0].server(), Some([10, 0, 1, 5].into()));
        assert_eq!(found[1].server(), Some("fd00::5".parse().unwrap()));
    }

    #[test]
    fn the_resolver_and_hosts_are_read() {
        let found = resolver(
            "nameserver 10.0.0.2\nsearch a.example b.example\noptions timeout:1 ndots:5\n",
        );
        assert_eq!(found.servers, [IpAddr::from([10, 0, 0, 2])]);
        assert_eq!(
            (found.search.len(), found.ndots, resolver("").ndots),
            (2, 5, 1)
        );
        let text = "127.0.0.1 localhost\n10.9.9.9 other FS-1.example # fs-1.example\n# 10.1.1.1 fs-1.example\n";
        assert_eq!(hosts(text, "fs-1.example"), [IpAddr::from([10, 9, 9, 9])]);
    }
}
