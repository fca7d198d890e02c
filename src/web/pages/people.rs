//! `/pegawai`: everybody of the period with verdict and amounts.

use super::home::open_kinds;
use super::{Periods, html, look};
use crate::domain::Rupiah;
use crate::domain::text::fold;
use crate::domain::verdict::{Standing, Verdict};
use crate::export::words;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::links::Links;
use crate::web::memory::Seen;
use crate::web::view::{Banners, Pager, is_sought, standing_tone};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "people.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    standings: Vec<(&'static str, &'static str, bool)>,
    search: String,
    banners: Banners,
    pager: Pager,
    people: Vec<PersonRow>,
}

struct PersonRow {
    nip: String,
    name: String,
    unit: String,
    class: String,
    standing: &'static str,
    tone: &'static str,
    due: String,
    paid: String,
    difference: String,
    codes: String,
    link: String,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match look(&site, &ask).await {
        Ok((periods, seen)) => html(&page(&site, &ask, &periods, &seen)),
        Err(trouble) => trouble,
    }
}

fn page(site: &Site, ask: &Ask, periods: &Periods, seen: &Seen) -> Page {
    let lang = ask.lang;
    let links = ask.links(Some(periods.chosen), site);
    let folded = fold(&ask.search);
    let wanted = |verdict: &&Verdict| ask.standing.is_none_or(|standing| standing == verdict.standing) && is_sought(verdict, &folded);
    let wanted = |verdict: &&Verdict| wanted(verdict) && ask.viewer.sees(verdict.unit.as_deref().unwrap_or_default());
    let rows: Vec<&Verdict> = seen.report.verdicts.iter().filter(wanted).collect();
    let filters = [("putusan", ask.standing.map_or("", Standing::key)), ("cari", ask.search.as_str())];
    let pager = Pager::new(rows.len(), ask.page, &links, "/pegawai", &filters);
    let title = lang.pick("Pegawai", "People");
    Page {
        periods: periods.options(lang),
        period: words::period(periods.chosen, lang),
        standings: Standing::ALL.map(|known| (known.key(), words::standing(known, lang), ask.standing == Some(known))).into(),
        search: ask.search.clone(),
        banners: Banners::of(&seen.report.header, open_kinds(&seen.report.completeness.kinds, lang)),
        people: pager.cut(&rows).iter().map(|verdict| row(verdict, ask, &links)).collect(),
        layout: Layout {
            title: format!("{title} – {}", words::period(periods.chosen, lang)),
            room: Room::People,
            links,
            other: links.other_lang().to("/pegawai", &filters),
        },
        pager,
    }
}

fn row(verdict: &Verdict, ask: &Ask, links: &Links) -> PersonRow {
    let money = |amount: Option<Rupiah>| amount.map_or("–".to_owned(), |amount| amount.to_string());
    let mut codes: Vec<&str> = verdict.findings.iter().map(|finding| finding.code.code()).collect();
    codes.dedup();
    PersonRow {
        nip: ask.viewer.shown_nip(&verdict.nip),
        name: verdict.name.clone().unwrap_or_else(|| links.lang.pick("(tanpa nama)", "(no name)").to_owned()),
        unit: verdict.unit_name.clone().or_else(|| verdict.unit.clone()).unwrap_or_else(|| "–".to_owned()),
        class: verdict.kelas_jabatan.map_or("–".to_owned(), |class| class.to_string()),
        standing: words::standing(verdict.standing, links.lang),
        tone: standing_tone(verdict.standing),
        due: money(verdict.expected.map(|amounts| amounts.net)),
        paid: money(verdict.paid.map(|amounts| amounts.net)),
        difference: money(verdict.difference()),
        codes: if codes.is_empty() { "–".to_owned() } else { codes.join(" ") },
        link: links.person(verdict.nip),
    }
}
