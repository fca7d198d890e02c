//! The rooms over the demo ministry, on both engines: the same numbers as the exported documents.

use super::{Answer, Page, evaluated};
use chrono::TimeDelta;
use selaras::app::demo::Stage;
use selaras::app::{reconcile, report};
use selaras::clock::ManualClock;
use selaras::domain::text::Lang;
use selaras::domain::verdict::{Standing, Verdict};
use selaras::domain::{Code, Kind};
use selaras::export::{Format, List, Totals, count_codes, write_list, write_list_pdf};
use selaras::store::{ListOrder, ListWanted, SourceFilter};
use std::collections::BTreeSet;
use std::sync::Arc;

on_both_stores!(
    home_says_what_the_report_says,
    the_list_holds_just_whom_it_should,
    groups_are_the_findings,
    no_address_that_a_page_makes_holds_a_nip,
    a_person_is_shown_whole,
    a_person_is_shown_as_the_run_concluded_whatever_the_policy_says_by_now,
    a_payment_file_is_judged_and_forgotten,
    documents_are_the_exported_ones,
    the_bridge_leaves_nothing_over,
    home_names_the_causes_that_came_and_went,
    the_other_rooms_open,
    a_run_that_may_hold_no_longer_says_so,
);

/// Somebody gives a class another tariff, and nobody reconciles: the page goes on saying what the run concluded.
async fn a_person_is_shown_as_the_run_concluded_whatever_the_policy_says_by_now(mut stage: Stage) {
    let concluded = evaluated(&stage).await;
    let budi = concluded.verdicts.iter().find(|verdict| verdict.kelas_jabatan == Some(8) && verdict.expected.is_some()).unwrap();
    let (due, path) = (budi.expected.unwrap(), format!("/pegawai/{}", budi.nip));
    let page = Page::open(&stage, Lang::Id).await;
    let shown = page.get(&path).await;
    assert!(shown.body.contains(&due.net.to_string()) && !shown.body.contains("LANGKAH TIDAK DITAMPILKAN"), "{}", shown.body);
    page.close().await;
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(&stage.app.config.policy.dir).unwrap() {
        let file = file.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap().replace("4595150", "9999990");
        std::fs::write(folder.path().join(file.file_name().unwrap()), text).unwrap();
    }
    stage.app.config.policy.dir = folder.path().to_owned();
    let page = Page::open(&stage, Lang::Id).await;
    let shown = page.get(&path).await;
    assert!(shown.body.contains(&due.net.to_string()) && !shown.body.contains("9.999.990"), "{}", shown.body);
    assert!(shown.body.contains("LANGKAH TIDAK DITAMPILKAN") && shown.body.contains("KEBIJAKAN BERUBAH"), "{}", shown.body);
    // After the next reconciliation it is the new one, with its steps.
    reconcile::run_now(&stage.app, stage.period, false, &mut |_| {}).await.unwrap();
    let shown = page.get(&path).await;
    assert!(shown.body.contains("9.999.990") && !shown.body.contains("LANGKAH TIDAK DITAMPILKAN"), "{}", shown.body);
    page.close().await;
}

/// What a link of a page leads to.
fn links<'a>(answer: &'a Answer, beginning: &'a str) -> impl Iterator<Item = String> + 'a {
    let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.filter(move |link| link.starts_with(beginning)).map(|link| link.replace("&#38;", "&"))
}

async fn home_says_what_the_report_says(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    let home = page.get("/").await;
    assert_eq!(home.status, 200);
    let totals = Totals::of(&report.verdicts);
    for standing in Standing::ALL {
        let figure = format!("<p class=\"figure\">{} <span>", totals.heads(standing));
        assert!(home.body.contains(&figure), "{standing:?} {figure}");
        assert!(home.body.contains(&format!("<p class=\"money\">{}</p>", totals.rupiah(standing))), "{standing:?}");
        assert!(home.body.contains(&format!("putusan={}", standing.key())), "{standing:?}");
    }
    assert!(!home.body.contains(&totals.at_risk().to_string()), "held and unknown are never one figure");
    for word in ["TIDAK LENGKAP", "UJI COBA", "Oktober 2026", "2 November 2026 pukul 08.00 WIB", "Langkah berikutnya", "KPPN"] {
        assert!(home.body.contains(word), "{word}");
    }
    let mut causes: Vec<_> = count_codes(&report.findings).into_iter().filter(|count| count.rupiah.0 > 0).collect();
    causes.sort_by_key(|count| -count.rupiah.0);
    for count in causes.iter().take(10) {
        let row = format!("<td class=\"number\" data-label=\"Rupiah\">{}</td>", count.rupiah);
        assert!(home.body.contains(&format!("kode={}\"", count.code)) && home.body.contains(&row), "{} {row}", count.code);
    }
    let run = stage.app.store.shown_run(stage.period).await.unwrap().unwrap();
    assert!(home.body.contains(&run.id));
    page.close().await;
}

async fn the_list_holds_just_whom_it_should(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    let all = |wanted: &dyn Fn(&Verdict) -> bool| -> BTreeSet<String> {
        report.verdicts.iter().filter(|verdict| wanted(verdict)).map(|verdict| verdict.nip.to_string()).collect()
    };
    for standing in Standing::ALL {
        for order in ListOrder::ALL.map(|(key, _)| key) {
            let mut path = format!("/keuangan?periode=2026-10&putusan={}&urut={order}", standing.key());
            let mut listed = Vec::new();
            loop {
                let list = page.get(&path).await;
                assert_eq!(list.status, 200, "{path}");
                listed.extend(list.nips());
                let Some(next) = links(&list, "/keuangan").find(|link| link.contains("sesudah=")) else { break };
                path = next;
            }
            let found: BTreeSet<String> = listed.iter().cloned().collect();
            assert_eq!((found.len(), &found), (listed.len(), &all(&|verdict| verdict.standing == standing)), "{standing:?} {order}");
        }
    }
    assert_eq!(page.get("/keuangan").await.nips().len(), 50, "fifty a page");
    for code in [Code::Am01, Code::Ab05] {
        let wanted = all(&|verdict| verdict.findings.iter().any(|finding| finding.code == code));
        for order in ["risiko", "nama"] {
            let first = page.get(&format!("/keuangan?kode={code}&urut={order}")).await;
            let mut found = first.nips();
            if let Some(next) = links(&first, "/keuangan").find(|link| link.contains("sesudah=")) {
                found.extend(page.get(&next).await.nips());
            }
            assert_eq!(found, wanted, "{code} {order}");
        }
    }
    let one = &report.verdicts[7];
    let nip = one.nip.to_string();
    assert_eq!(page.get(&format!("/keuangan?cari={nip}")).await.nips(), BTreeSet::from([nip.clone()]));
    assert_eq!(
        page.get(&format!("/keuangan?cari={}", &nip[..4])).await.nips(),
        first_fifty(all(&|verdict| verdict.nip.as_str().starts_with(&nip[..4])))
    );
    let name = one.name.as_ref().unwrap().to_uppercase().replace(' ', "%20");
    assert!(page.get(&format!("/keuangan?cari={name}")).await.nips().contains(&nip));
    let unit = one.unit.clone().unwrap();
    assert_eq!(page.get(&format!("/keuangan?unit={unit}")).await.nips(), first_fifty(all(&|verdict| verdict.unit.as_ref() == Some(&unit))));
    assert_eq!(page.get("/keuangan?cari=tidakadayangbegini").await.nips().len(), 0);

    // In each order, every row is where its key says.
    for (_, order) in ListOrder::ALL {
        let wanted = ListWanted { order, limit: 500, ..ListWanted::default() };
        let (_, rows) = stage.app.store.list(stage.period, &wanted).await.unwrap().unwrap();
        assert_eq!(rows.len(), report.verdicts.len());
        match order {
            ListOrder::Risk => assert!(rows.is_sorted_by_key(|row| -row.risk.0)),
            ListOrder::Name => assert!(rows.is_sorted_by_key(|row| selaras::domain::text::fold(&row.name))),
            ListOrder::Gap => {
                assert!(rows.is_sorted_by_key(|row| row.due.zip(row.paid).map_or(1, |(due, paid)| -(paid - due).0.abs())));
            }
        }
    }
    for (old, new) in [("/pegawai?putusan=layak", "/keuangan?putusan=layak"), ("/temuan?kode=AB05", "/sdm?kode=ab05")] {
        let moved = page.get(old).await;
        assert_eq!((moved.status, moved.header("location")), (308, new));
    }
    page.close().await;
}

fn first_fifty(all: BTreeSet<String>) -> BTreeSet<String> {
    assert!(!all.is_empty() && all.len() <= 50, "{}", all.len());
    all
}

/// Whoever may see NIPs has none in the address bar, in the history of the browser, or in a proxy's log.
async fn no_address_that_a_page_makes_holds_a_nip(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    let nips: BTreeSet<&str> = report.verdicts.iter().map(|verdict| verdict.nip.as_str()).collect();
    let holds = |text: &str| text.split(|letter: char| !letter.is_ascii_digit()).any(|run| nips.contains(run));
    let (list, sdm) = (page.get("/keuangan").await, page.get("/sdm").await);
    let person = links(&list, "/pegawai/").next().unwrap();
    let group = links(&sdm, "/sdm/kelompok").find(|link| link.contains("atasan=~")).unwrap();
    let (shown, named) = (page.get(&person).await, page.get(&group).await);
    assert!(holds(&shown.body) && holds(&named.body), "the pages themselves show them");
    let case = page.get(&links(&named, "/sdm/kasus/").next().unwrap()).await;
    let mut pages = vec![list, sdm, shown, named, case];
    // An old address with a NIP is still answered; it leads no further.
    pages.push(page.get(&format!("/pegawai/{}", report.verdicts[0].nip)).await);
    for answer in &pages {
        assert_eq!(answer.status, 200);
        for attribute in ["href=\"", "action=\"", "formaction=\"", "src=\""] {
            for address in answer.body.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(!holds(address), "{address}");
            }
        }
        // What a form adds to its address.
        for field in answer.body.split("<input type=\"hidden\"").skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(!holds(field), "{field}");
        }
        assert!(answer.head.contains("referrer-policy: same-origin"), "{}", answer.head);
    }
    page.close().await;
}

async fn groups_are_the_findings(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    let sdm = page.get("/sdm").await;
    assert!(sdm.status == 200 && sdm.body.contains("Penilai "));
    let mut seen = BTreeSet::new();
    let mut next = Some("/sdm".to_owned());
    while let Some(path) = next {
        let list = page.get(&path).await;
        for link in links(&list, "/sdm/kelompok") {
            let group = page.get(&link).await;
            assert_eq!(group.status, 200, "{link}");
            assert!(group.body.contains("<textarea id=\"teks\" readonly") && group.body.contains("Langkah berikutnya"), "{link}");
            let code = link.split("kode=").nth(1).unwrap().split('&').next().unwrap().to_owned();
            let table = &group.body[group.body.find("<tbody>").unwrap()..];
            let nips = table.split("<span class=\"nip\">").skip(1).map(|rest| rest[..18].to_owned());
            seen.extend(nips.map(|nip| (code.clone(), nip)));
        }
        next =
            links(&list, "/sdm?").find(|link| link.contains("hal=") && list.body.contains("rel=\"next\"") && !path.contains(link.as_str()));
        if path.contains("hal=") {
            break;
        }
    }
    let mut missing: BTreeSet<(String, String)> = BTreeSet::new();
    for verdict in &report.verdicts {
        missing.extend(verdict.findings.iter().map(|finding| (finding.code.to_string(), verdict.nip.to_string())));
    }
    let strangers: Vec<_> = seen.difference(&missing).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    let left_out = missing.difference(&seen).count();
    // A group shows fifty people a page.
    assert!(left_out <= missing.len() / 5, "{left_out} of {}", missing.len());
    let assessor = page.get("/sdm?pemilik=assessor").await;
    assert!(links(&assessor, "/sdm/kelompok").all(|link| link.contains("atasan=")));
    page.close().await;
}

async fn a_person_is_shown_whole(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    for verdict in &report.verdicts {
        let nip = verdict.nip;
        let shown = page.get(&format!("/pegawai/{nip}?periode=2026-10")).await;
        assert_eq!(shown.status, 200, "{nip}");
        let amounts = [verdict.expected, verdict.paid].into_iter().flatten().flat_map(|sums| [sums.gross, sums.deduction, sums.net]);
        for amount in amounts {
            assert!(shown.body.contains(&amount.to_string()), "{nip} {amount}");
        }
        for finding in &verdict.findings {
            assert!(shown.body.contains(finding.code.code()), "{nip} {}", finding.code);
        }
        assert_eq!(shown.body.matches("<article").count(), verdict.findings.len(), "{nip}");
        assert!(shown.bytes.len() < 150_000, "{nip} {}", shown.bytes.len());
    }
    let differs = report.verdicts.iter().find(|verdict| verdict.difference().is_some_and(|gap| gap.0 != 0)).unwrap();
    let shown = page.get(&format!("/pegawai/{}", differs.nip)).await;
    let gap = differs.difference().unwrap().to_string().replace('-', "\u{2212}");
    for word in [
        "Perhitungan",
        "Kelas jabatan",
        "BELUM diverifikasi",
        "Sumber berdampingan",
        "class=\"differs\"",
        ">berbeda<",
        "Kalender presensi",
        "Dua belas bulan",
    ] {
        assert!(shown.body.contains(word), "{word}");
    }
    assert!(shown.body.contains(&gap), "{gap}");
    page.close().await;
}

async fn a_payment_file_is_judged_and_forgotten(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    let path = "/keuangan/periksa-adk?periode=2026-10";
    let batches = async || stage.app.store.census().await.unwrap();
    let before = batches().await;
    let file = stage.imports().into_iter().find(|(kind, _)| kind.key() == "payment").map(|(_, path)| path.to_owned()).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let judged = page.upload(path, "ADK <b>.xlsx", &bytes).await;
    assert_eq!(judged.status, 200, "{}", judged.body);
    assert!(judged.body.contains("Jangan kirim dahulu") && judged.body.contains("ADK &#60;b&#62;.xlsx"));
    let paid: Vec<&Verdict> = report.verdicts.iter().filter(|verdict| verdict.paid.is_some()).collect();
    let row = |title: &str, heads: usize| format!("<th scope=\"row\">{title}</th><td class=\"number\" data-label=\"Orang\">{heads}</td>");
    let of = |standing| paid.iter().filter(|verdict| verdict.standing == standing).count();
    assert!(judged.body.contains(&row("Dibayar padahal tertahan", of(Standing::Tertahan))), "{}", judged.body);
    assert!(judged.body.contains(&row("Dibayar padahal belum diketahui", of(Standing::BelumDiketahui))));
    let refused = page.upload(path, "x.xlsx", b"bukan buku kerja").await;
    assert!(refused.status == 422 && refused.body.contains("Berkas tidak dapat diperiksa"), "{}", refused.status);
    assert_eq!(page.upload(path, "", b"").await.status, 400);
    let forged = page.send("POST", path, &page.cookie).await;
    assert_eq!(forged.status, 403);
    let after = batches().await;
    assert_eq!((before.batches, before.statements, before.quarantined), (after.batches, after.statements, after.quarantined));
    page.close().await;
}

async fn documents_are_the_exported_ones(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let run = stage.app.store.shown_run(stage.period).await.unwrap().unwrap();
    let payout = report::payout(&stage.app, stage.period, run.as_of).await.unwrap();
    for list in List::ALL {
        let mut pdf = Vec::new();
        write_list_pdf(list, Lang::Id, &payout.as_payout(), &mut pdf).unwrap();
        let got = page.get(&format!("/unduh/2026-10/{}.pdf", list.key())).await;
        assert_eq!((got.status, got.header("content-type")), (200, "application/pdf"));
        assert_eq!(got.header("content-disposition"), format!("attachment; filename=\"{}-2026-10.pdf\"", list.key()));
        assert!(got.bytes == pdf, "{list:?}");
        let mut book = Vec::new();
        write_list(list, Format::Xlsx, Lang::Id, &payout.as_payout(), &mut book).unwrap();
        let got = page.get(&format!("/unduh/2026-10/{}.xlsx", list.key())).await;
        assert!(got.status == 200 && got.bytes.starts_with(b"PK") && got.bytes.len().abs_diff(book.len()) < 64, "{list:?}");
    }
    page.close().await;
}

async fn the_bridge_leaves_nothing_over(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let alone = page.get("/keuangan/jembatan").await;
    assert!(alone.status == 200 && alone.body.contains("belum pernah dicocokkan"));
    let bridge = stage.app.store.bridge(stage.period, stage.period).await.unwrap();
    assert!(!bridge.is_empty() && bridge.iter().all(|unit| unit.residual() == 0 && unit.totals[0] == unit.totals[1]));
    let due: i64 = evaluated(&stage).await.verdicts.iter().filter_map(|verdict| verdict.expected).map(|sums| sums.net.0).sum();
    assert_eq!(bridge.iter().map(|unit| unit.totals[1]).sum::<i64>(), due);
    let nobody = stage.app.store.bridge(stage.period.offset(-1), stage.period).await.unwrap();
    assert_eq!(nobody.iter().map(|unit| unit.joined.1).sum::<i64>(), due);
    assert!(nobody.iter().all(|unit| unit.residual() == 0));

    // What the month still owes its eligible people is paid with the next one, in a line of its own.
    let next = stage.period.offset(1);
    reconcile::run_now(&stage.app, next, false, &mut |_| {}).await.unwrap();
    let owed: Vec<i64> = evaluated(&stage)
        .await
        .verdicts
        .iter()
        .filter(|verdict| verdict.standing == Standing::Layak)
        .filter_map(|verdict| Some(verdict.expected?.net.0 - verdict.paid.map_or(0, |paid| paid.net.0)))
        .filter(|owed| *owed != 0)
        .collect();
    let bridge = stage.app.store.bridge(stage.period, next).await.unwrap();
    let rapel = bridge.iter().fold((0, 0), |sum, unit| (sum.0 + unit.rapel[1].0, sum.1 + unit.rapel[1].1));
    assert!(!owed.is_empty() && rapel == (owed.len() as u64, owed.iter().sum()), "{rapel:?} {owed:?}");
    assert!(bridge.iter().all(|unit| unit.residual() == 0 && unit.rapel[0] == (0, 0)));
    let shown = page.get("/keuangan/jembatan?periode=2026-11").await.body;
    assert!(shown.contains("Rapel: kekurangan bulan sebelumnya") && shown.contains("tag-green\">cocok"), "{shown}");
    page.close().await;
}

async fn home_names_the_causes_that_came_and_went(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    assert!(!page.get("/").await.body.contains("Penyebab yang datang dan pergi"), "there is nothing before the first run");
    let sources = stage.app.store.sources(&SourceFilter::default(), stage.app.clock.now()).await.unwrap();
    for source in sources.iter().filter(|source| source.kind == Kind::Payment) {
        stage.app.store.withdraw(&source.batch, false).await.unwrap().unwrap();
    }
    stage.reconcile(&mut |_| {}).await.unwrap();
    let home = page.get("/").await.body;
    assert!(home.contains("Penyebab yang datang dan pergi"), "{home}");
    let gone = home
        .split("<span class=\"code\">AM01</span>")
        .skip(1)
        .any(|rest| rest.split("</tr>").next().is_some_and(|row| row.contains("hilang")));
    assert!(gone, "{home}");
    page.close().await;
}

async fn the_other_rooms_open(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let sync = page.get("/sinkronisasi").await;
    assert_eq!(sync.status, 200);
    for word in ["Tarikan terakhir", "selesai", "Karantina", "Jadwal", "Cadangan", "Lakukan", "per detik"] {
        assert!(sync.body.contains(word), "{word}");
    }
    let policy = page.get("/kebijakan").await;
    assert_eq!(policy.status, 200);
    let rules = stage.app.policy(stage.period).unwrap();
    for citation in rules.file.citations() {
        let source = citation.source.replace('\'', "&#39;").replace('&', "&#38;").replace("&#38;#39;", "&#39;");
        assert!(policy.body.contains(&source), "{source}");
    }
    assert!(policy.body.contains("BELUM diverifikasi") && policy.body.contains(&rules.sha256[..12]));
    for path in ["/", "/keuangan", "/sdm", "/sinkronisasi", "/kebijakan", "/keuangan/periksa-adk"] {
        let weight = page.get(path).await.bytes.len();
        assert!(weight < 150_000, "{path} {weight}");
    }
    page.close().await;
}

/// Words that are the same in both languages.
const SAME: &[&str] = &["Selaras", "Unit", "Rupiah", "BKN", "SDM", "verified", "true"];

#[test]
fn no_text_of_a_template_lacks_a_language() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/templates");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut text = std::fs::read_to_string(&path).unwrap();
        // Each text that is said goes through `layout.t(Indonesian, English)`, which asks for both.
        for (from, to) in [("{%", "%}"), ("{{", "}}"), ("<style", "</style>"), ("<", ">")] {
            while let Some(at) = text.find(from) {
                let end = at + text[at..].find(to).unwrap_or_else(|| panic!("{}: {from}", path.display())) + to.len();
                text.replace_range(at..end, " ");
            }
        }
        let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 1);
        let bare: Vec<&str> = words.filter(|word| !SAME.contains(word)).collect();
        assert!(bare.is_empty(), "{}: {bare:?}", path.display());
        seen += 1;
    }
    assert!(seen > 10);
}

async fn a_run_that_may_hold_no_longer_says_so(mut stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let rooms = ["/", "/keuangan", "/sdm", "/keuangan/periksa-adk"];
    for room in rooms {
        assert!(!page.get(room).await.body.contains("PERLU DICOCOKKAN ULANG"), "{room}");
    }
    page.close().await;
    let as_of = stage.app.store.shown_run(stage.period).await.unwrap().unwrap().as_of;
    assert!(!stage.app.store.has_changed_since(as_of).await.unwrap());
    assert!(stage.app.store.has_changed_since(as_of - TimeDelta::seconds(1)).await.unwrap());
    // Two days without a reconciliation: BKN's lists may be 36 hours old.
    stage.app.clock = Arc::new(ManualClock::at(as_of + TimeDelta::days(2)));
    let page = Page::open(&stage, Lang::Id).await;
    for room in rooms {
        let body = page.get(room).await.body;
        assert!(body.contains("PERLU DICOCOKKAN ULANG") && !body.contains("data wajib lengkap"), "{room}");
    }
    assert!(page.get("/").await.body.contains("Tarik data dan cocokkan ulang"));
    page.close().await;
}
