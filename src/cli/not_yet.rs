//! Commands of the contract that this version does not have. They are hidden from the help, take whatever follows,
//! and say so.

use clap::{Args, Subcommand};
use std::ffi::OsString;

/// Whatever follows the command.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub struct Rest {
    /// Not read.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<OsString>,
}

/// Planned commands.
#[derive(Debug, Subcommand)]
pub enum NotYet {
    /// Close a period into a handover pack.
    #[command(hide = true)]
    Freeze(Rest),
    /// Verify a handover pack.
    #[command(hide = true)]
    Verify(Rest),
}

impl NotYet {
    /// The command as typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Freeze(_) => "freeze",
            Self::Verify(_) => "verify",
        }
    }
}
