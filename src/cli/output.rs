//! Where documents go: standard output, a file, or a folder of files. Nothing else is written to standard output.
//!
//! A file appears whole or not at all, readable by its owner only: it may hold NIPs and pay.

use super::args::ReportArgs;
use super::exit::CliError;
use crate::config::Lang;
use clap::ValueEnum;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Formats of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum Format {
    /// For reading.
    Text,
    /// For scripts.
    Json,
    /// For spreadsheets and scripts.
    Csv,
    /// For Excel.
    Xlsx,
    /// For paper; only the lists of `export` have it, and say so.
    #[value(hide = true)]
    Pdf,
}

impl Format {
    /// File extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::value_variants().iter().copied().find(|format| format.extension() == extension)
    }
}

/// Where the documents of one command go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One document to standard output.
    Stdout,
    /// One document to this file.
    File(PathBuf),
    /// Every document into this folder, as `<stem>.<extension>`.
    Folder(PathBuf),
}

/// What was asked for with `--as` and `--output`.
#[derive(Debug, Clone)]
pub struct Output {
    /// Formats, each once, in the order asked for.
    pub formats: Vec<Format>,
    path: Option<PathBuf>,
    lang: Lang,
}

impl Output {
    /// Reads `--as` and `--output`. Without `--as` the extension of `--output` decides, else it is text.
    ///
    /// # Errors
    /// A format that is not in `able`, the formats of this command.
    pub fn new(args: &ReportArgs, able: &[Format], lang: Lang) -> Result<Self, CliError> {
        let mut formats: Vec<Format> = Vec::new();
        for format in &args.formats {
            if !formats.contains(format) {
                formats.push(*format);
            }
        }
        if formats.is_empty() {
            let named = args.output.as_deref().and_then(Format::of).filter(|format| able.contains(format));
            formats.push(named.or(able.first().copied()).unwrap_or(Format::Text));
        }
        if let Some(wrong) = formats.iter().find(|format| !able.contains(format)) {
            let able: Vec<&str> = able.iter().map(|format| name(*format)).collect();
            let (wrong, able) = (name(*wrong), able.join(", "));
            return Err(CliError::refused(match lang {
                Lang::Id => format!("--as {wrong}: perintah ini hanya dapat {able}"),
                Lang::En => format!("--as {wrong}: this command can do {able} only"),
            }));
        }
        Ok(Self { formats, path: args.output.clone(), lang })
    }

    /// Decides where `documents` documents go (contract §2), before any work is done.
    ///
    /// # Errors
    /// Several documents without a place for them; a folder that cannot be made; a spreadsheet for a terminal.
    pub fn target(&self, documents: usize) -> Result<Target, CliError> {
        let Some(path) = &self.path else {
            if documents > 1 {
                return Err(CliError::refused(match self.lang {
                    Lang::Id => format!("ada {documents} dokumen: beri --output FOLDER/"),
                    Lang::En => format!("there are {documents} documents: give --output FOLDER/"),
                }));
            }
            let binary = self.formats.iter().find(|format| matches!(format, Format::Xlsx | Format::Pdf));
            if let Some(binary) = binary.filter(|_| io::stdout().is_terminal()) {
                let name = name(*binary);
                return Err(CliError::refused(match self.lang {
                    Lang::Id => format!("{name} tidak dapat ditampilkan di terminal: beri --output BERKAS.{name}"),
                    Lang::En => format!("{name} cannot be shown on a terminal: give --output FILE.{name}"),
                }));
            }
            return Ok(Target::Stdout);
        };
        let slash = path.as_os_str().as_encoded_bytes().ends_with(b"/");
        if slash || path.is_dir() || documents > 1 {
            std::fs::create_dir_all(path).map_err(|why| self.cannot(path, &why))?;
            return Ok(Target::Folder(path.clone()));
        }
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => Err(CliError::refused(match self.lang {
                Lang::Id => format!("--output: folder {} tidak ada", folder.display()),
                Lang::En => format!("--output: the folder {} does not exist", folder.display()),
            })),
            _ => Ok(Target::File(path.clone())),
        }
    }

    /// Writes one document; in a folder it is named `<stem>.<extension>`. Returns the file, if it is one.
    ///
    /// # Errors
    /// The disk's own, naming the file. A reader who closes standard output early is no error.
    pub fn write<W>(&self, target: &Target, stem: &str, format: Format, document: W) -> Result<Option<PathBuf>, CliError>
    where
        W: FnOnce(&mut dyn Write) -> io::Result<()>,
    {
        let path = match target {
            Target::Stdout => {
                let mut out = BufWriter::new(io::stdout().lock());
                return match document(&mut out).and_then(|()| out.flush()) {
                    Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(self.cannot(Path::new("stdout"), &why)),
                    _ => Ok(None),
                };
            }
            Target::File(path) => path.clone(),
            Target::Folder(folder) => folder.join(format!("{stem}.{}", format.extension())),
        };
        write_whole(&path, document).map_err(|why| self.cannot(&path, &why))?;
        // A person sees where it lies; a script knows.
        if io::stderr().is_terminal() {
            super::say(&format!("{} {}", self.lang.pick("ditulis:", "written:"), path.display()));
        }
        Ok(Some(path))
    }

    fn cannot(&self, path: &Path, why: &io::Error) -> CliError {
        let path = path.display();
        CliError::failed(match self.lang {
            Lang::Id => format!("{path} tidak dapat ditulis ({why})"),
            Lang::En => format!("{path} cannot be written ({why})"),
        })
    }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Text => "text",
        other => other.extension(),
    }
}

/// Writes beside the file, mode 0600, and renames: a reader sees the old file or the whole new one.
///
/// # Errors
/// The disk's own; the file is then as it was.
pub fn write_whole<W>(path: &Path, document: W) -> io::Result<()>
where
    W: FnOnce(&mut dyn Write) -> io::Result<()>,
{
    // A pipe or a device is written to, not replaced.
    if path.metadata().is_ok_and(|known| !known.is_file()) {
        let mut out = BufWriter::new(OpenOptions::new().write(true).open(path)?);
        return document(&mut out).and_then(|()| out.flush());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file_name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(file_name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = folder.join(beside);
    let written = write_new(&beside, document).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // What failed is reported; a left-over is only untidy.
        let _ = std::fs::remove_file(&beside);
        return written;
    }
    File::open(folder)?.sync_all()
}

fn write_new<W>(path: &Path, document: W) -> io::Result<()>
where
    W: FnOnce(&mut dyn Write) -> io::Result<()>,
{
    // The leftover of a killed process with the same id.
    let _ = std::fs::remove_file(path);
    let mut out = BufWriter::new(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?);
    document(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const ALL: [Format; 4] = [Format::Text, Format::Json, Format::Csv, Format::Xlsx];

    fn output(formats: &[Format], path: Option<&Path>) -> Output {
        Output::new(&ReportArgs { formats: formats.to_vec(), output: path.map(Path::to_owned) }, &ALL, Lang::Id).unwrap()
    }

    #[test]
    fn the_place_follows_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.json");
        assert_eq!(output(&[], None).target(1).unwrap(), Target::Stdout);
        assert_eq!(output(&[], None).target(2).unwrap_err().exit as u8, 2);
        assert_eq!(output(&[], Some(folder.path())).target(1).unwrap(), Target::Folder(folder.path().to_owned()));
        assert_eq!(output(&[], Some(&file)).target(1).unwrap(), Target::File(file.clone()));
        assert_eq!(output(&[], Some(&file)).formats, [Format::Json]);
        assert_eq!(output(&[], Some(&folder.path().join("no/x.json"))).target(1).unwrap_err().exit as u8, 2);
        let new = folder.path().join("new/");
        assert_eq!(output(&[], Some(&new)).target(1).unwrap(), Target::Folder(new.clone()));
        assert!(new.is_dir());
        let several = folder.path().join("several");
        assert_eq!(output(&[Format::Json, Format::Csv, Format::Json], Some(&several)).formats, [Format::Json, Format::Csv]);
        assert_eq!(output(&[Format::Json], Some(&several)).target(3).unwrap(), Target::Folder(several));
    }

    #[test]
    fn formats_a_command_cannot_do_are_refused() {
        for wrong in [Format::Xlsx, Format::Pdf] {
            let args = ReportArgs { formats: vec![wrong], output: None };
            assert_eq!(Output::new(&args, &[Format::Text, Format::Json], Lang::Id).unwrap_err().exit as u8, 2);
        }
    }

    #[test]
    fn a_failing_document_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.json");
        write_whole(&path, |out| out.write_all(b"old")).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let failed = write_whole(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn documents_in_a_folder_are_named_by_stem_and_format() {
        let folder = tempfile::tempdir().unwrap();
        let output = output(&[Format::Csv], Some(folder.path()));
        let target = output.target(1).unwrap();
        let written = output.write(&target, "findings", Format::Csv, |out| out.write_all(b"x")).unwrap();
        assert_eq!(written, Some(folder.path().join("findings.csv")));
    }
}
