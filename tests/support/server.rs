//! Processes that the tests start: bound to 127.0.0.1, ended by their own handle.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
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
    let mut child = Command::new(binary())
        .args(["sandbox", "serve", "--port", "0"])
        .args(flags.split_whitespace())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
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
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let child = Command::new(python)
        .args([
            "-m",
            "moto.server",
            "-H",
            "127.0.0.1",
            "-p",
            &port.to_string(),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("moto runs");
    let server = Server {
        child,
        url: format!("http://127.0.0.1:{port}"),
    };
    for _ in 0..300 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        pause(Duration::from_millis(100));
    }
    panic!("moto did not open port {port} within 30 s");
}

/// Waits in real time: for processes, which know no other.
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}

impl Server {
    /// A call of the binary on this endpoint.
    pub fn efsctl(&self, arguments: &str) -> Efsctl {
        Efsctl::new(&format!(
            "--endpoint-url {} --region eu-west-1 {arguments}",
            self.url
        ))
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
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
