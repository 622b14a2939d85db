//! A server on a folder of its own, and a client that sends what it is given.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use efsctl_workspace::domain::due::Policy;
use efsctl_workspace::serve::{Auth, Config, Server, Tokens, sha256};
use efsctl_workspace::service::{Options, Workspaces};
use efsctl_workspace::share::Posix;
use serde_json::Value;
use tempfile::TempDir;

/// A server in a thread of its own.
pub struct Running {
    address: String,
    token: Option<String>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The answer with this status, or a panic with what it is.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{} {}",
            self.head,
            String::from_utf8_lossy(&self.body)
        );
        self
    }
}

impl Running {
    /// Starts a server on a base.
    pub fn start(base: &Path, options: Options, auth: Auth) -> Self {
        let workspaces = Workspaces::open(Posix, base, options).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (sender, address) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let config = Config {
                    auth,
                    drain: Duration::from_secs(10),
                    sweep_every: Duration::from_secs(3_600),
                };
                let listen = "127.0.0.1:0".parse().unwrap();
                let server = Server::bind(&listen, workspaces, config).await.unwrap();
                sender.send(server.url().to_owned()).unwrap();
                server.run(async { drop(stopped.await) }).await;
            });
        });
        let address = address
            .recv()
            .unwrap()
            .trim_start_matches("http://")
            .to_owned();
        Self {
            address,
            token: None,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The same server for another caller.
    pub fn with(&self, token: &str) -> Running {
        Running {
            address: self.address.clone(),
            token: Some(token.to_owned()),
            stop: None,
            thread: None,
        }
    }

    /// A connection that has sent nothing yet.
    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Sends a request.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        if let Some(token) = &self.token {
            head.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head,
            body: answer[end + 4..].to_vec(),
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(
            "POST",
            path,
            &[("Content-Type", "application/json")],
            body.to_string().as_bytes(),
        )
    }

    /// Creates a job under an id.
    #[track_caller]
    pub fn create(&self, id: &str) {
        let body = serde_json::json!({"project_name": "my-react-app", "job_id": id});
        self.post("/api/v1/jobs/create", &body).expect(200);
    }

    /// Writes a file.
    pub fn put(&self, id: &str, path: &str, content: &str) -> Answer {
        self.post(
            &format!("/api/v1/jobs/{id}/files"),
            &serde_json::json!({"path": path, "content": content}),
        )
    }

    /// What a job is.
    #[track_caller]
    pub fn job(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/jobs/{id}")).expect(200).json()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

/// A folder and a server without authentication on it.
pub struct Setup {
    pub server: Running,
    pub folder: TempDir,
}

impl Setup {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Running::start(folder.path(), options, Auth::Open);
        Self { server, folder }
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }
}

/// Options under which a job expires at once.
pub fn expiring(after: Duration) -> Options {
    Options {
        policy: Policy { expire: after },
        ..Options::default()
    }
}

/// A file of tokens: each is called as its user, and `root` is the administrator.
pub fn tokens(folder: &Path, users: &[&str]) -> Auth {
    let row = |user: &&str| {
        let role = if *user == "root" { "admin" } else { "user" };
        format!(
            "[[token]]\nsha256 = \"{}\"\nuser = \"{user}\"\nrole = \"{role}\"\n",
            sha256(user)
        )
    };
    let path = folder.join("tokens.toml");
    std::fs::write(&path, users.iter().map(row).collect::<String>()).unwrap();
    Auth::Tokens(Tokens::read(&path).unwrap())
}

/// Every file below a folder, with its content.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(at) = left.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && !path.is_symlink() {
                left.push(path);
            } else {
                found.push((name, std::fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found.sort();
    found
}

/// The sorted names in a ZIP that can be read.
#[track_caller]
pub fn zipped(bytes: &[u8]) -> Vec<String> {
    let zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut names: Vec<String> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    names.sort_unstable();
    names
}
