//! How requests travel: plain or by TLS, as each address says, and through the proxy of the environment.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The network: TLS for `https`, plain for `http`, each made ready by the first request that needs it.
///
/// One client serves the calls of EFS and EC2 and those that get credentials, whatever their endpoints are: with a plain
/// `--endpoint-url`, STS and IAM Identity Center still need TLS; the metadata of an instance or a container never does.
///
/// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count as in the SDK's own client (behaviour version 2025-08-07 and later),
/// except that a plain address of this machine is reached directly. The SDK sends that to the proxy too, where a
/// sandbox or a local stand-in for AWS is nowhere to be found.
pub(super) fn network() -> SharedHttpClient {
    SharedHttpClient::new(Network {
        here: plain(ProxyConfig::disabled),
        plain: plain(ProxyConfig::from_env),
        tls: Builder::new().build_with_connector_fn(|settings, components| {
            let mut connector = Connector::builder().tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::Ring,
            ));
            connector.set_connector_settings(settings.cloned());
            connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
            connector.set_proxy_config(Some(ProxyConfig::from_env()));
            connector.build()
        }),
    })
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
        // The clients keep their connectors.
        self.network
            .towards(request.uri())
            .http_connector(&self.settings, &self.components)
            .call(request)
    }
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
    use super::is_here;

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
