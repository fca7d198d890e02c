//! What became of files and queries that nobody named one by one: `import --inbox` and `import --sql`. One that is
//! refused does not keep the others from being taken; the exit code says that there was one.

use super::super::output::{Format, Output, Target};
use super::super::{CliError, Exit};
use super::{Document, Refused, document, line, refused_file};
use crate::app::AppError;
use crate::app::import::Imported;
use crate::config::Lang;
use crate::intake::FileKind;
use std::io::{self, Write};
use std::path::PathBuf;

/// One file or query.
pub(super) struct One {
    pub name: String,
    pub kind: Option<FileKind>,
    /// Where the file lies now.
    pub place: Option<PathBuf>,
    pub outcome: Result<Vec<Imported>, AppError>,
}

/// All of them.
pub(super) struct Found {
    pub all: Vec<One>,
    /// Still being written.
    pub waiting: Vec<PathBuf>,
    /// Folders that mean nothing.
    pub unknown: Vec<PathBuf>,
}

/// Writes the report; exit 2 when something was refused.
pub(super) fn write(output: &Output, target: &Target, found: &Found, lang: Lang) -> Result<Exit, CliError> {
    for format in &output.formats {
        output.write(target, "import", *format, |out| match format {
            Format::Json => writeln!(out, "{}", json(found)?),
            _ => text(found, lang, out),
        })?;
    }
    Ok(if found.all.iter().any(|one| one.outcome.is_err()) { Exit::Refused } else { Exit::Done })
}

fn refused(one: &One) -> Option<Refused<'_>> {
    let error = one.outcome.as_ref().err()?;
    let refusals = refused_file(error);
    let (refusals, whole) = refusals.map_or((&[][..], None), |(_, refusals, whole)| (refusals, whole));
    Some(Refused { file: &one.name, kind: one.kind.map_or("", FileKind::key), refusals, whole })
}

fn text(found: &Found, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for one in &found.all {
        match &one.outcome {
            Ok(imported) => imported.iter().try_for_each(|imported| writeln!(out, "{}", line(imported, lang)))?,
            Err(error) => match refused(one).filter(|refused| !refused.refusals.is_empty()) {
                Some(refused) => writeln!(out, "{}", refused.lines(lang))?,
                None => writeln!(out, "{}", error.sentence(lang))?,
            },
        }
        if let Some(place) = &one.place {
            writeln!(out, "  -> {}", place.display())?;
        }
    }
    for path in &found.waiting {
        writeln!(out, "{}: {}", path.display(), lang.pick("masih ditulis, menunggu", "still being written, waits"))?;
    }
    for path in &found.unknown {
        let why =
            lang.pick("folder ini tidak berarti apa-apa di sini, isinya tidak dibaca", "this folder means nothing here, it is not read");
        writeln!(out, "{}: {why}", path.display())?;
    }
    if found.all.is_empty() && found.waiting.is_empty() {
        writeln!(out, "{}", lang.pick("tidak ada yang baru", "there is nothing new"))?;
    }
    Ok(())
}

/// The document of `import`, with the sentence of what was refused before a row was read.
fn json(found: &Found) -> serde_json::Result<String> {
    let refused: Vec<Option<Refused<'_>>> = found.all.iter().map(refused).collect();
    let mut files = Vec::new();
    for (one, refused) in found.all.iter().zip(&refused) {
        let imported = one.outcome.as_deref().unwrap_or_default();
        files.extend(document(imported, refused.as_ref()).files);
        if let (Err(error), Some(file)) = (&one.outcome, files.last_mut()) {
            file.notices.push(error.sentence(Lang::En));
        }
    }
    serde_json::to_string_pretty(&Document { files })
}
