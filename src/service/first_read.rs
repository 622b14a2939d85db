//! The first read of a command, before anything hangs on it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::EfsService;
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::error::{Code, Error};
use crate::provision::deadline;
use crate::provision::explain::retry_window;
use crate::provision::pace::{GaveUp, Retry};

impl<C> EfsService<C> {
    /// A first read that has no options of its own.
    pub(super) async fn read<T>(
        &self,
        read: impl AsyncFn() -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.first_read(self.reads.map(deadline), read).await
    }

    /// Reads, and reads again while AWS refuses it for the moment. Nothing was made yet, so ctrl-C and the deadline end it at once.
    pub(super) async fn first_read<T>(
        &self,
        deadline: Option<Instant>,
        read: impl AsyncFn() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begun = Instant::now();
        let retry = Retry {
            pacing: &self.pacing,
            deadline: None,
            // What stops it is reported below, whatever it was at.
            stop: &CancellationToken::new(),
        };
        let patient = retry.until(read, |error| begun.elapsed() < window(error));
        let over = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            outcome = patient => outcome.map_err(GaveUp::last),
            () = self.stops.first.cancelled() => Err(self.stops.ended(" while reading the current state; nothing was changed")),
            () = over => Err(Error::new(
                Code::TimedOut,
                advice![
                    format!(
                        "timed out after {:.0} s (",
                        begun.elapsed().as_secs_f64()
                    ),
                    Field::Timeout,
                    ") while reading the current state; nothing was changed",
                ],
            )
            .hint(advice![
                "raise ",
                Field::Timeout,
                "; or check ",
                Field::EndpointUrl,
                " and the network",
            ])),
        }
    }
}

/// How long that failure is worth another read.
fn window(error: &Error) -> Duration {
    error.source.as_deref().map_or(Duration::ZERO, retry_window)
}
