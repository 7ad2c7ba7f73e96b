//! One agent as people see it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::journal;
use crate::output::{Text, Tone};

/// An agent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AgentView {
    /// The client's id.
    pub(crate) id: String,
    /// Its type, such as `general-purpose`.
    pub(crate) agent_type: String,
    /// What it was launched for.
    pub(crate) description: String,
    /// `pending` (no workspace yet), `active` or `completed`.
    #[schemars(with = "String")]
    pub(crate) state: maos_shared::state::agents::Stage,
    /// What became of its work.
    pub(crate) work: Work,
    /// RFC 3339.
    pub(crate) registered: String,
    /// The last tool that it called, as far as the journals' ends tell.
    pub(crate) last_tool: Option<String>,
    /// When that was, RFC 3339.
    pub(crate) last_seen: Option<String>,
    /// The branch of its work.
    pub(crate) branch: Option<String>,
    /// The folder that it works in.
    pub(crate) workspace: Option<String>,
    /// The commit that its work starts from.
    pub(crate) base: Option<String>,
    /// The last commit of its work, once it has stopped.
    pub(crate) tip: Option<String>,
    /// The commit up to which its work has come into a checkout.
    pub(crate) since: Option<String>,
    /// The commit that holds it, where a person merged it.
    pub(crate) merged: Option<String>,
    /// When it last came there, RFC 3339.
    pub(crate) returned: Option<String>,
    /// Why its last work did not come back by itself.
    pub(crate) held: Option<String>,
    /// With how many other agents its work does not fit.
    pub(crate) conflicts: usize,
    /// With how many others it changes the same files, where nobody knows yet
    /// whether that fits.
    pub(crate) sharing: usize,
    /// How many commits its work has.
    pub(crate) commits: usize,
    /// The files that it changed: as committed, and while it works as leased
    /// and as they are in its workspace.
    pub(crate) files: Vec<String>,
    /// Why its work could not be committed.
    pub(crate) trouble: Option<String>,
}

/// What became of an agent's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// It works on it.
    InProgress,
    /// It is on a branch and waits for a merge.
    Unmerged,
    /// It could not be committed and lies in its workspace.
    Uncommitted,
    /// The client ended before the agent did: what it did last may lie
    /// uncommitted in its workspace.
    Halted,
    /// It only looks: nothing to merge, so far.
    Reading,
    /// It is in the files of the checkout that it started from.
    Returned,
    /// It is in the main checkout's branch.
    Merged,
    /// It has stopped and changed nothing.
    None,
}

impl Work {
    /// Returns the word that people see, in its colour.
    pub(crate) fn word(self) -> Text {
        match self {
            Self::InProgress => Tone::Live.of("working"),
            Self::Reading => Tone::Live.of("reading"),
            Self::Unmerged => Tone::Warn.of("to merge"),
            Self::Uncommitted => Tone::Bad.of("stuck"),
            Self::Halted => Tone::Warn.of("halted"),
            Self::Returned => Tone::Good.of("returned"),
            Self::Merged => Tone::Good.of("merged"),
            Self::None => Tone::Faint.of("done"),
        }
    }

    /// Returns whether the agent runs.
    pub(crate) const fn is_live(self) -> bool {
        matches!(self, Self::InProgress | Self::Reading)
    }
}

impl AgentView {
    /// Returns the name by which people can tell it from others, and merge it:
    /// its branch, or its type and the start of its id.
    pub(crate) fn name(&self) -> String {
        match &self.branch {
            Some(branch) => branch.clone(),
            None => format!("{} {}", self.agent_type, journal::short(&self.id)),
        }
    }
}
