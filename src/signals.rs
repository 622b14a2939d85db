//! SIGINT, SIGTERM and SIGHUP, as two tokens: the first asks politely, the second at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Listens to signals for the life of the process.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// Cancelled by the first signal.
    pub first: CancellationToken,
    /// Cancelled by the second.
    pub second: CancellationToken,
    terminated: Arc<AtomicBool>,
}

impl Signals {
    /// Begins to listen. `told` is called at the first and at the second signal.
    ///
    /// # Errors
    ///
    /// The signal handlers could not be installed.
    pub fn listen(told: impl Fn(u8) + Send + 'static) -> std::io::Result<Self> {
        let signals = Self::default();
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let heard = signals.clone();
        tokio::spawn(async move {
            for (nth, token) in [(1, &heard.first), (2, &heard.second)] {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => heard.terminated.store(true, Ordering::Relaxed),
                    // The terminal went away: nobody will press ctrl-C twice.
                    _ = hangup.recv() => heard.terminated.store(true, Ordering::Relaxed),
                }
                told(nth);
                token.cancel();
            }
        });
        Ok(signals)
    }

    /// Whether one of them was SIGTERM.
    pub fn terminated(&self) -> bool {
        self.terminated.load(Ordering::Relaxed)
    }
}
