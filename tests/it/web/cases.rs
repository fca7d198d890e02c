//! Cases over real HTTP: an HR officer's day, what a wrong, stale, repeated or foreign form does, and what a waiver does
//! to a verdict.

use super::visitor::{Answer, BUDI, Browser, House, SITI, office, user};
use super::{evaluated, stage_on};
use crate::support::Bench;
use crate::support::on_both_engines;
use crate::support::postgres::fresh_database;
use selaras::app::demo::Stage;
use selaras::app::{reconcile, report};
use selaras::domain::Severity;
use selaras::domain::access::Role;
use selaras::domain::text::Lang;
use selaras::domain::verdict::{Standing, Verdict};
use selaras::export::{Format, List, What, write_document, write_explanation, write_list};
use std::collections::BTreeSet;

on_both_engines![an_officers_day_without_javascript, forms_that_are_wrong_or_foreign_change_nothing];

fn links(answer: &Answer, beginning: &str) -> Vec<String> {
    let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.filter(|link| link.starts_with(beginning)).map(|link| link.replace("&#38;", "&")).collect()
}

/// The values of all fields of that name.
fn values(answer: &Answer, name: &str) -> Vec<String> {
    let start = format!("name=\"{name}\" value=\"");
    answer.body.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

async fn group(browser: &mut Browser<'_>, query: &str) -> (String, Answer) {
    let inbox = browser.get(&format!("/sdm?periode=2026-10{query}")).await;
    assert_eq!(inbox.status, 200, "{}", inbox.body);
    let link = links(&inbox, "/sdm/kelompok").into_iter().next().unwrap_or_else(|| panic!("no group: {}", inbox.body));
    let page = browser.get(&link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (link, page)
}

/// Sends the form of a page of a case.
async fn deed(browser: &mut Browser<'_>, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let (csrf, version, evidence) = (page.hidden("csrf"), page.hidden("versi"), page.hidden("bukti"));
    let mut all = vec![("csrf", csrf.as_str()), ("versi", version.as_str()), ("bukti", evidence.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

const WAIVER: [(&str, &str); 4] =
    [("laku", "minta"), ("alasan", "Surat <b>menyusul</b>"), ("dokumen", "ND-12/2026"), ("sampai", "2026-12-31")];

async fn an_officers_day_without_javascript(bench: Bench) {
    let app = office(&bench).await;
    for (name, role) in
        [("admin", Role::Sysadmin), ("sri", Role::Sdm), ("tono", Role::Sdm), ("uang", Role::Keuangan), ("audit", Role::Auditor)]
    {
        user(&app, name, &[role], &[]).await;
    }
    let house = House::open(&app).await;
    let mut sri = house.signed_in("sri").await;

    // Finds a group, picks everybody of it, and gives them to herself.
    let (link, page) = group(&mut sri, "&saring=belum-ditugaskan").await;
    assert_eq!(page.hidden("csrf").len(), 64);
    let rows = values(&page, "baris");
    assert_eq!(rows.len(), 2, "{}", page.body);
    let csrf = page.hidden("csrf");
    let mut form = vec![("csrf", csrf.as_str()), ("semua", "1"), ("laku", "tugaskan"), ("petugas", "sri")];
    form.extend(rows.iter().map(|row| ("baris", row.as_str())));
    let done = sri.post(&link, &form).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let after = sri.get(done.header("location")).await;
    assert!(after.body.contains("Petugas dicatat") && after.status == 200, "{}", after.body);
    // The second click says what happened and changes nothing.
    let again = sri.post(&link, &form).await;
    assert!(again.status == 409 && again.body.contains("sudah berubah sejak halaman dibuka"), "{} {}", again.status, again.body);
    let mine = sri.get("/sdm?periode=2026-10&saring=milik-saya").await;
    assert!(!links(&mine, "/sdm/kelompok").is_empty());
    let mut tono = house.signed_in("tono").await;
    let not_his = tono.get("/sdm?periode=2026-10&saring=milik-saya").await;
    assert!(links(&not_his, "/sdm/kelompok").is_empty());

    // Opens one case, comments, sets a deadline, asks for a waiver.
    let (_, page) = group(&mut sri, "&saring=milik-saya").await;
    let path = links(&page, "/sdm/kasus/").into_iter().next().unwrap();
    let case = sri.get(&path).await;
    assert!(case.status == 200 && case.body.contains("Ditugaskan kepada sri."), "{}", case.body);
    assert_eq!(deed(&mut sri, &case, &path, &[("laku", "komentar"), ("komentar", "sudah <i>ditelepon</i>")]).await.status, 303);
    let case = sri.get(&path).await;
    assert!(case.body.contains("sudah &#60;i&#62;ditelepon&#60;/i&#62;"));
    assert_eq!(deed(&mut sri, &case, &path, &[("laku", "batas"), ("batas", "2026-11-20")]).await.status, 303);
    let case = sri.get(&path).await;
    assert!(case.body.contains("20 November 2026"));
    let asked = deed(&mut sri, &case, &path, &WAIVER).await;
    assert_eq!(asked.status, 303, "{}", asked.body);

    // Never her own: the page does not offer it, and a form of her own making is refused.
    let case = sri.get(&path).await;
    assert!(case.body.contains("Pengesampingan menunggu persetujuan") && !case.body.contains("value=\"setujui\""));
    let own = deed(&mut sri, &case, &path, &[("laku", "setujui")]).await;
    assert!(own.status == 403 && own.body.contains("harus diputuskan orang lain"), "{}", own.body);

    // Somebody else finds what waits for them, and approves it.
    assert!(links(&sri.get("/sdm?periode=2026-10&saring=menunggu-persetujuan-saya").await, "/sdm/kelompok").is_empty());
    let (_, waiting) = group(&mut tono, "&saring=menunggu-persetujuan-saya").await;
    assert_eq!(links(&waiting, "/sdm/kasus/").len(), 1, "{}", waiting.body);
    let case = tono.get(&path).await;
    assert!(case.body.contains("value=\"setujui\"") && case.body.contains("Surat &#60;b&#62;menyusul"), "{}", case.body);
    assert_eq!(deed(&mut tono, &case, &path, &[("laku", "setujui")]).await.status, 303);
    let case = tono.get(&path).await;
    assert!(case.body.contains("Pengesampingan disetujui: dokumen ND-12/2026."), "{}", case.body);
    // In English, too.
    let english = tono.get(&format!("{path}&bahasa=en")).await;
    assert!(english.body.contains("The waiver was approved: document ND-12/2026.") && english.body.contains("Given to sri."));

    // Keuangan and auditor see it and have nothing to press; the auditor no NIP.
    for (who, sees) in [("uang", true), ("audit", false)] {
        let mut reader = house.signed_in(who).await;
        let mut path = path.clone();
        if !sees {
            // From the true id the NIP could be found by trying: the auditor is given another name, and does not come in by it.
            assert_eq!(reader.get(&path).await.status, 404);
            let (_, page) = group(&mut reader, "").await;
            for link in links(&page, "/sdm/kasus/") {
                assert!(link.contains("/~"), "{link}");
                if reader.get(&link).await.body.contains("ND-12/2026") {
                    path = link;
                }
            }
        }
        let case = reader.get(&path).await;
        assert!(case.status == 200 && !case.body.contains("name=\"versi\"") && case.body.contains("ND-12/2026"), "{who}");
        assert_eq!(case.body.contains(BUDI) || case.body.contains(SITI), sees, "{who}");
        let csrf = reader.csrf().await;
        assert_eq!(reader.post(&path, &[("csrf", &csrf), ("laku", "komentar"), ("komentar", "x")]).await.status, 403);
    }
    let actions: BTreeSet<String> = house.log().await.into_iter().map(|(action, ..)| action).collect();
    for action in ["case_assigned", "case_commented", "case_deadline_set", "waiver_asked", "waiver_approved"] {
        assert!(actions.contains(action), "{actions:?}");
    }
    house.close().await;
}

async fn forms_that_are_wrong_or_foreign_change_nothing(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Sdm], &[]).await;
    user(&app, "dua", &[Role::Sdm], &["U2"]).await;
    user(&app, "uang", &[Role::Keuangan], &[]).await;
    let house = House::open(&app).await;
    let mut sri = house.signed_in("sri").await;
    let (link, page) = group(&mut sri, "").await;
    let rows = values(&page, "baris");
    let csrf = page.hidden("csrf");
    let path_of = |nip: &str| {
        // Before the first row stands the reminder, which names everybody.
        let row = page.body.split("<tr>").skip(1).find(|row| row.contains(nip)).unwrap();
        row.split("href=\"").find(|rest| rest.starts_with("/sdm/kasus/")).unwrap().split('"').next().unwrap().replace("&#38;", "&")
    };
    let (of_budi, of_siti) = (path_of(BUDI), path_of(SITI));
    let before = app.store.audit_lines(None, 500).await.unwrap().iter().filter(|line| line.action.starts_with("case_")).count();
    let empty = |fields: &[(&'static str, &'static str)]| {
        let mut form = vec![("csrf", csrf.clone())];
        form.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        form
    };
    let far = "x".repeat(2_001);
    for (mut form, pick, status, says) in [
        (empty(&[("laku", "tugaskan"), ("petugas", "sri")]), false, 422, "Pilih dahulu pegawainya"),
        (empty(&[]), true, 422, "Pilih dahulu apa yang akan dilakukan"),
        (empty(&[("laku", "hapus")]), true, 422, "Pilih dahulu apa yang akan dilakukan"),
        (empty(&[("laku", "komentar"), ("komentar", "  ")]), true, 422, "Tulis komentarnya"),
        (empty(&[("laku", "batas"), ("batas", "2026-10-01")]), true, 422, "sudah lewat"),
        (empty(&[("laku", "batas"), ("batas", "besok")]), true, 422, "Isi tanggal"),
        (empty(&[("laku", "minta"), ("alasan", "x"), ("sampai", "2026-12-31")]), true, 422, "nomor dokumen"),
        (empty(&[("laku", "minta"), ("alasan", "x"), ("dokumen", "ND"), ("sampai", "")]), true, 422, "Isi tanggal"),
        (empty(&[("laku", "tugaskan"), ("petugas", "uang")]), true, 409, "tidak dapat mengerjakan"),
        (empty(&[("laku", "tugaskan"), ("petugas", "<script>")]), true, 409, "tidak dapat mengerjakan"),
        (empty(&[("laku", "tarik")]), true, 409, "Tidak ada pengesampingan"),
        (empty(&[("laku", "komentar"), ("komentar", "x"), ("pilih", "0123456789abcdef.00")]), false, 404, "tidak dikenal"),
        (empty(&[("laku", "komentar"), ("komentar", "x"), ("pilih", "..")]), false, 404, "tidak dikenal"),
        (vec![("csrf", csrf.clone()), ("laku", "komentar".into()), ("komentar", far)], true, 422, "Paling banyak"),
        (vec![("csrf", "0".repeat(64)), ("laku", "komentar".into()), ("komentar", "x".into())], true, 403, "kedaluwarsa"),
    ] {
        if pick {
            form.push(("pilih", rows[0].clone()));
        }
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = sri.post(&link, &fields).await;
        assert!(answer.status == status && answer.body.contains(says), "{says}: {} {}", answer.status, answer.body);
        assert!(!answer.body.contains("<script>"), "{says}");
    }
    // Another unit's case is no case, and its people cannot be picked.
    let mut dua = house.signed_in("dua").await;
    assert_eq!((dua.get(&of_budi).await.status, dua.get(&of_siti).await.status), (404, 200));
    let csrf_of_dua = dua.csrf().await;
    let form = [("csrf", csrf_of_dua.as_str()), ("versi", "0"), ("bukti", ""), ("laku", "komentar"), ("komentar", "x")];
    assert_eq!(dua.post(&of_budi, &form).await.status, 404);
    for row in &rows {
        let answer = dua.post(&link, &[("csrf", &csrf_of_dua), ("pilih", row), ("laku", "komentar"), ("komentar", "x")]).await;
        let expected = if answer.status == 303 { 303 } else { 404 };
        assert_eq!(answer.status, expected);
    }
    for wrong in
        ["/sdm/kasus/2026-10/x", "/sdm/kasus/oktober/0123456789abcdef0123", "/sdm/kasus/2026-10/0123456789abcdef0123", "/sdm?saring=x"]
    {
        let answer = sri.get(wrong).await;
        assert_eq!(answer.status, if wrong.contains("saring") { 400 } else { 404 }, "{wrong}");
    }
    // A case's own form: half of it, an old one, what was typed comes back.
    let case = sri.get(&of_budi).await;
    let csrf = case.hidden("csrf");
    assert_eq!(sri.post(&of_budi, &[("csrf", &csrf), ("laku", "komentar"), ("komentar", "x")]).await.status, 400);
    let kept =
        deed(&mut sri, &case, &of_budi, &[("laku", "minta"), ("alasan", "karena \"itu\""), ("dokumen", "ND-1"), ("sampai", "2026-01-01")])
            .await;
    assert!(kept.status == 422 && kept.body.contains("karena &#34;itu&#34;") && kept.body.contains("value=\"ND-1\""), "{}", kept.body);
    assert_eq!(deed(&mut sri, &case, &of_budi, &[("laku", "komentar"), ("komentar", "satu")]).await.status, 303);
    let stale = deed(&mut sri, &case, &of_budi, &[("laku", "komentar"), ("komentar", "dua")]).await;
    assert!(stale.status == 409 && stale.body.contains("sudah berubah sejak halaman dibuka") && stale.body.contains("satu"));
    let worked = app.store.audit_lines(None, 500).await.unwrap().iter().filter(|line| line.action.starts_with("case_")).count();
    assert_eq!(worked - before, 2, "one by dua about her own unit, one by sri");
    house.close().await;
}

async fn waiver_on(url: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage_on(folder.path(), url).await;
    a_waiver_lifts_just_what_it_excuses(stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiver_lifts_what_it_excuses_on_sqlite() {
    waiver_on(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiver_lifts_what_it_excuses_on_postgres() {
    waiver_on(Some(&fresh_database().await)).await;
}

fn blocks(verdict: &Verdict) -> usize {
    verdict.findings.iter().filter(|finding| finding.severity == Severity::Block).count()
}

/// Everything about the period as every way tells it: incremental, whole, from the store, evaluated again.
async fn told(stage: &Stage) -> Vec<Verdict> {
    let as_of = stage.app.clock.now();
    let incremental = reconcile::run_now(&stage.app, stage.period, false, &mut |_| {}).await.unwrap();
    assert!(incremental.looked_at.is_some(), "a waiver makes nobody look at everybody");
    let stored = report::stored(&stage.app, stage.period).await.unwrap();
    let full = reconcile::run_now(&stage.app, stage.period, true, &mut |_| {}).await.unwrap();
    assert!(!full.saved.changed, "looking at everybody comes to the same");
    assert_eq!(full.overview.totals, incremental.overview.totals);
    assert_eq!((full.overview.codes, full.overview.waived), (incremental.overview.codes, incremental.overview.waived));
    let again = report::of(&stage.app, stage.period, as_of).await.unwrap();
    assert_eq!(again.verdicts, stored.verdicts);
    assert_eq!(
        again.findings.iter().map(|row| row.status).collect::<Vec<_>>(),
        stored.findings.iter().map(|row| row.status).collect::<Vec<_>>()
    );
    again.verdicts
}

async fn a_waiver_lifts_just_what_it_excuses(stage: Stage) {
    let app = &stage.app;
    for (name, role) in [("admin", Role::Sysadmin), ("sri", Role::Sdm), ("tono", Role::Sdm)] {
        user(app, name, &[role], &[]).await;
    }
    let before = evaluated(&stage).await.verdicts;
    let held = |verdict: &&Verdict| verdict.standing == Standing::Tertahan && blocks(verdict) == 1 && verdict.unknown.is_empty();
    let payable = before.iter().filter(held).find(|verdict| verdict.expected.is_some()).expect("somebody held by one finding");
    let uncomputable =
        before.iter().filter(held).find(|verdict| verdict.expected.is_none()).expect("somebody whose amount cannot be computed");
    let unknown = before.iter().find(|verdict| !verdict.unknown.is_empty() && blocks(verdict) > 0);
    let house = House::open(app).await;
    let (mut sri, mut tono) = (house.signed_in("sri").await, house.signed_in("tono").await);
    for verdict in [Some(payable), Some(uncomputable), unknown].into_iter().flatten() {
        for finding in verdict.findings.iter().filter(|finding| finding.severity == Severity::Block) {
            let path = format!("/sdm/kasus/{}/{}", stage.period, finding.id);
            let page = sri.get(&path).await;
            let asked = deed(&mut sri, &page, &path, &WAIVER).await;
            assert_eq!(asked.status, 303, "{}", asked.body);
        }
    }
    let of = |verdicts: &[Verdict], one: &Verdict| verdicts.iter().find(|verdict| verdict.nip == one.nip).unwrap().clone();
    assert_eq!(told(&stage).await, before, "what nobody has approved excuses nothing");
    for verdict in [Some(payable), Some(uncomputable), unknown].into_iter().flatten() {
        for finding in verdict.findings.iter().filter(|finding| finding.severity == Severity::Block) {
            let path = format!("/sdm/kasus/{}/{}", stage.period, finding.id);
            let page = tono.get(&path).await;
            assert_eq!(deed(&mut tono, &page, &path, &[("laku", "setujui")]).await.status, 303);
        }
    }
    let after = told(&stage).await;
    let lifted = of(&after, payable);
    assert_eq!((lifted.standing, lifted.expected, lifted.waived().count()), (Standing::Layak, payable.expected, 1));
    let holding = of(&after, uncomputable);
    assert_eq!(holding.standing, Standing::Tertahan, "what cannot be computed is not paid");
    assert_eq!(holding.waived().count(), 0, "what holds somebody is not called waived");
    let finding = uncomputable.findings.iter().find(|finding| finding.severity == Severity::Block).unwrap();
    let page = sri.get(&format!("/sdm/kasus/{}/{}", stage.period, finding.id)).await;
    assert!(page.body.contains("BELUM BERLAKU") && !page.body.contains("BUKTI BERUBAH"), "{}", page.body);
    let page = sri.get(&format!("/pegawai/{}", uncomputable.nip)).await;
    assert!(!page.body.contains("Dikesampingkan:") && !page.body.contains("Temuan dikesampingkan"), "{}", page.body);
    if let Some(unknown) = unknown {
        assert_ne!(of(&after, unknown).standing, Standing::Layak, "unknown never becomes layak");
    }
    // Nobody else's verdict has moved.
    let touched: BTreeSet<_> = [Some(payable), Some(uncomputable), unknown].into_iter().flatten().map(|verdict| verdict.nip).collect();
    for verdict in before.iter().filter(|verdict| !touched.contains(&verdict.nip)) {
        assert_eq!(of(&after, verdict), *verdict);
    }
    // Every page and document says on what it rests.
    let code = payable.findings.iter().find(|finding| finding.severity == Severity::Block).unwrap().code;
    let said = format!("Dikesampingkan: {code} (ND-12/2026, sampai 31 Desember 2026).");
    let page = sri.get(&format!("/pegawai/{}", payable.nip)).await;
    assert!(page.body.contains(&said) && page.body.contains("dokumen ND-12/2026, sampai 31 Desember 2026"), "{}", page.body);
    assert!(page.body.contains("Temuan dikesampingkan"), "the derivation has a step");
    let list = sri.get(&format!("/keuangan?cari={}", payable.nip)).await;
    assert!(list.body.contains(&format!("dikesampingkan: {code}")), "{}", list.body);
    for room in ["/", "/keuangan", "/sdm"] {
        assert!(sri.get(room).await.body.contains("temuan dikesampingkan dengan dokumen"), "{room}");
    }
    let waived = sri.get("/sdm?saring=dikesampingkan").await;
    assert!(links(&waived, "/sdm/kelompok").iter().any(|link| link.contains(code.code())), "{}", waived.body);
    let report = report::of(app, stage.period, app.clock.now()).await.unwrap();
    let document = |what, format| {
        let mut out = Vec::new();
        write_document(what, format, Lang::Id, &report.as_export(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let verdicts: serde_json::Value = serde_json::from_str(&document(What::Verdicts, Format::Json)).unwrap();
    let row = verdicts["rows"].as_array().unwrap().iter().find(|row| row["nip"] == payable.nip.as_str()).unwrap();
    assert_eq!((row["verdict"].as_str(), &row["waived"]), (Some("layak"), &serde_json::json!([code.code()])));
    assert!(verdicts["rows"].as_array().unwrap().iter().filter(|row| !row["waived"].is_null()).count() <= 3, "only where there is one");
    let findings: serde_json::Value = serde_json::from_str(&document(What::Findings, Format::Json)).unwrap();
    let waived = findings["rows"].as_array().unwrap().iter().filter(|row| row["status"] == "waived").count();
    assert!(waived >= 1);
    let holding =
        findings["rows"].as_array().unwrap().iter().filter(|row| row["nip"] == uncomputable.nip.as_str() && row["severity"] == "block");
    assert!(holding.clone().count() > 0 && holding.clone().all(|row| row["status"] == "persisting"), "what holds somebody is open");
    let (header, explained) = report::one(app, stage.period, payable.nip, app.clock.now()).await.unwrap();
    let mut explanation = Vec::new();
    write_explanation(Format::Text, Lang::Id, &header, &explained, &mut explanation).unwrap();
    for what in [document(What::Verdicts, Format::Csv), String::from_utf8(explanation).unwrap()] {
        assert!(what.contains("ND-12/2026"), "{what}");
    }

    a_file_is_excused(&stage, &mut sri, &mut tono).await;

    // It is taken back: held again, by each way.
    let finding = payable.findings.iter().find(|finding| finding.severity == Severity::Block).unwrap();
    let path = format!("/sdm/kasus/{}/{}", stage.period, finding.id);
    let page = sri.get(&path).await;
    assert_eq!(deed(&mut sri, &page, &path, &[("laku", "tarik")]).await.status, 303);
    assert_eq!(of(&told(&stage).await, payable), *payable);
    house.close().await;
}

/// A finding about a whole file is excused like one about a person: two people, one hash of its evidence, and open again
/// once it is taken back.
async fn a_file_is_excused(stage: &Stage, sri: &mut Browser<'_>, tono: &mut Browser<'_>) {
    let of_file = async || {
        let rows = report::stored(&stage.app, stage.period).await.unwrap().findings;
        let row = rows.into_iter().find(|row| row.finding.nip.is_none()).expect("a finding about a file");
        (row.finding, row.status)
    };
    let (finding, status) = of_file().await;
    assert!(status.is_open());
    let open = async || -> u64 { stage.app.store.open_findings(stage.period).await.unwrap().iter().map(|(.., count)| count).sum() };
    let called = async || -> u64 {
        let mut out = Vec::new();
        let told = report::payout(&stage.app, stage.period, stage.app.clock.now()).await.unwrap();
        write_list(List::Calllist, Format::Json, Lang::Id, &told.as_payout(), &mut out).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let rows = list["rows"].as_array().unwrap().iter().filter(|row| row["by"] == "cause" && row["key"] == finding.code.code());
        rows.map(|row| row["findings"].as_u64().unwrap()).sum()
    };
    let (before, calls) = (open().await, called().await);
    let path = format!("/sdm/kasus/{}/{}", stage.period, finding.id);
    let page = sri.get(&path).await;
    assert_eq!(deed(sri, &page, &path, &WAIVER).await.status, 303);
    let view = "/sdm?saring=menunggu-persetujuan-saya";
    assert!(tono.get(view).await.body.contains(&finding.id), "whoever has to decide finds it");
    assert!(!sri.get(view).await.body.contains(&finding.id));
    let page = sri.get(&path).await;
    assert_eq!(deed(sri, &page, &path, &[("laku", "setujui")]).await.status, 403, "never one's own");
    let page = tono.get(&path).await;
    assert_eq!(deed(tono, &page, &path, &[("laku", "setujui")]).await.status, 303);
    assert_eq!(open().await, before, "only a reconciliation excuses");
    let waived = async || reconcile::run_now(&stage.app, stage.period, false, &mut |_| {}).await.unwrap().overview.waived;
    let excused = waived().await;
    told(stage).await;
    assert_eq!((of_file().await.1.key(), open().await), ("waived", before - 1));
    assert!(sri.get("/sdm?saring=dikesampingkan").await.body.contains(&finding.id));
    let list = sri.get("/sdm").await;
    assert!(list.body.contains("dokumen ND-12/2026, sampai 31 Desember 2026"), "{}", list.body);
    assert!(sri.get(&path).await.body.contains("Dikesampingkan"));
    let hangs = u64::from(finding.severity == Severity::Block);
    assert_eq!(called().await, calls - hangs, "nobody has to be called about it");
    // It is taken back.
    let page = tono.get(&path).await;
    assert_eq!(deed(tono, &page, &path, &[("laku", "tarik")]).await.status, 303);
    assert_eq!(waived().await, excused - 1);
    assert!(of_file().await.1.is_open());
    assert_eq!(open().await, before);
}
