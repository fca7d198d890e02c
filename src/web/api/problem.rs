//! What cannot be answered, as RFC 9457 has it: `application/problem+json` with a type that stays, and one sentence that
//! says what to do.

use crate::app::AppError;
use crate::domain::text::Lang;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;

/// The media type of every refusal.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident, $key:literal, $status:ident, $id:literal, $en:literal;)*) => {
        /// Kinds of refusals.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::web) enum Kind {
            $($(#[doc = $doc])+ $kind,)*
        }

        impl Kind {
            /// All of them.
            pub(super) const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The end of the type.
            pub(super) fn key(self) -> &'static str {
                match self { $(Self::$kind => $key,)* }
            }

            /// HTTP's word for it.
            pub(super) fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)* }
            }

            /// What it is called, in Indonesian and in English.
            pub(super) fn title(self) -> (&'static str, &'static str) {
                match self { $(Self::$kind => ($id, $en),)* }
            }
        }
    };
}

kinds! {
    /// A parameter that is not known, not understood, or given twice.
    Parameter, "parameter", BAD_REQUEST, "Parameter tidak dipahami", "A parameter is not understood";
    /// A cursor that no answer has given, or of another list.
    Cursor, "cursor", BAD_REQUEST, "Kursor tidak dikenal", "The cursor is not known here";
    /// A change without an `Idempotency-Key`.
    KeyMissing, "key-missing", BAD_REQUEST, "Idempotency-Key diperlukan", "An Idempotency-Key is needed";
    /// Nobody has signed in.
    Unauthenticated, "unauthenticated", UNAUTHORIZED, "Token diperlukan", "A token is needed";
    /// The roles, the token or the units do not give it.
    Forbidden, "forbidden", FORBIDDEN, "Tidak diizinkan", "Not allowed";
    /// There is nothing at this address, or nothing that the reader may see.
    NotFound, "not-found", NOT_FOUND, "Tidak ditemukan", "Not found";
    /// The period has not been reconciled.
    NoRun, "no-run", NOT_FOUND, "Periode ini belum dicocokkan", "This period has not been reconciled";
    /// The address knows other methods.
    Method, "method", METHOD_NOT_ALLOWED, "Metode tidak didukung", "The method is not supported";
    /// The run has changed since the list was begun.
    OtherRun, "other-run", CONFLICT, "Pencocokan sudah berganti", "There is another run by now";
    /// The policy is refused, does not cover the period, or has changed since the run.
    Policy, "policy", CONFLICT, "Kebijakan tidak dapat dipakai", "The policy cannot be used";
    /// The same request is being worked on.
    AtWork, "at-work", CONFLICT, "Permintaan ini sedang dikerjakan", "This request is being worked on";
    /// A case that does not allow what is asked.
    Case, "case", CONFLICT, "Kasus tidak mengizinkannya", "The case does not allow it";
    /// What was seen has changed since.
    Stale, "stale", PRECONDITION_FAILED, "Sudah berubah", "It has changed";
    /// A change of something that does not say what was seen.
    MatchMissing, "match-missing", PRECONDITION_REQUIRED, "If-Match diperlukan", "An If-Match is needed";
    /// A body that is no JSON of the right form, or asks for what cannot be asked.
    Body, "body", UNPROCESSABLE_ENTITY, "Isi permintaan ditolak", "The body is refused";
    /// Something else is being worked, one at a time.
    Busy, "busy", CONFLICT, "Yang lain sedang dikerjakan", "Something else is being worked on";
    /// A body that is too large.
    TooLarge, "too-large", PAYLOAD_TOO_LARGE, "Terlalu besar", "Too large";
    /// A body of another media type.
    MediaType, "media-type", UNSUPPORTED_MEDIA_TYPE, "Jenis isi tidak didukung", "The media type is not supported";
    /// A file that cannot be read.
    File, "file", UNPROCESSABLE_ENTITY, "Berkas ditolak", "The file is refused";
    /// The key was used for something else.
    KeyReused, "key-reused", UNPROCESSABLE_ENTITY, "Idempotency-Key sudah dipakai", "The Idempotency-Key was used for another request";
    /// Too many requests.
    TooOften, "too-often", TOO_MANY_REQUESTS, "Terlalu sering", "Too often";
    /// The store does not answer, or something else is broken here.
    Unavailable, "unavailable", SERVICE_UNAVAILABLE, "Belum dapat dijawab", "Cannot be answered at the moment";
}

impl Kind {
    /// The address of the type: the page of the API explains it there.
    pub(super) fn uri(self) -> String {
        format!("/api#{}", self.key())
    }

    /// The kind that says no more than the status.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Self::TooOften,
            _ => Self::Unavailable,
        }
    }
}

/// A refusal.
#[derive(Debug, Clone)]
pub(in crate::web) struct Problem {
    kind: Kind,
    lang: Lang,
    detail: String,
    retry_after: Option<Duration>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
}

impl Problem {
    /// A refusal with its sentence in the reader's language.
    pub(super) fn new(kind: Kind, lang: Lang, detail: impl Into<String>) -> Self {
        Self { kind, lang, detail: detail.into(), retry_after: None }
    }

    /// A refusal by the gate, which knows a status and a sentence.
    pub(in crate::web) fn of_status(status: StatusCode, lang: Lang, detail: impl Into<String>) -> Self {
        Self::new(Kind::of_status(status), lang, detail)
    }

    /// What the application says: the request's fault, the ministry's, or the store's.
    pub(super) fn of(error: &AppError, lang: Lang) -> Self {
        let kind = match error {
            AppError::Nobody(..) => Kind::NotFound,
            AppError::NoRoster(_) => Kind::NoRun,
            AppError::Policy(_) => Kind::Policy,
            AppError::Intake(_) | AppError::OtherAgency(..) => Kind::File,
            _ => Kind::Unavailable,
        };
        if kind == Kind::Unavailable {
            tracing::warn!(why = %error.sentence(Lang::En), "a request of the API cannot be answered");
        }
        Self::new(kind, lang, error.sentence(lang))
    }

    /// Says when to come again.
    pub(in crate::web) fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The same with another sentence.
    pub(super) fn saying(self, detail: String) -> Self {
        Self { detail, ..self }
    }

    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    pub(super) fn status(&self) -> StatusCode {
        self.kind.status()
    }

    /// The body.
    pub(super) fn body(&self) -> String {
        let (id, en) = self.kind.title();
        let body = Body { r#type: self.kind.uri(), title: self.lang.pick(id, en), status: self.status().as_u16(), detail: &self.detail };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.body()).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs_f64().ceil() as u64));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_an_address_of_its_own() {
        let uris: std::collections::BTreeSet<String> = Kind::ALL.iter().map(|kind| kind.uri()).collect();
        assert_eq!(uris.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| kind.status().is_client_error() || kind.status().is_server_error()));
        let body: serde_json::Value = serde_json::from_str(&Problem::new(Kind::NoRun, Lang::Id, "x").body()).unwrap();
        assert_eq!(body, serde_json::json!({"type": "/api#no-run", "title": "Periode ini belum dicocokkan", "status": 404, "detail": "x"}));
    }
}
