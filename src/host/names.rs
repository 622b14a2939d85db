//! Looking up names from this host.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use dns_lookup::{AddrInfoHints, LookupErrorKind, SockType, getaddrinfo};
use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};
use tokio::net::UdpSocket;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Who is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolver {
    /// What the host is configured to ask, hosts file and search domains too: as a mount does.
    #[default]
    OfHost,
    /// This DNS server.
    Server(SocketAddr),
}

/// Why a name has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAddress {
    /// There is no such name, or it has no address.
    NoName,
    /// The resolver did not answer in that time.
    NoAnswer(Duration),
    /// The resolver failed.
    Failed(String),
}

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => f.write_str("does not resolve"),
            Self::NoAnswer(time) => {
                write!(f, "cannot be looked up: no answer in {} s", time.as_secs())
            }
            Self::Failed(why) => write!(f, "cannot be looked up: {why}"),
        }
    }
}

impl Resolver {
    /// The addresses of a name, at least one.
    ///
    /// # Errors
    ///
    /// Why it has none, after at most that time.
    pub async fn addresses(
        self,
        name: &str,
        time: Duration,
    ) -> Result<BTreeSet<IpAddr>, NoAddress> {
        let found = match self {
            Self::OfHost => {
                let name = name.to_owned();
                timeout(time, async {
                    let looked_up = spawn_blocking(move || of_host(&name)).await;
                    looked_up.unwrap_or_else(|error| Err(NoAddress::Failed(error.to_string())))
                })
                .await
            }
            Self::Server(server) => timeout(time, of_server(server, name)).await,
        };
        match found {
            Err(_) => Err(NoAddress::NoAnswer(time)),
            Ok(Ok(none)) if none.is_empty() => Err(NoAddress::NoName),
            Ok(found) => found,
        }
    }
}

fn of_host(name: &str) -> Result<BTreeSet<IpAddr>, NoAddress> {
    let hints = AddrInfoHints {
        socktype: SockType::Stream.into(),
        ..AddrInfoHints::default()
    };
    let found = getaddrinfo(Some(name), None, Some(hints)).map_err(|error| match error.kind() {
        LookupErrorKind::NoName | LookupErrorKind::NoData => NoAddress::NoName,
        _ => NoAddress::Failed(std::io::Error::from(error).to_string()),
    })?;
    Ok(found.flatten().map(|one| one.sockaddr.ip()).collect())
}

/// Its addresses of both families. A name as long as that of a mount target, with its aliases, fits a datagram.
async fn of_server(server: SocketAddr, name: &str) -> Result<BTreeSet<IpAddr>, NoAddress> {
    // With the dot at its end no search domain is added.
    let name = Name::from_ascii(format!("{name}.")).map_err(failed)?;
    let asked = [RecordType::A, RecordType::AAAA].map(|kind| ask(server, &name, kind));
    let mut found = BTreeSet::new();
    for answer in futures::future::join_all(asked).await {
        found.extend(answer?);
    }
    Ok(found)
}

async fn ask(server: SocketAddr, name: &Name, kind: RecordType) -> Result<Vec<IpAddr>, NoAddress> {
    let mut question = Message::query();
    question.add_query(Query::query(name.clone(), kind));
    question.metadata.recursion_desired = true;
    let here = if server.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(here).await.map_err(failed)?;
    // Only what comes from the server is received.
    socket.connect(server).await.map_err(failed)?;
    let record = question.to_vec().map_err(failed)?;
    socket.send(&record).await.map_err(failed)?;
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await.map_err(failed)?;
        let received = buffer.get(..length).unwrap_or_default();
        let Ok(answer) = Message::from_vec(received) else {
            continue;
        };
        if answer.metadata.id != question.metadata.id || answer.queries != question.queries {
            continue;
        }
        return match answer.metadata.response_code {
            ResponseCode::NoError => {
                let records = answer.answers.iter();
                Ok(records.filter_map(|record| record.data.ip_addr()).collect())
            }
            ResponseCode::NXDomain => Ok(Vec::new()),
            other => Err(failed(format!("the server answers {other}"))),
        };
    }
}

fn failed(error: impl fmt::Display) -> NoAddress {
    NoAddress::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use hickory_proto::op::MessageType;
    use hickory_proto::rr::{RData, Record, rdata::A};

    use super::*;

    /// How a server of names answers.
    #[derive(Clone, Copy)]
    enum Does {
        Has([u8; 4]),
        HasNone,
        Refuses,
        SaysNothing,
        /// An answer to something else before the right one.
        Strays([u8; 4]),
    }

    async fn serve(does: Does) -> SocketAddr {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
                let asked = Message::from_vec(&buffer[..length]).unwrap();
                let query = asked.queries[0].clone();
                let mut answer = asked.clone();
                answer.metadata.message_type = MessageType::Response;
                let has = |answer: &mut Message, ip: [u8; 4]| {
                    if query.query_type() == RecordType::A {
                        let data = RData::A(A(ip.into()));
                        answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
                    }
                };
                match does {
                    Does::Has(ip) => has(&mut answer, ip),
                    Does::HasNone => answer.metadata.response_code = ResponseCode::NXDomain,
                    Does::Refuses => answer.metadata.response_code = ResponseCode::Refused,
                    Does::SaysNothing => continue,
                    Does::Strays(ip) => {
                        let mut stray = answer.clone();
                        stray.metadata.id ^= 1;
                        has(&mut stray, [192, 0, 2, 9]);
                        socket
                            .send_to(&stray.to_vec().unwrap(), from)
                            .await
                            .unwrap();
                        socket.send_to(b"no message", from).await.unwrap();
                        has(&mut answer, ip);
                    }
                }
                socket
                    .send_to(&answer.to_vec().unwrap(), from)
                    .await
                    .unwrap();
            }
        });
        address
    }

    #[tokio::test]
    async fn a_server_is_asked_for_both_families() {
        let short = Duration::from_millis(300);
        let ip = |ip: [u8; 4]| Ok(BTreeSet::from([IpAddr::from(ip)]));
        let rows = [
            (Does::Has([10, 0, 1, 5]), ip([10, 0, 1, 5])),
            (Does::Strays([10, 0, 1, 6]), ip([10, 0, 1, 6])),
            (Does::HasNone, Err(NoAddress::NoName)),
            (
                Does::Refuses,
                Err(NoAddress::Failed(
                    "the server answers Query Refused".to_owned(),
                )),
            ),
            (Does::SaysNothing, Err(NoAddress::NoAnswer(short))),
        ];
        for (n, (does, expected)) in rows.into_iter().enumerate() {
            let server = Resolver::Server(serve(does).await);
            // The machine may be busy: only what has to time out has little time.
            let time = match does {
                Does::SaysNothing => short,
                _ => Duration::from_secs(30),
            };
            let found = server
                .addresses("fs-1.efs.eu-west-1.amazonaws.com", time)
                .await;
            assert_eq!(found, expected, "row {n}");
        }
    }

    #[tokio::test]
    async fn the_host_knows_itself_and_no_name_of_nowhere() {
        let time = Duration::from_secs(30);
        let found = Resolver::OfHost.addresses("localhost", time).await.unwrap();
        assert!(found.iter().all(IpAddr::is_loopback), "{found:?}");
        // RFC 6761: there is never such a name.
        let none = Resolver::OfHost.addresses("nothing.invalid", time).await;
        assert!(none.is_err(), "{none:?}");
    }
}
