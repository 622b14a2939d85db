//! Whether an address answers as an NFS 4.1 server, asked from this host.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub use super::rpc::Unfit;

use super::rpc;

/// The longest answer that is read, in bytes: both answers have about a hundred.
const LONGEST: u32 = 64 * 1024;

/// Why an address does not answer as an NFS 4.1 server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAnswer {
    /// No connection, and no refusal, in that time.
    Unreachable(Duration),
    /// There is no connection, for that reason.
    NoConnection(ErrorKind, String),
    /// It closes the connection.
    Closed,
    /// It takes the connection, and has not answered in that time.
    Slow(Duration),
    /// It answers something else.
    Unfit(Unfit),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(time) => write!(f, "no answer in {} s", time.as_secs()),
            Self::NoConnection(_, why) => f.write_str(why),
            Self::Closed => f.write_str("the connection is closed at once"),
            Self::Slow(time) => {
                write!(f, "connected, but no whole answer in {} s", time.as_secs())
            }
            Self::Unfit(unfit) => unfit.fmt(f),
        }
    }
}

impl NoAnswer {
    /// Nothing came back at all: no refusal either.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::NoConnection(kind, _) => matches!(
                kind,
                ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::TimedOut
            ),
            Self::Closed | Self::Slow(_) | Self::Unfit(_) => false,
        }
    }
}

fn no_connection(error: &std::io::Error) -> NoAnswer {
    // Without the number of the system's error.
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    NoAnswer::NoConnection(error.kind(), text.to_owned())
}

/// Connects, and asks both calls, each step in at most that time.
///
/// # Errors
///
/// Why it is no NFS 4.1 server, or cannot be asked.
pub async fn ask(address: SocketAddr, time: Duration) -> Result<(), NoAnswer> {
    let connected = timeout(time, TcpStream::connect(address)).await;
    let mut stream = match connected {
        Err(_) => return Err(NoAnswer::Unreachable(time)),
        Ok(Err(error)) => return Err(no_connection(&error)),
        Ok(Ok(stream)) => stream,
    };
    let asked = timeout(time, both(&mut stream)).await;
    asked.unwrap_or(Err(NoAnswer::Slow(time)))
}

async fn both(stream: &mut TcpStream) -> Result<(), NoAnswer> {
    let (first, second) = (1, 2);
    let answer = exchange(stream, &rpc::null(first)).await?;
    rpc::answers_null(&answer, first).map_err(NoAnswer::Unfit)?;
    // A client of its own for each process, so that no other one loses its state.
    let owner = (u64::from(std::process::id()) << 16
        | u64::from(stream.local_addr().map_or(0, |at| at.port())))
    .to_be_bytes();
    let answer = exchange(stream, &rpc::exchange_id(second, owner)).await?;
    rpc::answers_exchange_id(&answer, second).map_err(NoAnswer::Unfit)
}

/// Sends a record and reads the one that answers it.
async fn exchange(stream: &mut TcpStream, record: &[u8]) -> Result<Vec<u8>, NoAnswer> {
    let closed = |error: std::io::Error| match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            NoAnswer::Closed
        }
        _ => no_connection(&error),
    };
    stream.write_all(record).await.map_err(closed)?;
    let mut answer = Vec::new();
    loop {
        let mark = stream.read_u32().await.map_err(closed)?;
        let length = mark & 0x7fff_ffff;
        let so_far = u32::try_from(answer.len()).unwrap_or(LONGEST);
        if so_far.saturating_add(length) > LONGEST {
            return Err(NoAnswer::Unfit(Unfit::NotRpc));
        }
        let mut fragment = vec![0; usize::try_from(length).unwrap_or_default()];
        stream.read_exact(&mut fragment).await.map_err(closed)?;
        answer.append(&mut fragment);
        if mark != length {
            return Ok(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::net::TcpListener;

    use super::*;

    const TIME: Duration = Duration::from_millis(400);

    /// What a server does with the connection that it takes.
    #[derive(Clone, Copy)]
    enum Does {
        /// Answers each record with these words behind the id of the call: the first, then the second.
        Answers(&'static [u32], &'static [u32]),
        /// The same in two fragments.
        InFragments(&'static [u32], &'static [u32]),
        Writes(&'static [u8]),
        ClosesAtOnce,
        ClosesWhenAsked,
        SaysNothing,
        OneByteASecond,
    }

    async fn serve(does: Does) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut record = vec![0; 512];
            let asked = async |stream: &mut TcpStream, record: &mut [u8]| {
                stream.read(record).await.map_or(0, |read| read)
            };
            match does {
                Does::ClosesAtOnce => {}
                Does::ClosesWhenAsked => drop(asked(&mut stream, &mut record).await),
                Does::SaysNothing => while asked(&mut stream, &mut record).await > 0 {},
                Does::Writes(text) => {
                    asked(&mut stream, &mut record).await;
                    let _ = stream.write_all(text).await;
                    while asked(&mut stream, &mut record).await > 0 {}
                }
                Does::OneByteASecond => {
                    asked(&mut stream, &mut record).await;
                    for byte in [0x80, 0, 0, 24] {
                        let _ = stream.write_all(&[byte]).await;
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
                Does::Answers(first, second) | Does::InFragments(first, second) => {
                    for words in [first, second] {
                        asked(&mut stream, &mut record).await;
                        let xid = &record[4..8];
                        let mut body = xid.to_vec();
                        let words = [&[1], words].concat();
                        body.extend(words.iter().flat_map(|word| word.to_be_bytes()));
                        let parts = match does {
                            Does::InFragments(..) => vec![&body[..5], &body[5..]],
                            _ => vec![&body[..]],
                        };
                        let last = parts.len() - 1;
                        for (n, part) in parts.into_iter().enumerate() {
                            let length = u32::try_from(part.len()).unwrap();
                            let mark = if n == last {
                                0x8000_0000 | length
                            } else {
                                length
                            };
                            let _ = stream.write_all(&mark.to_be_bytes()).await;
                            let _ = stream.write_all(part).await;
                        }
                    }
                }
            }
        });
        address
    }

    const NULL: &[u32] = &[0, 0, 0, 0];
    const EXCHANGED: &[u32] = &[0, 0, 0, 0, 0, 0, 1, 42, 0];

    #[tokio::test]
    async fn each_kind_of_server_is_told_apart() {
        let unfit = |unfit| Err(NoAnswer::Unfit(unfit));
        let rows = [
            (Does::Answers(NULL, EXCHANGED), Ok(())),
            (Does::InFragments(NULL, EXCHANGED), Ok(())),
            (
                Does::Answers(NULL, &[0, 0, 0, 0, 10_021]),
                unfit(Unfit::MinorVersion),
            ),
            (
                Does::Answers(&[0, 0, 0, 2, 3, 3], &[]),
                unfit(Unfit::Versions(3, 3)),
            ),
            (Does::Answers(&[0, 0, 0, 1], &[]), unfit(Unfit::NotNfs)),
            (Does::Answers(&[1, 1, 5], &[]), unfit(Unfit::Denied)),
            (Does::Answers(&[0, 0, 0, 5], &[]), unfit(Unfit::Failed(5))),
            (
                Does::Writes(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
                unfit(Unfit::NotRpc),
            ),
            (
                Does::Writes(&[0x80, 0, 0, 4, 0, 0, 0, 9]),
                unfit(Unfit::NotRpc),
            ),
            (Does::ClosesAtOnce, Err(NoAnswer::Closed)),
            (Does::ClosesWhenAsked, Err(NoAnswer::Closed)),
            (Does::SaysNothing, Err(NoAnswer::Slow(TIME))),
            (Does::OneByteASecond, Err(NoAnswer::Slow(TIME))),
        ];
        for (n, (does, expected)) in rows.into_iter().enumerate() {
            let address = serve(does).await;
            // The machine may be busy: only what has to time out has little time.
            let time = match expected {
                Err(NoAnswer::Slow(time)) => time,
                _ => Duration::from_secs(30),
            };
            assert_eq!(ask(address, time).await, expected, "row {n}");
        }
    }

    #[tokio::test]
    async fn a_port_without_a_server_refuses() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let refused = ask(address, Duration::from_secs(30)).await.unwrap_err();
        let NoAnswer::NoConnection(ErrorKind::ConnectionRefused, why) = refused else {
            panic!("{refused:?}");
        };
        assert!(why.contains("refused"), "{why}");
    }
}
