//! What the roster, BKN, attendance, the payment file and the policy say about one person, side by side. A cell that
//! differs from the one that it is held against says so in words.

use crate::app::shown::Person;
use crate::domain::Rupiah;
use crate::domain::attendance::DayStatus;
use crate::domain::text::{fold, key, name_key};
use crate::domain::verdict::Amounts;
use crate::export::words;
use crate::web::pages::scene::Scene;
use crate::web::view::money;

/// One field.
pub(super) struct SideRow {
    pub(super) name: &'static str,
    /// Roster, BKN, attendance, payment file, policy.
    pub(super) cells: [SideCell; 5],
}

/// What one source says.
#[derive(Clone, Default)]
pub(super) struct SideCell {
    pub(super) text: Option<String>,
    pub(super) differs: bool,
}

/// How two sources are held against each other.
#[derive(Clone, Copy)]
enum Held {
    /// They speak of different things.
    No,
    /// Names: titles and spelling do not matter.
    Name,
    /// Words: case and blanks do not matter.
    Words,
    /// Letter by letter.
    Exactly,
}

impl Held {
    fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::No => true,
            Self::Name => name_key(one) == name_key(other),
            Self::Words => key(one) == key(other),
            Self::Exactly => fold(one) == fold(other),
        }
    }
}

/// A row; every cell is held against the first that is there.
fn row(name: &'static str, held: Held, said: [Option<String>; 5]) -> SideRow {
    let first = said.iter().flatten().next().cloned();
    let cell = |text: Option<String>| {
        let differs = text.as_ref().zip(first.as_ref()).is_some_and(|(text, first)| !held.same(text, first));
        SideCell { text, differs }
    };
    SideRow { name, cells: said.map(cell) }
}

/// The fields that any source has.
pub(super) fn sides(person: &Person, scene: &Scene<'_>) -> Vec<SideRow> {
    let (lang, veil) = (scene.ask.lang, scene.veil);
    let dossier = &person.dossier;
    let roster = dossier.roster.first().map(|row| &row.value);
    let identity = dossier.identity.as_ref().map(|row| &row.value);
    let evaluation = dossier.evaluation.first().map(|row| &row.value);
    let payment = dossier.payments.iter().map(|row| &row.value).find(|row| row.awal == dossier.period);
    let bkn_name = identity.and_then(|known| known.nama.clone()).or_else(|| evaluation.and_then(|row| row.nama.clone()));
    let number = |account: Option<&String>| account.map(|account| veil.account(account));
    let same_accounts = roster.and_then(|entry| entry.rekening.as_ref()).zip(payment.and_then(|row| row.rekening.as_ref()));
    let mut rows = vec![
        row(
            lang.pick("Nama", "Name"),
            Held::Name,
            [roster.map(|entry| entry.nama.clone()), bkn_name, None, payment.and_then(|row| row.nama.clone()), None],
        ),
        row(
            lang.pick("Unit kerja", "Unit"),
            Held::No,
            [
                roster.map(|entry| entry.nama_unit.clone().unwrap_or_else(|| entry.kode_unit.clone())),
                identity.and_then(|known| known.unor.clone()),
                None,
                None,
                None,
            ],
        ),
        row(
            lang.pick("Jabatan", "Position"),
            Held::Words,
            [
                roster.and_then(|entry| entry.jabatan.clone()),
                evaluation.and_then(|row| row.jabatan.clone()).or_else(|| identity.and_then(|known| known.jabatan.clone())),
                None,
                None,
                None,
            ],
        ),
        row(
            lang.pick("Status", "Status"),
            Held::No,
            [
                roster.map(|entry| words::status_of(entry.status, lang).to_owned()),
                identity.and_then(|known| known.kedudukan_nama.clone()),
                None,
                None,
                None,
            ],
        ),
        row(
            lang.pick("Penilai", "Assessor"),
            Held::Exactly,
            [
                roster.and_then(|entry| entry.nip_atasan).map(|nip| veil.nip(nip)),
                evaluation.and_then(|row| row.atasan_nip.as_ref()).map(|nip| veil.text(nip, false)),
                None,
                None,
                None,
            ],
        ),
        row(
            lang.pick("Predikat", "Predikat"),
            Held::No,
            [
                None,
                evaluation.map(|row| row.hasil_akhir.clone()),
                None,
                None,
                person.verdict.predikat.map(|known| known.label().to_owned()),
            ],
        ),
        row(lang.pick("Hari tercatat", "Days recorded"), Held::No, [None, None, Some(days(person, scene)), None, None]),
        row(
            lang.pick("Kelas jabatan", "Class"),
            Held::Exactly,
            [
                roster.and_then(|entry| entry.kelas_jabatan).map(|class| class.to_string()),
                None,
                None,
                payment.and_then(|row| row.kelas).map(|class| class.to_string()),
                person.verdict.kelas_jabatan.map(|class| class.to_string()),
            ],
        ),
    ];
    rows.extend(money_rows(person, scene));
    let mut account = row(
        lang.pick("Rekening", "Account"),
        Held::No,
        [number(roster.and_then(|entry| entry.rekening.as_ref())), None, None, number(payment.and_then(|row| row.rekening.as_ref())), None],
    );
    // Covered numbers may look alike: the whole ones are compared.
    account.cells[3].differs = same_accounts.is_some_and(|(one, other)| one != other);
    rows.push(account);
    rows.retain(|row| row.cells.iter().any(|cell| cell.text.is_some()));
    rows
}

fn money_rows(person: &Person, scene: &Scene<'_>) -> [SideRow; 3] {
    let lang = scene.ask.lang;
    let (due, paid) = (person.verdict.expected, person.verdict.paid);
    let of = |name, part: fn(Amounts) -> Rupiah| {
        let mut row = row(name, Held::No, [None, None, None, paid.map(part).map(money), due.map(part).map(money)]);
        // What is paid is held against what is due.
        row.cells[3].differs = paid.zip(due).is_some_and(|(paid, due)| part(paid) != part(due));
        row
    };
    [
        of(lang.pick("Bruto", "Gross"), |amounts| amounts.gross),
        of(lang.pick("Potongan", "Deduction"), |amounts| amounts.deduction),
        of(lang.pick("Bersih", "Net"), |amounts| amounts.net),
    ]
}

/// `21, di antaranya 1 tidak hadir`.
fn days(person: &Person, scene: &Scene<'_>) -> String {
    let lang = scene.ask.lang;
    let rows = &person.dossier.attendance;
    let of = |status: DayStatus| rows.iter().filter(|row| row.value.status == Some(status)).count();
    let parts = [
        (of(DayStatus::TidakHadir), lang.pick("tidak hadir", "absent")),
        (of(DayStatus::Cuti), lang.pick("cuti", "leave")),
        (of(DayStatus::Dinas), lang.pick("dinas", "on duty")),
    ];
    let said: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if said.is_empty() { rows.len().to_string() } else { format!("{} ({})", rows.len(), said.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_the_first_is_marked() {
        let said = |texts: [&str; 3]| {
            let [one, two, three] = texts.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
            [one, two, None, three, None]
        };
        let marked = |held, texts| row("", held, said(texts)).cells.map(|cell| cell.differs);
        assert_eq!(marked(Held::Name, ["Dr. Budi Contoh, M.M.", "BUDI CONTOH", "Budi Contoe"]), [false, false, false, true, false]);
        assert_eq!(marked(Held::Exactly, ["", "7", "8"]), [false, false, false, true, false]);
        assert_eq!(marked(Held::No, ["a", "b", "c"]), [false; 5]);
    }
}
