//! The first look of a command, before anything hangs on it.

use tokio::time::{Instant, sleep_until};

use super::EfsService;
use crate::error::{Error, Kind};
use crate::provision::deadline;
use crate::provision::pace::Pace;

impl<C> EfsService<C> {
    /// A first look that has no options of its own.
    pub(super) async fn look<T>(
        &self,
        look: impl AsyncFn() -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.first_look(self.looks.map(deadline), look).await
    }

    /// Looks, and looks again while AWS refuses it for the moment. Nothing was made yet, so ctrl-C and the deadline end it at once.
    pub(super) async fn first_look<T>(
        &self,
        deadline: Option<Instant>,
        look: impl AsyncFn() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begun = Instant::now();
        let patient = async {
            let mut pace = Pace::new(&self.pacing);
            loop {
                match look().await {
                    Err(error) if begun.elapsed() < error.passes => {
                        sleep_until(pace.next_look()).await;
                    }
                    outcome => return outcome,
                }
            }
        };
        let over = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            outcome = patient => outcome,
            () = self.stops.first.cancelled() => Err(Error::new(
                Kind::Interrupted,
                "interrupted while looking at what is there; nothing was changed",
            )),
            () = over => Err(Error::new(
                Kind::TimedOut,
                format!(
                    "AWS did not tell what is there within {:.0} s (--timeout); nothing was changed",
                    begun.elapsed().as_secs_f64()
                ),
            )
            .hint("give it longer with --timeout; or check --endpoint-url and the network")),
        }
    }
}
