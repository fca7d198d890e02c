//! Rows of the report API as statements, one for each NIP (facts ekinerja-api §4.1). One bad row is set aside alone and
//! never fails the thousands beside it.

use super::answer::QuarantinedRow;
use super::fault::Fault;
use super::wire::Drift;
use super::wire::Reading;
use super::wire::Row;
use super::wire::Shape;
use super::wire::Unusable;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Locator;
use crate::domain::Nip;
use crate::domain::Predikat;
use crate::domain::Rating;
use crate::domain::Statement;
use crate::domain::ekinerja::EvaluationForm;
use crate::domain::ekinerja::EvaluationRow;
use crate::domain::ekinerja::SkpRow;
use crate::domain::evidence::Reason;
use crate::domain::period::Span;
use crate::domain::text::fold;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static PENILAIAN: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "jenis id nip nama periode_awal_skp periode_akhir_skp skp_unor_id skp_unor skp_unor_induk skp_jabatan skp_jenis_jabatan \
        is_skp_plt_plh_pjb:n hasil_kerja perilaku_kerja hasil_akhir pegawai_atasan_id pegawai_atasan_nip pegawai_atasan_nama \
        pegawai_atasan_unor_id pegawai_atasan_unor pegawai_atasan_jabatan pegawai_atasan_golru waktu_dinilai pegawai_penilai_id \
        tahun_skp skp_id periode_id skp_penilaian_id golru jenis_pegawai created_at?";
    Shape::new(Kind::Evaluation, keys, &[&["nip"], &["hasil_akhir"]])
});

static SKP: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "skp_id id jenis nip nama jabatan is_skp:n unit jenis_pegawai skp_status skp_model skp_unor skp_unor_atasan \
        skp_unor_induk skp_jabatan skp_jenis_jabatan periode_awal periode_akhir is_plt_plh:n created_at";
    Shape::new(Kind::Skp, keys, &[&["nip"], &["is_skp", "skp_id"]])
});

/// What a bulk answer says.
#[derive(Debug, Default)]
pub(crate) struct Bulk {
    pub(crate) statements: Vec<Statement>,
    pub(crate) quarantined: Vec<QuarantinedRow>,
}

/// Reads `laporan/penilaian` of the evaluation month `span`.
pub(crate) fn evaluations(json: &str, span: Span) -> (Result<Bulk, Fault>, Vec<Drift>) {
    read(&PENILAIAN, json, span, (evaluation, unknown_label), Body::Evaluation)
}

/// Reads `laporan/skp` of the year `span`.
pub(crate) fn skps(json: &str, span: Span) -> (Result<Bulk, Fault>, Vec<Drift>) {
    read(&SKP, json, span, (skp, |_| None), Body::Skp)
}

fn read<T>(
    shape: &Shape,
    json: &str,
    span: Span,
    (row_of, odd): (impl Fn(&Row<'_, '_>) -> Result<T, Unusable>, impl Fn(&T) -> Option<&'static str>),
    body_of: impl Fn(Vec<T>) -> Body,
) -> (Result<Bulk, Fault>, Vec<Drift>) {
    if !json.starts_with('[') {
        return (Err(Fault::quarantine(Reason::Malformed, "BKN's data is not a list of rows")), Vec::new());
    }
    let mut people: BTreeMap<Nip, (Vec<T>, Vec<u32>)> = BTreeMap::new();
    let mut quarantined = Vec::new();
    let mut oddities = BTreeSet::new();
    let mut reading = Reading::new(shape);
    let read = reading.rows(json, |position, row| {
        let mut set_aside = |nip, unusable: Unusable| {
            quarantined.push(QuarantinedRow { position, nip, reason: unusable.reason, detail: unusable.detail });
        };
        let Some(row) = row else {
            return set_aside(None, Unusable::new(Reason::Malformed, "the row is not an object"));
        };
        let nip = match nip_of(&row, "nip") {
            Ok(nip) => nip,
            Err(unusable) => return set_aside(None, unusable),
        };
        match row_of(&row) {
            Ok(value) => {
                oddities.extend(odd(&value));
                let (rows, places) = people.entry(nip).or_default();
                rows.push(value);
                places.push(position);
            }
            Err(unusable) => set_aside(Some(nip), unusable),
        }
    });
    oddities.into_iter().for_each(|key| reading.note_value(key));
    let (complete, drift) = reading.finish();
    if let Err(fault) = read.and(complete) {
        return (Err(fault), drift);
    }
    let statement = |(nip, (rows, places))| Statement::present(nip, span, body_of(rows), Locator::new("data[{}]", places));
    (Ok(Bulk { statements: people.into_iter().map(statement).collect(), quarantined }), drift)
}

/// The NIP under this key.
pub(crate) fn nip_of(row: &Row<'_, '_>, key: &str) -> Result<Nip, Unusable> {
    let text = row.text(key).ok_or_else(|| Unusable::new(Reason::Malformed, format!("{key} is empty")))?;
    Nip::parse(&text).map_err(|error| Unusable::new(Reason::Malformed, format!("{key}: {error}")))
}

fn evaluation(row: &Row<'_, '_>) -> Result<EvaluationRow, Unusable> {
    if row.get("hasil_akhir").is_none() {
        return Err(Unusable::new(Reason::Schema, "the row has no hasil_akhir"));
    }
    row.flat(&["hasil_akhir", "hasil_kerja", "perilaku_kerja", "skp_jabatan", "skp_id", "skp_penilaian_id", "pegawai_atasan_nip"])?;
    Ok(EvaluationRow {
        form: EvaluationForm::Laporan,
        nama: row.text("nama"),
        periode_awal_skp: row.day("periode_awal_skp")?,
        periode_akhir_skp: row.day("periode_akhir_skp")?,
        jabatan: row.text("skp_jabatan"),
        unor: row.text("skp_unor"),
        plt: row.truth("is_skp_plt_plh_pjb")?.unwrap_or(false),
        hasil_kerja: row.label("hasil_kerja"),
        perilaku_kerja: row.label("perilaku_kerja"),
        hasil_akhir: row.label("hasil_akhir"),
        atasan_nip: row.text("pegawai_atasan_nip"),
        atasan_nama: row.text("pegawai_atasan_nama"),
        waktu_dinilai: row.moment("waktu_dinilai")?,
        skp_id: row.code("skp_id"),
        skp_penilaian_id: row.code("skp_penilaian_id"),
    })
}

/// A key whose label e-Kinerja is not known to write. What it means is for the policy to say; that it is new is news.
fn unknown_label(row: &EvaluationRow) -> Option<&'static str> {
    let is_rating = |label: &str| matches!(label.trim(), "" | "-") || Rating::from_label(label).is_some();
    let label = fold(&row.hasil_akhir);
    // Other spellings of the third and the fourth (facts ekinerja-api §5.5, tukin-rules §1.2).
    let others = ["", "-", "perlu perbaikan", "butuh/perlu perbaikan", "cukup", "kurang/misconduct"];
    if !others.contains(&label.as_str()) && !Predikat::ALL.iter().any(|known| fold(known.label()) == label) {
        return Some("hasil_akhir");
    }
    [("hasil_kerja", &row.hasil_kerja), ("perilaku_kerja", &row.perilaku_kerja)]
        .into_iter()
        .find_map(|(key, label)| (!is_rating(label)).then_some(key))
}

/// Somebody without an SKP stands in the list too: `is_skp` is false there, or `skp_id` empty (facts §4.1.3).
fn skp(row: &Row<'_, '_>) -> Result<SkpRow, Unusable> {
    row.flat(&["skp_id", "is_skp", "skp_status", "skp_jabatan"])?;
    let id = row.code("skp_id");
    let has_id = row.get("skp_id").map(|_| id.is_some());
    let is_skp = match (row.truth("is_skp")?, has_id) {
        (Some(said), has_id) => said && has_id.unwrap_or(true),
        (None, Some(has_id)) => has_id,
        (None, None) => return Err(Unusable::new(Reason::Schema, "the row has neither is_skp nor skp_id")),
    };
    Ok(SkpRow {
        nama: row.text("nama"),
        skp_id: id,
        is_skp,
        status: row.text("skp_status"),
        jabatan: row.text("skp_jabatan"),
        unor: row.text("skp_unor"),
        periode_awal: row.day("periode_awal")?,
        periode_akhir: row.day("periode_akhir")?,
        plt: row.truth("is_plt_plh")?.unwrap_or(false),
    })
}
