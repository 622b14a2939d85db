//! Removes what a round created.

use tokio::time::timeout;

use super::{Reach, Round, TOKEN, join};
use crate::verify::share::{Fault, Share};

impl Round<'_> {
    /// Removes the token, or the private directory with all that is in it, by new connections: those before may be what failed. Whether it
    /// is gone.
    pub(super) async fn clean<R: Reach>(&self, ways: &[R], path: &str) -> bool {
        let cleaning = async {
            for reach in ways {
                let cleaned = timeout(self.limit, async {
                    let share = reach.mount().await?;
                    let removed = match path.rsplit('/').next() {
                        Some(name) if name.starts_with(TOKEN) => gone(share.remove(path).await),
                        _ => remove_all(&share, path).await,
                    };
                    share.close().await;
                    removed
                });
                if matches!(cleaned.await, Ok(Ok(()))) {
                    return true;
                }
            }
            false
        };
        tokio::select! {
            cleaned = cleaning => cleaned,
            () = self.stop_at_once.cancelled() => false,
        }
    }
}

/// Removes a directory and the files in it; it may be gone, or never have been.
async fn remove_all(share: &impl Share, directory: &str) -> Result<(), Fault> {
    let names = match share.list(directory).await {
        Err(Fault::NotFound) => return Ok(()),
        names => names?,
    };
    for name in names {
        gone(share.remove(&join(directory, &name)).await)?;
    }
    gone(share.remove_directory(directory).await)
}

/// What is not there is gone too.
fn gone(removed: Result<(), Fault>) -> Result<(), Fault> {
    match removed {
        Err(Fault::NotFound) => Ok(()),
        removed => removed,
    }
}
