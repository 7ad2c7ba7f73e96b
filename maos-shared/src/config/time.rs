//! How a time is written in `maos.toml`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// Longer than anybody means; what is added to the time of now can then be written.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Reads a time such as `"5s"`.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time = humantime::parse_duration(&text).ok();
    time.filter(|time| *time <= LONGEST).ok_or_else(|| {
        de::Error::custom("expected a time such as \"5s\" or \"2m\", a year at most")
    })
}

/// As [`duration`], for a time that need not be said.
pub(super) fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}
