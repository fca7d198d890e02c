//! The outermost object of an answer, whoever wrote it: service, token check or gateway.

use super::scalar::Scalar;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde_json::value::RawValue;
use std::fmt;

/// The outermost object. Keys are compared without case; of a key that comes twice the last one stands.
#[derive(Debug, Default)]
pub(crate) struct Top<'a> {
    pub(crate) code: Option<Scalar<'a>>,
    pub(crate) message: Option<Scalar<'a>>,
    pub(crate) description: Option<Scalar<'a>>,
    pub(crate) next_access: Option<Scalar<'a>>,
    pub(crate) error: Option<Scalar<'a>>,
    pub(crate) success: Option<Scalar<'a>>,
    /// `mapData`, which only answers to a save carry.
    pub(crate) saved: bool,
    pub(crate) fault: Option<&'a RawValue>,
    pub(crate) data: Option<&'a RawValue>,
}

struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = Top<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Top<'de>, A::Error> {
        let mut top = Top::default();
        while let Some(key) = map.next_key::<Scalar<'de>>()? {
            match key.text().unwrap_or_default().to_ascii_lowercase().as_str() {
                "data" => top.data = Some(map.next_value()?),
                "fault" => top.fault = Some(map.next_value()?),
                "code" => top.code = Some(map.next_value()?),
                "message" | "error_message" => top.message = Some(map.next_value()?),
                "description" | "error_description" => top.description = Some(map.next_value()?),
                "nextaccesstime" => top.next_access = Some(map.next_value()?),
                "error" => top.error = Some(map.next_value()?),
                "success" => top.success = Some(map.next_value()?),
                "mapdata" => {
                    top.saved = true;
                    map.next_value::<IgnoredAny>()?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(top)
    }
}

impl<'de> Deserialize<'de> for Top<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TopVisitor)
    }
}

impl Top<'_> {
    pub(crate) fn message(&self) -> String {
        self.message.as_ref().and_then(Scalar::text).unwrap_or_default()
    }

    /// The text of `data`, when it is one.
    pub(crate) fn data_text(&self) -> Option<String> {
        let raw = self.data?.get();
        raw.starts_with('"').then(|| serde_json::from_str(raw).ok()).flatten()
    }
}
