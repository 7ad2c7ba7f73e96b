//! How a time is written in `maos.toml`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// Reads a time such as `"5s"`.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text)
        .map_err(|_| de::Error::custom("expected a time such as \"5s\" or \"2m\""))
}

/// As [`duration`], for a time that need not be said.
pub(super) fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}
