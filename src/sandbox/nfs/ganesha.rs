//! The nfs-ganesha of one file system: started, watched, started again, ended.

use std::fs::File;
use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::net::{TcpSocket, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::{oneshot, watch};

use super::Notes;
use super::config;
use super::ending::end;
use super::forward::Upstream;
use super::log;
use super::note::Note;
use super::programs::{GANESHA, SETPRIV};

/// How often it is asked whether it answers.
const LOOK: Duration = Duration::from_millis(10);

/// How long to wait before it is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a program unless the process that asked for it has ended: that may have happened before `setpriv` was heard.
const UNLESS_ORPHANED: &str = r#"[ "$PPID" = "$0" ] || exit 1
exec "$@""#;

/// A server that can be started.
#[derive(Debug)]
pub(super) struct Ganesha {
    file_system: String,
    folder: PathBuf,
    /// Bound and never listening: the port is taken for everybody but the server, which may share it.
    reserved: TcpSocket,
    port: u16,
}

/// How a server that was started is doing.
enum Start {
    Ready,
    Failed(String),
    Stopped,
}

impl Ganesha {
    /// Reserves a port, and writes the configuration.
    pub(super) async fn prepare(
        file_system: &str,
        folder: PathBuf,
        files: Option<PathBuf>,
    ) -> io::Result<Self> {
        let reserved = TcpSocket::new_v4()?;
        reserved.set_reuseaddr(true)?;
        reserved.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let port = reserved.local_addr()?.port();
        tokio::fs::create_dir_all(folder.join("recovery")).await?;
        tokio::fs::create_dir_all(folder.join("krb5")).await?;
        if let Some(files) = &files {
            tokio::fs::create_dir_all(files).await?;
        }
        let text = config::text(port, &folder, files.as_deref());
        tokio::fs::write(folder.join("conf"), text).await?;
        Ok(Self {
            file_system: file_system.to_owned(),
            folder,
            reserved,
            port,
        })
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Starts it as a child that is killed when this process ends in whatever way. The thread that starts it has to live as long as
    /// the process: the end of the thread would count too.
    fn spawn(&self) -> io::Result<Child> {
        let output = File::create(self.log())?;
        Command::new(SETPRIV)
            .args(["--pdeathsig", "KILL", "sh", "-c", UNLESS_ORPHANED])
            .arg(std::process::id().to_string())
            .args([GANESHA, "-F", "-N", "NIV_EVENT", "-f"])
            .arg(self.folder.join("conf"))
            .arg("-L")
            .arg(self.log())
            .arg("-p")
            .arg(self.folder.join("pid"))
            // The bus of the system is none of its business: others could give it orders there.
            .env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
    }

    async fn last_lines(&self) -> String {
        let log = tokio::fs::read(self.log()).await.unwrap_or_default();
        log::last_lines(&String::from_utf8_lossy(&log))
    }

    /// Waits until it answers, or does not.
    async fn started(&self, child: &mut Child, stop: &mut oneshot::Receiver<()>) -> Start {
        let answers = async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
                .await
                .is_err()
            {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            _ = stop => Start::Stopped,
            status = child.wait() => {
                let last = self.last_lines().await;
                Start::Failed(format!("{}; its log ends with:\n{last}", how(status)))
            }
            () = answers => {
                let log = tokio::fs::read(self.log()).await.unwrap_or_default();
                if log::exports_nothing(&String::from_utf8_lossy(&log)) {
                    let why = self.last_lines().await;
                    Start::Failed(format!("it exports nothing; its log says:\n{why}"))
                } else {
                    Start::Ready
                }
            }
        }
    }

    /// Runs it until `stop` is dropped. One that ends is started again; one that does not start is not.
    async fn run(
        &self,
        ready: &watch::Sender<bool>,
        notes: &Notes,
        stop: &mut oneshot::Receiver<()>,
    ) {
        loop {
            let mut child = match self.spawn() {
                Ok(child) => child,
                Err(error) => return self.not_started(notes, error.to_string()),
            };
            match self.started(&mut child, stop).await {
                Start::Ready => {}
                Start::Stopped => return end(&mut child).await,
                Start::Failed(why) => {
                    end(&mut child).await;
                    return self.not_started(notes, why);
                }
            }
            ready.send_replace(true);
            let status = tokio::select! {
                _ = &mut *stop => return end(&mut child).await,
                status = child.wait() => status,
            };
            ready.send_replace(false);
            notes(&Note::Ended {
                file_system: self.file_system.clone(),
                how: how(status),
            });
            tokio::select! {
                _ = &mut *stop => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    fn not_started(&self, notes: &Notes, why: String) {
        notes(&Note::NotStarted {
            file_system: self.file_system.clone(),
            why,
        });
    }
}

/// What others need of a server, what ends it when it is dropped, and the task that keeps it running.
pub(super) fn keep(
    ganesha: Ganesha,
    notes: Notes,
) -> (Upstream, oneshot::Sender<()>, impl Future<Output = ()>) {
    let (ready, is_ready) = watch::channel(false);
    let (stop, mut stopped) = oneshot::channel();
    let upstream = Upstream {
        port: ganesha.port,
        ready: is_ready,
    };
    let task = async move {
        ganesha.run(&ready, &notes, &mut stopped).await;
        // Clients are refused by the end of their connections from here on.
        drop(ready);
        let _ = tokio::fs::remove_dir_all(&ganesha.folder).await;
        drop(ganesha.reserved);
    };
    (upstream, stop, task)
}

fn how(status: io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}
