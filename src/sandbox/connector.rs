//! The sandbox below the AWS SDK: an HTTP client that reaches an [`Account`] instead of the network.
//!
//! Endpoints, signing, parsing and retries stay the SDK's own. A host that the sandbox does not simulate is an error
//! that says so, and is never asked.

use std::fmt;
use std::future::pending;
use std::io;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::account::{Account, Clock, Outcome, wall_clock};
use super::wire::{self, Reply, Request, Service};
use super::world::catalog;

/// An HTTP client for the AWS SDK whose AWS is an account of the sandbox.
#[derive(Clone)]
pub struct Connector {
    account: Account,
    clock: Clock,
    read_timeout: Option<Duration>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl Connector {
    /// Reaches an account by the time of day.
    pub fn new(account: Account) -> Self {
        Self {
            account,
            clock: wall_clock(),
            read_timeout: None,
        }
    }

    /// The same, by another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    async fn exchange(
        self,
        host: String,
        request: Request,
    ) -> Result<HttpResponse, ConnectorError> {
        if let Some(missing) = not_simulated(&host, &request) {
            // `other` without a kind: the SDK does not retry it.
            return Err(ConnectorError::other(missing.into(), None));
        }
        let now = (self.clock)();
        let verdict = self
            .account
            .run(move |account| account.serve(now, &request))
            .await;
        // `other` without a kind: the SDK does not retry it.
        let verdict = verdict.map_err(|error| ConnectorError::other(error.into(), None))?;
        let answer = async {
            tokio::time::sleep(verdict.delay).await;
            match verdict.outcome {
                Outcome::Reply(reply) => into_response(reply),
                Outcome::Reset => {
                    let error = io::Error::new(
                        io::ErrorKind::ConnectionReset,
                        "connection reset by the sandbox",
                    );
                    Err(ConnectorError::io(error.into()))
                }
                Outcome::Hang => pending().await,
            }
        };
        match self.read_timeout {
            None => answer.await,
            Some(limit) => tokio::time::timeout(limit, answer)
                .await
                .unwrap_or_else(|elapsed| Err(ConnectorError::timeout(elapsed.into()))),
        }
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            let (host, request) = from_sdk(&request)?;
            connector.exchange(host, request).await
        })
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut connector = self.clone();
        connector.read_timeout = settings.read_timeout();
        SharedHttpConnector::new(connector)
    }
}

fn from_sdk(request: &HttpRequest) -> Result<(String, Request), ConnectorError> {
    let uri: http::Uri = request
        .uri()
        .parse()
        .map_err(|error| ConnectorError::user(Box::new(error) as _))?;
    let body = request.body().bytes().ok_or_else(|| {
        ConnectorError::user("the sandbox takes bodies from memory only, not streams".into())
    })?;
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let host = uri.host().unwrap_or_default().to_owned();
    let request = Request {
        method: request.method().to_owned(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.to_vec(),
    };
    Ok((host, request))
}

/// Why a request leads out of the sandbox: to a host that is no endpoint of its services, or to what is no region.
fn not_simulated(host: &str, request: &Request) -> Option<String> {
    let services = [Service::Efs, Service::Ec2, Service::Sts].map(Service::name);
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if !is_here && !catalog::is_aws_host(host, &services) {
        return Some(format!(
            "the sandbox does not simulate {host}: it simulates the services {}",
            services.join(", ")
        ));
    }
    let target = wire::target(request).ok()?;
    catalog::region(&target.region).is_none().then(|| {
        format!(
            "the sandbox does not simulate the region `{}`: that is not the name of a region",
            target.region
        )
    })
}

fn into_response(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    let broken =
        |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::other(error, None);
    let status = StatusCode::try_from(reply.status).map_err(|error| broken(error.into()))?;
    let mut response = HttpResponse::new(status, SdkBody::from(reply.body));
    for (name, value) in reply.headers {
        response
            .headers_mut()
            .try_append(name, value)
            .map_err(|error| broken(error.into()))?;
    }
    Ok(response)
}
