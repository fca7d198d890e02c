//! How often one address may try to sign in, and one token may ask. They are buckets in memory: who restarts the server
//! forgets, the lockout of an account does not.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Keys remembered; beyond, those whose bucket is full again are forgotten first.
const MOST: usize = 20_000;

/// How much is in a bucket.
#[derive(Debug, Clone, Copy)]
struct Measure {
    /// So much at once.
    burst: u32,
    /// One more comes back after this long.
    refill: Duration,
}

/// Buckets.
pub(in crate::web) struct Rate<K> {
    measure: Measure,
    buckets: Mutex<HashMap<K, (f64, Instant)>>,
}

impl Rate<IpAddr> {
    /// Attempts to sign in.
    pub(super) fn of_attempts() -> Self {
        Self::new(Measure { burst: 20, refill: Duration::from_secs(6) })
    }

    /// Takes an attempt of an address; `Err`: none is left, one comes after that long.
    pub(super) fn attempt(&self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        self.take(narrowed(from), now)
    }
}

impl Rate<String> {
    /// Requests of programs: a ministry of 200,000 is 400 answers, and a program that asks for ever may do so twenty times
    /// a second.
    pub(super) fn of_requests() -> Self {
        Self::new(Measure { burst: 600, refill: Duration::from_millis(50) })
    }
}

impl<K: Eq + Hash> Rate<K> {
    fn new(measure: Measure) -> Self {
        Self { measure, buckets: Mutex::default() }
    }

    /// Takes one; `Err`: none is left, one comes after that long.
    pub(super) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let Measure { burst, refill } = self.measure;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |(left, at): (f64, Instant)| {
            (left + now.saturating_duration_since(at).as_secs_f64() / refill.as_secs_f64()).min(f64::from(burst))
        };
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| filled(*bucket) < f64::from(burst));
            if buckets.len() >= MOST {
                // So many strangers at once is an attack; whoever is not known yet waits.
                return Err(refill);
            }
        }
        let bucket = buckets.entry(key).or_insert((f64::from(burst), now));
        let left = filled(*bucket);
        if left < 1.0 {
            *bucket = (left, now);
            return Err(refill.mul_f64(1.0 - left));
        }
        *bucket = (left - 1.0, now);
        Ok(())
    }
}

/// One household has a whole /64 of IPv6.
fn narrowed(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(four) => IpAddr::V4(four),
        IpAddr::V6(six) => IpAddr::V6((u128::from(six) & (u128::MAX << 64)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_attempts_and_gets_them_back() {
        let (rate, start) = (Rate::of_attempts(), Instant::now());
        let Measure { burst, refill } = rate.measure;
        let [one, other]: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        for _ in 0..burst {
            assert_eq!(rate.attempt(one, start), Ok(()));
        }
        assert!(rate.attempt(one, start).is_err());
        assert_eq!(rate.attempt(other, start), Ok(()), "another address");
        assert_eq!(rate.attempt(one, start + refill), Ok(()));
        assert!(rate.attempt(one, start + refill).is_err());
    }

    #[test]
    fn neighbours_in_one_network_share_a_bucket() {
        assert_eq!(narrowed("2001:db8::1".parse().unwrap()), narrowed("2001:db8::ffff:2".parse().unwrap()));
        assert_ne!(narrowed("2001:db8::1".parse().unwrap()), narrowed("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(narrowed("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
