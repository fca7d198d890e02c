//! `/keuangan/jembatan`: what moved the expected net from last month to this one, part by part, with nothing left over.

use super::html;
use super::scene::{AGAIN, RunLine, Scene, unsettled};
use crate::domain::Rupiah;
use crate::domain::access::Right;
use crate::export::words;
use crate::store::Bridge;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{Bar, count, money, share};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "bridge.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    before: String,
    run: RunLine,
    back: String,
    /// `None`: the month before was not reconciled.
    bridge: Option<Shown>,
}

struct Shown {
    from: String,
    to: String,
    parts: Vec<Part>,
    /// Rapel paid with the earlier and with the later month.
    rapel: [String; 2],
    /// Whether a payment file of the month before has come, so that rapel can be known.
    paid: bool,
    residual: String,
    whole: bool,
}

struct Part {
    name: &'static str,
    heads: String,
    rupiah: String,
    bar: Bar,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, Response> {
    for _ in 0..AGAIN {
        if let Some(page) = read(site, ask).await? {
            return Ok(page);
        }
    }
    Err(unsettled(site, ask))
}

/// `None`: one of the months was reconciled meanwhile.
async fn read(site: &Site, ask: &Ask) -> Result<Option<Page>, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeePeople)).await?;
    let lang = ask.lang;
    let store = &site.app.store;
    let before = scene.period.offset(-1);
    let run = store.shown_run(scene.period).await.map_err(|error| scene.trouble(error))?;
    let Some(run) = run else { return Err(scene.nothing_yet().await) };
    let earlier = store.shown_run(before).await.map_err(|error| scene.trouble(error))?;
    let bridge = match earlier {
        Some(earlier) => {
            // What the earlier month paid as rapel hangs on the one before it.
            let first = store.shown_run(before.offset(-1)).await.map_err(|error| scene.trouble(error))?;
            let stamps = format!("{} {} {}", first.map(|run| run.stamp).unwrap_or_default(), earlier.stamp, run.stamp);
            let units = site.memory.bridge(&site.app, before, scene.period, stamps).await.map_err(|error| scene.trouble(error))?;
            let mut sum = Bridge::default();
            units.iter().filter(|unit| ask.viewer.sees(&unit.unit)).for_each(|unit| sum.join(unit));
            let figures = site.memory.figures(&site.app, before).await.map_err(|error| scene.trouble(error))?;
            if scene.is_overtaken(&run).await? || scene.is_overtaken_in(before, &earlier).await? {
                return Ok(None);
            }
            let paid = figures.is_some_and(|figures| figures.units.iter().any(|unit| unit.paid != Rupiah::ZERO));
            Some(shown(&sum, paid, &scene))
        }
        None => None,
    };
    let (title, period) = (lang.pick("Jembatan dari bulan lalu", "Bridge from last month"), words::period(scene.period, lang));
    Ok(Some(Page {
        layout: scene.layout(format!("{title} – {period}"), Room::Finance, "/keuangan/jembatan", &[]),
        periods: scene.periods.options(lang),
        period,
        before: words::period(before, lang),
        run: scene.run_line(&run),
        back: scene.links.to("/keuangan", &[]),
        bridge,
    }))
}

fn shown(bridge: &Bridge, paid: bool, scene: &Scene<'_>) -> Shown {
    let lang = scene.ask.lang;
    let [predikat, attendance, leave, discipline] = bridge.cuts;
    let parts = [
        (lang.pick("Pegawai masuk", "People who came"), bridge.joined),
        (lang.pick("Pegawai keluar", "People who left"), bridge.left),
        (lang.pick("Kini dapat dihitung", "Can be computed by now"), bridge.known_now),
        (lang.pick("Kini tidak dapat dihitung", "Cannot be computed by now"), bridge.unknown_now),
        (lang.pick("Kelas jabatan", "Class"), bridge.class),
        (lang.pick("Status, tarif, dan Plt/Plh", "Status, tariff and acting positions"), bridge.gross),
        (lang.pick("Potongan predikat", "Deductions by predikat"), predikat),
        (lang.pick("Potongan presensi", "Deductions by attendance"), attendance),
        (lang.pick("Potongan cuti", "Deductions by leave"), leave),
        (lang.pick("Potongan hukuman disiplin", "Deductions by punishment"), discipline),
        (lang.pick("Rapel: kekurangan bulan sebelumnya", "Rapel: what earlier months still owe"), bridge.more_rapel()),
    ];
    let most = parts.iter().map(|(_, (_, sum))| sum.abs()).max().unwrap_or(0);
    let part = |(name, (heads, sum)): &(&'static str, (u64, i64))| Part {
        name,
        heads: count(*heads, lang),
        rupiah: format!("{}{}", if *sum > 0 { "+" } else { "" }, money(Rupiah(*sum))),
        bar: Bar::one(share(sum.abs(), most), if *sum < 0 { "tag-red" } else { "tag-green" }),
    };
    Shown {
        from: money(Rupiah(bridge.with_rapel()[0])),
        to: money(Rupiah(bridge.with_rapel()[1])),
        rapel: bridge.rapel.map(|(_, sum)| money(Rupiah(sum))),
        paid,
        parts: parts.iter().map(part).collect(),
        residual: money(Rupiah(bridge.residual())),
        whole: bridge.residual() == 0,
    }
}
