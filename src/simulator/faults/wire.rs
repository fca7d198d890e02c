//! Faults of connections: broken, slow, silent, and HTTP's own refusals.

use super::Fate;
use super::catalogue::Deed;
use super::catalogue::Entry;
use super::catalogue::Instead;
use super::catalogue::Promise;
use super::catalogue::Promise::Fails;
use super::catalogue::Promise::Recovers;
use super::catalogue::Strikes;
use super::catalogue::Strikes::Always;
use std::time::Duration;

/// Longer than anybody waits.
const LONG: Duration = Duration::from_secs(3600);

pub(super) fn entries() -> Vec<Entry> {
    let once = Strikes::First(1);
    let wire = |name: &str, does, strikes, fate, promise: Promise| Entry::new(name, does, strikes, Deed::Wire(fate), [promise; 2]);
    let status = |name: &str, does, strikes, status: u16, promise: Promise| {
        Entry::new(name, does, strikes, Deed::Answer(Instead::json(status, r#"{"message":"x"}"#)), [promise; 2])
    };
    let waiting = Instead { headers: &[("retry-after", "1")], ..Instead::json(503, r#"{"message":"Service Unavailable"}"#) };
    let drop = |bytes, millis| Fate::Drip(bytes, Duration::from_millis(millis));
    vec![
        wire("reset-once", "the connection breaks before the answer, once a question", once, Fate::Reset, Recovers),
        wire("reset-for-ever", "the connection always breaks before the answer", Always, Fate::Reset, Fails("connection")),
        wire("reset-midway", "the same from the third request on", Strikes::From(2), Fate::Reset, Fails("connection")),
        wire("reset-inside-once", "the connection breaks behind the head, once a question", once, Fate::ResetInside, Recovers),
        wire("reset-inside-for-ever", "the connection always breaks behind the head", Always, Fate::ResetInside, Fails("truncated")),
        wire("cut-once", "half of the answer comes, once a question", once, Fate::CutShort, Recovers),
        wire("cut-for-ever", "half of every answer comes", Always, Fate::CutShort, Fails("truncated")),
        wire("drip", "answers come in drops, in time", Always, drop(512, 1), Recovers),
        wire("drip-once", "answers come in drops and not in time, once a question", once, drop(1, 200), Recovers),
        wire("drip-for-ever", "answers come in drops and never in time", Always, drop(1, 200), Fails("timeout")),
        wire("hang-once", "no answer, once a question", once, Fate::Delay(LONG), Recovers),
        wire("hang-for-ever", "no answer at all", Always, Fate::Delay(LONG), Fails("timeout")),
        status("408-once", "408, once a question", once, 408, Recovers),
        status("500-once", "500, once a question", once, 500, Recovers),
        status("502-once", "502, once a question", once, 502, Recovers),
        Entry::new("503-retry-after", "503 with Retry-After, once a question", once, Deed::Answer(waiting), [Recovers; 2]),
        status("500-for-ever", "500 always", Always, 500, Fails("server_error")),
        status("400-for-ever", "400 always", Always, 400, Fails("server_error")),
        status("418-for-ever", "a status that nobody expects", Always, 418, Fails("server_error")),
    ]
}
