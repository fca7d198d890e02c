//! A list of the stored run as a file, for the page and for programs: written down before it leaves, made when it is its
//! turn, of what the reader may see.

use super::Site;
use super::access::Pass;
use crate::app::AppError;
use crate::app::report::{self, PayoutReport};
use crate::domain::Period;
use crate::domain::access::{Scope, Viewer};
use crate::domain::text::Lang;
use crate::export::{Format, List, write_list, write_list_pdf};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Xlsx,
    Pdf,
    Json,
}

impl Form {
    const ALL: [Self; 3] = [Self::Xlsx, Self::Pdf, Self::Json];

    /// Its media type.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
            Self::Json => "application/json",
        }
    }

    /// How the name of its file ends.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
            Self::Json => "json",
        }
    }
}

/// The list and the form of a name: `rekap.pdf`.
pub(super) fn of_name(name: &str) -> Option<(List, Form)> {
    let (key, ending) = name.split_once('.')?;
    let list = List::ALL.into_iter().find(|list| list.key() == key)?;
    Form::ALL.into_iter().find(|form| form.ending() == ending).map(|form| (list, form))
}

/// What is wanted, and by whom.
pub(super) struct Wanted<'a> {
    pub viewer: &'a Viewer,
    pub pass: &'a Pass,
    pub lang: Lang,
    pub period: Period,
    pub list: List,
    pub form: Form,
}

/// Why a list is not written.
pub(super) enum Unwritten {
    /// The application cannot.
    App(AppError),
    /// The period has not been reconciled.
    NoRun,
    /// The policy is another one than the run's.
    PolicyMoved,
}

impl Unwritten {
    /// What is said of a policy that has changed.
    pub(super) fn policy_moved(lang: Lang) -> &'static str {
        lang.pick(
            "Kebijakan berubah sejak pencocokan terakhir: dokumen ini akan berisi angka yang belum pernah dicocokkan. Cocokkan ulang dahulu.",
            "The policy has changed since the last reconciliation: this document would hold figures that nobody has reconciled. Reconcile first.",
        )
    }
}

impl<E: Into<AppError>> From<E> for Unwritten {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

/// Writes a list.
pub(super) async fn written(site: &Arc<Site>, wanted: &Wanted<'_>) -> Result<Vec<u8>, Unwritten> {
    let &Wanted { viewer, lang, period, list, form, .. } = wanted;
    let policy = site.memory.policy(&site.app, period)?;
    let document = format!("{}.{}", list.key(), form.ending());
    site.trail().exported(viewer, wanted.pass, &document, period).await?;
    // A whole period is laid out for it: one after the other.
    let turn = Arc::clone(&site.exports).acquire_owned().await;
    // Read when it is our turn: who waited must not put an older run's evidence under a newer one's name.
    let run = site.app.store.shown_run(period).await?.ok_or(Unwritten::NoRun)?;
    if run.policy_sha != policy.sha256 {
        return Err(Unwritten::PolicyMoved);
    }
    let mut report = report::payout(&site.app, period, run.as_of).await?;
    report.report.header.run = run.id;
    if let Scope::Units(units) = &viewer.scope {
        keep(&mut report, units);
    }
    let bytes = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        let payout = report.as_payout();
        match form {
            Form::Pdf => write_list_pdf(list, lang, &payout, &mut bytes)?,
            Form::Xlsx => write_list(list, Format::Xlsx, lang, &payout, &mut bytes)?,
            Form::Json => write_list(list, Format::Json, lang, &payout, &mut bytes)?,
        }
        Ok::<_, crate::export::ExportError>(bytes)
    });
    let bytes = bytes.await.map_err(|gone| AppError::Io(document, std::io::Error::other(gone.to_string())))?;
    drop(turn);
    Ok(bytes?)
}

/// Leaves only people of these units; what is wrong with whole files is nobody's.
fn keep(report: &mut PayoutReport, units: &BTreeSet<String>) {
    let seen = |unit: Option<&String>| units.contains(unit.map_or("", String::as_str));
    report.report.verdicts.retain(|verdict| seen(verdict.unit.as_ref()));
    let kept: BTreeSet<_> = report.report.verdicts.iter().map(|verdict| verdict.nip).collect();
    report.report.findings.retain(|row| row.finding.nip.is_some_and(|nip| kept.contains(&nip)));
    report.accounts.retain(|nip, _| kept.contains(nip));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_list_and_form() {
        assert_eq!(of_name("rekap.pdf"), Some((List::Rekap, Form::Pdf)));
        for wrong in ["", "rekap", "rekap.", "rekap.txt", ".pdf", "verdicts.json", "rekap.pdf.json"] {
            assert_eq!(of_name(wrong), None, "{wrong}");
        }
    }
}
