//! A file as the body of an answer, piece by piece: a client that reads slowly holds one piece and no thread.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use super::app::App;

const PIECE: usize = 256 << 10;

/// How long a client may take nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// The pieces of a file.
pub(super) struct Pieces {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
}

impl Pieces {
    /// The first `size` bytes of a file.
    pub(super) fn of(app: &Arc<App>, file: std::fs::File, size: u64) -> axum::body::Body {
        let (sender, pieces) = mpsc::channel(1);
        let app = app.clone();
        tokio::spawn(async move {
            let file = Arc::new(file);
            let mut at = 0;
            while at < size {
                let length = usize::try_from(size - at).unwrap_or(PIECE).min(PIECE);
                let source = file.clone();
                let piece = app.run(move |workspaces| {
                    let mut buffer = vec![0; length];
                    let read = workspaces.read_at(&source, at, &mut buffer)?;
                    buffer.truncate(read);
                    Ok(buffer)
                });
                // A file that became shorter ends the answer with an error, not as if it were whole.
                let piece = match piece.await {
                    Ok(piece) if piece.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(piece) => Ok(Bytes::from(piece)),
                    Err(refused) => Err(io::Error::other(refused)),
                };
                at += piece.as_ref().map_or(0, |piece| piece.len() as u64);
                let is_end = piece.is_err();
                let sent = tokio::time::timeout(PATIENCE, sender.send(piece)).await;
                if is_end || !matches!(sent, Ok(Ok(()))) {
                    break;
                }
            }
        });
        axum::body::Body::new(Self { pieces, left: size })
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.pieces.poll_recv(context).map(|piece| match piece {
            Some(Ok(piece)) => {
                self.left = self.left.saturating_sub(piece.len() as u64);
                Some(Ok(Frame::data(piece)))
            }
            Some(Err(error)) => Some(Err(error)),
            None if self.left > 0 => Some(Err(io::ErrorKind::UnexpectedEof.into())),
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
