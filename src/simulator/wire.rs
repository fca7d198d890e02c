//! A listener whose connections can be broken from inside a handler: before an answer, or in the middle of one.

use super::faults::Fate;
use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use axum::serve::Listener;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// No limit.
const UNLIMITED: i64 = -1;

/// How a connection may still send: how many bytes (-1 for any number), and in which drops.
#[derive(Debug, Clone)]
pub(super) struct Line {
    left: Arc<AtomicI64>,
    /// Bytes of a drop, and milliseconds between two; 0 for no drops.
    drops: Arc<(AtomicU64, AtomicU64)>,
}

impl Line {
    fn new() -> Self {
        Self { left: Arc::new(AtomicI64::new(UNLIMITED)), drops: Arc::default() }
    }

    /// Lets the connection send so many bytes more and then breaks it.
    pub(super) fn cut_after(&self, bytes: i64) {
        self.left.store(bytes.max(0), Ordering::Release);
    }

    /// Sends as fast as it can again.
    pub(super) fn calm(&self) {
        self.drops.0.store(0, Ordering::Release);
    }

    /// Breaks or chokes the line as that fate says; `body` is the length of the answer's body.
    pub(super) fn suffer(&self, fate: Fate, body: u64) {
        match fate {
            Fate::Reset => self.cut_after(0),
            // The head of an answer takes some 150 bytes; the rest of the allowance is body.
            Fate::ResetInside => self.cut_after(150),
            Fate::CutShort => self.cut_after(150 + i64::try_from(body / 2).unwrap_or(0)),
            Fate::Drip(bytes, wait) => {
                self.drops.1.store(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
                self.drops.0.store(bytes as u64, Ordering::Release);
            }
            _ => {}
        }
    }

    /// Bytes of a drop and the wait behind it.
    fn drop_of(&self) -> Option<(usize, Duration)> {
        let bytes = usize::try_from(self.drops.0.load(Ordering::Acquire)).unwrap_or(usize::MAX);
        (bytes > 0).then(|| (bytes, Duration::from_millis(self.drops.1.load(Ordering::Acquire))))
    }
}

/// A TCP listener that hands out breakable connections.
pub(super) struct Door(pub TcpListener);

/// One connection.
pub(super) struct Wire {
    stream: TcpStream,
    line: Line,
    /// Until the next drop may fall.
    nap: Option<Pin<Box<Sleep>>>,
}

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        // Answers are small: without this each would wait for the peer's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        (Wire { stream, line: Line::new(), nap: None }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Door>> for Line {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().line.clone()
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Some((size, wait)) = self.line.drop_of() {
            if let Some(nap) = self.nap.as_mut() {
                std::task::ready!(nap.as_mut().poll(context));
            }
            let written = Pin::new(&mut self.stream).poll_write(context, &bytes[..size.min(bytes.len())]);
            self.nap = written.is_ready().then(|| Box::pin(tokio::time::sleep(wait)));
            return written;
        }
        let left = self.line.left.load(Ordering::Acquire);
        if left == UNLIMITED {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        let allowed = usize::try_from(left).unwrap_or(0).min(bytes.len());
        if allowed == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]);
        if let Poll::Ready(Ok(count)) = &written {
            self.line.left.store(left - i64::try_from(*count).unwrap_or(left), Ordering::Release);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
