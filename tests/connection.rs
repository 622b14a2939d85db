//! How AWS is reached: the credentials of a profile, proxies, and TLS where an address asks for it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::cli::Efsctl;
use crate::support::server::{nobody_listens, sandbox};
use crate::support::world::world;

/// A profile whose role is assumed with the keys of another one.
fn role(folder: &Path) -> String {
    let file = folder.join("config");
    std::fs::write(
        &file,
        "[profile keys]\naws_access_key_id = a\naws_secret_access_key = b\n\
         [profile prod]\nregion = eu-west-3\nsource_profile = keys\nrole_arn = arn:aws:iam::111122223333:role/audit\n",
    )
    .unwrap();
    file.to_string_lossy().into_owned()
}

/// A proxy that hears where to, and hangs up.
struct Proxy {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = heard.clone();
        // Enough for a few calls and their retries; the thread ends with the test process.
        std::thread::spawn(move || {
            for stream in listener.incoming().take(64).flatten() {
                let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                let mut line = String::new();
                // Held until it is noted: whoever is hung up on may look at once.
                let mut reader = BufReader::new(stream);
                if reader.read_line(&mut line).is_ok() {
                    hears.lock().unwrap().push(line.trim().to_owned());
                }
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn with_keys(arguments: &str) -> Efsctl {
    Efsctl::new(arguments)
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
}

#[test]
fn a_role_is_assumed_in_the_region_of_its_profile() {
    let folder = tempfile::tempdir().unwrap();
    let config = role(folder.path());
    for (typed, region) in [("", "eu-west-3"), ("--region us-east-1", "us-east-1")] {
        let server = sandbox("");
        let ended = Efsctl::new(&format!(
            "--profile prod {typed} list -o json --endpoint-url {}",
            server.url
        ))
        .env("AWS_CONFIG_FILE", &config)
        .env("AWS_ENDPOINT_URL_STS", &server.url)
        .run();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let calls = server.calls();
        let log: Vec<_> = calls["log"]
            .as_array()
            .unwrap()
            .iter()
            .map(|call| {
                let word = |key: &str| call[key].as_str().unwrap().to_owned();
                (word("operation"), word("region"))
            })
            .collect();
        let expected = ["AssumeRole", "DescribeFileSystems"]
            .map(|operation| (operation.to_owned(), region.to_owned()));
        assert_eq!(log[..2], expected, "{calls}");
        assert_eq!(calls["writes"], 0);
    }
}

#[test]
fn a_role_that_may_not_be_assumed_is_told_with_the_missing_action() {
    let folder = tempfile::tempdir().unwrap();
    let config = role(folder.path());
    let world = world().denied(&["sts:AssumeRole"]).file();
    let server = world.serve("");
    let list = format!("list -o json --endpoint-url {}", server.url);
    for (by, flag) in [("prod", ""), ("keys", "--profile prod")] {
        let ended = Efsctl::new(&format!("{flag} {list}"))
            .env("AWS_CONFIG_FILE", &config)
            .env("AWS_ENDPOINT_URL_STS", &server.url)
            .env("AWS_PROFILE", by)
            .run();
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        let message = &ended.document()["error"]["message"];
        let reason = "(User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: sts:AssumeRole)";
        assert!(message.as_str().unwrap().ends_with(reason), "{message}");
    }
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let proxy = Proxy::new();
    for (name, endpoint, expected) in [
        (
            "HTTPS_PROXY",
            "",
            "CONNECT elasticfilesystem.eu-west-1.amazonaws.com:443 HTTP/1.1",
        ),
        (
            "HTTP_PROXY",
            "--endpoint-url http://efs.example.org",
            "GET http://efs.example.org/2015-02-01/file-systems",
        ),
    ] {
        let run = with_keys(&format!("list --region eu-west-1 {endpoint}"));
        let ended = run.env(name, &proxy.url).run();
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        let heard = proxy.heard();
        let last = heard.last().expect("the proxy is asked");
        assert!(last.starts_with(expected), "{heard:?}");
    }
}

#[test]
fn a_proxy_that_hangs_up_or_is_not_there_is_told_as_the_proxy() {
    let proxy = Proxy::new();
    let (_held, free) = nobody_listens();
    for url in [proxy.url.clone(), format!("http://{free}")] {
        let run = with_keys("list --region eu-west-1 -o json").env("HTTPS_PROXY", &url);
        let ended = run.run();
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        let hint = ended.document()["error"]["hint"].to_string();
        assert!(hint.contains("HTTPS_PROXY"), "{url}: {hint}");
    }
}

/// The name is no name: a label has at most 63 characters (RFC 1035), which is known without asking a server.
#[test]
fn a_host_that_no_proxy_names_is_asked_without_one() {
    let proxy = Proxy::new();
    let host = format!("{}.invalid", "x".repeat(64));
    let run = with_keys(&format!(
        "list --region eu-west-1 -o json --endpoint-url http://{host}"
    ))
    .env("HTTP_PROXY", &proxy.url)
    .env("NO_PROXY", &host);
    let ended = run.run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(proxy.heard(), [""; 0]);
    let hint = ended.document()["error"]["hint"].to_string();
    assert!(hint.contains("does not resolve"), "{hint}");
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let proxy = Proxy::new();
    let server = sandbox("");
    let run = server.efsctl("list").env("HTTP_PROXY", &proxy.url);
    let ended = run.env("ALL_PROXY", &proxy.url).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(proxy.heard(), [""; 0]);
}

#[test]
fn credentials_come_by_tls_though_the_endpoint_is_plain() {
    let folder = tempfile::tempdir().unwrap();
    let config = role(folder.path());
    let proxy = Proxy::new();
    let ended = Efsctl::new("--profile prod list --endpoint-url http://127.0.0.1:9")
        .env("AWS_CONFIG_FILE", &config)
        .env("HTTPS_PROXY", &proxy.url)
        .run();
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    let heard = proxy.heard();
    assert!(
        heard.contains(&"CONNECT sts.eu-west-3.amazonaws.com:443 HTTP/1.1".to_owned()),
        "{heard:?}"
    );
}
