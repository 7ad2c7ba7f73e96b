//! The kinds of jobs: what each one may and how many of it make sense.

use std::time::Duration;

use crate::config::limits::{
    CLEAN_UP_DEADLINE, FORECAST_DEADLINE, POST_CREATE_DEADLINE, REPORT_DEADLINE, SPARES_DEADLINE,
    SPEECH_DEADLINE, TOOLING_DEADLINE, TRASH_DEADLINE,
};

/// What a job is for. A new kind is a variant and a row in [`Kind::rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What is past its time is removed.
    CleanUp,
    /// What lies in the trash is deleted.
    Trash,
    /// Workspaces are made before somebody asks for one.
    Spares,
    /// A project's programs run in a new workspace.
    PostCreate,
    /// An agent's work is compared with that of the others.
    Forecast,
    /// A session that goes on is told what its many agents left.
    Report,
    /// Something is said to the person.
    Speech,
    /// Edited files are formatted and checked.
    Tooling,
}

/// What becomes of a job when one of the same kind, about the same thing, is
/// there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is not started while another one waits or runs.
    Once,
    /// It is not started while another one waits, which will see the same as it
    /// would; it waits for one that runs.
    OneWaits,
}

/// What holds for all jobs of a kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Its name in `maos jobs`; lower-case letters and `-`.
    pub(super) name: &'static str,
    /// How many of it make sense at once.
    pub(super) turn: Turn,
    /// How long one may run.
    pub(super) deadline: Duration,
    /// Everybody else's work goes first.
    pub(super) is_nice: bool,
    /// It takes one of the few places of those that run at once. One that does
    /// not is hardly any work, and a person waits for it.
    pub(super) takes_place: bool,
    /// It is of use after the session that ordered it has ended.
    pub(super) outlives_session: bool,
}

impl Kind {
    /// Returns what holds for this kind.
    pub(super) const fn rules(self) -> Rules {
        let (name, turn, deadline, is_nice, outlives_session) = match self {
            Self::CleanUp => ("clean-up", Turn::Once, CLEAN_UP_DEADLINE, true, true),
            Self::Trash => ("trash", Turn::OneWaits, TRASH_DEADLINE, true, true),
            Self::Spares => ("spares", Turn::OneWaits, SPARES_DEADLINE, true, true),
            Self::PostCreate => (
                "post-create",
                Turn::OneWaits,
                POST_CREATE_DEADLINE,
                false,
                false,
            ),
            Self::Forecast => ("forecast", Turn::OneWaits, FORECAST_DEADLINE, true, false),
            Self::Report => ("report", Turn::OneWaits, REPORT_DEADLINE, false, false),
            Self::Speech => ("speech", Turn::OneWaits, SPEECH_DEADLINE, false, true),
            Self::Tooling => ("tooling", Turn::OneWaits, TOOLING_DEADLINE, true, false),
        };
        Rules {
            name,
            turn,
            deadline,
            is_nice,
            takes_place: !matches!(self, Self::Speech),
            outlives_session,
        }
    }

    /// Returns the name that `maos jobs` shows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.rules().name
    }
}
