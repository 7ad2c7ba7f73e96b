//! `[cleanup]` of `maos.toml`: how long things are kept that nobody uses. The
//! person's own file only: a repository does not say what is removed from a
//! person's disk.

use std::time::Duration;

use serde::Deserialize;

use super::limits::CLEAN_UP_TTL;
use super::time::duration;

/// `[cleanup]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CleanUpSettings {
    /// Whether a session's begin and end clean up, once an hour at most.
    pub auto: bool,
    /// After how long without use a workspace goes, with its work kept, and
    /// what is left of agents and jobs.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub ttl: Duration,
}

impl Default for CleanUpSettings {
    fn default() -> Self {
        Self {
            auto: true,
            ttl: CLEAN_UP_TTL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_people_say_it() {
        let parse = |text: &str| toml::from_str::<CleanUpSettings>(text);
        assert_eq!(parse("").unwrap(), CleanUpSettings::default());
        let settings = parse("ttl = '7d'\nauto = false").unwrap();
        assert_eq!(settings.ttl, Duration::from_secs(7 * 24 * 60 * 60));
        assert!(!settings.auto);
        for wrong in ["ttl = '7'", "ttl = 7", "ttl = '-1h'", "tll = '1h'"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
