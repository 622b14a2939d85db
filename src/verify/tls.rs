//! NFS over TLS, for a client that speaks none: a port of the loopback from which everything goes to a mount target through TLS.
//!
//! efs-utils does the same with stunnel or efs-proxy: TLS from the first byte on port 2049, and a certificate for the DNS name of the file
//! system (efs-utils, `mount_efs/__init__.py`).

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Whom to trust.
#[derive(Debug, Clone)]
pub enum Roots {
    /// The certificates of the system.
    OfSystem,
    /// Those of this file's text, in PEM.
    Pem(Vec<u8>),
}

impl Roots {
    /// What they are to a client.
    ///
    /// # Errors
    ///
    /// There is no usable certificate among them.
    pub fn store(&self) -> Result<RootCertStore, String> {
        let mut store = RootCertStore::empty();
        match self {
            Self::OfSystem => {
                let found = rustls_native_certs::load_native_certs();
                store.add_parsable_certificates(found.certs);
            }
            Self::Pem(text) => {
                let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
                let found = found.map_err(|error| error.to_string())?;
                store.add_parsable_certificates(found);
            }
        }
        if store.is_empty() {
            return Err("there is no usable certificate".to_owned());
        }
        Ok(store)
    }
}

/// A port that leads to one mount target. It is closed when this is dropped, with all its connections.
#[derive(Debug)]
pub struct Forwarder {
    address: SocketAddr,
    failure: Arc<Mutex<Option<String>>>,
    _task: JoinSet<()>,
}

impl Forwarder {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// There is no port, or the name is none.
    pub async fn open(
        to: SocketAddr,
        name: &str,
        roots: RootCertStore,
        time: Duration,
    ) -> Result<Self, String> {
        let text = |error: &dyn std::error::Error| error.to_string();
        let name = ServerName::try_from(name.to_owned()).map_err(|error| text(&error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| text(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| text(&error))?;
        let address = listener.local_addr().map_err(|error| text(&error))?;
        let failure: Arc<Mutex<Option<String>>> = Arc::default();
        let failed = failure.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                let (connector, name, failed) = (connector.clone(), name.clone(), failed.clone());
                connections.spawn(async move {
                    let far = async {
                        let far = TcpStream::connect(to).await?;
                        connector.connect(name, far).await
                    };
                    let why = match timeout(time, far).await {
                        Ok(Ok(mut far)) => {
                            let mut near = near;
                            // Which side ended it, and how, the client hears by its own connection.
                            let _ = copy_bidirectional(&mut near, &mut far).await;
                            return;
                        }
                        Ok(Err(error)) => error.to_string(),
                        Err(_) => format!("no answer in {} s", time.as_secs_f64()),
                    };
                    let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                    *failed = Some(why);
                });
            }
        });
        Ok(Self {
            address,
            failure,
            _task: task,
        })
    }

    /// Where to connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Why the last connection did not come about, if it did not.
    pub fn failure(&self) -> Option<String> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone()
    }
}
