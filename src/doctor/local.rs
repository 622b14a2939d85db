//! What this host shows, as steps and signs.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::facts::{Case, HostSide};
use super::notes::Notes;
use super::sign::{Side, Sign};
use crate::connect::options::{self, Harm};
use crate::domain::advice::Advice;
use crate::domain::finding::Verdict;
use crate::domain::text::list;
use crate::host::facts::{Dead, HostFacts, Mount, Readable};
use crate::host::nfs::NoAnswer;

/// More groups than an `AUTH_SYS` credential carries (RFC 5531; EFS user guide, "Troubleshooting").
const GROUPS: usize = 16;

/// How far the time of a request may be off.
const SIGNATURE: Duration = Duration::from_mins(5);

type Asked = (&'static str, Side, &'static str);

const fn step(id: &'static str, title: &'static str) -> Asked {
    (id, Side::Host, title)
}

pub(super) fn read(case: &Case, notes: &mut Notes) {
    let host = match &case.host {
        HostSide::Asked(host) => host.as_ref(),
        HostSide::NotAsked(why) => {
            let all = step("this-host", "what this host shows");
            return notes.not_applicable(all, why.clone());
        }
    };
    programs(case, host, notes);
    kernel(host, notes);
    names(case, host, notes);
    servers(case, host, notes);
    mounts(case, host, notes);
    boot(case, host, notes);
    proxies(host, notes);
    limits(host, notes);
    clock(case.clock_ahead, notes);
}

fn programs(case: &Case, host: &HostFacts, notes: &mut Notes) {
    let has = |name: &str| host.programs.get(name) == Some(&true);
    let client = step("nfs-client", "mount.nfs4 is installed");
    if has("mount.nfs4") {
        notes.passed(client, Some(Sign::NfsClientPresent), "mount.nfs4 exists");
    } else {
        let seen = "there is no mount.nfs4 in the directories of programs";
        notes.failed(client, vec![(Sign::NoNfsClient, vec![seen.into()])]);
    }
    let helper = step("efs-utils", "mount.efs is installed");
    if has("mount.efs") {
        return notes.passed(helper, Some(Sign::EfsUtilsPresent), "mount.efs exists");
    }
    let seen = "there is no mount.efs in the directories of programs";
    notes.failed(helper, vec![(Sign::NoEfsUtils, vec![seen.into()])]);
    let lines = own(&host.fstab, case);
    for line in lines.iter().filter(|line| line.kind == "efs") {
        let seen = format!("/etc/fstab mounts {} with the type efs", line.source);
        notes.observe(Sign::FstabUsesEfs, vec![seen.into()], None);
    }
}

/// Lines of a table of mounts that are about that file system.
fn own<'m>(all: &'m Readable<Vec<Mount>>, case: &Case) -> Vec<&'m Mount> {
    let addresses = case.addresses();
    let is_own = |mount: &&Mount| {
        let server = mount.server();
        mount.is_nfs()
            && (mount.source.contains(case.id())
                || server.is_some_and(|ip| addresses.contains(&ip)))
    };
    all.iter().flatten().filter(is_own).collect()
}

fn kernel(host: &HostFacts, notes: &mut Notes) {
    let release = host.kernel.as_deref().unwrap_or("of an unknown release");
    let nfs4 = step("kernel-nfs4", "the kernel has NFS 4");
    match &host.nfs4 {
        Ok(true) => {
            let seen = format!("kernel {release} has it");
            notes.passed(nfs4, Some(Sign::KernelNfs4), seen);
        }
        Ok(false) => {
            let seen = format!("kernel {release} has it neither registered nor as a module");
            let fails = vec![(Sign::NoKernelNfs4, vec![seen.into()])];
            notes.failed(nfs4, fails);
        }
        Err(why) => notes.unknown(nfs4, why.as_str()),
    }
}

fn names(case: &Case, host: &HostFacts, notes: &mut Notes) {
    resolver(case, host, notes);
    let addresses = case.addresses();
    let is_own = |found: &[IpAddr]| found.iter().any(|ip| addresses.contains(ip));
    let name = &host.name;
    let title = "the DNS name of the file system resolves to a mount target";
    let resolves = step("name", title);
    let found = match &host.resolved {
        Ok(found) if is_own(found) => {
            let seen = format!("{name} is {}", list(found));
            return notes.passed(resolves, Some(Sign::NameResolves), seen);
        }
        Ok(found) => found,
        Err(why) => {
            let seen = format!("{name} does not resolve: {why}");
            return notes.failed(resolves, vec![(Sign::NameNotResolved, vec![seen.into()])]);
        }
    };
    if addresses.is_empty() {
        let why = format!(
            "{name} is {}; which addresses its mount targets have is not known",
            list(found)
        );
        return notes.unknown(resolves, why);
    }
    let seen = format!("{name} is {}, which no mount target has", list(found));
    let mut fails = vec![(Sign::NameElsewhere, vec![seen.into()])];
    let listed = host.hosts_file.as_deref().unwrap_or_default();
    let apart = match &host.absolute {
        Ok(other) if is_own(other) => Some(format!("the name is {}", list(other))),
        Err(why) => Some(format!("the name has no address ({why})")),
        Ok(_) => None,
    };
    if let (Some(seen), true) = (apart, listed.is_empty()) {
        let search = host.resolver.iter().flat_map(|resolver| &resolver.search);
        let seen = format!(
            "with a dot behind it {seen}; search domains: {}",
            list(search)
        );
        fails.push((Sign::SearchDomain, vec![seen.into()]));
    }
    if listed.iter().any(|ip| !addresses.contains(ip)) {
        let seen = format!("/etc/hosts gives {name} the address {}", list(listed));
        fails.push((Sign::HostsEntry, vec![seen.into()]));
    }
    notes.failed(resolves, fails);
}

/// The resolver of a VPC is the second address of its range, and 169.254.169.253 (VPC user guide, "Understanding Amazon DNS"). One on
/// this host asks another, which is not known.
fn resolver(case: &Case, host: &HostFacts, notes: &mut Notes) {
    let uses = step("resolver", "this host uses the resolver of the VPC");
    let servers = match &host.resolver {
        Ok(resolver) if !resolver.servers.is_empty() => &resolver.servers,
        Ok(_) => {
            return notes.step(
                uses,
                Verdict::Unknown,
                vec!["no name server is named".into()],
            );
        }
        Err(why) => return notes.unknown(uses, why.as_str()),
    };
    let ranges = match &case.account.ranges {
        Ok(ranges) => ranges,
        Err(why) => return notes.unknown(uses, why.clone()),
    };
    let link_local = [
        IpAddr::from([169, 254, 169, 253]),
        IpAddr::from([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253]),
    ];
    let second = |range: &ipnet::IpNet| match range {
        ipnet::IpNet::V4(range) => {
            let base = u32::from(range.network());
            Some(IpAddr::V4(base.saturating_add(2).into()))
        }
        ipnet::IpNet::V6(_) => None,
    };
    let of_vpc: Vec<IpAddr> = ranges.iter().filter_map(second).chain(link_local).collect();
    if servers.iter().any(IpAddr::is_loopback) && !of_vpc.iter().any(|ip| servers.contains(ip)) {
        let why = format!(
            "it asks a resolver on this host ({}), and which one that asks is not known",
            list(servers)
        );
        return notes.unknown(uses, why);
    }
    let seen = format!("/etc/resolv.conf names {}", list(servers));
    if servers.iter().any(|server| of_vpc.contains(server)) {
        return notes.passed(uses, None, seen);
    }
    notes.failed(uses, vec![(Sign::OtherResolver, vec![seen.into()])]);
}

fn servers(case: &Case, host: &HostFacts, notes: &mut Notes) {
    let answers = step(
        "nfs-from-here",
        "every mount target answers NFS 4.1 to this host",
    );
    if host.servers.is_empty() {
        let why = "there is no mount target with an address to ask";
        return notes.not_applicable(answers, why);
    }
    let mut fails = Vec::new();
    for server in &host.servers {
        let Err(why) = &server.answer else { continue };
        let sign = match why {
            _ if why.is_silence() => Sign::NoAnswerHere,
            NoAnswer::NoConnection(..) => Sign::RefusedHere,
            NoAnswer::Unreachable(_) => Sign::NoAnswerHere,
            NoAnswer::Closed | NoAnswer::Slow(_) => Sign::SilentHere,
            NoAnswer::Unfit(_) => Sign::NotNfsHere,
        };
        let seen = format!("{} ({}): {why}", server.id, server.address);
        fails.push((sign, vec![seen.into()]));
    }
    let is_reached = fails.is_empty();
    notes.judged(answers, fails, Some(Sign::HostReaches), "each does");
    let inside = step(
        "host-in-vpc",
        "this host has an address in the VPC of the mount targets",
    );
    let (source, ranges) = match (&host.source, &case.account.ranges) {
        (Some(source), Ok(ranges)) => (source, ranges),
        (None, _) => {
            let why = "this host has no address from which it could connect";
            return notes.unknown(inside, why);
        }
        (_, Err(why)) => return notes.unknown(inside, why.clone()),
    };
    let seen = format!("it connects from {source}; the VPC has {}", list(ranges));
    if ranges.iter().any(|range| range.contains(source)) {
        return notes.passed(inside, None, seen);
    }
    if is_reached {
        // By a peering, a transit gateway or a VPN.
        return notes.not_applicable(inside, seen);
    }
    notes.failed(inside, vec![(Sign::OutsideVpc, vec![seen.into()])]);
}

fn mounts(case: &Case, host: &HostFacts, notes: &mut Notes) {
    let table = step(
        "mounts",
        "what is mounted of it has the options that EFS needs",
    );
    let mounts = match &host.mounts {
        Ok(_) => own(&host.mounts, case),
        Err(why) => return notes.unknown(table, why.as_str()),
    };
    let addresses = case.addresses();
    let mut fails = Vec::new();
    for mount in &mounts {
        let at = format!("{} at {}", mount.source, mount.point);
        // With TLS it is mounted through a process of this host.
        let server = mount
            .server()
            .filter(|ip| *ip != IpAddr::from(Ipv4Addr::LOCALHOST));
        for fault in options::faults(&mount.options) {
            let sign = match (fault.harm, fault.option.as_str()) {
                (Harm::Slow, _) => continue,
                (Harm::Serious, options::NO_NORESVPORT) => Sign::MountedReservedPort,
                (Harm::Serious, _) => Sign::MountedWithOptions,
            };
            let seen = format!("{at}: {}: {}", fault.option, fault.why);
            fails.push((sign, vec![seen.into()]));
        }
        let is_known = case.account.mount_targets.is_ok();
        if let Some(ip) = server.filter(|ip| is_known && !addresses.contains(ip)) {
            let seen = format!("{at} is mounted through {ip}, which no mount target has");
            fails.push((Sign::MountedElsewhere, vec![seen.into()]));
        }
    }
    for (point, dead) in &host.dead {
        let at = point.display();
        fails.push(match dead {
            Dead::Stale => (
                Sign::StaleMount,
                vec![format!("{at} answers with a stale file handle").into()],
            ),
            Dead::Hangs => (
                Sign::HangingMount,
                vec![format!("{at} does not answer").into()],
            ),
        });
    }
    if mounts.is_empty() && fails.is_empty() {
        let none = "it is not mounted on this host";
        return notes.not_applicable(table, none);
    }
    notes.judged(table, fails, None, "they have");
}

fn boot(case: &Case, host: &HostFacts, notes: &mut Notes) {
    let table = step("fstab", "its lines in /etc/fstab have _netdev");
    if let Err(why) = &host.fstab {
        return notes.unknown(table, why.as_str());
    }
    let lines = own(&host.fstab, case);
    let seen = lines.iter().filter(|line| !line.has("_netdev"));
    let seen = seen.map(|line| {
        let (source, point) = (&line.source, &line.point);
        format!("the line of {source} at {point} lacks _netdev").into()
    });
    let seen: Vec<Advice> = seen.collect();
    if lines.is_empty() {
        let none = "it has no line there";
        return notes.not_applicable(table, none);
    }
    let fails = if seen.is_empty() {
        Vec::new()
    } else {
        vec![(Sign::FstabWithoutNetdev, seen)]
    };
    notes.judged(table, fails, None, "they have");
}

fn proxies(host: &HostFacts, notes: &mut Notes) {
    let port = step("tls-port", "the port of its TLS mount on this host is open");
    let down = host.proxies.iter().filter(|(_, listens)| !listens);
    let down = down.map(|(port, _)| format!("nothing listens on 127.0.0.1:{port}").into());
    let down: Vec<Advice> = down.collect();
    if host.proxies.is_empty() {
        let none = "efs-utils has no TLS mount of it on this host";
        notes.not_applicable(port, none);
    } else {
        let fails = if down.is_empty() {
            Vec::new()
        } else {
            vec![(Sign::ProxyDown, down)]
        };
        notes.judged(port, fails, None, "it is");
    }
    let has = |name: &str| host.programs.get(name) == Some(&true);
    if host.compares_names == Ok(Some(true)) && !has("efs-proxy") {
        let seen = "stunnel_check_cert_hostname is true, and there is no efs-proxy";
        notes.observe(Sign::ComparesNames, vec![seen.into()], None);
    }
    let log = step("efs-utils-log", "the log of efs-utils has no error");
    match &host.logged {
        Ok(None) => notes.step(log, Verdict::Pass, Vec::new()),
        // It may be old: it is shown, and points to nothing.
        Ok(Some(error)) => {
            let seen = format!("the last one: {error}");
            notes.not_applicable(log, seen);
        }
        Err(why) => notes.unknown(log, why.as_str()),
    }
}

/// A request whose time is further off than five minutes is refused (IAM user guide, "Troubleshooting AWS signature version 4 errors").
fn clock(ahead: Option<i64>, notes: &mut Notes) {
    let agrees = step("clock", "the clock of this host is that of AWS");
    let Some(ahead) = ahead else {
        return notes.unknown(agrees, "no answer of AWS has its time");
    };
    let by = humantime::format_duration(Duration::from_secs(ahead.unsigned_abs()));
    let seen = match ahead {
        ..0 => format!("it is {by} behind"),
        // An answer is on its way for some time.
        0..=2 => "it is".to_owned(),
        3.. => format!("it is {by} ahead"),
    };
    if Duration::from_secs(ahead.unsigned_abs()) < SIGNATURE {
        return notes.passed(agrees, None, seen);
    }
    notes.failed(agrees, vec![(Sign::ClockOff, vec![seen.into()])]);
}

fn limits(host: &HostFacts, notes: &mut Notes) {
    let few = step("groups", "this user has no more than 16 groups");
    match host.groups {
        Ok(count) if count > GROUPS => {
            let seen = format!("this process has {count} groups");
            notes.failed(few, vec![(Sign::ManyGroups, vec![seen.into()])]);
        }
        Ok(count) => {
            let seen = format!("this process has {count} groups");
            notes.passed(few, None, seen);
        }
        Err(ref why) => notes.unknown(few, why.as_str()),
    }
}
