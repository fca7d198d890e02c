//! Work on a thread of its own that yields to whoever waits for a page: evaluating is long stretches of computing.

use crate::lifecycle::yield_to_readers;
use std::future::Future;

/// A thread could not be made, or its work ended by a bug.
#[derive(Debug)]
pub(super) struct Gone(String);

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs the work on a new thread behind everybody else, whether or not anybody waits for what it comes to.
pub(super) fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> impl Future<Output = Result<T, Gone>> + Send {
    let (done, waits) = tokio::sync::oneshot::channel();
    let begun = std::thread::Builder::new().name("job".to_owned()).spawn(move || {
        yield_to_readers();
        drop(done.send(work()));
    });
    async move {
        begun.map_err(|why| Gone(format!("no thread could be made: {why}")))?;
        waits.await.map_err(|_| Gone("its thread ended by a bug".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_of_it_is_told_and_a_bug_too() {
        assert_eq!(apart(|| 7).await.unwrap(), 7);
        assert!(apart(|| std::panic::resume_unwind(Box::new(()))).await.unwrap_err().to_string().contains("bug"));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn only_its_own_thread_yields() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let here = nice();
        let there = apart(move || std::thread::spawn(nice).join().unwrap()).await.unwrap();
        assert!(there > here && nice() == here, "{there} {here}");
    }
}
