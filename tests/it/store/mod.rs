//! The store's contract, run on a real SQLite file and a real PostgreSQL.

mod accepting;
mod access;
mod case_views;
mod cases;
mod marks;
mod opening;
mod posts;
mod reading;
mod reconciling;
mod running;
mod schema;
mod searching;
mod single;
mod speed;
mod withdrawing;

use crate::support::Bench;
use crate::support::at;
use chrono::Duration;
use selaras::domain::Body;
use selaras::domain::Kind;
use selaras::domain::Locator;
use selaras::domain::Nip;
use selaras::domain::Percent;
use selaras::domain::Period;
use selaras::domain::Statement;
use selaras::domain::ekinerja::HistoryNote;
use selaras::domain::ekinerja::SkpRow;
use selaras::domain::evidence::Evidence;
use selaras::domain::evidence::Scope;
use selaras::domain::evidence::SourceFacts;
use selaras::domain::period::Span;
use selaras::store::NewBatch;
use selaras::store::RawBody;
use selaras::store::VanishLimits;
use sha2::Digest;

/// The n-th synthetic person.
fn nip(n: u32) -> Nip {
    Nip::parse(&format!("198501012010011{n:03}")).unwrap()
}

/// The n-th of up to millions of synthetic people.
fn many(n: u32) -> Nip {
    Nip::parse(&format!("19{:02}0101{:04}011{:03}", 60 + n / 1_000 % 40, 2000 + n / 40_000, n % 1_000)).unwrap()
}

fn period() -> Period {
    "2026-10".parse().unwrap()
}

fn month() -> Span {
    Span::Month(period())
}

fn skp(n: u32, jabatan: &str) -> Statement {
    skp_of(nip(n), Span::Year(2026), jabatan)
}

fn skp_of(nip: Nip, span: Span, jabatan: &str) -> Statement {
    let row = SkpRow {
        nama: Some("Uji".to_owned()),
        skp_id: Some("S1".to_owned()),
        is_skp: true,
        status: Some("PERSETUJUAN".to_owned()),
        jabatan: Some(jabatan.to_owned()),
        unor: None,
        periode_awal: None,
        periode_akhir: None,
        plt: false,
    };
    Statement::present(nip, span, Body::Skp(vec![row]), Locator::new("data[{}]", [0]))
}

fn position(n: u32, isi: &str) -> Statement {
    let note = HistoryNote { id: None, sk_nomor: None, tmt: None, isi: Some(isi.to_owned()) };
    Statement::present(nip(n), Span::Standing, Body::Position(vec![note]), Locator::new("data[{}]", [0]))
}

/// A bulk pull of SKP with these statements and these bytes.
fn pull(bytes: &str, observed_at: &str, statements: Vec<Statement>) -> NewBatch {
    NewBatch {
        kind: Kind::Skp,
        span: Span::Year(2026),
        part: "report:2026".to_owned(),
        source: "report:laporan/skp/2026".to_owned(),
        sha256: sha(bytes),
        scope: Scope::Everybody,
        facts: SourceFacts::default(),
        raw: Some(RawBody { content_type: "application/json".to_owned(), bytes: bytes.as_bytes().to_vec() }),
        statements,
        set_aside: Vec::new(),
        observed_at: at(observed_at),
        run: None,
        vanish: Some(VanishLimits { percent: Percent::whole(10), min: 2 }),
        accept_vanish: false,
    }
}

fn sha(bytes: &str) -> String {
    sha2::Sha256::digest(bytes.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Everything that the store knows of SKP 2026 at an instant: (person, state, jabatan).
async fn known(bench: &Bench, as_of: &str) -> Vec<(Nip, &'static str, String)> {
    let all = bench.store.evidence(&[(Kind::Skp, Span::Year(2026))], None, at(as_of)).await.unwrap().all().await.unwrap();
    all.into_iter().map(|evidence| (evidence.statement.nip, evidence.statement.state.key(), jabatan(&evidence))).collect()
}

fn jabatan(evidence: &Evidence) -> String {
    match &evidence.statement.body {
        Some(Body::Skp(rows)) => rows[0].jabatan.clone().unwrap_or_default(),
        Some(Body::Position(rows)) => rows[0].isi.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

fn hours(hours: i64) -> Duration {
    Duration::hours(hours)
}
