//! How often one address may try to sign in. It is a bucket in memory: who restarts the server forgets, the lockout of
//! an account does not.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Attempts that an address has at once.
const BURST: u32 = 20;
/// One more comes back after this long.
const REFILL: Duration = Duration::from_secs(6);
/// Addresses remembered; beyond, those whose bucket is full again are forgotten first.
const MOST: usize = 20_000;

/// Buckets by address.
#[derive(Default)]
pub(in crate::web) struct Rate(Mutex<HashMap<IpAddr, (f64, Instant)>>);

impl Rate {
    /// Takes an attempt; `Err`: none is left, one comes after that long.
    pub(super) fn take(&self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |(left, at): (f64, Instant)| {
            (left + now.saturating_duration_since(at).as_secs_f64() / REFILL.as_secs_f64()).min(f64::from(BURST))
        };
        if buckets.len() >= MOST && !buckets.contains_key(&narrowed(from)) {
            buckets.retain(|_, bucket| filled(*bucket) < f64::from(BURST));
            if buckets.len() >= MOST {
                // So many strangers at once is an attack; whoever is not known yet waits.
                return Err(REFILL);
            }
        }
        let bucket = buckets.entry(narrowed(from)).or_insert((f64::from(BURST), now));
        let left = filled(*bucket);
        if left < 1.0 {
            *bucket = (left, now);
            return Err(REFILL.mul_f64(1.0 - left));
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
        let (rate, start) = (Rate::default(), Instant::now());
        let [one, other]: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        for _ in 0..BURST {
            assert_eq!(rate.take(one, start), Ok(()));
        }
        assert!(rate.take(one, start).is_err());
        assert_eq!(rate.take(other, start), Ok(()), "another address");
        assert_eq!(rate.take(one, start + REFILL), Ok(()));
        assert!(rate.take(one, start + REFILL).is_err());
    }

    #[test]
    fn neighbours_in_one_network_share_a_bucket() {
        assert_eq!(narrowed("2001:db8::1".parse().unwrap()), narrowed("2001:db8::ffff:2".parse().unwrap()));
        assert_ne!(narrowed("2001:db8::1".parse().unwrap()), narrowed("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(narrowed("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
