//! A body read without a network: one that was kept, or one that never came from BKN. It goes through the same
//! envelope and the same rows as an answer on the wire, and nothing is asked or repeated.

use super::answer::Outcome;
use super::answer::Question;
use super::envelope::Envelope;
use super::envelope::open;
use super::fault::Surface;
use super::http::Received;
use super::report;
use super::siasn;
use super::wire::Drift;
use chrono::DateTime;
use chrono::Utc;

/// What a body says as the answer to a question, had it come with this HTTP status at this time.
///
/// ```
/// use selaras::domain::Period;
/// use selaras::ekinerja::{Outcome, Question, understand};
/// let october = Question::Evaluation { cycle: Period::new(2026, 10).unwrap().into(), nip: None };
/// let (outcome, drift) = understand(&october, 200, b"{\"data\": []}".to_vec(), chrono::DateTime::UNIX_EPOCH);
/// assert_eq!(outcome, Outcome::Rows { statements: vec![], quarantined: vec![] });
/// assert!(drift.is_empty());
/// ```
pub fn understand(question: &Question, status: u16, body: Vec<u8>, at: DateTime<Utc>) -> (Outcome, Vec<Drift>) {
    let surface = match question {
        Question::Person { .. } => Surface::Siasn,
        _ => Surface::Report,
    };
    let received = Received { status, content_type: None, date: Some(at), retry_after: None, body, at };
    match (open(surface, &received), question) {
        (Envelope::Fault(fault), _) => (Outcome::Fault(fault), Vec::new()),
        (Envelope::DeclaredAbsent, _) => (report::nothing(question), Vec::new()),
        (Envelope::Present(range), Question::Person { kind, nip, part_time }) => {
            siasn::rows(*kind, *part_time, *nip, report::data(&received, range))
        }
        (Envelope::Present(range), _) => report::rows(question, report::data(&received, range)),
    }
}
