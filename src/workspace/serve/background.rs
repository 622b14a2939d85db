//! What the server does by itself: counts in metadata files, the trash, the sweep, ZIPs that a killed process did not make.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::app::App;
use crate::service::Workspaces;

/// How often counts are written: together with the pause that is waited for, within a second.
const FLUSH_EVERY: Duration = Duration::from_millis(200);

/// Starts it; dropping what is returned ends it.
pub(super) fn start(app: &Arc<App>, sweep_every: Duration) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let flushing = app.clone();
    tasks.spawn(async move {
        loop {
            tokio::time::sleep(FLUSH_EVERY).await;
            let _ = flushing
                .run(|workspaces| {
                    workspaces.flush(false);
                    Ok(())
                })
                .await;
        }
    });
    let emptying = app.clone();
    tasks.spawn(async move {
        loop {
            let _ = emptying.run(Workspaces::empty_trash).await;
            emptying.trash.notified().await;
        }
    });
    let packing = app.clone();
    tasks.spawn(async move {
        let _ = packing.run(Workspaces::pack_missing).await;
    });
    let sweeping = app.clone();
    tasks.spawn(async move {
        loop {
            // Servers that start together do not sweep together.
            let spread = f64::from(uuid::Uuid::new_v4().as_bytes()[0]) / 255.0;
            tokio::time::sleep(sweep_every.mul_f64(0.9 + spread / 10.0)).await;
            if let Ok(sweep) = sweeping.run(|workspaces| workspaces.sweep(false)).await {
                sweeping.metrics.swept(sweep.expired.len() as u64);
                sweeping.trash.notify_one();
            }
        }
    });
    tasks
}
