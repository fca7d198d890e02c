//! How a request of the API is described: beside each handler stands what it is asked for and what it answers, and from
//! that come the refusal of what is not understood, the OpenAPI document and the page.

use crate::web::access::rules::{Need, RULES};
use serde_json::{Value, json};

/// A text in Indonesian and in English.
pub(super) type Said = (&'static str, &'static str);

/// One request.
pub(super) struct Operation {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As the router writes it.
    pub path: &'static str,
    /// Stable name.
    pub id: &'static str,
    /// What it gives.
    pub what: Said,
    /// Parameters of the query.
    pub query: &'static [&'static Parameter],
    /// What is sent along.
    pub sends: Option<Sends>,
    /// What it gives when all is well.
    pub gives: Gives,
    /// Statuses of its refusals, besides those that every request may meet.
    pub refuses: &'static [u16],
}

/// What a request sends.
pub(super) struct Sends {
    /// Media type.
    pub kind: &'static str,
    /// Named schema; empty: bytes.
    pub schema: &'static str,
    /// It names by `If-Match` what it has seen.
    pub if_match: bool,
    /// What it is.
    pub what: Said,
}

/// What a request gives.
pub(super) enum Gives {
    /// JSON of this schema.
    Json(&'static str),
    /// A file of one of these media types.
    File(&'static [&'static str]),
}

/// A parameter.
pub(super) struct Parameter {
    /// Name.
    pub name: &'static str,
    /// What it chooses.
    pub what: Said,
    /// Its values.
    pub values: Values,
}

/// What a parameter may be.
pub(super) enum Values {
    /// One of these.
    Keys(fn() -> Vec<&'static str>),
    /// A text of at most so many letters.
    Text(usize),
    /// A text of this form.
    Pattern(&'static str, &'static str),
    /// A number from 1 to this, and which it is when it is not given.
    Number(u32, u32),
}

impl Values {
    pub(super) fn schema(&self) -> Value {
        match self {
            Self::Keys(keys) => json!({"type": "string", "enum": keys()}),
            Self::Text(longest) => json!({"type": "string", "minLength": 1, "maxLength": longest}),
            Self::Pattern(pattern, example) => json!({"type": "string", "pattern": pattern, "examples": [example]}),
            Self::Number(most, default) => json!({"type": "integer", "minimum": 1, "maximum": most, "default": default}),
        }
    }
}

/// Parts of paths.
pub(super) const PLACES: &[&Parameter] = &[
    &Parameter {
        name: "period",
        what: ("Periode (bulan kerja), YYYY-MM.", "Period (work month), YYYY-MM."),
        values: Values::Pattern("^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])$", "2026-10"),
    },
    &Parameter {
        name: "person",
        what: (
            "Orang: `person` dari sebuah baris, yaitu NIP, atau `~` dan sebutan bagi yang tidak boleh melihat NIP.",
            "A person: the `person` of a row, which is the NIP, or `~` and a handle for whoever may not see NIPs.",
        ),
        values: Values::Pattern("^([0-9]{18}|~[0-9a-f]{16})$", "198503122010011004"),
    },
    &Parameter {
        name: "case",
        what: ("Kasus: `case` dari sebuah baris.", "A case: the `case` of a row."),
        values: Values::Pattern("^([0-9a-f]{20}|~[0-9a-f]{16}-[0-9a-f]{20})$", "0123456789abcdef0123"),
    },
    &Parameter { name: "document", what: ("Nama dokumen.", "Name of the document."), values: Values::Keys(super::documents::names) },
    &Parameter {
        name: "job",
        what: ("Pekerjaan yang boleh dijalankan dengan tangan.", "A job that may be started by hand."),
        values: Values::Keys(super::operate::jobs),
    },
    &Parameter {
        name: "what_if",
        what: ("`what_if` dari permintaan yang memulainya.", "The `what_if` of the request that began it."),
        values: Values::Pattern("^[0-9a-f]{32}$", "0123456789abcdef0123456789abcdef"),
    },
    &Parameter {
        name: "view",
        what: ("`view` dari sebuah baris.", "The `view` of a row."),
        values: Values::Pattern("^[0-9a-f]{32}$", "0123456789abcdef0123456789abcdef"),
    },
    &Parameter {
        name: "pull",
        what: ("`run` sebuah tarikan.", "The `run` of a pull."),
        values: Values::Pattern("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "0199c2de-0000-7000-8000-000000000000"),
    },
];

impl Operation {
    /// The parts of its path.
    pub(super) fn places(&self) -> impl Iterator<Item = &'static Parameter> {
        PLACES.iter().copied().filter(|place| self.path.contains(&format!("{{{}}}", place.name)))
    }

    /// What it needs, from the one table of rules.
    pub(super) fn rights(&self) -> Vec<&'static str> {
        match RULES.iter().find(|(method, path, _)| (*method, *path) == (self.method, self.path)) {
            Some((_, _, Need::Any(rights))) => rights.iter().map(|right| right.key()).collect(),
            _ => Vec::new(),
        }
    }

    /// Statuses of its refusals.
    pub(super) fn refusals(&self) -> Vec<u16> {
        // Whoever asks too fast, without a token, or for what is not known, is told so everywhere.
        let mut statuses = vec![400, 401, 403, 429, 503];
        if self.path.contains('{') {
            statuses.push(404);
        }
        statuses.extend(self.refuses);
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }
}

/// An object with just these keys.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> = fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

/// The same with the keys of another object first.
pub(super) fn with<const N: usize>(first: Value, fields: [(&str, Value); N]) -> Value {
    let mut whole = first;
    for (name, schema) in fields {
        whole["properties"][name] = schema;
        if let Some(required) = whole["required"].as_array_mut() {
            required.push(json!(name));
        }
    }
    whole
}

/// A list.
pub(super) fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

/// A text.
pub(super) fn text() -> Value {
    json!({"type": "string"})
}

/// An instant, RFC 3339 in UTC.
pub(super) fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// A whole number.
pub(super) fn number() -> Value {
    json!({"type": "integer"})
}

/// How many.
pub(super) fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

/// True or false.
pub(super) fn truth() -> Value {
    json!({"type": "boolean"})
}

/// One of these.
pub(super) fn one_of(keys: impl IntoIterator<Item = &'static str>) -> Value {
    json!({"type": "string", "enum": keys.into_iter().collect::<Vec<_>>()})
}

/// That or nothing.
pub(super) fn maybe(of: Value) -> Value {
    json!({"anyOf": [of, {"type": "null"}]})
}

/// A named schema.
pub(super) fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A sentence in both languages.
pub(super) fn said() -> Value {
    object([("id", text()), ("en", text())])
}
