//! A proxy that loses answers: it forwards every request, and drops the answer to the first one of an operation.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// In front of a server; ends with its owner.
pub struct Proxy {
    pub url: String,
    lost: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    address: String,
}

impl Proxy {
    /// Loses the answer to the first request that is this operation.
    pub fn before(server: &str, operation: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = server.trim_start_matches("http://").to_owned();
        let (lost, over) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (counted, ends) = (lost.clone(), over.clone());
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let (server, counted) = (server.clone(), counted.clone());
                std::thread::spawn(move || {
                    let _ =
                        client.and_then(|client| exchange(client, &server, operation, &counted));
                });
            }
        });
        Self {
            url: format!("http://{address}"),
            lost,
            over,
            address,
        }
    }

    /// How many answers were lost.
    pub fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(&self.address);
    }
}

/// One request and its answer; connections are not kept.
fn exchange(
    mut client: TcpStream,
    server: &str,
    operation: &str,
    lost: &AtomicUsize,
) -> std::io::Result<()> {
    let request = read_request(&mut client)?;
    let text = String::from_utf8_lossy(&request).into_owned();
    let mut upstream = TcpStream::connect(server)?;
    upstream.write_all(&closing(&request))?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    if operation_of(&text) == operation && lost.fetch_add(1, Ordering::SeqCst) == 0 {
        // The effect is there; the client sees a connection that ends.
        return Ok(());
    }
    client.write_all(&answer)
}

/// The head, and as much body as it announces.
pub fn read_request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = client.read(&mut chunk)?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse::<usize>().ok())?
            });
            if request.len() >= head.len() + 4 + length.unwrap_or(0) {
                return Ok(request);
            }
        }
        if read == 0 {
            return Ok(request);
        }
    }
}

/// The same request, after which the server closes the connection.
fn closing(request: &[u8]) -> Vec<u8> {
    let end = request
        .windows(2)
        .position(|pair| pair == b"\r\n")
        .unwrap_or_default();
    let (line, rest) = request.split_at(end);
    [line, b"\r\nConnection: close", rest].concat()
}

fn operation_of(request: &str) -> &str {
    let mut words = request.split(' ');
    match (words.next(), words.next()) {
        (Some("POST"), Some("/2015-02-01/file-systems")) => "CreateFileSystem",
        (Some("POST"), Some("/2015-02-01/mount-targets")) => "CreateMountTarget",
        (Some("PUT"), Some(path)) if path.ends_with("/lifecycle-configuration") => {
            "PutLifecycleConfiguration"
        }
        _ => request
            .split_once("Action=")
            .map(|(_, rest)| rest.split('&').next().unwrap_or_default())
            .unwrap_or_default(),
    }
}
