//! The sandbox as an HTTP endpoint on the loopback interface, for any AWS client.

mod admin;
mod connection;

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::account::{Account, Clock, wall_clock};

/// How long calls in progress may go on after a shutdown began.
const GRACE: Duration = Duration::from_secs(2);

/// How long to wait after a connection could not be accepted, for lack of file descriptors mostly.
const BREATH: Duration = Duration::from_millis(50);

/// A bound port that does not answer yet: clients that connect wait until [`Server::run`].
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds a port of 127.0.0.1; 0 takes any that is free.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves an account by the time of day until `shutdown`; calls in progress get two seconds to end.
    pub async fn run(self, account: Account, shutdown: impl Future<Output = ()>) {
        self.run_with_clock(account, wall_clock(), shutdown).await;
    }

    /// The same, by another clock.
    pub async fn run_with_clock(
        self,
        account: Account,
        clock: Clock,
        shutdown: impl Future<Output = ()>,
    ) {
        let (stop, stopping) = watch::channel(false);
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let (account, clock) = (account.clone(), clock.clone());
                        connections.spawn(connection::serve(stream, account, clock, stopping.clone()));
                    }
                    Err(_) => tokio::time::sleep(BREATH).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(self.listener);
        stop.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        // What is still under way after that is cut off as `connections` is dropped.
        let _ = tokio::time::timeout(GRACE, ended).await;
    }
}
