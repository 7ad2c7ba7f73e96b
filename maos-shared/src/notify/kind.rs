//! Why the person is called.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::limits::NOTIFY_INTERVAL;
use crate::config::{NotifySettings, Wording};

/// The name of the note that a denial leaves in its session: the rule.
pub const BLOCKED: &str = "blocked";

/// Why the person is called.
///
/// The more urgent one comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An agent asks for a permission.
    Permission,
    /// Two agents want the same file, or their work does not fit together.
    Conflict,
    /// The guard has denied a call.
    Blocked,
    /// The client waits for the person.
    Idle,
    /// The main agent has ended its turn and nothing runs in the background.
    Done,
    /// A subagent has ended its turn.
    SubagentDone,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Permission,
        Self::Conflict,
        Self::Blocked,
        Self::Idle,
        Self::Done,
        Self::SubagentDone,
    ];

    /// Returns the kind of the client's `notification_type`; `None` for news that
    /// want nothing of the person. A type that is not known may want something.
    #[must_use]
    pub fn of(notification_type: Option<&str>) -> Option<Self> {
        match notification_type.unwrap_or_default() {
            "permission_prompt"
            | "worker_permission_prompt"
            | "elicitation_dialog"
            | "elicitation_url_dialog" => Some(Self::Permission),
            "agent_completed" => Some(Self::SubagentDone),
            "auth_success"
            | "computer_use_exit"
            | "elicitation_complete"
            | "elicitation_response" => None,
            _ => Some(Self::Idle),
        }
    }

    /// Returns its key in `maos.toml`, which names it in journals as well.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permission => "permission",
            Self::Idle => "idle",
            Self::Done => "done",
            Self::SubagentDone => "subagent_done",
            Self::Blocked => "blocked",
            Self::Conflict => "conflict",
        }
    }

    /// Returns whether the settings want it said. What an agent can mend by
    /// itself is no reason to call a person who did not ask for that.
    #[must_use]
    pub fn is_on(self, settings: &NotifySettings) -> bool {
        let default = matches!(self, Self::Permission | Self::Idle | Self::Done);
        self.wording(settings).on.unwrap_or(default)
    }

    /// Returns in what time the same call is said once. Nobody works on until a
    /// permission is given, so it is never kept back for long.
    #[must_use]
    pub fn interval(self, settings: &NotifySettings) -> Duration {
        match self {
            Self::Permission => settings.interval.min(NOTIFY_INTERVAL),
            _ => settings.interval,
        }
    }

    /// Returns how the settings want it said.
    #[must_use]
    pub const fn wording(self, settings: &NotifySettings) -> &Wording {
        match self {
            Self::Permission => &settings.permission,
            Self::Idle => &settings.idle,
            Self::Done => &settings.done,
            Self::SubagentDone => &settings.subagent_done,
            Self::Blocked => &settings.blocked,
            Self::Conflict => &settings.conflict,
        }
    }

    /// Returns what is said where neither the client nor the person has words
    /// for it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Permission => "asks for your permission",
            Self::Idle => "waits for you",
            Self::Done => "is done",
            Self::SubagentDone => "has ended",
            Self::Blocked => "was stopped by the guard",
            Self::Conflict => "has met another agent's work",
        }
    }
}
