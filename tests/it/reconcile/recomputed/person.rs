//! Gross, deduction and net of one person, read off the papers by hand, as the example policy says it.

use super::fraction::Fraction;
use super::papers::{Papers, Row, date, minute};
use chrono::{Datelike, Months, NaiveDate};
use toml::{Table, Value};

/// Why no amount follows from the papers: a person has to decide, or something is missing.
pub type Amounts = Result<[i64; 3], &'static str>;

fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_str)
}

fn number(table: &Table, key: &str) -> Option<i64> {
    table.get(key).and_then(Value::as_integer)
}

fn unassessed(label: &str) -> bool {
    matches!(label.trim(), "" | "-")
}

/// What the papers come to for one row of the roster.
pub fn amounts(papers: &Papers, entry: &Row) -> Amounts {
    let person = Person { papers, entry, nip: &entry["nip"] };
    if !person.is_entitled()? {
        return Ok([0; 3]);
    }
    let gross = person.tariff()? * person.multiplier();
    let cut = (person.performance()? + person.attendance()? + person.sickness()? + person.punishment()).min(Fraction::ONE);
    let (gross, net) = (gross.half_up(), (gross * (Fraction::ONE - cut)).half_up());
    Ok([gross, gross - net, net])
}

struct Person<'a> {
    papers: &'a Papers,
    entry: &'a Row,
    nip: &'a str,
}

impl Person<'_> {
    fn cell(&self, key: &str) -> Option<&str> {
        Some(self.entry[key].as_str()).filter(|cell| !cell.is_empty())
    }

    fn day(&self, key: &str) -> Option<NaiveDate> {
        date(self.cell(key)?)
    }

    fn status_rule(&self) -> Option<&Table> {
        self.papers.entry(&["status"], "kind", &self.entry["jenis_pegawai"].to_lowercase())
    }

    fn is_entitled(&self) -> Result<bool, &'static str> {
        match self.entry["status"].as_str() {
            "AKTIF" | "TUGAS_BELAJAR" => {}
            "CLTN" | "MPP" => {
                let since = self.day("tmt_status");
                if since.is_none_or(|since| since <= self.papers.first) {
                    return Ok(false);
                }
                if since.is_some_and(|since| since <= self.papers.last) {
                    return Err("the status changes inside the month");
                }
            }
            _ => return Err("a status that the simulator has not"),
        }
        let late = text(self.status_rule().unwrap_or(&Table::new()), "starts") == Some("spmt_date")
            && self.day("tmt_spmt").is_some_and(|start| start > self.papers.last);
        let eligible = self.status_rule().and_then(|rule| rule.get("eligible")).and_then(Value::as_bool) != Some(false);
        Ok(eligible && !late)
    }

    fn multiplier(&self) -> Fraction {
        self.status_rule().and_then(|rule| text(rule, "multiplier")).map_or(Fraction::ONE, Fraction::percent)
    }

    fn tariff(&self) -> Result<Fraction, &'static str> {
        let first_workday = self.papers.workday_from(self.papers.first, 1);
        if self.day("tmt_kelas").is_some_and(|since| since > first_workday) {
            return Err("the class does not hold yet");
        }
        let fixed = self.papers.entry(&["status"], "kind", "tugas_belajar").and_then(|rule| number(rule, "fixed_class"));
        let studies = self.entry["status"] == "TUGAS_BELAJAR";
        let class = if studies { fixed.map(|class| class.to_string()) } else { self.cell("kelas_jabatan").map(str::to_owned) };
        let class = class.ok_or("no class")?;
        let amount = self.papers.policy["tariff"]["class"].get(&class).and_then(Value::as_integer);
        Ok(Fraction::whole(amount.ok_or("no tariff")?))
    }

    /// What the predikat of the month before, or its lack, cuts.
    fn performance(&self) -> Result<Fraction, &'static str> {
        let rules = &self.papers.policy["performance"];
        let last = self.papers.first.pred_opt().unwrap();
        let covers = |row: &&Row| {
            row["is_skp_plt_plh_pjb"] == "0"
                && date(&row["periode_awal_skp"]).is_none_or(|from| from <= last)
                && date(&row["periode_akhir_skp"]).is_none_or(|to| to >= last)
        };
        let rows = self.papers.evaluations.get(self.nip).map(Vec::as_slice).unwrap_or_default();
        let mut rows: Vec<&Row> = rows.iter().filter(covers).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row["periode_akhir_skp"].clone()));
        let differ = |row: &&Row| row["skp_id"] == rows[0]["skp_id"] && row["hasil_akhir"] != rows[0]["hasil_akhir"];
        if rows.iter().any(differ) {
            return Err("two predikat");
        }
        let (Some(row), labels) = (rows.first(), rules["labels"].as_table().unwrap()) else { return Ok(self.no_predikat()) };
        let rated = !unassessed(&row["hasil_kerja"]) || !unassessed(&row["perilaku_kerja"]);
        match (unassessed(&row["hasil_akhir"]), rated) {
            (true, true) => return Err("rated, without a predikat"),
            (true, false) => return Ok(self.no_predikat()),
            _ => {}
        }
        let key = text(labels, &row["hasil_akhir"].to_lowercase()).ok_or("an unknown label")?;
        Ok(Fraction::percent(rules["predikat"][key].as_str().unwrap()))
    }

    /// The cut without a predikat, and the heavier one after many months in a row.
    fn no_predikat(&self) -> Fraction {
        let missing = self.papers.policy["performance"]["missing"].as_table().unwrap();
        assert_eq!(text(missing, "action"), Some("deduct"));
        let start = self.day("tmt_spmt").or_else(|| self.day("tmt_cpns"));
        let lacks = |back: i32| {
            let month = self.papers.first - Months::new(1 + back as u32);
            let served = start.is_none_or(|start| start <= month);
            served && self.papers.earlier.get(&(self.nip.to_owned(), back)).is_some_and(|marks| marks.iter().all(|mark| unassessed(mark)))
        };
        let most = number(missing, "consecutive_months").unwrap() as i32;
        let in_a_row = 1 + (1..most).take_while(|back| lacks(*back)).count() as i32;
        Fraction::percent(text(missing, if in_a_row >= most { "consecutive_percent" } else { "percent" }).unwrap())
    }

    fn permits(&self) -> impl Iterator<Item = (&str, NaiveDate, NaiveDate, &Row)> {
        let all = self.papers.permits.get(self.nip).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|row| !row["disetujui_oleh"].trim().is_empty()).map(|row| {
            let day = |key: &str| date(&row[key]).unwrap();
            (row["jenis"].as_str(), day("mulai"), day("selesai"), row)
        })
    }

    fn permitted(&self, day: NaiveDate, kinds: &[&str]) -> bool {
        self.permits().any(|(kind, from, to, _)| from <= day && day <= to && kinds.contains(&kind))
    }

    /// Working days from the day on which the person began.
    fn days_of_duty(&self) -> impl Iterator<Item = NaiveDate> {
        let start = self.day("tmt_spmt");
        self.papers.workdays.iter().copied().filter(move |day| start.is_none_or(|start| start <= *day))
    }

    /// Days of absence, lateness, leaving early and missing scans.
    fn attendance(&self) -> Result<Fraction, &'static str> {
        let absent = self.papers.entry(&["deduction", "event"], "kind", "absent").unwrap();
        let rows = self.papers.attendance.get(self.nip).ok_or("no attendance at all")?;
        let (mut sum, mut run, mut longest, mut days) = (Fraction::ZERO, 0, 0, 0);
        for day in self.days_of_duty() {
            let row = rows.get(&day);
            let unknown = row.is_none() && !self.papers.recorded.contains(&day);
            match self.cost_of(day, row) {
                _ if unknown => run = 0,
                None => {
                    (days, run) = (days + 1, run + 1);
                    longest = longest.max(run);
                }
                Some(cost) => {
                    sum = sum + cost;
                    run = 0;
                }
            }
        }
        let limit = number(absent, "consecutive_days_limit").is_some_and(|limit| longest >= limit);
        let each = Fraction::percent(text(absent, "percent").unwrap());
        let of_absence =
            if limit { Fraction::percent(text(absent, "consecutive_limit_percent").unwrap()) } else { each * Fraction::whole(days) };
        Ok(sum + of_absence)
    }

    /// What a day costs; `None`: the person was absent.
    fn cost_of(&self, day: NaiveDate, row: Option<&Row>) -> Option<Fraction> {
        let letterless = |(kind, from, to, row): (&str, NaiveDate, NaiveDate, &Row)| {
            kind == "cuti_sakit" && from <= day && day <= to && !self.letter_came(from, to, &row["surat_dokter"])
        };
        if self.permits().any(letterless) {
            return None;
        }
        let away = ["cuti_tahunan", "cuti_sakit", "cuti_melahirkan", "cuti_alasan_penting", "cuti_besar", "dinas_luar", "diklat"];
        if self.permitted(day, &away) {
            return Some(Fraction::ZERO);
        }
        let unscanned = self.permitted(day, &["izin_tidak_presensi"]);
        match row.map_or("", |row| row["status"].as_str()) {
            "TIDAK_HADIR" => return unscanned.then_some(Fraction::ZERO),
            "CUTI" => return None,
            "LIBUR" | "TUGAS_BELAJAR" => return Some(Fraction::ZERO),
            _ => {}
        }
        let [came, left] = self.scans(day, row);
        if came.is_none() && left.is_none() {
            return unscanned.then_some(Fraction::ZERO);
        }
        let mut cost = Fraction::ZERO;
        if !unscanned {
            for (scan, event) in [(came, "no_check_in"), (left, "no_check_out")] {
                let code = self.papers.entry(&["deduction", "event"], "kind", event).and_then(|rule| text(rule, "treat_as"));
                cost = cost + if scan.is_none() { self.band(|band| text(band, "code") == code) } else { Fraction::ZERO };
            }
        }
        let outside = row.is_some_and(|row| matches!(row["status"].as_str(), "DINAS" | "DIKLAT"));
        Some(if outside { cost } else { cost + self.minutes(day, came, left) })
    }

    fn scans(&self, day: NaiveDate, row: Option<&Row>) -> [Option<i64>; 2] {
        let scan = &self.papers.policy["attendance"]["scan"];
        let empty = scan["missing_values"].as_array().unwrap();
        let read = |key: &str| {
            let cell = row.map_or("", |row| row[key].as_str());
            let clock = cell.get(..5).unwrap_or("");
            minute(cell).filter(|_| !empty.iter().any(|value| value.as_str() == Some(clock)))
        };
        let (came, left) = (read("jam_masuk"), read("jam_pulang"));
        let (start, end) = self.papers.hours(day);
        let gap = scan["duplicate_gap_minutes"].as_integer().unwrap();
        match (came, left) {
            // one tap in both columns counts for the nearer half of the day
            (Some(came), Some(left)) if (came - left).abs() <= gap && came <= (start + end) / 2 => [Some(came), None],
            (Some(came), Some(left)) if (came - left).abs() <= gap => [None, Some(left)],
            other => other.into(),
        }
    }

    fn minutes(&self, day: NaiveDate, came: Option<i64>, left: Option<i64>) -> Fraction {
        let flex = self.papers.policy["worktime"]["flex"].as_table().unwrap();
        assert_eq!((text(flex, "mode"), number(flex, "early_limit_minutes")), (Some("compensate_same_day"), Some(0)));
        let (start, end) = self.papers.hours(day);
        let excused = self.permitted(day, &["izin_terlambat"]);
        let late = came.map_or(0, |came| (came - start).max(0)) * i64::from(!excused);
        let made_up = late <= number(flex, "late_limit_minutes").unwrap();
        let (late, end) = if made_up { (0, end + late) } else { (late, end) };
        let early = left.map_or(0, |left| (end - left).max(0)) * i64::from(!self.permitted(day, &["izin_pulang_cepat"]));
        let of = |kind: &str, minutes: i64| {
            let rule = self.papers.entry(&["deduction", "band"], "kind", kind).unwrap();
            let hit = |band: &&Value| {
                let edge = |key: &str| band.get(key).and_then(Value::as_integer);
                edge("from_minute").is_none_or(|from| minutes >= from) && edge("to_minute").is_none_or(|to| minutes < to)
            };
            let band = rule["bands"].as_array().unwrap().iter().find(hit);
            band.map_or(Fraction::ZERO, |band| Fraction::percent(band["percent"].as_str().unwrap()))
        };
        of("late", late) + of("early_leave", early)
    }

    /// The percent of a band wherever it stands.
    fn band(&self, is: impl Fn(&Table) -> bool) -> Fraction {
        let rules = self.papers.policy["deduction"]["band"].as_array().unwrap();
        let mut bands = rules.iter().flat_map(|rule| rule["bands"].as_array().unwrap()).filter_map(Value::as_table);
        Fraction::percent(text(bands.find(|band| is(band)).unwrap(), "percent").unwrap())
    }

    /// What leave costs: only sick leave does, by its running days.
    fn sickness(&self) -> Result<Fraction, &'static str> {
        let mut sum = Fraction::ZERO;
        for (kind, from, to, row) in self.permits() {
            let days: Vec<NaiveDate> = self.days_of_duty().filter(|day| from <= *day && *day <= to).collect();
            match kind {
                _ if days.is_empty() => {}
                "cuti_melahirkan" if row["anak_ke"].parse().is_ok_and(|child: i64| child > 3) => return Err("a fourth child"),
                "cuti_besar" | "cltn" | "gugur_kandungan" => return Err("a leave that the simulator has not"),
                "cuti_sakit" if self.letter_came(from, to, &row["surat_dokter"]) => {
                    let rule = self.papers.entry(&["leave"], "kind", "cuti_sakit").unwrap();
                    for day in days {
                        sum = sum + Self::sick_day(rule, from, day)?;
                    }
                }
                _ => {}
            }
        }
        Ok(sum)
    }

    /// Whether the doctor's letter came in time; without it the days are absence.
    fn letter_came(&self, from: NaiveDate, to: NaiveDate, cell: &str) -> bool {
        let rule = self.papers.entry(&["leave"], "kind", "cuti_sakit").unwrap();
        let due = number(rule, "document_due_workdays").unwrap() as usize;
        let counted_from = if (to - from).num_days() < 2 { to.succ_opt().unwrap() } else { from };
        match date(cell) {
            Some(day) => day <= self.papers.workday_from(counted_from, due),
            None => matches!(cell, "ya" | "1"),
        }
    }

    fn sick_day(rule: &Table, from: NaiveDate, day: NaiveDate) -> Result<Fraction, &'static str> {
        let running = (day - from).num_days() + 1;
        let months = (day.year() - from.year()) * 12 + day.month() as i32 - from.month() as i32 - i32::from(day.day() < from.day());
        let hit = |band: &&Value| {
            let edge = |key: &str| band.get(key).and_then(Value::as_integer);
            edge("from_day").is_none_or(|from| running >= from)
                && edge("to_day").is_none_or(|to| running < to)
                && edge("from_month").is_none_or(|from| i64::from(months) >= from)
                && edge("to_month").is_none_or(|to| i64::from(months) < to)
        };
        let band = rule["bands"].as_array().unwrap().iter().find(hit).ok_or("sick for longer than the policy says")?;
        band.get("deduct_per_day").and_then(Value::as_str).map(Fraction::percent).ok_or("sick for half a year")
    }

    /// The heaviest punishment in force.
    fn punishment(&self) -> Fraction {
        let rows = self.papers.discipline.get(self.nip).map(Vec::as_slice).unwrap_or_default();
        let month = |text: &str| Some(text.get(..4)?.parse::<i64>().ok()? * 12 + text.get(5..7)?.parse::<i64>().ok()?);
        let now = i64::from(self.papers.first.year()) * 12 + i64::from(self.papers.first.month());
        let in_force = rows.iter().filter_map(|row| {
            let level = self.papers.entry(&["discipline", "level"], "code", &row["tingkat"])?;
            let length = row["bulan"].parse().ok().or(number(level, "months"))?;
            let start = month(&row["mulai"])?;
            let percent = Some(row["persen"].as_str()).filter(|cell| !cell.is_empty()).or(text(level, "percent"))?;
            (start <= now && now < start + length).then(|| Fraction::percent(percent))
        });
        in_force.fold(Fraction::ZERO, |most, percent| Fraction::ONE - (Fraction::ONE - most).min(Fraction::ONE - percent))
    }
}
