//! The binary: everything is in the library.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Millions of small things that one thread makes and another lets go of are twice as dear in the system's allocator.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // A bug is one sentence and exit 1, never a backtrace.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        selaras::cli::say(&format!("kesalahan program di {place}, mohon laporkan (this is a bug, please report it)"));
    }));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => {
            selaras::cli::say(&format!("utas program tidak dapat dibuat (cannot start threads): {why}"));
            return ExitCode::FAILURE;
        }
    };
    let env = std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()));
    let command = selaras::cli::run(std::env::args_os().collect(), env.collect());
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(command))).unwrap_or(ExitCode::FAILURE);
    // A second signal leaves at once: nothing waits for blocking work that is still going on.
    runtime.shutdown_background();
    ended
}
