//! What is asked over the network, each thing bounded in time.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Dead, Place, Readable};

/// The error number of a stale file handle on Linux (errno(3), `ESTALE`).
const ESTALE: i32 = 116;

/// The addresses of a name, as this host resolves it.
pub(super) async fn resolved(name: String) -> Readable<Vec<IpAddr>> {
    let found = lookup_host((name.as_str(), 0)).await;
    let found = found.map_err(|error| error.to_string())?;
    let mut addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.is_empty() {
        return Err("no address".to_owned());
    }
    Ok(addresses)
}

/// The same of a place, within its patience.
pub(super) async fn addresses(place: &Place, name: &str) -> Readable<Vec<IpAddr>> {
    let asked = timeout(place.patience, (place.resolve)(name.to_owned())).await;
    let late = || format!("no answer in {} s", place.patience.as_secs());
    asked.unwrap_or_else(|_| Err(late()))
}

/// Whether anything listens on a port of this host.
pub(super) async fn listens(port: u16, time: Duration) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    matches!(timeout(time, TcpStream::connect(address)).await, Ok(Ok(_)))
}

/// How a mount point does not answer; `None`: it does. A thread that hangs in the kernel ends with the process.
pub(super) async fn dead(place: &Place, point: PathBuf) -> Option<Dead> {
    let look = place.look;
    let (tell, answer) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = tell.send(look(&point));
    });
    match timeout(place.patience, answer).await {
        Err(_) => Some(Dead::Hangs),
        Ok(Ok(Err(error))) if error.raw_os_error() == Some(ESTALE) => Some(Dead::Stale),
        Ok(_) => None,
    }
}
