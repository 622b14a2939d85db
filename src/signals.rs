//! SIGINT, SIGTERM and SIGHUP, as two tokens: the first asks politely, the second at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Listens to signals for the life of the process.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// Cancelled by the first signal.
    pub first: CancellationToken,
    /// Cancelled by the second.
    pub second: CancellationToken,
    /// Cancelled before them, where it was SIGTERM or SIGHUP.
    pub terminated: CancellationToken,
}

impl Signals {
    /// Begins to listen. `notify` is called at the first and at the second signal. SIGHUP is none of them where it makes the command read
    /// its files again.
    ///
    /// # Errors
    ///
    /// The signal handlers could not be installed.
    pub fn listen(reloads: bool, notify: impl Fn(u8) + Send + 'static) -> std::io::Result<Self> {
        let signals = Self::default();
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let heard = signals.clone();
        tokio::spawn(async move {
            for (nth, token) in [(1, &heard.first), (2, &heard.second)] {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => heard.terminated.cancel(),
                    // The terminal went away: no one will press ctrl-C twice.
                    _ = hangup.recv(), if !reloads => heard.terminated.cancel(),
                }
                notify(nth);
                token.cancel();
            }
        });
        Ok(signals)
    }
}
