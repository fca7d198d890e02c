//! Work that is shared among the machine's cores.

use std::thread::ScopedJoinHandle;

/// How many threads are worth having.
pub(super) fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What a thread came to; its panic goes on here, so that no share of the work is ever missing in silence.
pub(super) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
