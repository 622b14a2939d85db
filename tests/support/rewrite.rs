//! What the simulated account answers, changed on its way to the SDK: for what AWS may say and the account does not.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

/// The request, its method, path and body in one text, and the body of its answer; the body that is heard.
type Change = Arc<dyn Fn(&str, String) -> String + Send + Sync>;

/// The address of a request; the one that is asked instead.
type Route = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// A client of the account whose answers are changed.
#[derive(Clone)]
pub struct Rewriting {
    inner: SharedHttpClient,
    route: Route,
    change: Change,
    dated: Option<String>,
}

impl Rewriting {
    pub fn over(
        inner: impl HttpClient + 'static,
        change: impl Fn(&str, String) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner: SharedHttpClient::new(inner),
            route: Arc::new(str::to_owned),
            change: Arc::new(change),
            dated: None,
        }
    }

    /// The same, with answers that were sent at that time (`Date` of HTTP).
    pub fn dated(self, date: String) -> Self {
        Self {
            dated: Some(date),
            ..self
        }
    }

    /// The same, with requests sent elsewhere.
    pub fn routed(self, route: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self {
            route: Arc::new(route),
            ..self
        }
    }
}

impl std::fmt::Debug for Rewriting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rewriting")
    }
}

impl HttpClient for Rewriting {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(RewritingConnector {
            inner: self.inner.http_connector(settings, components),
            route: self.route.clone(),
            change: self.change.clone(),
            dated: self.dated.clone(),
        })
    }
}

struct RewritingConnector {
    inner: SharedHttpConnector,
    route: Route,
    change: Change,
    dated: Option<String>,
}

impl std::fmt::Debug for RewritingConnector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Heard")
    }
}

impl HttpConnector for RewritingConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let routed = (self.route)(request.uri());
        request.set_uri(routed).unwrap();
        let text = |body: &SdkBody| String::from_utf8(body.bytes().unwrap_or_default().to_vec());
        let asked = format!(
            "{} {} {}",
            request.method(),
            request.uri(),
            text(request.body()).unwrap()
        );
        let (answer, change) = (self.inner.call(request), self.change.clone());
        let dated = self.dated.clone();
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let body = String::from_utf8(answer.body().bytes().unwrap_or_default().to_vec());
            let mut response = HttpResponse::new(
                answer.status(),
                SdkBody::from(change(&asked, body.unwrap())),
            );
            for (name, value) in answer.headers() {
                if name != "content-length" {
                    response
                        .headers_mut()
                        .insert(name.to_owned(), value.to_owned());
                }
            }
            if let Some(date) = dated {
                response.headers_mut().insert("date", date);
            }
            Ok(response)
        })
    }
}
