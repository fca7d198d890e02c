//! Rows as BKN writes them: which keys are known, which are needed, and what has changed since (drift). It turns a list
//! of JSON objects into [`Row`]s one by one, without keeping them; what a row means is told elsewhere.

use super::fault::Fault;
use super::fault::presentable;
use super::scalar::Scalar;
use crate::domain::Kind;
use crate::domain::evidence::Reason;
use chrono::NaiveDate;
use chrono::NaiveDateTime;
use serde::Deserializer;
use serde::de::DeserializeSeed;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use std::collections::BTreeSet;
use std::fmt;

/// How an answer differs from what is known of its shape; informative, never an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// Which kind of answer.
    pub kind: Kind,
    /// Which key, as written.
    pub field: String,
    /// What happened to it.
    pub change: Change,
}

/// What happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A key that is not known.
    Added,
    /// A known key that no row has.
    Missing,
    /// A known key with a value of another JSON type.
    Type,
    /// A key that decides, with a value that is none of the known ones.
    Value,
}

impl Change {
    /// The key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Missing => "missing",
            Self::Type => "type",
            Self::Value => "value",
        }
    }
}

/// The JSON type in which a key is known to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    Truth,
    Any,
}

struct Known {
    key: &'static str,
    form: Form,
    /// Known to be absent from some answers.
    optional: bool,
}

/// The keys of one kind of row.
pub(crate) struct Shape {
    kind: Kind,
    known: Vec<Known>,
    /// At least one key of each group must stand in at least one row.
    needed: &'static [&'static [&'static str]],
    /// Whether the shape is known well enough to speak of drift.
    settled: bool,
}

impl Shape {
    /// Keys in the order in which BKN writes them, separated by spaces: `key` is text, `key:n` a number, `key:b` a
    /// truth value, `key:j` anything; a `?` at the end marks one that may be missing.
    pub(crate) fn new(kind: Kind, keys: &'static str, needed: &'static [&'static [&'static str]]) -> Self {
        let known = keys.split_whitespace().map(|word| {
            let (word, optional) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
            let (key, form) = match word.split_once(':') {
                Some((key, "n")) => (key, Form::Number),
                Some((key, "b")) => (key, Form::Truth),
                Some((key, _)) => (key, Form::Any),
                None => (word, Form::Text),
            };
            Known { key, form, optional }
        });
        Self { kind, known: known.collect(), needed, settled: true }
    }

    /// Nobody has published this shape: what differs is no news.
    pub(crate) fn unsettled(mut self) -> Self {
        self.settled = false;
        self
    }

    fn position(&self, key: &str, guess: usize) -> Option<usize> {
        let is = |index: usize| self.known.get(index).is_some_and(|known| known.key.eq_ignore_ascii_case(key));
        if is(guess) { Some(guess) } else { (0..self.known.len()).find(|index| is(*index)) }
    }
}

/// A row that cannot be used, and why; names the key, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

impl Unusable {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

impl From<Unusable> for Fault {
    fn from(unusable: Unusable) -> Self {
        Self::quarantine(unusable.reason, unusable.detail)
    }
}

/// One object of the list, by known key.
pub(crate) struct Row<'r, 'de> {
    shape: &'r Shape,
    values: &'r [Option<Scalar<'de>>],
}

impl<'de> Row<'_, 'de> {
    /// The value under a key; `None` when the key is missing.
    pub(crate) fn get(&self, key: &str) -> Option<&Scalar<'de>> {
        self.shape.position(key, 0).and_then(|index| self.values.get(index)).and_then(Option::as_ref)
    }

    /// None of these keys holds an object or a list, which would else be read as nothing.
    pub(crate) fn flat(&self, keys: &[&str]) -> Result<(), Unusable> {
        match keys.iter().find(|key| matches!(self.get(key), Some(Scalar::Nested))) {
            Some(key) => Err(Unusable::new(Reason::Malformed, format!("{key} is an object or a list where a plain value belongs"))),
            None => Ok(()),
        }
    }

    fn given(&self, key: &str) -> Option<&Scalar<'de>> {
        self.get(key).filter(|value| !value.is_blank())
    }

    /// Text without the space around it; `None` when blank.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.given(key).and_then(Scalar::text).map(|text| text.trim().to_owned())
    }

    /// The first of these keys that has a text.
    pub(crate) fn first_text(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.text(key))
    }

    /// A label exactly as written, "-" included; empty for null.
    pub(crate) fn label(&self, key: &str) -> String {
        self.get(key).and_then(Scalar::text).unwrap_or_default()
    }

    /// An id or code that may come as text or number: `1`, `1.0`, `"1"`, `"1.0"` are one; zeros in front stay.
    pub(crate) fn code(&self, key: &str) -> Option<String> {
        let value = self.given(key)?;
        match value {
            Scalar::Text(text) if !text.contains('.') => Some(text.trim().to_owned()),
            _ => value.whole().map(|number| number.to_string()).or_else(|| value.text()),
        }
    }

    /// A whole number; `None` when blank or not one (BKN's number fields are known to hold other things).
    pub(crate) fn whole(&self, key: &str) -> Option<i64> {
        self.given(key).and_then(Scalar::whole)
    }

    /// A truth value; `None` when blank.
    pub(crate) fn truth(&self, key: &str) -> Result<Option<bool>, Unusable> {
        self.read(key, "neither true nor false", Scalar::truth)
    }

    /// A day; `None` when blank.
    pub(crate) fn day(&self, key: &str) -> Result<Option<NaiveDate>, Unusable> {
        self.read(key, "not a date", Scalar::day)
    }

    /// A moment in local time; `None` when blank.
    pub(crate) fn moment(&self, key: &str) -> Result<Option<NaiveDateTime>, Unusable> {
        self.read(key, "not a date and time", Scalar::moment)
    }

    fn read<T>(&self, key: &str, wrong: &str, reader: impl Fn(&Scalar<'de>) -> Option<T>) -> Result<Option<T>, Unusable> {
        match self.given(key) {
            None => Ok(None),
            Some(value) => reader(value).map(Some).ok_or_else(|| Unusable::new(Reason::Malformed, format!("{key} is {wrong}"))),
        }
    }
}

/// What has been noticed while rows were read.
pub(crate) struct Reading<'s> {
    shape: &'s Shape,
    seen: Vec<bool>,
    rows: u32,
    drift: BTreeSet<Drift>,
}

/// More differences than this are not counted one by one.
const DRIFT_LIMIT: usize = 100;

impl<'s> Reading<'s> {
    pub(crate) fn new(shape: &'s Shape) -> Self {
        Self { shape, seen: vec![false; shape.known.len()], rows: 0, drift: BTreeSet::new() }
    }

    /// Reads a list of objects, or one object as a list of one, and hands each element to `sink` with its position;
    /// `None` stands for an element that is no object.
    pub(crate) fn rows<'de>(&mut self, json: &'de str, mut sink: impl FnMut(u32, Option<Row<'_, 'de>>)) -> Result<(), Fault> {
        let unreadable = |_| Fault::quarantine(Reason::Malformed, "BKN's data is not a list of rows");
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let seed = List { reading: self, sink: &mut sink, values: Vec::new() };
        deserializer.deserialize_any(seed).map_err(unreadable)
    }

    /// Ends the reading: needed keys that no row has are a fault of the whole answer, the rest is drift.
    pub(crate) fn finish(mut self) -> (Result<(), Fault>, Vec<Drift>) {
        let mut missing = Ok(());
        if self.rows > 0 {
            let has = |key: &&str| self.shape.position(key, 0).is_some_and(|index| self.seen[index]);
            if let Some(group) = self.shape.needed.iter().find(|group| !group.iter().any(has)) {
                let detail = format!("no row of {} has the key {}: BKN has changed its answer", self.shape.kind, group.join(" or "));
                missing = Err(Fault::quarantine(Reason::Schema, detail));
            }
            for index in 0..self.seen.len() {
                let known = &self.shape.known[index];
                if !self.seen[index] && !known.optional {
                    self.note(known.key, Change::Missing);
                }
            }
        }
        (missing, self.drift.into_iter().collect())
    }

    /// A value under this key is none of the known ones.
    pub(crate) fn note_value(&mut self, key: &str) {
        self.note(key, Change::Value);
    }

    fn note(&mut self, field: &str, change: Change) {
        if self.shape.settled && self.drift.len() < DRIFT_LIMIT {
            self.drift.insert(Drift { kind: self.shape.kind, field: presentable(field), change });
        }
    }

    fn check_form(&mut self, index: usize, value: &Scalar<'_>) {
        let known = &self.shape.known[index];
        let as_known = match known.form {
            Form::Any => true,
            Form::Text => matches!(value, Scalar::Text(_)),
            Form::Number => matches!(value, Scalar::Whole(_) | Scalar::Float(_)),
            Form::Truth => matches!(value, Scalar::Bool(_)),
        };
        if !as_known && !value.is_blank() {
            self.note(known.key, Change::Type);
        }
    }
}

struct List<'a, 's, 'de, F> {
    reading: &'a mut Reading<'s>,
    sink: &'a mut F,
    values: Vec<Option<Scalar<'de>>>,
}

impl<'de, F: FnMut(u32, Option<Row<'_, 'de>>)> List<'_, '_, 'de, F> {
    fn element(&mut self, is_object: bool) {
        let position = self.reading.rows;
        self.reading.rows += 1;
        let row = Row { shape: self.reading.shape, values: &self.values };
        (self.sink)(position, is_object.then_some(row));
    }
}

impl<'de, F: FnMut(u32, Option<Row<'_, 'de>>)> Visitor<'de> for List<'_, '_, 'de, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        loop {
            let element = Element { reading: &mut *self.reading, values: &mut self.values };
            match list.next_element_seed(element)? {
                Some(is_object) => self.element(is_object),
                None => return Ok(()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        Element { reading: &mut *self.reading, values: &mut self.values }.visit_map(map)?;
        self.element(true);
        Ok(())
    }
}

/// Fills `values` from one element; says whether it was an object.
struct Element<'a, 's, 'de> {
    reading: &'a mut Reading<'s>,
    values: &'a mut Vec<Option<Scalar<'de>>>,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_, '_, 'de> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        self.values.clear();
        self.values.resize(self.reading.shape.known.len(), None);
        let mut guess = 0;
        while let Some(key) = map.next_key::<Scalar<'de>>()? {
            let Scalar::Text(key) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let Some(index) = self.reading.shape.position(&key, guess) else {
                map.next_value::<IgnoredAny>()?;
                self.reading.note(&key, Change::Added);
                continue;
            };
            let value: Scalar<'de> = map.next_value()?;
            self.reading.seen[index] = true;
            self.reading.check_form(index, &value);
            self.values[index] = Some(value);
            guess = index + 1;
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
}
