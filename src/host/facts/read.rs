//! Reads a host, everything that takes time side by side.

use std::net::SocketAddr;
use std::path::PathBuf;

use futures::future::{join, join_all};

use super::{HostFacts, Mount, Place, Question, Readable, Server, ask, files, table};
use crate::host::here::address_towards;
use crate::host::nfs;

/// What the host shows about that. It takes about as long as the patience of the place, whatever does not answer.
pub async fn read(place: &Place, question: &Question) -> HostFacts {
    let root = &place.root;
    let kernel = files::text(root, "proc/sys/kernel/osrelease").map(|text| text.trim().to_owned());
    let mounts = files::text(root, "proc/mounts").map(|text| table::mounts(&text));
    let mounts = mounts.map(|mut mounts| {
        mounts.retain(Mount::is_nfs);
        mounts
    });
    let fstab = files::text_if_any(root, "etc/fstab");
    let fstab = fstab.map(|text| table::mounts(&text.unwrap_or_default()));
    let config = files::text_if_any(root, "etc/amazon/efs/efs-utils.conf");
    let log = files::text_if_any(root, "var/log/amazon/efs/mount.log");
    let status = files::text(root, "proc/self/status");
    let groups = status.and_then(|text| {
        let count = files::groups(&text);
        count.ok_or_else(|| "/proc/self/status shows no groups".to_owned())
    });
    let absolute_name = format!("{}.", question.name);
    let source = question
        .servers
        .first()
        .and_then(|(_, first)| address_towards(*first));
    let asked = async {
        futures::join!(
            ask::addresses(place, &question.name),
            ask::addresses(place, &absolute_name),
            servers(place, question),
        )
    };
    let points = points(&mounts, question);
    let dead = join_all(points.into_iter().map(async |point| {
        let dead = ask::dead(place, point.clone()).await;
        dead.map(|dead| (point, dead))
    }));
    let proxies = join_all(
        files::ports(root, &question.id)
            .into_iter()
            .map(async |port| (port, ask::listens(port, place.patience).await)),
    );
    let ((resolved, absolute, servers), (dead, proxies)) = join(asked, join(dead, proxies)).await;
    HostFacts {
        nfs4: files::nfs4(root, &kernel),
        kernel,
        programs: files::programs(root),
        resolver: files::text(root, "etc/resolv.conf").map(|text| table::resolver(&text)),
        hosts_file: files::text_if_any(root, "etc/hosts")
            .map(|text| table::hosts(&text.unwrap_or_default(), &question.name)),
        name: question.name.clone(),
        resolved,
        absolute,
        servers,
        source,
        mounts,
        fstab,
        dead: dead.into_iter().flatten().collect(),
        proxies,
        compares_names: config
            .map(|text| files::switch(&text.unwrap_or_default(), "stunnel_check_cert_hostname")),
        logged: log.map(|text| files::last_error(&text.unwrap_or_default())),
        groups,
    }
}

async fn servers(place: &Place, question: &Question) -> Vec<Server> {
    let asked = question.servers.iter().map(async |(id, address)| Server {
        id: id.clone(),
        address: *address,
        answer: nfs::ask(SocketAddr::new(*address, place.port), place.patience).await,
    });
    join_all(asked).await
}

/// Where what is asked about is mounted.
fn points(mounts: &Readable<Vec<Mount>>, question: &Question) -> Vec<PathBuf> {
    let is_meant = |mount: &&Mount| {
        let server = mount.server();
        mount.source.contains(&question.id)
            || question.servers.iter().any(|(_, own)| server == Some(*own))
    };
    let meant = mounts.iter().flatten().filter(is_meant);
    meant.map(|mount| PathBuf::from(&mount.point)).collect()
}
