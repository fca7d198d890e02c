//! ID03 one NIP twice in one source, ID04 names that differ, ID06 odd NIPs.

use crate::domain::dossier::{Dossier, Row};
use crate::domain::ekinerja::EvaluationRow;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::person::RosterEntry;
use crate::domain::text::{fold, name_key};
use crate::reconcile::worksheet::{Draft, Worksheet};

/// ID06: well-formed but odd (facts tukin-rules §4: odd but valid NIPs exist, so this is a remark only).
pub fn odd_nip(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let odd = dossier.nip.oddities(dossier.period.last_day());
    if odd.is_empty() {
        return;
    }
    let names: Vec<&str> = odd.iter().map(|oddity| oddity.key()).collect();
    let shown = any_exhibit(dossier, "nip", Some(dossier.nip.to_string()));
    sheet.find(Draft::new(Code::Id06).param("oddity", names.join(", ")).shows(shown));
}

/// The first row of any source that names the person.
fn any_exhibit(dossier: &Dossier, field: &str, value: Option<String>) -> Vec<Exhibit> {
    let roster = dossier.roster.first().map(|row| row.exhibit(field, value.clone()));
    let payment = || dossier.payments.first().map(|row| row.exhibit(field, value.clone()));
    let evaluation = || dossier.evaluation.first().map(|row| row.exhibit(field, value.clone()));
    let skp = || dossier.skp.first().map(|row| row.exhibit(field, value.clone()));
    roster.or_else(payment).or_else(evaluation).or_else(skp).into_iter().collect()
}

/// ID04: the roster's name against the evaluation's and the payment's, titles and spelling folded.
pub fn differing_names(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let [roster] = dossier.roster.as_slice() else {
        return;
    };
    let known = name_key(&roster.value.nama);
    let evaluation =
        dossier.evaluation.iter().filter_map(|row| Some((row.value.nama.clone()?, row.exhibit("nama", row.value.nama.clone()))));
    let payment = dossier.payments.iter().filter_map(|row| Some((row.value.nama.clone()?, row.exhibit("nama", row.value.nama.clone()))));
    let other = evaluation.chain(payment).find(|(name, _)| {
        let key = name_key(name);
        !key.is_empty() && !known.is_empty() && key != known
    });
    if let Some((name, exhibit)) = other {
        let draft = Draft::new(Code::Id04)
            .param("roster_name", &roster.value.nama)
            .param("other_name", name)
            .shows([roster.exhibit("nama", Some(roster.value.nama.clone())), exhibit]);
        sheet.find(draft);
    }
}

/// How a roster field reads.
type Field = fn(&RosterEntry) -> String;

/// ID03 for the roster. Money needs class, kind, status and their dates; a difference elsewhere still blocks, but
/// what is due can be computed.
pub fn roster_twice(sheet: &mut Worksheet<'_>) {
    let rows = &sheet.dossier.roster;
    let Some(first) = rows.first().filter(|_| rows.len() > 1) else {
        return;
    };
    let differs = |field: Field| rows.iter().any(|row| field(&row.value) != field(&first.value));
    let fields: [(&str, bool, Field); 6] = [
        ("kelas_jabatan", true, |entry| entry.kelas_jabatan.map(|class| class.to_string()).unwrap_or_default()),
        ("jenis_pegawai", true, |entry| format!("{:?}", entry.jenis_pegawai)),
        ("status", true, |entry| format!("{} {:?}", entry.status.code(), entry.tmt_status)),
        ("tmt_spmt", true, |entry| format!("{:?} {:?}", entry.tmt_spmt, entry.tmt_kelas)),
        ("kode_unit", false, |entry| entry.kode_unit.clone()),
        ("nama", false, |entry| entry.nama.clone()),
    ];
    let found: Vec<_> = fields.iter().filter(|(_, _, field)| differs(*field)).collect();
    let (name, show) = found.first().map_or(("nama", fields[5].2), |(name, _, field)| (*name, *field));
    let exhibits: Vec<Exhibit> = rows.iter().map(|row| row.exhibit(name, Some(show(&row.value)))).collect();
    let draft = Draft::new(Code::Id03).about("roster").param("field", name).shows(exhibits);
    if found.iter().any(|(_, money, _)| *money) {
        sheet.find_blocking_amount(draft);
    } else {
        sheet.find(draft);
    }
}

/// ID03 for evaluations: one `skp_penilaian_id` with different labels (contract §5). Returns whether the predikat, and
/// with it money, is in doubt.
pub fn evaluation_twice(sheet: &mut Worksheet<'_>) -> bool {
    let mut doubt = false;
    let rows = &sheet.dossier.evaluation;
    let labels = |row: &EvaluationRow| [fold(&row.hasil_kerja), fold(&row.perilaku_kerja), fold(&row.hasil_akhir)];
    let mut seen: Vec<&str> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(id) = row.value.skp_penilaian_id.as_deref().filter(|id| !id.is_empty()) else {
            continue;
        };
        if seen.contains(&id) {
            continue;
        }
        let twins: Vec<&Row<EvaluationRow>> = rows[index + 1..]
            .iter()
            .filter(|other| other.value.skp_penilaian_id.as_deref() == Some(id) && labels(&other.value) != labels(&row.value))
            .collect();
        if twins.is_empty() {
            continue;
        }
        seen.push(id);
        let shown =
            std::iter::once(row).chain(twins.iter().copied()).map(|row| row.exhibit("hasil_akhir", Some(row.value.hasil_akhir.clone())));
        let draft = Draft::new(Code::Id03).about(id).param("field", "hasil_akhir").shows(shown);
        let money = !row.value.plt && twins.iter().any(|twin| fold(&twin.value.hasil_akhir) != fold(&row.value.hasil_akhir));
        if money {
            doubt = true;
            sheet.find_blocking_amount(draft);
        } else {
            sheet.find(draft);
        }
    }
    doubt
}
