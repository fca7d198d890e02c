//! A simulated BKN behind a door that counts: every question that is let through is noted, and what stands behind the
//! door can be exchanged while clients keep its address.

use selaras::simulator::Faults;
use selaras::simulator::Ministry;
use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use tokio::runtime::Runtime;

pub struct Bkn {
    pub address: SocketAddr,
    ministry: Arc<Ministry>,
    behind: Arc<Mutex<SocketAddr>>,
    asked: Arc<Mutex<Vec<String>>>,
    runtime: Runtime,
}

impl Bkn {
    pub fn open(ministry: Arc<Ministry>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let behind = Arc::new(Mutex::new(simulator(&runtime, &ministry, "none")));
        let (asked, door) = (Arc::<Mutex<Vec<String>>>::default(), TcpListener::bind("127.0.0.1:0").unwrap());
        let address = door.local_addr().unwrap();
        let (noted, target) = (asked.clone(), behind.clone());
        std::thread::spawn(move || {
            for client in door.incoming().map_while(Result::ok) {
                let target = *target.lock().unwrap();
                if let Ok(server) = TcpStream::connect(target) {
                    pass(client, server, noted.clone());
                }
            }
        });
        Self { address, ministry, behind, asked, runtime }
    }

    /// From the next connection on a server that misbehaves in this way.
    pub fn weather(&self, faults: &str) {
        *self.behind.lock().unwrap() = simulator(&self.runtime, &self.ministry, faults);
    }

    /// From the next connection on nobody.
    pub fn vanish(&self) {
        *self.behind.lock().unwrap() = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    }

    /// Paths of all questions so far; token endpoints and the list of periods are none.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

fn simulator(runtime: &Runtime, ministry: &Arc<Ministry>, faults: &str) -> SocketAddr {
    let faults = Faults::named(faults).unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(selaras::simulator::serve(ministry.clone(), listener, faults, std::future::pending()));
    address
}

/// Copies both ways until either side has had enough.
fn pass(client: TcpStream, server: TcpStream, asked: Arc<Mutex<Vec<String>>>) {
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut answers, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut to_client);
        let _ = (to_client.shutdown(Shutdown::Both), answers.shutdown(Shutdown::Both));
    });
    let (mut client, mut server) = (client, server);
    std::thread::spawn(move || {
        let (mut buffer, mut heard) = ([0; 16 << 10], Vec::new());
        while let Ok(read @ 1..) = client.read(&mut buffer) {
            heard.extend_from_slice(&buffer[..read]);
            note(&mut heard, &asked);
            if server.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    });
}

/// Takes whole requests out of what was heard and notes the questions.
fn note(heard: &mut Vec<u8>, asked: &Mutex<Vec<String>>) {
    while let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&heard[..end]).into_owned();
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned));
        let whole = end + 4 + length.map_or(0, |length| length.trim().parse().unwrap());
        if heard.len() < whole {
            return;
        }
        heard.drain(..whole);
        let path = head.split(' ').nth(1).unwrap_or_default();
        if path.contains("/laporan/") || path.contains("/pns/") {
            asked.lock().unwrap().push(path.to_owned());
        }
    }
}
