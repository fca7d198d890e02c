//! Reads the files of a check, several at a time. What they say about anybody is not looked at here.

use super::parcel::Parcel;
use super::{CheckFiles, FileNotice};
use crate::app::AppError;
use crate::app::cores::{joined, workers};
use crate::config::Config;
use crate::domain::period::Span;
use crate::domain::{Kind, Period};
use crate::intake::{Delivery, FileKind, Reading, expect_kind, expect_month};
use crate::reconcile::Basis;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Reads every file, several at a time; of refused ones the first in the order of the command is named.
pub(super) fn read(
    config: &Config,
    basis: &Basis<'_>,
    files: &CheckFiles,
    notices: &mut Vec<(String, FileNotice)>,
) -> Result<Vec<File>, AppError> {
    let mut deliveries: Vec<File> = Vec::new();
    for (name, read) in read_all(config, basis, &files.all()) {
        for mut delivery in read? {
            let twin = |known: &File| (known.kind, known.span, &known.sha256) == (delivery.kind, delivery.span, &delivery.sha256);
            if deliveries.iter().any(twin) {
                notices.push((name.clone(), FileNotice::Twin));
                continue;
            }
            // two files of one name from two folders stand beside each other
            if deliveries.iter().any(|known| (known.kind, &known.part) == (delivery.kind, &delivery.part)) {
                delivery.delivery.part = format!("{}#{}", delivery.part, &delivery.sha256[..8]);
            }
            notices.extend(delivery.notices.iter().map(|notice| (name.clone(), FileNotice::Read(notice.clone()))));
            deliveries.push(delivery);
        }
    }
    Ok(deliveries)
}

type ReadFile = (String, Result<Vec<File>, AppError>);

/// A file whose statements wait for their turn.
pub(super) struct File {
    delivery: Delivery,
    /// What it says about anybody.
    pub statements: Parcel,
}

impl File {
    fn of(mut delivery: Delivery) -> Self {
        let statements = Parcel::of(std::mem::take(&mut delivery.statements));
        Self { delivery, statements }
    }
}

impl std::ops::Deref for File {
    type Target = Delivery;

    fn deref(&self) -> &Delivery {
        &self.delivery
    }
}

/// Every file with its name, in the order given. The largest are begun first, so that no core waits at the end.
fn read_all(config: &Config, basis: &Basis<'_>, files: &[(&Path, FileKind, Option<Kind>)]) -> Vec<ReadFile> {
    let size = |at: &usize| std::cmp::Reverse(std::fs::metadata(files[*at].0).map_or(0, |known| known.len()));
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(size);
    let queue = Mutex::new(order.into_iter());
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let mut read: Vec<(usize, ReadFile)> = std::thread::scope(|scope| {
        let working: Vec<_> = (0..workers())
            .map(|_| scope.spawn(|| std::iter::from_fn(take).map(|at| (at, read_one(config, basis, files[at]))).collect::<Vec<_>>()))
            .collect();
        working.into_iter().flat_map(joined).collect()
    });
    read.sort_by_key(|(at, _)| *at);
    read.into_iter().map(|(_, file)| file).collect()
}

fn read_one(config: &Config, basis: &Basis<'_>, (path, kind, wanted): (&Path, FileKind, Option<Kind>)) -> ReadFile {
    let of = |period: Option<Period>| {
        let synonyms = &config.sources.columns;
        crate::intake::read_path(path, &Reading { kind, name: "", bytes: &[], period, accept_partial: false, synonyms })
    };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    // a window "from the 16th to the 15th" needs the file of the month before too
    let before = Period::of(basis.policy.attendance_window(basis.period).0);
    let read = match kind {
        // a log runs on into the month in which the last night of the window ends
        FileKind::Attlog => of(None),
        FileKind::Attendance if before < basis.period => match of(Some(basis.period)) {
            Err(refused) if refused.is_of_another_month() => of(Some(before)).map_err(|_| refused),
            read => read,
        },
        _ => of(Some(basis.period)),
    };
    let read = read.and_then(|mut read| {
        wanted.map_or(Ok(()), |wanted| expect_kind(&name, &read, wanted))?;
        if kind == FileKind::Attlog {
            let (from, _) = basis.policy.attendance_window(basis.period);
            expect_month(&name, &read, Period::of(from)..=Period::of(basis.attendance_to()), basis.period)?;
            read.retain(|delivery| delivery.span <= Span::Month(Period::of(basis.attendance_to())));
        }
        Ok(read)
    });
    (name, read.map(|read| read.into_iter().map(File::of).collect()).map_err(AppError::from))
}
