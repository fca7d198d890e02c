//! ID03 one NIP twice in one source, ID04 names that differ, ID06 odd NIPs.

use super::predikat::{covers, deciding};
use crate::domain::dossier::{Dossier, Row};
use crate::domain::ekinerja::EvaluationRow;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::payment::PaymentRow;
use crate::domain::person::RosterEntry;
use crate::domain::text::{fold, name_key};
use crate::reconcile::worksheet::{Draft, Worksheet};
use std::collections::BTreeMap;

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

/// ID05: a device PIN with scans that the map gives to others as well; its scans count for nobody.
pub fn shared_pins(sheet: &mut Worksheet<'_>) {
    for shared in &sheet.dossier.peers.shared_pins {
        let others: Vec<String> = shared.others.iter().map(|nip| nip.masked()).collect();
        let draft = Draft::new(Code::Id05).about(&shared.subject).param("pin", &shared.pin).param("others", others.join(", "));
        sheet.find(draft.shows(shared.shown.clone()));
    }
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
    let evaluation = dossier.evaluation.iter().map(|row| (row.value.nama.as_deref(), Named::Evaluation(row)));
    let payment = dossier.payments.iter().map(|row| (row.value.nama.as_deref(), Named::Payment(row)));
    let known = name_key(&roster.value.nama);
    // sources mostly write a name alike
    let mut same = roster.value.nama.as_str();
    let other = evaluation.chain(payment).filter_map(|(name, row)| Some((name?, row))).find(|(name, _)| {
        if *name == same {
            return false;
        }
        let key = name_key(name);
        let differs = !key.is_empty() && !known.is_empty() && key != known;
        same = name;
        differs
    });
    if let Some((name, row)) = other {
        let exhibit = match row {
            Named::Evaluation(row) => row.exhibit("nama", Some(name.to_owned())),
            Named::Payment(row) => row.exhibit("nama", Some(name.to_owned())),
        };
        let draft = Draft::new(Code::Id04)
            .param("roster_name", &roster.value.nama)
            .param("other_name", name)
            .shows([roster.exhibit("nama", Some(roster.value.nama.clone())), exhibit]);
        sheet.find(draft);
    }
}

/// A row that names somebody.
enum Named<'a> {
    Evaluation(&'a Row<EvaluationRow>),
    Payment(&'a Row<PaymentRow>),
}

/// How a roster field reads.
type Field = fn(&RosterEntry) -> String;

/// Fields in which two roster rows may differ, and whether money needs them.
const FIELDS: [(&str, bool, Field); 10] = [
    ("kelas_jabatan", true, |entry| entry.kelas_jabatan.map(|class| class.to_string()).unwrap_or_default()),
    ("jenis_pegawai", true, |entry| format!("{:?}", entry.jenis_pegawai)),
    ("status", true, |entry| format!("{} {:?}", entry.status.code(), entry.tmt_status)),
    ("tmt_spmt", true, |entry| format!("{:?} {:?}", entry.tmt_spmt, entry.tmt_kelas)),
    ("plt_sk", true, |entry| format!("{:?} {:?} {:?}", entry.plt_sk, entry.plt_mulai, entry.plt_selesai)),
    ("jpt", false, |entry| u8::from(entry.jpt).to_string()),
    ("kode_unit", false, |entry| entry.kode_unit.clone()),
    ("nama", false, |entry| entry.nama.clone()),
    ("nip_atasan", false, |entry| entry.nip_atasan.map(|nip| nip.to_string()).unwrap_or_default()),
    ("jabatan", false, |entry| entry.jabatan.clone().unwrap_or_default()),
];

/// ID03 for the roster. A difference that money does not need still blocks, but what is due can be computed. Returns
/// whether money is in doubt.
pub fn roster_twice(sheet: &mut Worksheet<'_>) -> bool {
    let rows = &sheet.dossier.roster;
    let Some(first) = rows.first().filter(|_| rows.len() > 1) else {
        return false;
    };
    let differs = |field: Field| rows.iter().any(|row| field(&row.value) != field(&first.value));
    let found: Vec<_> = FIELDS.iter().filter(|(_, _, field)| differs(*field)).collect();
    let (name, exhibits): (&str, Vec<Exhibit>) = match found.first() {
        Some((name, _, show)) => (name, rows.iter().map(|row| row.exhibit(name, Some(show(&row.value)))).collect()),
        None => ("nip", rows.iter().map(|row| row.exhibit("nip", Some(sheet.dossier.nip.to_string()))).collect()),
    };
    let draft = Draft::new(Code::Id03).about("roster").param("field", name).shows(exhibits);
    let doubt = found.iter().any(|(_, money, _)| *money);
    if doubt {
        sheet.find_blocking_amount(draft);
    } else {
        sheet.find(draft);
    }
    doubt
}

/// What an evaluation row says, as it is compared.
fn labels(row: &EvaluationRow) -> [String; 3] {
    [fold(&row.hasil_akhir), fold(&row.hasil_kerja), fold(&row.perilaku_kerja)]
}

/// ID03 for evaluations: one `skp_penilaian_id` with different labels (contract §5), or two rows of which either could
/// decide and that differ. Returns whether the predikat, and with it money, is in doubt.
pub fn evaluation_twice(sheet: &mut Worksheet<'_>) -> bool {
    let rows = &sheet.dossier.evaluation;
    if rows.len() < 2 {
        return false;
    }
    let last_day = sheet.policy.evaluation_cycle(sheet.dossier.period).last_day();
    let decides = deciding(rows, last_day);
    let mut doubt = false;
    let mut by_id: BTreeMap<&str, Vec<&Row<EvaluationRow>>> = BTreeMap::new();
    for row in rows {
        if let Some(id) = row.value.skp_penilaian_id.as_deref().filter(|id| !id.is_empty()) {
            by_id.entry(id).or_default().push(row);
        }
    }
    for (id, twins) in &by_id {
        let decisive = decides.filter(|row| row.value.skp_penilaian_id.as_deref() == Some(*id));
        doubt |= contradiction(sheet, id, twins, decisive.is_some());
    }
    let Some(row) = decides.filter(|_| !doubt) else {
        return doubt;
    };
    let rivals: Vec<_> = rows
        .iter()
        .filter(|other| !other.value.plt && covers(&other.value, last_day) && other.value.periode_akhir_skp == row.value.periode_akhir_skp)
        .filter(|other| other.position == row.position || other.value.skp_penilaian_id.is_none() || differ(other, row))
        .collect();
    let subject = row.value.skp_id.clone().unwrap_or_default();
    contradiction(sheet, &subject, &rivals, true)
}

/// Whether two rows name different predikat.
fn differ(one: &Row<EvaluationRow>, other: &Row<EvaluationRow>) -> bool {
    labels(&one.value)[0] != labels(&other.value)[0]
}

/// ID03 when rows that should say the same do not. Returns whether money is in doubt.
fn contradiction(sheet: &mut Worksheet<'_>, subject: &str, rows: &[&Row<EvaluationRow>], decisive: bool) -> bool {
    let Some(first) = rows.first().filter(|first| rows.iter().any(|row| labels(&row.value) != labels(&first.value))) else {
        return false;
    };
    let shown = rows.iter().map(|row| row.exhibit("hasil_akhir", Some(row.value.hasil_akhir.clone())));
    let draft = Draft::new(Code::Id03).about(subject).param("field", "hasil_akhir").shows(shown);
    let money = decisive && rows.iter().any(|row| !row.value.plt && differ(row, first));
    if money {
        sheet.find_blocking_amount(draft);
    } else {
        sheet.find(draft);
    }
    money
}
