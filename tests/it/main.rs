//! One integration binary: real files, real HTTP servers, a real SQLite file and a real PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod architecture;
mod backup;
mod cli;
mod config;
mod docs;
mod ekinerja;
mod endtoend;
mod export;
mod faults;
mod fuzzed;
mod inbox;
mod intake;
mod notices;
mod policy;
mod policy_examples;
mod reconcile;
mod schedule;
mod simulator;
mod sql;
mod store;
mod support;
mod sync;
mod traces;
mod web;
