//! A sandbox on a loopback port, and just enough of an HTTP client to look at it closely.

use std::net::SocketAddr;

use efsctl_sandbox::account::{Account, Options};
use efsctl_sandbox::fault::Faults;
use efsctl_sandbox::server::Server;
use efsctl_sandbox::wire::Request;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server on a port of its own.
pub struct Running {
    pub address: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub server: JoinHandle<()>,
}

impl Running {
    pub async fn start(account: Account) -> Self {
        let server = Server::bind(0).await.unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(server.run(account, async move {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            server,
        }
    }

    pub async fn with_faults(rules: &[&str]) -> Self {
        let faults = Faults::new(rules.iter().map(|rule| rule.parse().unwrap()));
        Self::start(Account::new(Options {
            faults,
            ..Options::default()
        }))
        .await
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// The status and body of one exchange on a connection of its own.
    pub async fn exchange(&self, head: &str, body: &[u8]) -> std::io::Result<(u16, String)> {
        let mut stream = self.connect().await;
        let length = body.len();
        let host = self.address;
        let head = format!(
            "{head}\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        read_to_close(&mut stream).await
    }

    pub async fn send(&self, request: &Request) -> std::io::Result<(u16, String)> {
        self.exchange(&head(request), &request.body).await
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        self.exchange(&format!("GET {path} HTTP/1.1"), b"")
            .await
            .unwrap()
    }

    pub async fn calls(&self) -> Value {
        serde_json::from_str(&self.get("/_sandbox/calls").await.1).unwrap()
    }
}

/// Request line and authorization.
pub fn head(request: &Request) -> String {
    let (method, path) = (&request.method, &request.path);
    format!(
        "{method} {path} HTTP/1.1\r\nAuthorization: {}",
        request.header("authorization").unwrap()
    )
}

/// The answer on a connection that the server closes.
pub async fn read_to_close(stream: &mut TcpStream) -> std::io::Result<(u16, String)> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or(std::io::ErrorKind::UnexpectedEof)?;
    Ok((
        head.split(' ').nth(1).unwrap().parse().unwrap(),
        body.to_owned(),
    ))
}

/// One answer on a connection that stays open.
pub async fn read_one(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                return (
                    head.split(' ').nth(1).unwrap().parse().unwrap(),
                    body.to_owned(),
                );
            }
        }
        assert_ne!(
            stream.read_buf(&mut answer).await.unwrap(),
            0,
            "closed in the middle: {text}"
        );
    }
}

/// All of them, in turn by whoever is ready.
pub async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut waiting = false;
        for (future, done) in running.iter_mut().filter(|(_, done)| done.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(output) => *done = Some(output),
                std::task::Poll::Pending => waiting = true,
            }
        }
        if waiting {
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(())
        }
    })
    .await;
    running.into_iter().filter_map(|(_, done)| done).collect()
}
