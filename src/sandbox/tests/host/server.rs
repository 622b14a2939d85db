use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use efsctl_sandbox::account::{Account, Options};
use efsctl_sandbox::fault::Faults;
use efsctl_sandbox::server::Server;
use efsctl_sandbox::store::Store;
use efsctl_sandbox::wire::Request;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::loopback::{Running, head, join_all, read_one, read_to_close};
use super::{create, list};

#[tokio::test]
async fn a_connection_serves_one_call_after_the_other() {
    let sandbox = Running::with_faults(&[]).await;
    let mut stream = sandbox.connect().await;
    for (request, status) in [(create("a"), 201), (create("a"), 409), (list(), 200)] {
        let length = request.body.len();
        let head = format!(
            "{}\r\nHost: x\r\nContent-Length: {length}\r\n\r\n",
            head(&request)
        );
        stream
            .write_all(&[head.as_bytes(), &request.body].concat())
            .await
            .unwrap();
        assert_eq!(read_one(&mut stream).await.0, status);
    }
}

#[tokio::test]
async fn only_the_loopback_interface_is_bound_and_a_taken_port_is_an_error() {
    let server = Server::bind(0).await.unwrap();
    assert!(server.address().ip().is_loopback());
    let taken = Server::bind(server.address().port()).await.unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn many_clients_at_once_are_served_side_by_side() {
    // None of them is answered: one after the other, the second would never be heard.
    let faults = Faults::new(["CreateFileSystem:*:hang-after".parse().unwrap()]);
    let account = Account::new(Options {
        faults,
        ..Options::default()
    });
    let sandbox = Running::start(account.clone()).await;
    let calls = (0..100).map(|client| {
        let request = create(&format!("client-{client}"));
        let sandbox = &sandbox;
        async move { sandbox.send(&request).await.unwrap().0 }
    });
    let all_heard = async {
        while account.calls().total < 100 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        answers = join_all(calls) => panic!("answered: {answers:?}"),
        () = all_heard => {}
    }
    assert_eq!(sandbox.calls().await["counts"]["CreateFileSystem"], 100);
}

/// Sends a request, waits until it is the `nth` that the account heard of, and gives the answer a moment to come that must not.
async fn is_not_answered(sandbox: &Running, account: &Account, nth: u64, request: &Request) {
    let call = sandbox.send(request);
    tokio::pin!(call);
    while account.calls().total < nth {
        tokio::select! {
            answer = &mut call => panic!("{answer:?}"),
            () = tokio::time::sleep(Duration::from_millis(5)) => {}
        }
    }
    let answer = tokio::time::timeout(Duration::from_millis(50), call).await;
    assert!(answer.is_err(), "{answer:?}");
}

#[tokio::test]
async fn a_reset_is_a_reset_of_the_connection() {
    let sandbox = Running::with_faults(&[
        "CreateFileSystem:1:reset-before",
        "CreateFileSystem:2:reset-after",
    ])
    .await;
    for (token, status) in [("a", 201), ("b", 409)] {
        let error = sandbox.send(&create(token)).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        if token == "b" {
            assert_eq!(
                sandbox.send(&create("b")).await.unwrap().0,
                status,
                "it had its effect"
            );
        }
    }
}

#[tokio::test]
async fn a_hang_lasts_until_the_client_leaves_and_keeps_nobody_else() {
    let faults = ["CreateFileSystem:1:hang", "CreateFileSystem:2:hang-after"];
    let account = Account::new(Options {
        faults: Faults::new(faults.map(|fault| fault.parse().unwrap())),
        ..Options::default()
    });
    let sandbox = Running::start(account.clone()).await;
    for (nth, token) in (1..).zip(["without", "with"]) {
        is_not_answered(&sandbox, &account, nth, &create(token)).await;
    }
    let (status, listed) = sandbox.send(&list()).await.unwrap();
    assert_eq!(status, 200);
    assert!(
        listed.contains("\"with\"") && !listed.contains("\"without\""),
        "{listed}"
    );
}

#[tokio::test]
async fn a_late_effect_comes_after_the_client_gave_up() {
    let time = Arc::new(AtomicU64::new(1_800_000_000_000));
    let faults = Faults::new(["CreateFileSystem:1:late=5s".parse().unwrap()]);
    let account = Account::new(Options {
        faults,
        ..Options::default()
    });
    let clock = {
        let time = time.clone();
        Arc::new(move || time.load(Ordering::Relaxed))
    };
    let server = Server::bind(0).await.unwrap();
    let (address, (stop, _)) = (server.address(), oneshot::channel());
    let heard = account.clone();
    let server = tokio::spawn(server.run_with_clock(account, clock, std::future::pending()));
    let sandbox = Running {
        address,
        stop,
        server,
    };

    is_not_answered(&sandbox, &heard, 1, &create("late")).await;
    assert!(!sandbox.send(&list()).await.unwrap().1.contains("\"late\""));
    time.fetch_add(5_000, Ordering::Relaxed);
    assert!(sandbox.send(&list()).await.unwrap().1.contains("\"late\""));
}

#[tokio::test]
async fn a_body_may_come_in_chunks_and_may_wait_to_be_asked_for() {
    let sandbox = Running::with_faults(&[]).await;
    let mut stream = sandbox.connect().await;
    let head = head(&create("unused"));
    let first = format!(
        "{head}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n18\r\n{{\"CreationToken\":\"chunk"
    );
    stream.write_all(first.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    stream
        .write_all(b"e\r\n3\r\nd\"}\r\n0\r\n\r\n")
        .await
        .unwrap();
    let (status, body) = read_one(&mut stream).await;
    assert_eq!(status, 201, "{body}");
    assert!(body.contains("\"chunked\""), "{body}");

    let body = &create("expected").body;
    let length = body.len();
    let asking =
        format!("{head}\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(asking.as_bytes()).await.unwrap();
    assert_eq!(read_one(&mut stream).await.0, 100);
    stream.write_all(body).await.unwrap();
    assert_eq!(read_one(&mut stream).await.0, 201);
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused() {
    let sandbox = Running::with_faults(&[]).await;
    let mut stream = sandbox.connect().await;
    let head = format!(
        "{}\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n",
        head(&create("a"))
    );
    stream
        .write_all(&[head.as_bytes(), &vec![b' '; 1_048_577]].concat())
        .await
        .unwrap();
    assert_eq!(read_one(&mut stream).await.0, 413);
    assert_eq!(sandbox.calls().await["total"], 0);
}

#[tokio::test]
async fn the_log_the_state_and_the_way_back_are_under_sandbox() {
    let sandbox = Running::with_faults(&[]).await;
    assert_eq!(
        sandbox.get("/_sandbox/health").await,
        (200, "{\"status\":\"ok\"}".to_owned())
    );
    sandbox.send(&create("a")).await.unwrap();
    sandbox.send(&list()).await.unwrap();
    let calls = sandbox.calls().await;
    assert_eq!(
        (&calls["total"], &calls["writes"]),
        (&Value::from(2), &Value::from(1))
    );
    assert_eq!(calls["log"][0]["operation"], "CreateFileSystem");
    let (_, world) = sandbox.get("/_sandbox/world").await;
    let world: Value = serde_json::from_str(&world).unwrap();
    assert_eq!(world["efsctl_sandbox"], 1);
    assert_eq!(
        world["world"]["regions"]["eu-west-1"]["file_systems"]
            .as_object()
            .unwrap()
            .len(),
        1
    );

    assert_eq!(
        sandbox
            .exchange("POST /_sandbox/reset HTTP/1.1", b"")
            .await
            .unwrap()
            .0,
        204
    );
    assert_eq!(sandbox.calls().await["total"], 0);
    assert_eq!(sandbox.send(&create("a")).await.unwrap().0, 201);

    assert_eq!(sandbox.get("/_sandbox/reset").await.0, 405);
    assert_eq!(sandbox.get("/_sandbox/nothing").await.0, 404);
    assert_eq!(
        sandbox.get("/_sandboxes").await.0,
        403,
        "that is AWS, and unsigned"
    );
}

#[tokio::test]
async fn a_web_page_does_not_reach_what_is_under_sandbox() {
    let sandbox = Running::with_faults(&[]).await;
    for header in ["Origin: https://example.com", "Origin: null"] {
        let head = format!("POST /_sandbox/reset HTTP/1.1\r\n{header}");
        assert_eq!(
            sandbox.exchange(&head, b"").await.unwrap().0,
            403,
            "{header}"
        );
    }
    for (host, status) in [
        ("attacker.example", 403),
        ("127.0.0.1.attacker.example:80", 403),
        ("localhost:1234", 200),
        ("[::1]:80", 200),
        ("127.0.0.1", 200),
    ] {
        let mut stream = sandbox.connect().await;
        let head =
            format!("GET /_sandbox/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(
            read_to_close(&mut stream).await.unwrap().0,
            status,
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_state_file_that_cannot_be_used_is_told_in_plain_words() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state.json");
    let account = Account::with_store(Store::new(&path), Options::default()).unwrap();
    let sandbox = Running::start(account).await;
    assert_eq!(sandbox.send(&create("a")).await.unwrap().0, 201);
    std::fs::write(&path, "oops").unwrap();
    let (status, text) = sandbox.send(&create("b")).await.unwrap();
    assert_eq!(status, 500);
    assert!(
        text.starts_with("the sandbox state file ") && text.contains("is corrupt"),
        "{text}"
    );
    assert_eq!(sandbox.get("/_sandbox/world").await.0, 500);
}

#[tokio::test]
async fn a_shutdown_lets_calls_end_and_does_not_wait_for_hanging_ones() {
    let rules = [
        "DescribeFileSystems:1:slow=300ms",
        "CreateFileSystem:1:hang",
    ];
    let faults = Faults::new(rules.iter().map(|rule| rule.parse().unwrap()));
    let account = Account::new(Options {
        faults,
        ..Options::default()
    });
    let Running {
        address,
        stop,
        server,
    } = Running::start(account.clone()).await;
    let idle = TcpStream::connect(address).await.unwrap();
    let mut streams = Vec::new();
    for request in [list(), create("a")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let length = request.body.len();
        let head = format!(
            "{}\r\nHost: x\r\nContent-Length: {length}\r\n\r\n",
            head(&request)
        );
        stream
            .write_all(&[head.as_bytes(), &request.body].concat())
            .await
            .unwrap();
        streams.push(stream);
    }
    while account.calls().total < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(()).unwrap();
    assert_eq!(read_one(&mut streams[0]).await.0, 200);
    // It ends though one call never does.
    server.await.unwrap();
    assert!(read_to_close(&mut streams[1]).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn nonsense_instead_of_http_disturbs_nobody() {
    let sandbox = Running::with_faults(&[]).await;
    for nonsense in [
        "\0\0\0\0",
        "GET\r\n\r\n",
        "\u{16}\u{3}\u{1}TLS",
        "POST / HTTP/9.9\r\n\r\n",
    ] {
        let mut stream = sandbox.connect().await;
        stream.write_all(nonsense.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{nonsense:?}");
    }
    assert_eq!(sandbox.send(&list()).await.unwrap().0, 200);
}
