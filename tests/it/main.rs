//! One integration binary: real files, real HTTP servers, a real SQLite file and a real PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod architecture;
mod cli;
mod config;
mod docs;
mod ekinerja;
mod endtoend;
mod export;
mod fuzzed;
mod intake;
mod policy;
mod policy_examples;
mod reconcile;
mod simulator;
mod store;
mod support;
mod sync;
mod web;
