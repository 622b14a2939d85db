//! The listener of a mount target: bytes go to the server of its file system and back.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

/// How long to wait after a connection could not be accepted, for lack of file descriptors mostly.
const PAUSE: Duration = Duration::from_millis(50);

/// A server as those see it that forward to it.
#[derive(Debug, Clone)]
pub(super) struct Upstream {
    /// Its port on 127.0.0.1.
    pub(super) port: u16,
    /// Whether it answers; closed when it is ended.
    pub(super) ready: watch::Receiver<bool>,
}

impl Upstream {
    /// Whether nothing will answer any more.
    pub(super) fn is_ended(&self) -> bool {
        self.ready.has_changed().is_err()
    }

    /// Waits until nothing will answer any more.
    async fn ended(mut self) {
        let _ = self.ready.wait_for(|_| false).await;
    }
}

/// Accepts connections until `stop` is dropped or the server is ended; those that are open end then too.
pub(super) async fn serve(
    listener: TcpListener,
    upstream: Upstream,
    mut stop: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    let ended = upstream.clone().ended();
    tokio::pin!(ended);
    loop {
        tokio::select! {
            _ = &mut stop => return,
            () = &mut ended => return,
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    connections.spawn(forward(client, upstream.clone()));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Forwards one connection. Until the server is ready, the client waits.
async fn forward(mut client: TcpStream, mut upstream: Upstream) -> io::Result<()> {
    let ended = |_| io::Error::from(io::ErrorKind::ConnectionAborted);
    upstream
        .ready
        .wait_for(|ready| *ready)
        .await
        .map_err(ended)?;
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream.port)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
