//! A request of the API, understood: who asks, in which language refusals are said, and what stands in the address.
//! What is not known is refused, so that a mistyped filter never lists everybody.

use super::describe::{Operation, Parameter, Values};
use super::problem::{Kind, Problem};
use crate::domain::access::{Scope, Viewer};
use crate::domain::text::Lang;
use crate::domain::{Nip, Period};
use crate::web::Site;
use crate::web::access::Pass;
use crate::web::ask::is_handle;
use crate::web::veil::Veil;
use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::header::{ACCEPT_LANGUAGE, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The language in which a program is refused: English, unless it asks for Indonesian first.
pub(in crate::web) fn lang(headers: &HeaderMap) -> Lang {
    asked_for(headers).unwrap_or(Lang::En)
}

/// The language that a program asks for first, if it is one of ours.
fn asked_for(headers: &HeaderMap) -> Option<Lang> {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Lang::from_key(&wanted.split([',', ';', '-']).next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// A request.
pub(super) struct Call {
    pub viewer: Viewer,
    pub pass: Pass,
    pub lang: Lang,
    /// The language of documents, if the program asks for one.
    pub asked: Option<Lang>,
    pub veil: Veil,
    pub uri: Uri,
    if_none_match: Option<String>,
    places: BTreeMap<String, String>,
    query: Vec<(String, String)>,
}

/// Whom an address names.
pub(super) enum Person {
    Nip(Nip),
    Handle(String),
}

impl Call {
    /// Refuses parameters that the operation does not know, that are given twice, or that are none of their values.
    pub(super) fn check(&self, operation: &Operation) -> Result<(), Problem> {
        let mut seen = BTreeSet::new();
        for (name, value) in &self.query {
            let known = operation.query.iter().find(|known| known.name == name).ok_or_else(|| self.unknown(operation, name))?;
            if !seen.insert(name) {
                let detail = self.lang.pick(format!("'{name}' diberikan dua kali"), format!("'{name}' is given twice"));
                return Err(self.wrong(detail));
            }
            self.is_value(known, value)?;
        }
        Ok(())
    }

    fn unknown(&self, operation: &Operation, name: &str) -> Problem {
        let name: String = name.chars().take(40).collect();
        let near = operation.query.iter().map(|known| (known.name, strsim::damerau_levenshtein(known.name, &name)));
        let near = near.filter(|(_, far)| *far <= 2).min_by_key(|(_, far)| *far).map(|(near, _)| near);
        let detail = match near {
            Some(near) => self.lang.pick(
                format!("tidak ada parameter '{name}' di sini; maksudnya '{near}'?"),
                format!("there is no parameter '{name}' here; did you mean '{near}'?"),
            ),
            None => {
                let known = operation.query.iter().map(|known| known.name).collect::<Vec<_>>().join(", ");
                let known = if known.is_empty() { self.lang.pick("tidak ada", "none") } else { &known };
                self.lang.pick(
                    format!("tidak ada parameter '{name}' di sini; yang ada: {known}"),
                    format!("there is no parameter '{name}' here; there are: {known}"),
                )
            }
        };
        self.wrong(detail)
    }

    fn is_value(&self, parameter: &Parameter, value: &str) -> Result<(), Problem> {
        let is = match &parameter.values {
            Values::Keys(keys) => keys().contains(&value),
            Values::Text(longest) => !value.is_empty() && value.chars().count() <= *longest && !value.contains('\0'),
            // Whoever reads the value knows its form.
            Values::Pattern(..) => true,
            Values::Number(most, _) => {
                value.bytes().all(|byte| byte.is_ascii_digit()) && value.parse::<u32>().is_ok_and(|number| (1..=*most).contains(&number))
            }
        };
        if is { Ok(()) } else { Err(self.not(parameter, value)) }
    }

    fn not(&self, parameter: &Parameter, value: &str) -> Problem {
        let value: String = value.chars().take(40).collect();
        let (id, en) = match &parameter.values {
            Values::Keys(keys) => (format!("tulis {}", keys().join(", ")), format!("write one of {}", keys().join(", "))),
            Values::Text(longest) => (format!("tulis 1 sampai {longest} huruf"), format!("write 1 to {longest} letters")),
            Values::Pattern(_, example) => (format!("tulis misalnya {example}"), format!("write for example {example}")),
            Values::Number(most, _) => (format!("tulis bilangan 1 sampai {most}"), format!("write a number from 1 to {most}")),
        };
        let name = parameter.name;
        self.wrong(self.lang.pick(format!("{name}: '{value}' tidak dipahami; {id}"), format!("{name}: '{value}' is not understood; {en}")))
    }

    pub(super) fn wrong(&self, detail: impl Into<String>) -> Problem {
        Problem::new(Kind::Parameter, self.lang, detail)
    }

    /// A parameter of the query.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, read.
    pub(super) fn read<T>(&self, parameter: &Parameter, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(value) = self.text(parameter.name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.not(parameter, value))
    }

    /// How many rows are asked for.
    pub(super) fn limit(&self) -> u32 {
        self.text("limit").and_then(|text| text.parse().ok()).unwrap_or(super::params::ROWS)
    }

    fn place(&self, name: &str) -> (&'static Parameter, &str) {
        let parameter = super::describe::PLACES.iter().copied().find(|known| known.name == name);
        // A path without that part is a mistake of ours; an empty text is then understood by nobody.
        (parameter.unwrap_or(super::describe::PLACES[0]), self.places.get(name).map_or("", String::as_str))
    }

    /// The period of the path.
    pub(super) fn period(&self) -> Result<Period, Problem> {
        let (parameter, text) = self.place("period");
        text.parse().map_err(|_| self.not(parameter, text))
    }

    /// Another part of the path.
    pub(super) fn part(&self, name: &str) -> Result<&str, Problem> {
        let (parameter, text) = self.place(name);
        self.is_value(parameter, text).map(|()| text)
    }

    /// Whom a text of the address names.
    pub(super) fn named(&self, text: &str) -> Result<Person, Problem> {
        let (parameter, _) = self.place("person");
        match text.strip_prefix('~') {
            Some(handle) if is_handle(handle) => Ok(Person::Handle(handle.to_owned())),
            Some(_) => Err(self.not(parameter, "~…")),
            None if text.len() == 18 => Nip::parse(text).map(Person::Nip).map_err(|_| self.not(parameter, "…")),
            None => Err(self.not(parameter, "…")),
        }
    }

    /// The person of the path.
    pub(super) fn person(&self) -> Result<Person, Problem> {
        self.named(self.place("person").1)
    }

    /// The units that the viewer may see; `None`: all.
    pub(super) fn units(&self) -> Option<BTreeSet<String>> {
        match &self.viewer.scope {
            Scope::All => None,
            Scope::Units(units) => Some(units.clone()),
        }
    }

    /// The filters of a list in one form, whatever their order; where it goes on and how many rows are asked for is no
    /// filter.
    pub(super) fn filters(&self) -> String {
        let mut filters: Vec<String> = self
            .query
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit"))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        filters.sort_unstable();
        format!("{}?{}", self.uri.path(), filters.join("&"))
    }

    /// Whether the program has just this answer already.
    pub(super) fn has(&self, etag: &str) -> bool {
        let Some(known) = &self.if_none_match else { return false };
        known.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
    }

    /// A refusal of what the application could not do, NIPs covered.
    pub(super) fn failed(&self, error: impl Into<crate::app::AppError>) -> Problem {
        let problem = Problem::of(&error.into(), self.lang);
        let detail = self.veil.text(problem.detail(), true);
        problem.saying(detail)
    }

    pub(super) fn nothing(&self) -> Problem {
        let detail = self.lang.pick(
            "Tidak ada apa-apa di alamat ini. Daftar alamat: /api.",
            "There is nothing at this address. The addresses are listed at /api.",
        );
        Problem::new(Kind::NotFound, self.lang, detail)
    }
}

impl FromRequestParts<Arc<Site>> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let lang = lang(&parts.headers);
        let unreadable = || {
            let detail = lang.pick("Alamat ini tidak dapat dibaca: pakai UTF-8.", "This address cannot be read: use UTF-8.");
            Problem::new(Kind::Parameter, lang, detail)
        };
        let query: Vec<(String, String)> = Query::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).map_err(|_| unreadable())?;
        let places = RawPathParams::from_request_parts(parts, site).await.map_err(|_| unreadable())?;
        let viewer = parts.extensions.get::<Viewer>().cloned();
        // The gate lets nobody through without one.
        let viewer = viewer.ok_or_else(|| Problem::of_status(StatusCode::UNAUTHORIZED, lang, ""))?;
        Ok(Self {
            veil: Veil::of(&viewer),
            asked: asked_for(&parts.headers),
            pass: parts.extensions.get::<Pass>().cloned().unwrap_or_default(),
            uri: parts.uri.clone(),
            if_none_match: parts.headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned),
            places: places.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            viewer,
            lang,
            query,
        })
    }
}
