//! A server that is killed while it is used: between two requests, each of which the test counts.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use efsctl::domain::finding::Verdict;
use efsctl::domain::verification::{Place, Step};
use efsctl::verify::nfs::NfsShare;
use efsctl::verify::round::{Ended, Reach, Round, Task};
use efsctl::verify::{Attributes, Fault, User};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::support::nfs::{Mountable, client, mountable};

struct Through {
    place: Place,
    address: SocketAddr,
}

impl Reach for Through {
    type Share = NfsShare;
    fn place(&self) -> &Place {
        &self.place
    }
    async fn connect(&self) -> Result<(), String> {
        Ok(())
    }
    async fn mount(&self) -> Result<NfsShare, Fault> {
        NfsShare::mount(self.address, User { uid: 0, gid: 0 }).await
    }
    fn seen(&self, _: Attributes) {}
    fn explain(&self, _: Step, _: &Fault) -> Option<String> {
        None
    }
}

/// Passes requests on, one record of RPC after another (RFC 5531, section 11); before the one of that number the server is killed. From
/// then on nothing is passed: it does not come back.
async fn pass(
    mut from: TcpStream,
    to: SocketAddr,
    count: Arc<AtomicUsize>,
    kill: Option<(usize, u32)>,
) {
    if kill.is_some_and(|(at, _)| count.load(Ordering::Relaxed) >= at) {
        return;
    }
    let Ok(to) = TcpStream::connect(to).await else {
        return;
    };
    let (mut from_server, mut to_server) = to.into_split();
    let (mut requests, mut answers) = from.split();
    let asking = async {
        loop {
            let mut mark = [0; 4];
            requests.read_exact(&mut mark).await?;
            let length = u32::from_be_bytes(mark) & 0x7fff_ffff;
            let mut record = vec![0; usize::try_from(length).unwrap()];
            requests.read_exact(&mut record).await?;
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some((_, pid)) = kill.filter(|(at, _)| *at == number) {
                let sent = Command::new("kill")
                    .args(["-KILL", &pid.to_string()])
                    .status();
                assert!(sent.unwrap().success());
            }
            to_server.write_all(&mark).await?;
            to_server.write_all(&record).await?;
        }
        #[expect(unreachable_code, reason = "the type of the block")]
        Ok::<(), std::io::Error>(())
    };
    tokio::select! {
        _ = asking => {}
        _ = tokio::io::copy(&mut from_server, &mut answers) => {}
    }
}

/// A round over one way; how it ended, and how many requests it made.
fn used(sandbox: &Mountable, address: &str, kill_at: Option<usize>) -> (Ended, usize) {
    let server: SocketAddr = format!("{address}:2049").parse().unwrap();
    let kill = kill_at.map(|at| (at, sandbox.place.ganeshas()[0]));
    client(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Through {
            place: Place::default(),
            address: listener.local_addr().unwrap(),
        };
        let count = Arc::new(AtomicUsize::new(0));
        let passing = count.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                tokio::spawn(pass(from, server, passing.clone(), kill));
            }
        });
        let stop = CancellationToken::new();
        let round = Round {
            directory: "/",
            run: "0123456789ab",
            task: &Task::Use,
            limit: Duration::from_secs(5),
            deadline: None,
            samples: None,
            stop: &stop,
            stop_at_once: &stop,
        };
        let ended = round.run(&[way]).await;
        accepting.abort();
        (ended, count.load(Ordering::Relaxed))
    })
}

#[test]
fn a_server_that_is_killed_in_the_middle_is_reported_with_what_may_be_left() {
    for part in 1..=3 {
        let Some(sandbox) = mountable("") else { return };
        let (_, addresses) = sandbox.create("demo");
        let waited = sandbox.server.efsctl("wait demo --for nfs").run();
        assert_eq!(waited.code, 0, "{}", waited.stderr);
        let (whole, requests) = used(&sandbox, &addresses[0], None);
        assert!(whole.left.is_empty(), "{whole:?}");
        assert!(whole.steps.iter().all(|one| one.verdict == Verdict::Pass));

        let began = std::time::Instant::now();
        let (ended, _) = used(&sandbox, &addresses[0], Some(requests * part / 4));
        let failed: Vec<_> = ended
            .steps
            .iter()
            .filter(|one| one.verdict == Verdict::Fail)
            .collect();
        let [failed] = failed.as_slice() else {
            panic!("{ended:?}");
        };
        let detail = failed.detail.as_deref().unwrap_or_default();
        let said = [
            "the connection ended",
            "the server does not answer",
            "no answer in 5 s",
        ];
        assert!(said.iter().any(|said| detail.starts_with(said)), "{detail}");
        // What was begun may be left, and is named; the removal is tried, and its time is bounded.
        let is_begun = ended
            .steps
            .iter()
            .any(|one| one.step == Step::MakeDirectory);
        let left: &[&str] = if is_begun {
            &["/.efsctl-verify-0123456789ab"]
        } else {
            &[]
        };
        assert_eq!(ended.left, left, "{ended:?}");
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{:?}",
            began.elapsed()
        );
    }
}
