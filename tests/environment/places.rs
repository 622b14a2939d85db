//! Credentials from where only the SDK fetches them, by the real program: a container, IAM Identity Center, STS.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Home;
use crate::support::cli::Efsctl;

/// Answers as the places do that give credentials, and as EFS does.
struct Places {
    url: String,
    /// First lines of requests, with their `Authorization` and the token of the container or of SSO.
    heard: Arc<Mutex<Vec<String>>>,
}

impl Places {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = heard.clone();
        // Enough for these runs; the thread ends with the test process.
        std::thread::spawn(move || {
            for stream in listener.incoming().take(32).flatten() {
                answer(stream, &hears);
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> String {
        self.heard.lock().unwrap().join("\n")
    }
}

fn answer(stream: TcpStream, hears: &Mutex<Vec<String>>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut reader = BufReader::new(stream);
    let (mut first, mut told, mut length) = (String::new(), String::new(), 0);
    let _ = reader.read_line(&mut first);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(count) = lower.strip_prefix("content-length:") {
            length = count.trim().parse().unwrap();
        }
        if lower.starts_with("authorization:")
            || lower.starts_with("x-amz-sso_bearer_token:")
            || lower.starts_with("x-amzn-trace-id:")
        {
            told += line.trim();
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    hears
        .lock()
        .unwrap()
        .push(format!("{} {told}", first.trim()));
    let far = "2199-01-01T00:00:00Z";
    let answer = if first.contains("/container") {
        format!(
            r#"{{"AccessKeyId": "ASIACONTAINER", "SecretAccessKey": "s", "Token": "t", "Expiration": "{far}"}}"#
        )
    } else if first.contains("/federation/credentials") {
        r#"{"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 7226582400000}}"#.to_owned()
    } else if body.starts_with(b"Action=AssumeRoleWithWebIdentity") {
        format!(
            "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult><Credentials>\
             <AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{far}</Expiration>\
             </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        )
    } else if first.contains("/latest/api/token") {
        "token".to_owned()
    } else if first.contains("/placement/region") {
        "eu-west-3".to_owned()
    } else if first.trim_end_matches(" HTTP/1.1\r\n").ends_with("/admin") {
        format!(
            r#"{{"Code": "Success", "AccessKeyId": "ASIAINSTANCE", "SecretAccessKey": "s", "Token": "t", "Expiration": "{far}"}}"#
        )
    } else if first.contains("/security-credentials") {
        "admin".to_owned()
    } else {
        r#"{"FileSystems": []}"#.to_owned()
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nx-aws-ec2-metadata-token-ttl-seconds: 600\r\nconnection: close\r\n\r\n",
        answer.len()
    );
    let _ = reader.get_mut().write_all((head + &answer).as_bytes());
}

/// Variables with their values.
type Set<'a> = &'a [(&'a str, &'a str)];

#[test]
fn each_place_gives_the_credentials_that_requests_are_signed_with() {
    let home = Home::new(
        "[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = admin\n\
         [sso-session corp]\nsso_start_url = https://corp.example.com/start\nsso_region = eu-west-1\n",
    );
    let cache = home.path(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    // The name of the file is the SHA-1 of `corp`.
    let token = r#"{"accessToken": "sso-token", "expiresAt": "2199-01-01T00:00:00Z"}"#;
    std::fs::write(
        cache.join("ee0bfd2552fbd840c02cc48b6e823320543c450f.json"),
        token,
    )
    .unwrap();
    std::fs::write(home.path("token"), "web-token").unwrap();
    let file = home.path("token").to_string_lossy().into_owned();
    let places = Places::new();
    let container = format!("{}/container?id=1", places.url);
    let table: [(&str, Set<'_>, &str, &str); 4] = [
        (
            "--region eu-west-1",
            &[
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "bearer"),
            ],
            "GET /container?id=1 HTTP/1.1 authorization: bearer",
            "ASIACONTAINER/",
        ),
        (
            "--region eu-west-1 --profile sso",
            &[("AWS_ENDPOINT_URL_SSO", &places.url)],
            "x-amz-sso_bearer_token: sso-token",
            "ASIASSO/",
        ),
        (
            "--region eu-west-1",
            &[
                ("AWS_ENDPOINT_URL_STS", &places.url),
                ("AWS_WEB_IDENTITY_TOKEN_FILE", &file),
                ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"),
            ],
            "POST / ",
            "ASIAWEB/",
        ),
        // The region is that of the instance as well.
        (
            "",
            &[
                ("AWS_EC2_METADATA_DISABLED", "false"),
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &places.url),
                ("AWS_METADATA_SERVICE_TIMEOUT", "10"),
                ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2"),
            ],
            "/placement/region",
            "ASIAINSTANCE/",
        ),
    ];
    for (flags, variables, asked, key) in table {
        let mut run = Efsctl::new(&format!(
            "{flags} list -o json --endpoint-url {}",
            places.url
        ))
        .env("HOME", home.path("").to_string_lossy());
        for (name, value) in variables {
            run = run.env(name, *value);
        }
        let ended = run.run();
        let heard = places.heard();
        assert_eq!(ended.code, 0, "{key}: {}\n{heard}", ended.stderr);
        let last = heard.lines().last().unwrap();
        assert!(
            last.contains("/2015-02-01/file-systems")
                && last.contains(&format!("Credential={key}")),
            "{heard}"
        );
        assert!(heard.contains(asked), "{heard}");
    }
    assert!(
        places.heard().contains("/eu-west-3/elasticfilesystem/"),
        "{}",
        places.heard()
    );
}

#[test]
fn a_simulated_account_reads_its_region_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_string_lossy().into_owned();
    let run = |name: &str, value: &str| {
        Efsctl::new("--sandbox list -o json")
            .env("HOME", "/nonexistent")
            .env("XDG_STATE_HOME", &state)
            .env(name, value)
            .run()
    };
    let zone = run("AWS_REGION", "us-east-1a");
    assert_eq!(zone.code, 2, "{}", zone.stderr);
    assert!(
        zone.document()["error"]["message"]
            .as_str()
            .unwrap()
            .ends_with("it is a zone of us-east-1")
    );
    for (name, value) in [
        ("AWS_PROFILE", "nope"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_MAX_ATTEMPTS", "x"),
        ("AWS_REGION", ""),
    ] {
        assert_eq!(run(name, value).code, 0, "{name}");
    }
}

#[test]
fn the_trace_of_a_function_is_passed_on() {
    let places = Places::new();
    let line = format!("list --region eu-west-1 --endpoint-url {}", places.url);
    let ended = Efsctl::new(&line)
        .env("AWS_ACCESS_KEY_ID", "AKIA")
        .env("AWS_SECRET_ACCESS_KEY", "s")
        .env("AWS_LAMBDA_FUNCTION_NAME", "f")
        .env("_X_AMZN_TRACE_ID", "Root=1\nx")
        .run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let heard = places.heard().to_ascii_lowercase();
    assert!(heard.contains("x-amzn-trace-id: root=1%0ax"), "{heard}");
}
