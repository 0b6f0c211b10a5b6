//! How single values stand in JSON: digests as text, Go's nil slices as `null`, sets as objects.
//!
//! Domain types such as [`Digest`] do not serialise themselves, so that no document gets a digest
//! in by accident; the wire structs name these modules field by field.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::Digest;

/// `#[serde(with = "digest")]`
pub(super) mod digest {
    use super::{Deserialize, Deserializer, Digest, Error, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        digest: &Digest,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(digest.as_str())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Digest, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// `#[serde(with = "digests")]`; an empty list is `null`, as a nil slice in Go.
pub(super) mod digests {
    use super::{Deserialize, Deserializer, Digest, Error, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        digests: &[Digest],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if digests.is_empty() {
            return serializer.serialize_none();
        }
        let texts: Vec<&str> = digests.iter().map(Digest::as_str).collect();
        texts.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Digest>, D::Error> {
        let texts = Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default();
        let parse = |text: String| text.parse().map_err(D::Error::custom);
        texts.into_iter().map(parse).collect()
    }
}

/// `#[serde(with = "nil_list")]`; an empty list is `null`, as a nil slice in Go.
pub(super) mod nil_list {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer, T: Serialize>(
        list: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if list.is_empty() {
            serializer.serialize_none()
        } else {
            list.serialize(serializer)
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or_default())
    }
}

/// `#[serde(with = "set")]`; Go's `map[string]struct{}`, as in `{"80/tcp":{}}`.
pub(super) mod set {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize)]
    struct Nothing {}

    pub(in super::super) fn serialize<S: Serializer>(
        set: &BTreeSet<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(set.iter().map(|key| (key, Nothing {})))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeSet<String>, D::Error> {
        let map = Option::<BTreeMap<String, serde_json::Value>>::deserialize(deserializer)?;
        Ok(map.unwrap_or_default().into_keys().collect())
    }
}

/// For `skip_serializing_if`: Go's `omitempty` leaves out `false` and 0.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
