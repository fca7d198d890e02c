//! Selaras reconciles what BKN's e-Kinerja knows about performance with what a ministry knows about attendance and
//! tukin payments, and says early whose pay would be late, why, and who can mend it.
//!
//! The map, in the direction in which modules may know each other:
//!
//! | module | is for |
//! |---|---|
//! | [`domain`] | the words of the field as types; no I/O, no clock |
//! | [`policy`] | the ministry's tukin rules as dated, cited data |
//! | [`reconcile`] | `evaluate(policy, calendar, dossier) -> verdict`, a pure function |
//! | [`store`] | the evidence ledger on SQLite and PostgreSQL |
//! | [`ekinerja`] | BKN's two surfaces: what is asked and what comes back |
//! | [`intake`] | the ministry's files, and BKN's export files |
//! | [`sync`] | what is due, pulled item by item, resumable |
//! | [`export`] | verdicts, findings and completeness as JSON, CSV, XLSX and text |
//! | [`notify`] | notices by mail, web hook and Telegram |
//! | [`simulator`] | a stand-in for BKN and a believable ministry with planted mismatches |
//! | [`schedule`], [`web`], [`cli`] | the daemon, its page, the commands |
//! | [`app`], [`config`], [`clock`], [`telemetry`], [`lifecycle`] | the wiring |

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod ekinerja;
pub mod export;
pub mod intake;
pub mod lifecycle;
pub mod notify;
pub mod oidc;
pub mod policy;
pub mod reconcile;
pub mod schedule;
pub mod simulator;
pub mod store;
pub mod sync;
pub mod telemetry;
pub mod web;
