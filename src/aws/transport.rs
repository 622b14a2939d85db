//! How requests travel: plain or by TLS, as each address says, and through the proxy of the environment.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The network: TLS for `https`, plain for `http`, each made ready by the first request that needs it.
///
/// One client serves the calls of EFS and EC2 and those that get credentials, whatever their endpoints are: with a plain
/// `--endpoint-url`, STS and IAM Identity Center still need TLS; the metadata of an instance or a container never does.
///
/// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count as in the SDK's own client (behaviour version 2025-08-07 and later),
/// except that a plain address of this machine is reached directly. The SDK sends that to the proxy too, where a
/// sandbox or a local stand-in for AWS is nowhere to be found.
///
/// `trusted` are the certificates that stand for those of the system.
pub(super) fn network(trusted: Option<tls::TlsContext>) -> SharedHttpClient {
    SharedHttpClient::new(Network {
        here: plain(ProxyConfig::disabled),
        plain: plain(ProxyConfig::from_env),
        tls: Builder::new().build_with_connector_fn(move |settings, components| {
            let mut connector = Connector::builder().tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::Ring,
            ));
            connector.set_connector_settings(settings.cloned());
            connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
            connector.set_proxy_config(Some(ProxyConfig::from_env()));
            if let Some(trusted) = trusted.clone() {
                connector.set_tls_context(trusted);
            }
            connector.build()
        }),
    })
}

/// The certificates of a file; `None`: it holds none. The SDK panics of what it cannot read.
pub(super) fn trusted(pem: &[u8]) -> Option<tls::TlsContext> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let text = String::from_utf8_lossy(pem);
    let blocks = text.split(BEGIN).skip(1).filter_map(|behind| {
        let (body, _) = behind.split_once(END)?;
        Some(format!("{BEGIN}{body}{END}\n"))
    });
    let mut store = tls::TrustStore::empty();
    let mut count = 0;
    for block in blocks {
        let mut roots = rustls::RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(block.as_bytes());
        if certificate.is_ok_and(|certificate| roots.add(certificate).is_ok()) {
            store.add_pem_certificate(block.into_bytes());
            count += 1;
        }
    }
    let context = tls::TlsContext::builder().with_trust_store(store).build();
    context.ok().filter(|_| count > 0)
}

fn plain(proxy: fn() -> ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder();
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.set_proxy_config(Some(proxy()));
        connector.build_http()
    })
}

/// Loading the system's root certificates is most of the start-up of a TLS client. The SDK lets every client load them when it is made:
/// this one does not pass that on ([`HttpClient::validate_base_client_config`]).
#[derive(Debug, Clone)]
struct Network {
    here: SharedHttpClient,
    plain: SharedHttpClient,
    tls: SharedHttpClient,
}

impl Network {
    fn towards(&self, uri: &str) -> &SharedHttpClient {
        let Some(address) = uri.strip_prefix("http://") else {
            return &self.tls;
        };
        if is_here(address) {
            &self.here
        } else {
            &self.plain
        }
    }
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Way {
            network: self.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.tls.connector_metadata()
    }
}

/// A connector that knows where to only when it is called.
#[derive(Debug)]
struct Way {
    network: Network,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Way {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host_of(request.uri());
        // The clients keep their connectors.
        let call = self
            .network
            .towards(request.uri())
            .http_connector(&self.settings, &self.components)
            .call(request);
        HttpConnectorFuture::new(async move { call.await.map_err(|error| towards(host, error)) })
    }
}

/// A request that got no answer, with where it went.
#[derive(Debug, thiserror::Error)]
#[error("no answer from {host}")]
pub(super) struct Unanswered {
    pub(super) host: String,
    source: BoxError,
}

/// The same error of the same kind, with where the request went.
fn towards(host: String, error: ConnectorError) -> ConnectorError {
    let (timeout, user, io) = (error.is_timeout(), error.is_user(), error.is_io());
    let other = error.as_other();
    let source = Box::new(Unanswered {
        host,
        source: error.into_source(),
    });
    if timeout {
        ConnectorError::timeout(source)
    } else if user {
        ConnectorError::user(source)
    } else if io {
        ConnectorError::io(source)
    } else {
        ConnectorError::other(source, other)
    }
}

fn host_of(uri: &str) -> String {
    let parsed = uri.parse::<http::Uri>().ok();
    parsed
        .as_ref()
        .and_then(http::Uri::host)
        .unwrap_or_default()
        .to_owned()
}

/// Whether the host of `HOST[:PORT]/PATH` is this machine by its very name.
fn is_here(address: &str) -> bool {
    let Ok(uri) = format!("http://{address}").parse::<http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{is_here, trusted};

    #[test]
    fn a_file_without_certificates_is_told_before_the_sdk_sees_it() {
        for none in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            assert!(trusted(none.as_bytes()).is_none(), "{none}");
        }
        let one = include_str!("../../fixtures/certificate.pem");
        let beside = format!(
            "# a comment\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{one}"
        );
        assert!(trusted(one.as_bytes()).is_some() && trusted(beside.as_bytes()).is_some());
    }

    #[test]
    fn this_machine_is_known_by_its_address_and_by_one_name() {
        for here in [
            "127.0.0.1:4580/",
            "127.9.9.9",
            "[::1]:4566/path",
            "localhost:4580/2015-02-01/file-systems?MaxItems=1",
            "LOCALHOST",
        ] {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in [
            "169.254.169.254/latest",
            "[fd00:ec2::254]/",
            "localhost.example.org",
            "10.0.0.1:4566",
            "example.org/127.0.0.1",
            "",
        ] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }
}
