//! Processes that the tests start: bound to 127.0.0.1, ended by their own handle.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::cli::{Efsctl, binary};

/// A server that ends with its owner.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // Politely, so that a shutdown is tested too; and surely.
        let _ = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        for _ in 0..40 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            pause(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `efsctl sandbox serve` on a free port.
pub fn sandbox(flags: &str) -> Server {
    serving(&mut serve(flags))
}

/// The command that serves the sandbox.
pub fn serve(flags: &str) -> Command {
    let mut command = Command::new(binary());
    command
        .args(["sandbox", "serve", "--port", "0"])
        .args(flags.split_whitespace())
        .stderr(Stdio::null());
    command
}

/// What such a command starts, once it is ready.
pub fn serving(command: &mut Command) -> Server {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut ready = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut ready)
        .expect("the ready line");
    let url = ready
        .trim()
        .rsplit(' ')
        .next()
        .expect("an address")
        .to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{ready}");
    Server { child, url }
}

/// moto on a free port.
pub fn moto(python: &str) -> Server {
    let mut child = Command::new(python)
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("moto runs");
    let mut told = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    let url = loop {
        line.clear();
        let read = told.read_line(&mut line).expect("what moto says");
        assert!(read > 0, "moto ended before it was ready");
        if let Some((_, url)) = line.split_once("Running on ") {
            break url.trim().to_owned();
        }
    };
    // What it says later would fill the pipe.
    std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
    Server { child, url }
}

/// An address of this machine that is taken, and where nobody listens as long as it is held.
pub fn nobody_listens() -> (tokio::net::TcpSocket, std::net::SocketAddr) {
    let held = tokio::net::TcpSocket::new_v4().expect("a socket");
    held.bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a free port");
    let address = held.local_addr().expect("its address");
    (held, address)
}

/// Waits in real time: for processes, which know no other.
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}

impl Server {
    /// Sends it a signal, and waits until it has ended.
    pub fn end(mut self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
        self.child.wait().expect("it ends");
    }

    /// A call of the binary on this endpoint.
    pub fn efsctl(&self, arguments: &str) -> Efsctl {
        Efsctl::new(&format!(
            "--endpoint-url {} --region eu-west-1 {arguments}",
            self.url
        ))
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
    }

    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> u64 {
        self.calls()["counts"][operation].as_u64().unwrap_or(0)
    }

    /// Looks until something holds, as long as that takes; a child that ends before is a failure.
    pub fn until(&self, child: &mut Child, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            let ended = child.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "it ended before: {ended:?}");
            pause(Duration::from_millis(10));
        }
    }

    /// What `/_sandbox/calls` answers.
    pub fn calls(&self) -> serde_json::Value {
        use std::io::{Read, Write};
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("the sandbox listens");
        write!(
            stream,
            "GET /_sandbox/calls HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let body = answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body)
            .unwrap_or_default();
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}
