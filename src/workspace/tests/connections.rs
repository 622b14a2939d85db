//! Connections that say nothing, little, or too much.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::Setup;

/// The status line of what a server answers to these bytes.
fn status(stream: &mut TcpStream) -> String {
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    String::from_utf8(answer.to_vec()).unwrap()
}

#[test]
fn idle_and_dripping_connections_slow_no_other() {
    let setup = Setup::new();
    setup.server.create("j");
    let idle: Vec<TcpStream> = (0..100).map(|_| setup.server.connect()).collect();
    let mut dripping: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = setup.server.connect();
            let head = "POST /api/v1/jobs/j/files HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\n{";
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let alone = Instant::now();
    for round in 0..50 {
        setup.server.put("j", &format!("f{round}"), "x").expect(200);
        for stream in &mut dripping {
            stream.write_all(b" ").unwrap();
        }
    }
    // A server that waits for one of them waits for ten seconds.
    assert!(
        alone.elapsed() < Duration::from_secs(10),
        "{:?}",
        alone.elapsed()
    );
    assert_eq!(setup.server.job("j")["files_count"], 50);
    drop((idle, dripping));
}

#[test]
fn a_body_that_is_announced_too_large_is_refused_before_it_comes() {
    let setup = Setup::new();
    setup.server.create("j");
    let mut stream = setup.server.connect();
    let head = format!(
        "POST /api/v1/jobs/j/files HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
        (64 << 20) + 1
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(status(&mut stream), "HTTP/1.1 413");
    // One that is not announced, while it comes.
    let mut stream = setup.server.connect();
    stream
        .write_all(
            b"POST /api/v1/jobs/j/files HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        )
        .unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    for _ in 0..65 {
        stream.write_all(&chunk).unwrap();
    }
    assert_eq!(status(&mut stream), "HTTP/1.1 413");
}

#[test]
fn headers_have_a_bound_and_a_connection_takes_one_request_after_another() {
    let setup = Setup::new();
    setup.server.create("j");
    let mut stream = setup.server.connect();
    for _ in 0..3 {
        let body = json!({"path": "f", "content": "x"}).to_string();
        let head = format!(
            "POST /api/v1/jobs/j/files HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        assert_eq!(status(&mut stream), "HTTP/1.1 200");
        let mut rest = Vec::new();
        while !rest.ends_with(b"}") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            rest.push(byte[0]);
        }
    }
    let mut stream = setup.server.connect();
    let long = format!(
        "GET /api/v1/jobs/j HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "x".repeat(64 << 10)
    );
    let _ = stream.write_all(long.as_bytes());
    assert_eq!(status(&mut stream), "HTTP/1.1 431");
    // A client that closes its side after the request is answered.
    let mut stream = setup.server.connect();
    stream
        .write_all(b"GET /api/v1/jobs/j HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(status(&mut stream), "HTTP/1.1 200");
}

#[test]
fn twenty_large_files_at_once_are_written() {
    let setup = Setup::with(efsctl_workspace::service::Options {
        limits: efsctl_workspace::domain::limits::Limits {
            bytes: 1 << 30,
            ..Default::default()
        },
        ..Default::default()
    });
    for n in 0..20 {
        setup.server.create(&format!("j{n}"));
    }
    let content = "x".repeat(10 << 20);
    std::thread::scope(|scope| {
        for n in 0..20 {
            let (server, content) = (&setup.server, &content);
            scope.spawn(move || server.put(&format!("j{n}"), "f", content).expect(200));
        }
    });
}
