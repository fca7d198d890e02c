//! Statements of a file in a few bytes each while they wait for their turn: what files say about everybody of a large
//! ministry would take most of the memory as it is worked with. Knows no rules.

use crate::domain::days::Days;
use crate::domain::ekinerja::{EvaluationForm, EvaluationRow, SkpRow};
use crate::domain::payment::PaymentRow;
use crate::domain::period::Span;
use crate::domain::person::{EmployeeKind, EmploymentStatus, RosterEntry};
use crate::domain::places::Places;
use crate::domain::{Body, Locator, Nip, Period, Rupiah, Statement, StatementState};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes after which a further piece is begun; a piece is given back as soon as it has been unpacked.
const PIECE: usize = 256 << 10;

/// The statements of one file, in order.
#[derive(Default)]
pub(super) struct Parcel {
    pieces: VecDeque<Vec<u8>>,
    /// Templates of places, which hardly differ within a file.
    templates: Vec<Arc<str>>,
    /// Statements of the rare kinds, as they are; in the pieces only their turn is noted.
    aside: VecDeque<Statement>,
}

impl Parcel {
    /// Packs statements, each of which is let go of at once.
    pub fn of(statements: Vec<Statement>) -> Self {
        let mut parcel = Self::default();
        for statement in statements {
            parcel.add(statement);
        }
        parcel.pieces.iter_mut().for_each(Vec::shrink_to_fit);
        parcel
    }

    fn add(&mut self, statement: Statement) {
        if self.pieces.back().is_none_or(|piece| piece.len() >= PIECE) {
            self.pieces.push_back(Vec::with_capacity(PIECE + PIECE / 64));
        }
        let Some(to) = self.pieces.back_mut() else { return };
        let rows = (statement.state == StatementState::Present).then_some(statement.body.as_ref()).flatten();
        let mut packed = Vec::new();
        if !rows.is_some_and(|body| pack_body(body, &mut packed)) {
            0u64.pack(to);
            self.aside.push_back(statement);
            return;
        }
        let template = self.templates.iter().position(|known| *known == statement.locator.at).unwrap_or_else(|| {
            self.templates.push(Arc::clone(&statement.locator.at));
            self.templates.len() - 1
        });
        (template as u64 + 1).pack(to);
        statement.nip.pack(to);
        statement.span.pack(to);
        statement.locator.index.pack(to);
        to.extend_from_slice(&packed);
    }

    fn read(&self, from: &mut &[u8]) -> Option<Option<Statement>> {
        let Some(template) = (u64::unpack(from)? as usize).checked_sub(1) else { return Some(None) };
        let (nip, span) = (Nip::unpack(from)?, Span::unpack(from)?);
        let locator = Locator { at: Arc::clone(self.templates.get(template)?), index: Places::unpack(from)? };
        let body = unpack_body(from)?;
        Some(Some(Statement { nip, kind: body.kind(), span, state: StatementState::Present, body: Some(body), locator }))
    }

    /// Shows the statements of the usual kinds, one after the other.
    pub fn each(&self, mut show: impl FnMut(&Statement)) {
        self.aside.iter().for_each(&mut show);
        for piece in &self.pieces {
            let mut from = piece.as_slice();
            while !from.is_empty() {
                self.read(&mut from).unwrap_or_else(|| damaged()).iter().for_each(&mut show);
            }
        }
    }
}

/// Only a mistake in this file leads here, and then nobody must go missing in silence.
fn damaged() -> ! {
    panic!("packed statements cannot be unpacked")
}

impl IntoIterator for Parcel {
    type Item = Statement;
    type IntoIter = Unpacked;

    fn into_iter(self) -> Unpacked {
        Unpacked { parcel: self, piece: Vec::new(), at: 0 }
    }
}

/// Statements being unpacked.
pub(super) struct Unpacked {
    parcel: Parcel,
    piece: Vec<u8>,
    at: usize,
}

impl Iterator for Unpacked {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        while self.at >= self.piece.len() {
            (self.piece, self.at) = (self.parcel.pieces.pop_front()?, 0);
        }
        let mut from = &self.piece[self.at..];
        let told = self.parcel.read(&mut from).unwrap_or_else(|| damaged());
        self.at = self.piece.len() - from.len();
        Some(told.or_else(|| self.parcel.aside.pop_front()).unwrap_or_else(|| damaged()))
    }
}

/// Packs a body of one of the kinds that everybody has; whether it is one.
fn pack_body(body: &Body, to: &mut Vec<u8>) -> bool {
    match body {
        Body::Roster(rows) => pack_rows(0, rows, to),
        Body::Payment(rows) => pack_rows(1, rows, to),
        Body::Evaluation(rows) => pack_rows(2, rows, to),
        Body::Skp(rows) => pack_rows(3, rows, to),
        Body::Attendance(days) => {
            to.push(4);
            let (bytes, count, last) = days.packed();
            bytes.len().pack(to);
            to.extend_from_slice(bytes);
            (count as usize).pack(to);
            last.pack(to);
        }
        _ => return false,
    }
    true
}

fn pack_rows<T: Pack>(tag: u8, rows: &[T], to: &mut Vec<u8>) {
    to.push(tag);
    rows.len().pack(to);
    rows.iter().for_each(|row| row.pack(to));
}

fn unpack_body(from: &mut &[u8]) -> Option<Body> {
    Some(match u8::unpack(from)? {
        0 => Body::Roster(unpack_rows(from)?),
        1 => Body::Payment(unpack_rows(from)?),
        2 => Body::Evaluation(unpack_rows(from)?),
        3 => Body::Skp(unpack_rows(from)?),
        _ => {
            let length = usize::unpack(from)?;
            let (bytes, rest) = from.split_at_checked(length)?;
            *from = rest;
            Body::Attendance(Days::from_packed(bytes, usize::unpack(from)? as u32, i32::unpack(from)?))
        }
    })
}

fn unpack_rows<T: Pack>(from: &mut &[u8]) -> Option<Vec<T>> {
    let count = usize::unpack(from)?;
    let mut rows = Vec::with_capacity(count);
    for _ in 0..count {
        rows.push(T::unpack(from)?);
    }
    Some(rows)
}

/// A value in bytes.
trait Pack: Sized {
    fn pack(&self, to: &mut Vec<u8>);
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

impl Pack for u8 {
    fn pack(&self, to: &mut Vec<u8>) {
        to.push(*self);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (first, rest) = from.split_first()?;
        *from = rest;
        Some(*first)
    }
}

impl Pack for u64 {
    fn pack(&self, to: &mut Vec<u8>) {
        let mut number = *self;
        while number >= 0x80 {
            to.push(number as u8 | 0x80);
            number >>= 7;
        }
        to.push(number as u8);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = u8::unpack(from)?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }
}

/// Values that are packed as another one.
macro_rules! packed_as {
    ($($type:ty: $other:ty, $value:ident => $pack:expr, $back:expr;)*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                let $value = self;
                let other: $other = $pack;
                other.pack(to);
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                let $value = <$other>::unpack(from)?;
                $back
            }
        }
    )*};
}

packed_as! {
    usize: u64, value => *value as u64, Some(value as usize);
    // small numbers of either sign become small ones without
    i64: u64, value => ((value << 1) ^ (value >> 63)) as u64, Some((value >> 1) as i64 ^ -((value & 1) as i64));
    i32: i64, value => i64::from(*value), i32::try_from(value).ok();
    bool: u8, value => u8::from(*value), Some(value != 0);
    Rupiah: i64, value => value.0, Some(Rupiah(value));
    NaiveDate: i32, value => value.num_days_from_ce(), NaiveDate::from_num_days_from_ce_opt(value);
    Period: i32, value => value.year() * 16 + value.month() as i32, Period::new(value.div_euclid(16), value.rem_euclid(16) as u32);
    EvaluationForm: bool, value => *value == EvaluationForm::Rekap, Some(if value { EvaluationForm::Rekap } else { EvaluationForm::Laporan });
    EmployeeKind: u8, value => *value as u8, EmployeeKind::ALL.get(usize::from(value)).map(|(_, kind)| *kind);
    EmploymentStatus: u8, value => *value as u8, EmploymentStatus::ALL.get(usize::from(value)).map(|(_, status)| *status);
}

impl Pack for NaiveDateTime {
    fn pack(&self, to: &mut Vec<u8>) {
        self.date().pack(to);
        u64::from(self.time().num_seconds_from_midnight()).pack(to);
        u64::from(self.time().nanosecond()).pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (date, seconds, nanos) = (NaiveDate::unpack(from)?, u64::unpack(from)?, u64::unpack(from)?);
        Some(date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds as u32, nanos as u32)?))
    }
}

impl Pack for String {
    fn pack(&self, to: &mut Vec<u8>) {
        self.len().pack(to);
        to.extend_from_slice(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = usize::unpack(from)?;
        let (text, rest) = from.split_at_checked(length)?;
        *from = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }
}

impl Pack for Nip {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.as_str().as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (digits, rest) = from.split_at_checked(18)?;
        *from = rest;
        Self::parse(std::str::from_utf8(digits).ok()?).ok()
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        self.iter().for_each(|value| value.pack(to));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Some(None) }
    }
}

impl Pack for Span {
    fn pack(&self, to: &mut Vec<u8>) {
        let (tag, period, year) = match *self {
            Self::Standing => (0, None, 0),
            Self::Year(year) => (1, None, year),
            Self::Quarter(year, quarter) => (2 + quarter as u8, None, year),
            Self::Month(period) => (255, Some(period), 0),
        };
        tag.pack(to);
        match period {
            Some(period) => period.pack(to),
            None => year.pack(to),
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::unpack(from)? {
            255 => Self::Month(Period::unpack(from)?),
            tag => match (tag, i32::unpack(from)?) {
                (0, _) => Self::Standing,
                (1, year) => Self::Year(year),
                (tag, year) => Self::Quarter(year, u32::from(tag - 2)),
            },
        })
    }
}

impl Pack for Places {
    fn pack(&self, to: &mut Vec<u8>) {
        let from = self.get(0).unwrap_or_default();
        let is_run = self.iter().zip(from..).all(|(place, next)| place == next);
        (self.len() as u64 * 2 + u64::from(is_run)).pack(to);
        let told = if is_run { 1 } else { self.len() };
        self.iter().take(told).for_each(|place| u64::from(place).pack(to));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let head = u64::unpack(from)?;
        let count = (head / 2) as u32;
        if count == 0 {
            return Some(Self::default());
        }
        if head % 2 == 1 {
            let first = u64::unpack(from)? as u32;
            return Some((0..count).map(|after| first.saturating_add(after)).collect());
        }
        (0..count).map(|_| u64::unpack(from).map(|place| place as u32)).collect::<Option<Vec<u32>>>().map(|all| all.into_iter().collect())
    }
}

/// Rows, field by field.
macro_rules! packed_fields {
    ($($type:ident { $($field:ident)* })*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                $(self.$field.pack(to);)*
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Pack::unpack(from)?,)* })
            }
        }
    )*};
}

packed_fields! {
    RosterEntry {
        nama jenis_pegawai kode_unit nama_unit jabatan kelas_jabatan tmt_kelas nip_atasan status tmt_status tmt_cpns tmt_pns tmt_spmt
        jpt plt_jabatan plt_sk plt_mulai plt_selesai kode_bank_span rekening nama_rekening
    }
    PaymentRow {
        kode_satker dibayar awal akhir nama nomor_sk kelas bruto potongan bersih kode_bank nama_bank rekening nama_rekening
    }
    EvaluationRow {
        form nama periode_awal_skp periode_akhir_skp jabatan unor plt hasil_kerja perilaku_kerja hasil_akhir atasan_nip atasan_nama
        waktu_dinilai skp_id skp_penilaian_id
    }
    SkpRow { nama skp_id is_skp status jabatan unor periode_awal periode_akhir plt }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;
    use crate::domain::attendance::AttendanceDay;
    use crate::domain::leave::{DoctorsLetter, Permit, PermitKind};
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = Option<String>> {
        proptest::option::of(".{0,150}")
    }

    fn date() -> impl Strategy<Value = Option<NaiveDate>> {
        proptest::option::of((-90_000i32..4_000_000).prop_map(|number| NaiveDate::from_num_days_from_ce_opt(number).unwrap()))
    }

    fn roster() -> impl Strategy<Value = RosterEntry> {
        let kind = proptest::sample::select(EmployeeKind::ALL.map(|(_, kind)| kind).to_vec());
        let status = proptest::sample::select(EmploymentStatus::ALL.map(|(_, status)| status).to_vec());
        ((kind, status, any::<bool>(), proptest::option::of(any::<i64>())), [text(), text(), text()], [date(), date(), date()]).prop_map(
            |((jenis_pegawai, status, jpt, kelas_jabatan), [a, b, c], [d, e, f])| RosterEntry {
                nama: a.clone().unwrap_or_default(),
                jenis_pegawai,
                kode_unit: b.clone().unwrap_or_default(),
                nama_unit: c.clone(),
                jabatan: b.clone(),
                kelas_jabatan,
                tmt_kelas: d,
                nip_atasan: jpt.then(|| Nip::parse("198501012010011901").unwrap()),
                status,
                tmt_status: e,
                tmt_cpns: f,
                tmt_pns: e,
                tmt_spmt: d,
                jpt,
                plt_jabatan: a.clone(),
                plt_sk: c.clone(),
                plt_mulai: f,
                plt_selesai: d,
                kode_bank_span: b,
                rekening: a,
                nama_rekening: c,
            },
        )
    }

    fn payment() -> impl Strategy<Value = PaymentRow> {
        let month = || (1900i32..2100, 1u32..13).prop_map(|(year, month)| Period::new(year, month).unwrap());
        let amount = || any::<i64>().prop_map(Rupiah);
        let months = (proptest::option::of(month()), month(), proptest::option::of(month()));
        (months, [amount(), amount(), amount()], [text(), text(), text(), text()]).prop_map(
            |((dibayar, awal, akhir), [bruto, potongan, bersih], [a, b, c, d])| PaymentRow {
                kode_satker: a.clone(),
                dibayar,
                awal,
                akhir,
                nama: b.clone(),
                nomor_sk: c.clone(),
                kelas: a.is_some().then_some(bruto.0),
                bruto,
                potongan,
                bersih,
                kode_bank: d.clone(),
                nama_bank: a,
                rekening: c,
                nama_rekening: d,
            },
        )
    }

    fn evaluation() -> impl Strategy<Value = (EvaluationRow, SkpRow)> {
        (any::<[bool; 2]>(), [date(), date()], 0u32..86_400, [text(), text(), text(), text(), text()]).prop_map(
            |([plt, rekap], [from, to], second, [a, b, c, d, e])| {
                let time = NaiveTime::from_num_seconds_from_midnight_opt(second, second).unwrap();
                let row = EvaluationRow {
                    form: if rekap { EvaluationForm::Rekap } else { EvaluationForm::Laporan },
                    nama: a.clone(),
                    periode_awal_skp: from,
                    periode_akhir_skp: to,
                    jabatan: b.clone(),
                    unor: c.clone(),
                    plt,
                    hasil_kerja: d.clone().unwrap_or_default(),
                    perilaku_kerja: e.clone().unwrap_or_default(),
                    hasil_akhir: a.clone().unwrap_or_default(),
                    atasan_nip: d.clone(),
                    atasan_nama: e.clone(),
                    waktu_dinilai: from.map(|day| day.and_time(time)),
                    skp_id: b.clone(),
                    skp_penilaian_id: c.clone(),
                };
                let of_year = SkpRow {
                    nama: e,
                    skp_id: d,
                    is_skp: rekap,
                    status: c,
                    jabatan: b,
                    unor: a,
                    periode_awal: from,
                    periode_akhir: to,
                    plt,
                };
                (row, of_year)
            },
        )
    }

    fn body() -> impl Strategy<Value = Body> {
        let day = (1u32..29)
            .prop_map(|day| -> AttendanceDay { serde_json::from_str(&format!(r#"{{"t":"2026-10-{day:02}","m":27000}}"#)).unwrap() });
        let permit = Permit {
            jenis: PermitKind::DinasLuar,
            mulai: NaiveDate::MIN,
            selesai: NaiveDate::MAX,
            nomor_surat: None,
            tanggal_surat: None,
            disetujui_oleh: None,
            surat_dokter: DoctorsLetter::None,
            anak_ke: None,
        };
        prop_oneof![
            proptest::collection::vec(roster(), 0..3).prop_map(Body::Roster),
            proptest::collection::vec(payment(), 0..3).prop_map(Body::Payment),
            proptest::collection::vec(evaluation(), 0..3).prop_map(|rows| Body::Evaluation(rows.into_iter().map(|(row, _)| row).collect())),
            proptest::collection::vec(evaluation(), 0..3).prop_map(|rows| Body::Skp(rows.into_iter().map(|(_, row)| row).collect())),
            proptest::collection::vec(day, 0..9).prop_map(|days| Body::Attendance(days.into())),
            Just(Body::Permits(vec![permit])),
        ]
    }

    fn span() -> impl Strategy<Value = Span> {
        prop_oneof![
            Just(Span::Standing),
            (1900i32..2100).prop_map(Span::Year),
            (1900i32..2100, 1u32..5).prop_map(|(year, quarter)| Span::Quarter(year, quarter)),
            (1900i32..2100, 1u32..13).prop_map(|(year, month)| Span::Month(Period::new(year, month).unwrap())),
        ]
    }

    fn statement() -> impl Strategy<Value = Statement> {
        let places = proptest::collection::vec(prop_oneof![0u32..5, Just(u32::MAX)], 0..5);
        ("[0-9]{18}", span(), body(), "(a|b) row [{}]{2}", places, 0u8..9).prop_map(|(nip, span, body, at, places, absent)| {
            let nip = Nip::parse(&nip).unwrap();
            match absent {
                0 => Statement::absent(nip, Kind::Skp, span),
                _ => Statement::present(nip, span, body, Locator::new(at, places)),
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_packed_comes_back_in_order(statements in proptest::collection::vec(statement(), 0..12)) {
            prop_assert_eq!(Parcel::of(statements.clone()).into_iter().collect::<Vec<_>>(), statements);
        }
    }
}
