//! The line between a process and the tests' PostgreSQL: it can be held, as a network does that loses every packet,
//! and goes on where it stood when it is let go.

use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A line to one database. Ends with the test's process.
pub struct Line {
    held: Arc<AtomicBool>,
    /// How the database is reached over it.
    pub url: String,
}

impl Line {
    /// A line to the database that this address reaches through a unix socket.
    pub fn to(url: &str) -> Self {
        let (before, socket) = url.split_once("?host=").expect("the tests' PostgreSQL listens on a unix socket");
        let socket = format!("{}/.s.PGSQL.5432", socket.replace("%2F", "/"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let held = Arc::new(AtomicBool::new(false));
        let hold = Arc::clone(&held);
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = UnixStream::connect(&socket).unwrap();
                let (near_in, far_in) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let (up, down) = (Arc::clone(&hold), Arc::clone(&hold));
                let close_near = near.try_clone().unwrap();
                let close_far = far.try_clone().unwrap();
                std::thread::spawn(move || {
                    pass(near_in, far, &up);
                    let _ = close_far.shutdown(std::net::Shutdown::Both);
                });
                std::thread::spawn(move || {
                    pass(far_in, near, &down);
                    let _ = close_near.shutdown(std::net::Shutdown::Both);
                });
            }
        });
        let name = before.rsplit('/').next().unwrap();
        Self { held, url: format!("postgres://selaras@127.0.0.1:{port}/{name}?sslmode=disable") }
    }

    /// Nothing passes any more, in neither direction; nobody is told.
    pub fn hold(&self) {
        self.held.store(true, Ordering::Relaxed);
    }

    /// What was held arrives.
    pub fn let_go(&self) {
        self.held.store(false, Ordering::Relaxed);
    }
}

/// Carries bytes until one side has gone.
fn pass(mut from: impl Read, mut to: impl Write, held: &AtomicBool) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        while held.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if to.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
}
