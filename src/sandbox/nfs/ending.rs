//! How a server is ended.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;

/// How long a server may take to end by itself. It takes a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(3);

/// Ends a child: politely, then surely.
pub(super) async fn end(child: &mut Child) {
    // A child that was not waited for has its pid to itself.
    let pid = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM);
        let _ = tokio::time::timeout(PATIENCE, child.wait()).await;
    }
    let _ = child.kill().await;
}
