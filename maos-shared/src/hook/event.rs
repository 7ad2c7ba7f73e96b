//! The table of hook events: one row each, read by the programs, by the
//! registration and by the tests.

use std::time::Duration;

/// A hook event of Claude Code that MAOS answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Before a tool runs.
    PreToolUse,
    /// After a tool succeeded.
    PostToolUse,
    /// After a tool failed.
    PostToolUseFailure,
    /// After every tool of one batch ended.
    PostToolBatch,
    /// The client wants the user's attention.
    Notification,
    /// The main agent ends its turn.
    Stop,
    /// A subagent begins.
    SubagentStart,
    /// A subagent ends its turn.
    SubagentStop,
    /// A session begins, or goes on after resume, clear or compaction.
    SessionStart,
    /// A session ends.
    SessionEnd,
    /// The user, or a task notification, speaks to the main agent.
    UserPromptSubmit,
    /// The conversation is about to be compacted.
    PreCompact,
    /// The client wants a worktree; the hook replaces its own creation.
    WorktreeCreate,
    /// The client is done with a worktree.
    WorktreeRemove,
}

/// What a hook does when it cannot do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Exit 2: the action is blocked and the model sees the reason.
    Closed,
    /// Exit 0 with a line on stderr: the user's work goes on.
    Open,
    /// Exit 1: what was asked for does not exist, and the client must know.
    Fail,
}

impl Event {
    /// Every event, in the order of a session.
    pub const ALL: [Self; 14] = [
        Self::SessionStart,
        Self::UserPromptSubmit,
        Self::PreToolUse,
        Self::PostToolUse,
        Self::PostToolUseFailure,
        Self::PostToolBatch,
        Self::WorktreeCreate,
        Self::SubagentStart,
        Self::SubagentStop,
        Self::WorktreeRemove,
        Self::Notification,
        Self::PreCompact,
        Self::Stop,
        Self::SessionEnd,
    ];

    /// Returns the client's name of the event: the key in its settings and the
    /// value of `hook_event_name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreToolUse => "PreToolUse",
            Self::PostToolUse => "PostToolUse",
            Self::PostToolUseFailure => "PostToolUseFailure",
            Self::PostToolBatch => "PostToolBatch",
            Self::Notification => "Notification",
            Self::Stop => "Stop",
            Self::SubagentStart => "SubagentStart",
            Self::SubagentStop => "SubagentStop",
            Self::SessionStart => "SessionStart",
            Self::SessionEnd => "SessionEnd",
            Self::UserPromptSubmit => "UserPromptSubmit",
            Self::PreCompact => "PreCompact",
            Self::WorktreeCreate => "WorktreeCreate",
            Self::WorktreeRemove => "WorktreeRemove",
        }
    }

    /// Returns the file name of the program that answers it.
    #[must_use]
    pub const fn program(self) -> &'static str {
        match self {
            Self::PreToolUse => "maos-pre-tool",
            Self::PostToolUse => "maos-post-tool",
            Self::PostToolUseFailure => "maos-post-tool-failure",
            Self::PostToolBatch => "maos-post-tool-batch",
            Self::Notification => "maos-notify",
            Self::Stop => "maos-stop",
            Self::SubagentStart => "maos-agent-start",
            Self::SubagentStop => "maos-agent-stop",
            Self::SessionStart => "maos-session-start",
            Self::SessionEnd => "maos-session-end",
            Self::UserPromptSubmit => "maos-prompt-submit",
            Self::PreCompact => "maos-pre-compact",
            Self::WorktreeCreate => "maos-worktree-create",
            Self::WorktreeRemove => "maos-worktree-remove",
        }
    }

    /// Returns what its program does when it cannot do its work.
    #[must_use]
    pub const fn policy(self) -> Policy {
        match self {
            Self::PreToolUse => Policy::Closed,
            Self::WorktreeCreate => Policy::Fail,
            _ => Policy::Open,
        }
    }

    /// Returns whether the person is told where its program fails: what it does is
    /// missed, and it comes seldom.
    #[must_use]
    pub const fn tells_failures(self) -> bool {
        use Event::{
            SessionEnd, SessionStart, Stop, SubagentStart, SubagentStop, UserPromptSubmit,
        };
        let of_sessions = matches!(self, SessionStart | SessionEnd | UserPromptSubmit);
        of_sessions || matches!(self, SubagentStart | SubagentStop | Stop)
    }

    /// Returns how long the client lets its program run: seconds where it only
    /// reads and decides, more where it may start git on a large repository.
    #[must_use]
    pub const fn timeout(self) -> Duration {
        match self {
            Self::WorktreeCreate => Duration::from_secs(180),
            Self::PreToolUse | Self::SubagentStop | Self::WorktreeRemove => {
                Duration::from_secs(120)
            }
            _ => Duration::from_secs(10),
        }
    }
}
