//! A policy file that somebody sends with a form, to be looked at and forgotten.

use crate::domain::text::Lang;
use crate::policy::{Policy, PolicyError};
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request};
use std::collections::BTreeMap;
use std::path::Path;

/// The whole form; a policy file has some 20 kB.
pub(in crate::web) const LARGEST: usize = 512 * 1024;
/// Problems that are named at once.
const NAMED: usize = 40;

/// What was sent.
#[derive(Default)]
pub(super) struct Sent {
    fields: BTreeMap<String, String>,
    /// Name and bytes of the file.
    pub(super) file: Option<(String, Vec<u8>)>,
}

impl Sent {
    /// Reads a form; an empty one when it is none, `Err` when it did not come whole.
    pub(super) async fn read(request: Request) -> Result<Self, ()> {
        let mut sent = Self::default();
        let Ok(mut form) = Multipart::from_request(request, &()).await else { return Ok(sent) };
        while let Some(field) = form.next_field().await.map_err(|_| ())? {
            let name = field.name().unwrap_or_default().to_owned();
            let file =
                field.file_name().map(|file| file.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(120).collect::<String>());
            let bytes = field.bytes().await.map_err(|_| ())?;
            match file {
                Some(file) if name == "berkas" && !file.is_empty() => sent.file = Some((file, bytes.to_vec())),
                Some(_) => {}
                None => {
                    sent.fields.insert(name, String::from_utf8_lossy(&bytes).trim().to_owned());
                }
            }
        }
        Ok(sent)
    }

    /// A field; empty when it was not sent.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The policy of the file with its text, or what is wrong with it, line by line; `None`: no file was sent.
    pub(super) fn policy(&self, folder: &Path, lang: Lang) -> Option<Result<(Policy, String), Vec<String>>> {
        self.file.as_ref().map(|(name, bytes)| sent(name, bytes, folder, lang))
    }
}

/// The policy of a file with its text, or what is wrong with it, line by line.
pub(in crate::web) fn sent(name: &str, bytes: &[u8], folder: &Path, lang: Lang) -> Result<(Policy, String), Vec<String>> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let sentence = lang.pick("bukan teks UTF-8: kirim berkas kebijakan (.toml)", "not UTF-8 text: send a policy file (.toml)");
        return Err(vec![format!("{name}: {sentence}")]);
    };
    let policy = Policy::of_text(Path::new(name), text, folder);
    policy.map(|policy| (policy, text.to_owned())).map_err(|error| wrong(name, &error, lang))
}

fn wrong(name: &str, error: &PolicyError, lang: Lang) -> Vec<String> {
    let problems = error.problems();
    if problems.is_empty() {
        return vec![error.sentence(lang)];
    }
    let mut lines: Vec<String> = problems.iter().take(NAMED).map(|problem| format!("{name}: {}", problem.sentence(lang))).collect();
    if problems.len() > NAMED {
        lines.push(format!("… ({} {})", problems.len() - NAMED, lang.pick("masalah lain", "more problems")));
    }
    lines
}

/// What is said of a form that did not come whole.
pub(super) fn too_large(lang: Lang) -> String {
    lang.pick(
        "Berkas tidak diterima utuh: lebih dari 512 kB atau sambungan terputus. Tidak ada yang disimpan; ulangi bila perlu.",
        "The file did not come whole: more than 512 kB, or the connection broke. Nothing was stored; try again if need be.",
    )
    .to_owned()
}
