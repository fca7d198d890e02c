//! `/kebijakan/banding` and `/kebijakan/andai` over real HTTP: what is sent is looked at and forgotten, one what-if is
//! worked at a time, and everybody sees what their roles and units show.

use super::visitor::{BUDI, Browser, House, SITI, office, user};
use super::{Answer, Page};
use crate::support::{Bench, on_both_engines};
use selaras::app::demo::Stage;
use selaras::domain::access::Role;
use selaras::domain::text::Lang;
use std::path::Path;

on_both_engines![roles_and_units_see_what_is_theirs, wrong_files_are_told_why_and_nothing_is_kept];

/// On the demo ministry of either engine.
mod demo {
    use super::two_policies_are_compared_and_tried;

    on_both_stores!(two_policies_are_compared_and_tried,);
}

fn example() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy/contoh-kemenko-infra.toml")).unwrap()
}

/// Another tariff, a later band, and a rule that somebody has verified.
pub fn changed() -> String {
    [
        ("\"8\" = 4595150", "\"8\" = 4600000"),
        ("to_minute = 31, percent = \"0.5\"", "to_minute = 31, percent = \"0.75\""),
        ("id = \"kemenko-infra-2025-draft\"", "id = \"calon-2027\""),
    ]
    .into_iter()
    .fold(example(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// A form with fields and a file.
pub(super) fn multipart(fields: &[(&str, &str)], file: Option<(&str, &str)>) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--grenze\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    if let Some((name, content)) = file {
        body.push_str(&format!(
            "--grenze\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"{name}\"\r\nContent-Type: application/toml\r\n\r\n{content}\r\n"
        ));
    }
    body + "--grenze--\r\n"
}

pub(super) const KIND: (&str, &str) = ("Content-Type", "multipart/form-data; boundary=grenze");

/// Sends a form from the stage's page.
pub async fn sent(page: &Page, path: &str, fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Answer {
    let form = page.get(path).await;
    let csrf = form.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    let all: Vec<(&str, &str)> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
    let body = multipart(&all, file);
    let (at, cookie) = (&page.address, &page.cookie);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\nOrigin: http://{at}\r\n{}: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        KIND.0,
        KIND.1,
        body.len()
    );
    page.exchange(request.into_bytes()).await
}

async fn two_policies_are_compared_and_tried(stage: Stage) {
    let page = Page::open(&stage, Lang::Id).await;
    let id = stage.app.policy(stage.period).unwrap().id().to_owned();
    let same = page.get(&format!("/kebijakan/banding?kiri={id}&kanan={id}")).await;
    assert!(same.status == 200 && same.body.contains("Keduanya menulis hal yang sama"), "{}", same.body);
    let before = page.get("/").await.body;

    let compared = sent(&page, "/kebijakan/banding", &[("kiri", &id)], Some(("calon.toml", &changed()))).await;
    assert_eq!(compared.status, 200, "{}", compared.body);
    for says in ["Tukin per kelas jabatan", "Rp4.595.150", "Rp4.600.000", "diubah", "0.75", "TM1", "BELUM diverifikasi", "calon-2027"] {
        assert!(compared.body.contains(says), "{says}\n{}", compared.body);
    }

    let months = [("dari", "2026-10"), ("sampai", "2026-10")];
    let begun = sent(&page, "/kebijakan/andai", &months, Some(("calon.toml", &changed()))).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let link = begun.header("location").to_owned();
    let found = page.get(&link).await;
    assert_eq!(found.status, 200);
    for says in ["Oktober 2026", "Tidak ada yang disimpan", "Menurut putusan", "Unit yang berubah", "Orang yang paling berubah", "UJI COBA"]
    {
        assert!(found.body.contains(says), "{says}\n{}", found.body);
    }
    assert!(page.get(&format!("{link}&bahasa=en")).await.body.contains("People who move most"));
    // The policy in force, tried on itself, moves nobody.
    let nothing = sent(&page, "/kebijakan/andai", &[("kebijakan", &id), months[0], months[1]], None).await;
    let nothing = page.get(nothing.header("location")).await;
    assert!(nothing.body.contains("<strong>0</strong> orang berubah") && !nothing.body.contains("Unit yang berubah"), "{}", nothing.body);
    assert_eq!(page.get("/").await.body, before, "nothing has changed by it");
    page.close().await;
}

async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)], file: Option<(&str, &str)>) -> super::visitor::Answer {
    let csrf = browser.csrf().await;
    let all: Vec<(&str, &str)> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
    browser.send("POST", path, &[KIND, ("Sec-Fetch-Site", "same-origin")], &multipart(&all, file)).await
}

const MONTH: [(&str, &str); 2] = [("dari", "2026-10"), ("sampai", "2026-10")];

async fn roles_and_units_see_what_is_theirs(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "uang", &[Role::Keuangan], &["U1"]).await;
    user(&app, "periksa", &[Role::Auditor], &[]).await;
    let house = House::open(&app).await;
    let mut results = Vec::new();
    for who in ["uang", "admin", "periksa"] {
        let mut browser = house.signed_in(who).await;
        // Without a tariff for their class, both are held.
        let without = changed().replacen("\"8\" = 4600000\n", "", 1);
        let begun = post(&mut browser, "/kebijakan/andai", &MONTH, Some(("calon.toml", &without))).await;
        assert_eq!(begun.status, 303, "{who}: {}", begun.body);
        let link = begun.header("location").to_owned();
        let found = browser.get(&link).await;
        assert_eq!(found.status, 200, "{who}: {}", found.body);
        results.push((browser, link, found.body));
    }
    let [(uang, _, unit), (admin, of_admin, sums), (_, _, covered)] = &mut results[..] else { panic!() };
    assert!(unit.contains("Hanya orang di unit Anda") && unit.contains(BUDI) && unit.contains("BUDI SANTOSO"), "{unit}");
    assert!(!unit.contains(SITI) && !unit.contains("SITI AMINAH") && !unit.contains("U2"), "{unit}");
    assert!(
        sums.contains("Unit yang berubah") && !sums.contains("BUDI") && !sums.contains(BUDI),
        "who may not see people sees sums: {sums}"
    );
    assert!(covered.contains("BUDI SANTOSO") && covered.contains("SITI AMINAH") && !covered.contains(BUDI), "{covered}");
    assert_eq!(uang.get(of_admin).await.status, 404, "somebody else's result");
    assert_eq!(admin.get(of_admin).await.status, 200);
    house.close().await;
}

async fn wrong_files_are_told_why_and_nothing_is_kept(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    let house = House::open(&app).await;
    let mut admin = house.signed_in("admin").await;
    let id = app.policy("2026-10".parse().unwrap()).unwrap().id().to_owned();
    let (lists, year) = ("holidays_file = \"national-holidays-2026.toml\"", "2026.toml");
    let outside = example().replace(lists, "holidays_file = \"../../Cargo.toml\"");
    let absolute = example().replace(lists, "holidays_file = \"/etc/passwd\"");
    let missing = example().replace(lists, "holidays_file = \"tidak-ada.toml\"");
    let huge = format!("# {}\n{}", "x".repeat(600_000), example());
    for (file, text, status, says) in [
        ("salah.toml", "ini bukan toml", 422, "salah.toml, baris 1"),
        ("<b>.toml", "x = 1", 422, "&#60;b&#62;.toml"),
        ("luar.toml", outside.as_str(), 422, "write the name of a file in the policy folder"),
        ("luar.toml", absolute.as_str(), 422, "write the name of a file in the policy folder"),
        ("hilang.toml", missing.as_str(), 422, "tidak-ada.toml"),
        ("besar.toml", huge.as_str(), 400, "lebih dari 512 kB"),
    ] {
        for (path, fields) in [("/kebijakan/banding", vec![("kiri", id.as_str())]), ("/kebijakan/andai", MONTH.to_vec())] {
            let answer = post(&mut admin, path, &fields, Some((file, text))).await;
            assert_eq!(answer.status, status, "{path} {file}: {}", answer.body);
            assert!(answer.body.contains(says), "{path} {file}: {}", answer.body);
            assert!(!answer.body.contains("config/policy") && !answer.body.contains("root:"), "{path} {file} tells where the folder is");
        }
    }
    for (fields, status, says) in [
        (vec![("kebijakan", id.as_str())], 400, "Pilih bulan pertama"),
        (vec![("kebijakan", id.as_str()), ("dari", "2026-10"), ("sampai", "2026-09")], 400, "mendahului"),
        (vec![("kebijakan", id.as_str()), ("dari", "2020-01"), ("sampai", "2026-09")], 400, "Paling banyak 36 bulan"),
        (vec![("kebijakan", "lain"), MONTH[0], MONTH[1]], 400, "Pilih kebijakan dari daftar"),
    ] {
        let answer = post(&mut admin, "/kebijakan/andai", &fields, None).await;
        assert!(answer.status == status && answer.body.contains(says), "{says}: {} {}", answer.status, answer.body);
    }
    // A month without a roster, and one of a year without a list of holidays.
    for (month, says) in [("2026-03", "belum ada daftar pegawai untuk 2026-03"), ("2025-11", year)] {
        let begun = post(&mut admin, "/kebijakan/andai", &[("kebijakan", &id), ("dari", month), ("sampai", month)], None).await;
        let found = admin.get(begun.header("location")).await;
        assert!(found.status == 422 && (found.body.contains(says) || found.body.contains("tidak tercakup")), "{month}: {}", found.body);
    }
    assert_eq!(admin.get(&format!("/kebijakan/banding?kiri={id}&kanan=lain")).await.status, 200);
    assert_eq!(admin.get("/kebijakan/andai/0123").await.status, 404);
    let folder: Vec<_> = std::fs::read_dir(&app.config.policy.dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(folder.iter().all(|name| !name.to_string_lossy().contains("calon") && !name.to_string_lossy().contains("salah")), "{folder:?}");
    house.close().await;
}
