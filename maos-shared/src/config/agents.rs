//! `[leases]` and `[agents]` of `maos.toml`: how agents keep out of each other's
//! way, and how many there may be. What the person sets counts before what the
//! project sets.

use std::time::Duration;

use serde::Deserialize;

use super::limits::{AGENTS_ACTIVE, AGENTS_PER_MINUTE, LEASE_TTL, LEASE_WAIT, LEASE_WAIT_LONGEST};
use super::time::optional_duration;

/// `[leases]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LeaseSettings {
    /// What another's lease means.
    pub mode: Option<LeaseMode>,
    /// How long is waited until another gives a lease back.
    #[serde(deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub wait: Option<Duration>,
    /// How long a lease lives after its last use.
    #[serde(deserialize_with = "optional_duration")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub ttl: Option<Duration>,
}

/// What another's lease means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LeaseMode {
    /// The call is refused in the same checkout; between worktrees it is told.
    #[default]
    Auto,
    /// The call is refused.
    Enforce,
    /// It is told.
    Warn,
    /// There are no leases.
    Off,
}

/// `[agents]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AgentSettings {
    /// How many of a session may be at work.
    pub max_active: Option<usize>,
    /// How many a session may launch within a minute.
    pub max_per_minute: Option<usize>,
}

impl LeaseSettings {
    /// Returns what counts: what the person says, and else what the project
    /// says.
    #[must_use]
    pub(super) fn merged(user: &Self, project: &Self) -> Self {
        Self {
            mode: user.mode.or(project.mode),
            wait: user.wait.or(project.wait),
            ttl: user.ttl.or(project.ttl),
        }
    }

    /// Returns how long is waited for another's lease.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.wait.unwrap_or(LEASE_WAIT).min(LEASE_WAIT_LONGEST)
    }

    /// Returns how long a lease lives after its last use.
    #[must_use]
    pub fn ttl(&self) -> Duration {
        self.ttl.unwrap_or(LEASE_TTL)
    }
}

impl AgentSettings {
    /// Returns what counts: what the person says, or what MAOS does, and less where
    /// the project wants less.
    #[must_use]
    pub(super) fn merged(user: &Self, project: &Self) -> Self {
        let least = |own: usize, theirs: Option<usize>| Some(theirs.map_or(own, |it| it.min(own)));
        Self {
            max_active: least(user.max_active(), project.max_active),
            max_per_minute: least(user.max_per_minute(), project.max_per_minute),
        }
    }

    /// Returns how many of a session may be at work.
    #[must_use]
    pub fn max_active(&self) -> usize {
        self.max_active.unwrap_or(AGENTS_ACTIVE)
    }

    /// Returns how many a session may launch within a minute.
    #[must_use]
    pub fn max_per_minute(&self) -> usize {
        self.max_per_minute.unwrap_or(AGENTS_PER_MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_says_it_and_else_the_project() {
        let parse = |text: &str| toml::from_str::<LeaseSettings>(text).unwrap();
        let merged = |user, project| LeaseSettings::merged(&parse(user), &parse(project));
        let off = "mode = 'off'";
        assert_eq!(merged("", off).mode, Some(LeaseMode::Off));
        assert_eq!(
            merged("mode = 'enforce'", off).mode,
            Some(LeaseMode::Enforce)
        );
        assert_eq!(merged("", "").ttl(), LEASE_TTL);
        assert_eq!(merged("wait = '2s'", "").wait(), Duration::from_secs(2));
        assert_eq!(merged("wait = '1day'", "").wait(), LEASE_WAIT_LONGEST);
        for wrong in ["mode = 'on'", "ttl = '9999y'"] {
            assert!(toml::from_str::<LeaseSettings>(wrong).is_err(), "{wrong}");
        }
        let agents: AgentSettings = toml::from_str("max_active = 3").unwrap();
        assert_eq!(
            (agents.max_active(), agents.max_per_minute()),
            (3, AGENTS_PER_MINUTE)
        );
        let merged = |user, project| {
            let parse = |text| toml::from_str::<AgentSettings>(text).unwrap();
            AgentSettings::merged(&parse(user), &parse(project)).max_active()
        };
        assert_eq!(merged("", "max_active = 3"), 3);
        assert_eq!(merged("", "max_active = 9999"), AGENTS_ACTIVE);
        assert_eq!(merged("max_active = 99", "max_active = 9999"), 99);
    }
}
