//! BKN's two surfaces: what is asked and what comes back.
//!
//! | file | is for |
//! |---|---|
//! | `report`, `siasn` | what is asked of each surface; `periods`: an agency's period ids |
//! | `answer` | question and answer, as the rest of the crate sees them |
//! | `line` | one surface at work: tokens, pace, request, envelope, again |
//! | `http`, `auth`, `pace`, `retry` | the wire, the tokens, the speed, the patience |
//! | `bucket`, `limit`, `breaker` | when a request may leave, how many at once, and when none at all |
//! | `envelope`, `top`, `gateway`, `fault` | what an answer as a whole means, and what helps |
//! | `wire`, `scalar`, `shapes`, `bulk`, `person` | rows: lenient values, known keys, drift, domain types |
//! | `understand` | a body without a network |
//! | `sample` | what a row looks like, without what it says |
//! | `settings` | what must be told, with defaults |
//!
//! It knows nothing of stores, runs or configuration files. It reads and never writes at BKN: there is no request but
//! GET, and the POST that fetches a token.

mod answer;
mod auth;
mod breaker;
mod bucket;
mod bulk;
mod envelope;
mod fault;
mod gateway;
mod http;
mod limit;
mod line;
mod pace;
mod periods;
mod person;
mod report;
mod retry;
mod sample;
mod scalar;
mod settings;
mod shapes;
mod siasn;
mod top;
mod understand;
mod wire;

pub use answer::Answer;
pub use answer::Outcome;
pub use answer::QuarantinedRow;
pub use answer::Question;
pub use answer::RawBody;
pub use auth::Minted;
pub use bucket::Bucket;
pub use bucket::LocalBucket;
pub use bucket::Taking;
pub use fault::Action;
pub use fault::Fault;
pub use fault::Surface;
pub use pace::Seen;
pub use report::Report;
pub use sample::masked_row;
pub use settings::PaceSettings;
pub use settings::ReportSettings;
pub use settings::Secret;
pub use settings::SettingsError;
pub use settings::SiasnSettings;
pub use settings::SsoMode;
pub use siasn::Siasn;
pub use understand::understand;
pub use wire::Change;
pub use wire::Drift;
