//! The machine: its clock, its disk, its inbox.

use super::Line;
use crate::config::Config;
use crate::domain::text::Lang;
use crate::export::words;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;
use std::path::{Path, PathBuf};

/// No ministry runs this before it was written, nor long after.
const YEARS: std::ops::RangeInclusive<i32> = 2026..=2099;
/// Clocks of two machines on one store may differ by this much.
const SLACK: TimeDelta = TimeDelta::minutes(5);
/// Below this the next pull may not fit.
const TOO_LITTLE: u64 = 200 << 20;
/// Below this somebody should make room.
const LITTLE: u64 = 1 << 30;

/// The clock must be of this century and not behind what the store already holds.
pub(super) fn clock(now: DateTime<Utc>, newest: Option<DateTime<Utc>>, zone: Tz) -> Line {
    let [id, en] = [Lang::Id, Lang::En].map(|lang| words::instant(now, zone, lang));
    let wrong = |id: String, en: String| {
        Line::fail("clock", id, en).todo("setel jam mesin ini (timedatectl, NTP)", "set the clock of this machine (timedatectl, NTP)")
    };
    if !YEARS.contains(&now.year()) {
        return wrong(format!("jam mesin menunjukkan {id}"), format!("the clock of this machine says {en}"));
    }
    if let Some(newest) = newest.filter(|newest| *newest > now + SLACK) {
        let [newest_id, newest_en] = [Lang::Id, Lang::En].map(|lang| words::instant(newest, zone, lang));
        return wrong(
            format!("jam mesin ({id}) tertinggal dari data terbaru di penyimpanan ({newest_id})"),
            format!("the clock ({en}) is behind the newest data in the store ({newest_en})"),
        );
    }
    Line::ok("clock", id, en)
}

/// Room where the store lies.
pub(super) fn disk(config: &Config) -> Line {
    let Ok(url) = config.store.url.resolve("store.url") else {
        return Line::warn("disk", "tidak diperiksa: store.url tidak terbaca", "not checked: store.url cannot be read");
    };
    let Some(file) = url.reveal().strip_prefix("sqlite://").map(PathBuf::from) else {
        return Line::ok("disk", "tidak diperiksa: penyimpanan ada di server basis data", "not checked: the store is on a database server");
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = folder.display();
    match rustix::fs::statvfs(folder) {
        Ok(found) => room(&shown.to_string(), found.f_bavail.saturating_mul(found.f_frsize)),
        Err(why) => Line::fail("disk", format!("{shown} tidak dapat diperiksa ({why})"), format!("{shown} cannot be examined ({why})"))
            .todo("periksa store.url dan foldernya", "check store.url and its folder"),
    }
}

fn room(folder: &str, free: u64) -> Line {
    let mib = free / (1 << 20);
    let (id, en) = (format!("{mib} MiB kosong di {folder}"), format!("{mib} MiB free in {folder}"));
    let line = match free {
        plenty if plenty >= LITTLE => return Line::ok("disk", id, en),
        little if little >= TOO_LITTLE => Line::warn("disk", id, en),
        _ => Line::fail("disk", id, en),
    };
    line.todo("kosongkan ruang sebelum tarikan berikutnya", "make room before the next pull")
}

/// The folder into which files are dropped.
pub(super) fn inbox(config: &Config) -> Line {
    let inbox = &config.sources.inbox;
    let shown = inbox.display();
    if inbox.is_dir() {
        return Line::ok("inbox", format!("{shown} ada"), format!("{shown} exists"));
    }
    Line::warn("inbox", format!("folder {shown} tidak ada"), format!("the folder {shown} does not exist")).todo(
        "buat folder itu, ganti sources.inbox, atau tulis schedule.inbox = \"off\"",
        "make it, change sources.inbox, or write schedule.inbox = \"off\"",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn a_clock_that_is_behind_is_noticed() {
        let now: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let level = |now, newest| clock(now, newest, chrono_tz::Asia::Jakarta).level;
        assert_eq!(level(now, None), Level::Ok);
        assert_eq!(level(now, Some(now + TimeDelta::minutes(4))), Level::Ok);
        assert_eq!(level(now, Some(now + TimeDelta::minutes(6))), Level::Fail);
        assert_eq!(level(DateTime::UNIX_EPOCH, None), Level::Fail);
        assert!(clock(now, None, chrono_tz::Asia::Jakarta).found.id.contains("08.00 WIB"));
    }

    #[test]
    fn a_full_disk_is_noticed() {
        let level = |free| room("/x", free).level;
        assert_eq!([level(5 << 30), level(500 << 20), level(100 << 20)], [Level::Ok, Level::Warn, Level::Fail]);
    }
}
