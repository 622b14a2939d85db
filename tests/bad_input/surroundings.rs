//! What is wrong around a command: credentials, endpoints, disks, pipes, clocks.

use super::*;

/// An endpoint that takes requests and answers none: the time that was given is kept.
#[test]
fn a_time_limit_holds_from_the_first_look_on() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    for command in [
        "list",
        "describe x",
        "create x",
        "create x --dry-run",
        "wait x",
        "connect x --for mount",
        "delete x --yes",
    ] {
        let line = format!("{command} --timeout 300ms --region eu-west-1 --endpoint-url {url}");
        let ended = with_credentials(&line).run();
        assert_eq!(ended.code, 6, "{command}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("--timeout"),
            "{command}: {}",
            ended.stderr
        );
    }
}

#[test]
fn no_credentials_is_exit_8() {
    let ended =
        Efsctl::new("create demo --region eu-west-1 -o json --endpoint-url http://127.0.0.1:9")
            .run();
    let document = ended.document();
    assert_eq!(
        (ended.code, &document["error"]["code"]),
        (8, &"credentials-missing".into()),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("no AWS credentials were found"),
        "{}",
        ended.stderr
    );
    assert!(
        document["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("AWS_PROFILE")
    );
}

#[test]
fn no_region_is_usage() {
    let ended = Efsctl::new("list -o json").run();
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.document()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--region")
    );
}

fn with_credentials(arguments: &str) -> Efsctl {
    Efsctl::new(arguments)
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
}

#[test]
fn an_endpoint_that_refuses_is_told_with_its_cause() {
    let (_held, free) = crate::support::server::nobody_listens();
    let ended = with_credentials(&format!(
        "create demo --region eu-west-1 -o json --endpoint-url http://{free}"
    ))
    .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("onnection refused"),
        "{}",
        ended.stderr
    );
    assert!(
        ended.document()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--endpoint-url")
    );
}

#[test]
fn an_endpoint_that_answers_html_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        // Enough for the calls of a survey and their retries; the thread ends with the test process.
        for stream in listener.incoming().take(64) {
            let Ok(mut stream) = stream else { continue };
            // Read to its end: closing before is a reset, which the client would hear instead of the page.
            let _ = crate::support::proxy::read_request(&mut stream);
            let page = "<html><body>It works!</body></html>";
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                page.len()
            );
            let _ = stream.write_all((head + page).as_bytes());
        }
    });
    let ended = with_credentials(&format!(
        "create demo --region eu-west-1 -o json --endpoint-url http://{address}"
    ))
    .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("web page"), "{}", ended.stderr);
    assert!(
        ended.document()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--endpoint-url")
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let world = fixture("worlds/thousand.toml");
    let mut child = Efsctl::new(&format!(
        "--sandbox --world {} list -o json",
        world.display()
    ))
    .command()
    .stdout(std::process::Stdio::piped())
    .stderr(std::process::Stdio::null())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_full_disk_is_told() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        crate::support::skipped::skipped("no /dev/full");
        return;
    };
    let world = fixture("worlds/thousand.toml");
    let mut run = Efsctl::new(&format!("--sandbox --world {} list", world.display())).command();
    let output = run
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written to stdout"));
}

#[test]
fn a_state_file_that_is_none_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    std::fs::write(&state, "precious").unwrap();
    let ended = Efsctl::new(&format!(
        "--sandbox={} create demo -o json",
        state.display()
    ))
    .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.document()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("state.json")
    );
    assert_eq!(std::fs::read_to_string(&state).unwrap(), "precious");
}

#[test]
fn a_profile_that_is_named_wins_over_keys_in_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    std::fs::write(
        &file,
        "[prod]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = x\n",
    )
    .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 8192];
        let count = stream.read(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    });
    let run = |profile: &str| {
        with_credentials(&format!(
            "--profile {profile} list -o json --region eu-west-1 --endpoint-url http://{address}"
        ))
        .env("AWS_SHARED_CREDENTIALS_FILE", file.to_string_lossy())
        .run()
    };
    let unknown = run("nosuch");
    assert_eq!(unknown.code, 2, "{}", unknown.stderr);
    assert!(
        unknown.stderr.contains("the profile `nosuch` (--profile)"),
        "{}",
        unknown.stderr
    );
    run("prod");
    let request = heard.join().unwrap();
    assert!(request.contains("Credential=AKIAPROFILE/"), "{request}");
}
