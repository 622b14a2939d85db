//! The job-storage API over HTTP. The only room that names axum.

mod admin;
mod answer;
mod app;
mod auth;
mod background;
mod body;
mod connection;
mod files;
mod jobs;
mod listen;
mod metrics;
mod pieces;
mod request;
mod routes;
mod schema;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use self::app::App;
pub use self::auth::{Auth, AuthFault, Tokens, header, new_token, sha256};
use self::listen::Bound;
pub use self::listen::Listen;
pub use self::schema::openapi;
use crate::service::Workspaces;
use crate::share::Posix;

/// How a server works.
#[derive(Debug)]
pub struct Config {
    /// Who may ask.
    pub auth: Auth,
    /// How long requests in progress may take after a shutdown began.
    pub drain: Duration,
    /// How often what expired is removed.
    pub sweep_every: Duration,
}

/// A bound address that does not answer yet: clients that connect wait until [`Server::run`].
pub struct Server {
    bound: Bound,
    app: Arc<App>,
    drain: Duration,
    sweep_every: Duration,
}

/// A server, while it runs.
#[derive(Clone)]
pub struct Handle(Arc<App>);

impl Handle {
    /// Reads the file of tokens again; returns how many there are. What cannot be read changes nothing.
    ///
    /// # Errors
    ///
    /// What is wrong with the file.
    pub fn reload(&self) -> Result<usize, AuthFault> {
        self.0.auth.reload()
    }
}

impl Server {
    /// Binds an address.
    ///
    /// # Errors
    ///
    /// It cannot be bound.
    pub async fn bind(
        listen: &Listen,
        workspaces: Workspaces<Posix>,
        config: Config,
    ) -> io::Result<Self> {
        let bound = Bound::new(listen).await?;
        let app = Arc::new(App::new(workspaces, config.auth));
        Ok(Self {
            bound,
            app,
            drain: config.drain,
            sweep_every: config.sweep_every,
        })
    }

    /// Where it listens: `http://127.0.0.1:8000`, or `unix:/run/jobs.sock`.
    pub fn url(&self) -> &str {
        self.bound.url()
    }

    /// What is changed while it runs.
    pub fn handle(&self) -> Handle {
        Handle(self.app.clone())
    }

    /// Serves until `shutdown`; requests in progress get the time of the configuration to end. Counts are written then.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let background = background::start(&self.app, self.sweep_every);
        connection::accept(self.bound, &self.app, self.drain, shutdown).await;
        drop(background);
        let app = self.app.clone();
        let _ = app
            .run(|workspaces| {
                workspaces.flush(true);
                Ok(())
            })
            .await;
    }
}
