//! `efsctl workspace`: the real binary, on folders of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::cli::{Efsctl, Ended};

/// A command on a base directory.
fn workspace(base: &Path, words: &str) -> Efsctl {
    Efsctl::new(&format!("workspace {words}")).env("JOBS_BASE_PATH", base.to_string_lossy())
}

#[track_caller]
fn ends(efsctl: &Efsctl, code: i32, sentence: &str) -> Ended {
    let ended = efsctl.run();
    assert_eq!(
        ended.code, code,
        "{efsctl:?}\n{}{}",
        ended.stdout, ended.stderr
    );
    assert!(
        ended.stderr.contains(sentence),
        "{sentence}\n{}",
        ended.stderr
    );
    if code != 0 {
        assert!(
            ["hint:", "try '--help'"]
                .iter()
                .any(|next| ended.stderr.contains(next))
                || matches!(code, 3 | 4 | 7),
            "{}",
            ended.stderr
        );
    }
    ended
}

struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(efsctl: &Efsctl) -> Self {
        let mut child = efsctl
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut ready)
            .unwrap();
        let url = ready
            .trim()
            .strip_prefix("workspace ready on ")
            .unwrap()
            .to_owned();
        Self { child, url }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// The status of an answer.
    fn send(&self, method: &str, path: &str, token: &str, body: &str) -> u16 {
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        exchange(
            &mut stream,
            method,
            path,
            &format!("Authorization: Bearer {token}"),
            body,
        )
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn exchange(
    stream: &mut (impl Read + Write),
    method: &str,
    path: &str,
    header: &str,
    body: &str,
) -> u16 {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

const CREATE: &str = "/api/v1/jobs/create";
const JOB: &str = r#"{"project_name":"x","job_id":"j"}"#;

#[test]
fn serve_says_what_it_lacks_and_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    std::fs::create_dir(&base).unwrap();
    let at = |words: &str| workspace(&base, &format!("serve --listen 127.0.0.1:0 {words}"));
    let both = ends(&at(""), 2, "--auth");
    assert!(
        both.stderr.contains("--auth none") && both.stderr.contains("--auth tokens:FILE"),
        "{}",
        both.stderr
    );
    let none = ends(
        &Efsctl::new("workspace serve --auth none"),
        2,
        "no base directory",
    );
    assert!(
        none.stderr.contains("--base") && none.stderr.contains("JOBS_BASE_PATH"),
        "{}",
        none.stderr
    );
    ends(
        &workspace(&base, "serve --auth none --listen 0.0.0.0:0"),
        2,
        "--auth none",
    );
    ends(&at("--auth header:X-User-ID"), 2, "unix socket");
    ends(&at("--auth basic"), 2, "basic");
    let missing = folder.path().join("tokens.toml");
    let tokens = format!("--auth tokens:{}", missing.display());
    ends(&at(&tokens), 2, "tokens.toml");
    ends(&at("--auth none --expire 0s"), 2, "0s");
    ends(&at("--auth none --max-file 10X"), 2, "10X");
    ends(
        &at("--auth none").env("JOB_EXPIRY_HOURS", "soon"),
        2,
        "JOB_EXPIRY_HOURS",
    );
    ends(
        &at("--auth none").env("MAX_FILE_SIZE_MB", "-1"),
        2,
        "MAX_FILE_SIZE_MB",
    );
    ends(&at("--auth none --require-mount"), 4, "NFS");
    std::fs::remove_dir_all(&base).unwrap();
    ends(&at("--auth none"), 4, "mounted");
    assert!(!base.exists());
    std::fs::write(&base, "a file").unwrap();
    ends(&at("--auth none"), 4, "no directory");
}

#[test]
fn it_is_ready_drains_and_ends_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::start(&workspace(
        folder.path(),
        "serve --auth none --listen 127.0.0.1:0",
    ));
    assert_eq!(server.send("POST", CREATE, "", JOB), 200);
    assert_eq!(
        server.send(
            "POST",
            "/api/v1/jobs/j/files",
            "",
            r#"{"path":"a","content":"x"}"#
        ),
        200
    );
    assert_eq!(
        server.send("POST", "/api/v1/jobs/admin/cleanup", "", ""),
        200
    );
    // A request that has begun when SIGTERM comes is finished.
    let mut begun = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let body = r#"{"path":"late","content":"x"}"#;
    let head = format!(
        "POST /api/v1/jobs/j/files HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    begun.write_all(head.as_bytes()).unwrap();
    begun.write_all(&body.as_bytes()[..5]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    server.signal("-TERM");
    let closed = Instant::now();
    while TcpStream::connect(server.url.trim_start_matches("http://")).is_ok() {
        assert!(
            closed.elapsed() < Duration::from_secs(20),
            "it still accepts"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    begun.write_all(&body.as_bytes()[5..]).unwrap();
    let mut answer = String::new();
    begun.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    let metadata = std::fs::read_to_string(folder.path().join("j/.job_metadata.json")).unwrap();
    assert!(metadata.contains("\"files_count\": 2"), "{metadata}");
}

#[test]
fn tokens_are_printed_once_and_read_again_on_sighup() {
    let folder = tempfile::tempdir().unwrap();
    let (base, file) = (
        folder.path().join("base"),
        folder.path().join("tokens.toml"),
    );
    std::fs::create_dir(&base).unwrap();
    let new = |user: &str| {
        let ended = Efsctl::new(&format!("workspace token --user {user} -o json")).run();
        let document = ended.document();
        let token = document["token"]["token"].as_str().unwrap().to_owned();
        let sha256 = document["token"]["sha256"].as_str().unwrap();
        (
            token,
            format!("[[token]]\nsha256 = \"{sha256}\"\nuser = \"{user}\"\n"),
        )
    };
    let (ann, row) = new("ann");
    std::fs::write(&file, &row).unwrap();
    let auth = format!(
        "serve --listen 127.0.0.1:0 --auth tokens:{}",
        file.display()
    );
    let server = Serving::start(&workspace(&base, &auth));
    assert_eq!(server.send("POST", CREATE, "wrong", JOB), 401);
    assert_eq!(server.send("POST", CREATE, &ann, JOB), 200);
    let (ben, more) = new("ben");
    assert_eq!(server.send("GET", "/api/v1/jobs/j", &ben, ""), 401);
    std::fs::write(&file, row + &more).unwrap();
    server.signal("-HUP");
    let begun = Instant::now();
    while server.send("GET", "/api/v1/jobs/j", &ben, "") != 404 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the file is not read again"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    std::fs::write(&file, "broken").unwrap();
    server.signal("-HUP");
    assert_eq!(server.send("GET", "/api/v1/jobs/j", &ann, ""), 200);
    let human = Efsctl::new("workspace token --user ann --role admin").run();
    assert!(
        human.stdout.starts_with("[[token]]\nsha256 = ")
            && human.stdout.ends_with("role = \"admin\"\n"),
        "{}",
        human.stdout
    );
    assert!(
        human.stderr.contains("efsw_") && !human.stdout.contains("efsw_"),
        "{}",
        human.stderr
    );
}

#[test]
fn a_unix_socket_takes_the_user_from_a_header() {
    use std::os::unix::net::UnixStream;
    let folder = tempfile::tempdir().unwrap();
    let (base, socket) = (folder.path().join("base"), folder.path().join("jobs.sock"));
    std::fs::create_dir(&base).unwrap();
    let words = format!(
        "serve --auth header:X-User-ID --listen unix:{}",
        socket.display()
    );
    let server = Serving::start(&workspace(&base, &words));
    assert_eq!(server.url, format!("unix:{}", socket.display()));
    let send = |header: &str, path: &str| {
        let mut stream = UnixStream::connect(&socket).unwrap();
        let (method, body) = if path == CREATE {
            ("POST", JOB)
        } else {
            ("GET", "")
        };
        exchange(&mut stream, method, path, header, body)
    };
    assert_eq!(send("X: y", CREATE), 401);
    assert_eq!(send("X-User-ID: ann", CREATE), 200);
    assert_eq!(send("X-User-ID: ben", "/api/v1/jobs/j"), 404);
    assert_eq!(send("X-User-ID: ann", "/api/v1/jobs/admin/stats"), 403);
}

#[test]
fn the_life_of_a_workspace_by_commands() {
    let folder = tempfile::tempdir().unwrap();
    let (base, file) = (folder.path().join("base"), folder.path().join("App.tsx"));
    std::fs::create_dir(&base).unwrap();
    std::fs::write(&file, "app").unwrap();
    let run = |words: &str| workspace(&base, words);
    let done = |words: &str| ends(&run(words), 0, "");
    assert_eq!(
        done("create abc user/project -o json").document()["outcome"],
        "created"
    );
    assert_eq!(
        done("create abc -o json").document()["outcome"],
        "unchanged"
    );
    ends(
        &run("create abc --user other --project-name x"),
        4,
        "--project-name, --user",
    );
    ends(&run("create a/b/c/d"), 2, "a/b/c/d");
    ends(&run("create abc/below"), 4, "abc");
    let shown = file.display();
    let put = done(&format!("put abc src/App.tsx {shown} -o json")).document();
    assert_eq!(put["workspace"]["files_count"], 1);
    ends(&run(&format!("put abc ../x {shown}")), 2, "Path traversal");
    ends(&run("put none x"), 7, "not found");
    assert_eq!(done("get abc src/App.tsx").stdout, "app");
    ends(&run("get abc none"), 7, "none");
    let batch = folder.path().join("batch.json");
    std::fs::write(
        &batch,
        r#"[{"path":"a","content":"1"},{"path":"../b","content":"2"}]"#,
    )
    .unwrap();
    ends(
        &run(&format!("put abc --batch {}", batch.display())),
        5,
        "1 file of the batch",
    );
    std::fs::write(&batch, r#"{"tasks":[]}"#).unwrap();
    done(&format!("plan abc {}", batch.display()));
    let document = done("show abc -o json").document();
    assert_eq!(document["workspace"]["files_count"], 3);
    assert_eq!(document["workspace"]["status"], "generating");
    let list = done("ls -o json").document();
    assert_eq!(list["workspaces"].as_array().unwrap().len(), 2);
    assert_eq!(
        done("complete abc -o json").document()["workspace"]["zip_ready"],
        true
    );
    ends(&run(&format!("put abc late {shown}")), 4, "complete");
    let zip = folder.path().join("out.zip");
    done(&format!("zip abc {}", zip.display()));
    assert_eq!(
        std::fs::read(&zip).unwrap(),
        std::fs::read(base.join("abc.zip")).unwrap()
    );
    ends(&run(&format!("zip abc {}", zip.display())), 4, "exists");
    assert_eq!(
        done("reopen abc -o json").document()["workspace"]["status"],
        "generating"
    );
    assert!(!base.join("abc.zip").exists());
    assert_eq!(
        done("fail abc --message why -o json").document()["workspace"]["error_message"],
        "why"
    );
    done("touch abc");
    assert_eq!(done("stats -o json").document()["stats"]["file_count"], 3);
    ends(&run("rm abc"), 2, "confirmation");
    done("rm abc --dry-run");
    assert!(base.join("abc/a").exists());
    ends(&run("rm abc a --yes"), 4, "failed");
    done("reopen abc");
    done("rm abc a --yes");
    assert!(!base.join("abc/a").exists());
    done("rm abc --yes");
    assert!(!base.join("abc").exists());
    ends(&run("rm abc --yes"), 7, "not found");
}

#[test]
fn strangers_are_listed_and_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path();
    std::fs::create_dir(base.join("stranger")).unwrap();
    std::fs::write(base.join("stranger/f"), "x").unwrap();
    assert_eq!(
        ends(&workspace(base, "ls --unmanaged"), 0, "").stdout,
        "stranger\n"
    );
    let planned = ends(&workspace(base, "adopt --all --dry-run -o json"), 0, "").document();
    assert_eq!(planned["outcome"], "planned");
    assert!(!base.join("stranger/.job_metadata.json").exists());
    ends(&workspace(base, "adopt stranger --user ann"), 0, "");
    let document = ends(&workspace(base, "show stranger -o json"), 0, "").document();
    assert_eq!(
        (
            &document["workspace"]["user_id"],
            &document["workspace"]["files_count"]
        ),
        (&"ann".into(), &1.into())
    );
    std::fs::write(base.join("stranger/.job_metadata.json"), "{").unwrap();
    ends(&workspace(base, "show stranger"), 4, "damaged");
    ends(&workspace(base, "adopt stranger"), 4, "damaged");
    ends(&workspace(base, "adopt stranger --force"), 0, "");
    ends(&workspace(base, "show stranger"), 0, "");
}

#[test]
fn what_is_held_stays_and_what_is_idle_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path();
    let run = |words: &str| workspace(base, words);
    ends(&run("create held idle user/stays"), 0, "");
    let code = run("hold held --ttl 60s")
        .arg("--")
        .arg("sh")
        .arg("-c")
        .arg("exit 7")
        .run()
        .code;
    assert_eq!(code, 7);
    ends(&run("hold held --ttl 60s"), 0, "");
    ends(&run("hold held --ttl 60s"), 4, "held by");
    ends(&run("rm held --yes"), 4, "held by");
    std::thread::sleep(Duration::from_millis(1_100));
    let due = ends(
        &run("sweep --expire 1s --dry-run --check -o json"),
        3,
        "1 workspace expired",
    )
    .document();
    assert_eq!(due["sweep"]["expired"], serde_json::json!(["idle"]));
    assert!(base.join("idle").exists());
    let swept = ends(&run("sweep --expire 1s -o json"), 0, "").document();
    assert_eq!(
        (&swept["sweep"]["checked"], &swept["sweep"]["kept"]),
        (&3.into(), &2.into())
    );
    assert!(
        !base.join("idle").exists()
            && base.join("held").exists()
            && base.join("user/stays").exists()
    );
}
