//! Help and usage errors in the reader's language; the English texts stand at the arguments themselves.

use super::words::{HELP, NAMES};
use super::{Cli, say};
use crate::config::{Lang, Said};
use crate::telemetry::mask;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, CommandFactory};
use std::error::Error;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// The language before arguments and configuration are read: `--lang`, then the environment, then Indonesian.
pub(super) fn early_lang(args: &[OsString], env: &[(String, String)]) -> Lang {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let given = words.iter().enumerate().find_map(|(at, word)| match *word {
        "--lang" => words.get(at + 1).copied(),
        word => word.strip_prefix("--lang="),
    });
    let set = || env.iter().find(|(name, _)| name == "SELARAS__UI__LANGUAGE").map(|(_, value)| value.as_str());
    given.or_else(set).and_then(Lang::from_key).unwrap_or_default()
}

/// The clap tree in one language.
pub(super) fn command(lang: Lang) -> clap::Command {
    localised(Cli::command(), lang)
}

fn localised(mut command: clap::Command, lang: Lang) -> clap::Command {
    let say = |text: Option<&StyledStr>| text.map(|text| translated(&text.to_string(), lang));
    let usage = lang.pick("Pemakaian", "Usage");
    command = command
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading(lang.pick("Perintah", "Commands"))
        .subcommand_value_name(lang.pick("PERINTAH", "COMMAND"))
        .help_template(format!("{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}\n"));
    if let Some(about) = say(command.get_about()) {
        command = command.about(about);
    }
    command = command.mut_args(|arg| localised_arg(arg, lang));
    let help = clap::Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command = command.arg(help.help(lang.pick("Tampilkan bantuan ini", "Show this help")).help_heading(lang.pick("Pilihan", "Options")));
    if command.get_version().is_some() {
        let version = clap::Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(version.help(lang.pick("Tampilkan versi", "Show the version")).help_heading(lang.pick("Pilihan", "Options")));
    }
    command.mut_subcommands(|sub| if sub.is_hide_set() { sub.disable_help_flag(true) } else { localised(sub, lang) })
}

/// Choices and defaults join the help text, because clap's own words for them are English.
fn localised_arg(arg: clap::Arg, lang: Lang) -> clap::Arg {
    let heading = if arg.is_positional() { lang.pick("Argumen", "Arguments") } else { lang.pick("Pilihan", "Options") };
    let mut help = arg.get_help().map(|text| translated(&text.to_string(), lang)).unwrap_or_default();
    let takes_value = arg.get_action().takes_values();
    let choices: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| takes_value && !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !choices.is_empty() {
        help = format!("{help} ({})", choices.join(", "));
    }
    if let Some(default) = arg.get_default_values().first().filter(|_| takes_value) {
        help = format!("{help} [{}: {}]", lang.pick("bawaan", "default"), default.to_string_lossy());
    }
    let name = arg.get_value_names().and_then(|names| names.first());
    let name = name.and_then(|name| NAMES.iter().find(|(en, _)| *en == name.as_str()).filter(|_| lang == Lang::Id));
    let arg = arg.help_heading(heading);
    let arg = if takes_value { arg.hide_possible_values(true).hide_default_value(true) } else { arg };
    let arg = if help.is_empty() { arg } else { arg.help(help) };
    match name {
        Some((_, id)) => arg.value_name(*id),
        None => arg,
    }
}

fn translated(english: &str, lang: Lang) -> String {
    let found = HELP.iter().find(|(en, _)| *en == english).filter(|_| lang == Lang::Id);
    found.map_or(english, |(_, id)| id).to_owned()
}

/// Answers what clap could not parse: help and version to standard output, anything else as one sentence, exit 2.
pub(super) fn answer(lang: Lang, error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Somebody who stops reading the help is no error.
            let _ = write!(std::io::stdout().lock(), "{}", rendered(lang, error));
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(std::io::stderr().lock(), "{}", rendered(lang, error));
            ExitCode::from(2)
        }
        _ => {
            say(&mask(&usage_sentence(lang, error)));
            ExitCode::from(2)
        }
    }
}

fn rendered(lang: Lang, error: &clap::Error) -> String {
    error.render().to_string().replace("[OPTIONS]", lang.pick("[PILIHAN]", "[OPTIONS]"))
}

fn usage_sentence(lang: Lang, error: &clap::Error) -> String {
    let context = |kind: ContextKind| error.get(kind).map(shown).unwrap_or_default();
    let arg = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let valid = context(ContextKind::ValidValue);
    let near = |kind: ContextKind| match context(kind) {
        near if near.is_empty() => String::new(),
        near => format!(": {} {near}?", lang.pick("maksud Anda", "did you mean")),
    };
    let hint = lang.pick("lihat --help", "see --help");
    match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("{} {arg}{} ({hint})", lang.pick("argumen tidak dikenal", "unknown argument"), near(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            format!(
                "{} '{name}'{} ({hint})",
                lang.pick("perintah tidak dikenal", "unknown command"),
                near(ContextKind::SuggestedSubcommand)
            )
        }
        ErrorKind::MissingRequiredArgument => {
            format!("{} {arg} ({hint})", lang.pick("argumen wajib belum diberikan:", "a required argument is missing:"))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} {} ({hint})", lang.pick("belum diberi nilai", "needs a value")),
        ErrorKind::InvalidValue => format!("{arg}: '{value}' {}: {valid}", lang.pick("tidak dikenal; pilihannya", "is unknown; one of")),
        ErrorKind::ValueValidation => match error.source().and_then(|source| source.downcast_ref::<Said>()) {
            Some(said) => format!("{arg}: {}", said.in_lang(lang)),
            None => format!("{arg}: '{value}' {} ({hint})", lang.pick("bukan nilai yang sah", "is not a valid value")),
        },
        ErrorKind::ArgumentConflict => {
            format!("{arg} {} ({hint})", lang.pick("diberikan dua kali atau bertentangan", "is given twice or contradicts another"))
        }
        ErrorKind::MissingSubcommand => format!("{} ({hint})", lang.pick("perintah belum diberikan", "a command is missing")),
        _ => {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("{first} ({hint})")
        }
    }
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(command: &clap::Command, out: &mut Vec<String>) {
        if command.is_hide_set() {
            return;
        }
        out.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            out.extend(arg.get_help().map(ToString::to_string));
        }
        command.get_subcommands().for_each(|sub| texts(sub, out));
    }

    #[test]
    fn every_text_has_its_indonesian_and_none_is_stale() {
        let mut english = Vec::new();
        texts(&Cli::command(), &mut english);
        let untranslated: Vec<_> = english.iter().filter(|text| !HELP.iter().any(|(en, _)| en == text)).collect();
        assert!(untranslated.is_empty(), "{untranslated:#?}");
        let stale: Vec<_> = HELP.iter().filter(|(en, _)| !english.iter().any(|text| text == en)).collect();
        assert!(stale.is_empty(), "{stale:#?}");
    }

    #[test]
    fn the_tree_is_sound() {
        for lang in [Lang::Id, Lang::En] {
            command(lang).debug_assert();
        }
    }
}
