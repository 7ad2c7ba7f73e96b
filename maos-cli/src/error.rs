//! What a command can end with.

use std::io;
use std::path::{Path, PathBuf};

use crate::programs::ProgramError;
use crate::settings::SettingsError;

/// The exit codes of `maos`. A script may rely on them.
pub(crate) mod exit_code {
    /// The command did what it says.
    pub(crate) const DONE: u8 = 0;
    /// It could not, or a check found a fault; the reason is on stderr.
    pub(crate) const FAILED: u8 = 1;
    /// The command line has another form.
    pub(crate) const USAGE: u8 = 2;
    /// `maos explain`: the guard would deny the command.
    pub(crate) const DENIED: u8 = 3;
    /// `maos merge`, `maos conflicts`: work does not fit.
    pub(crate) const UNFIT: u8 = 4;
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The settings could not be read or edited.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A program is missing or does not work.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The reader of the output is gone, or its disk is full.
    #[error("failed to write the output: {0}")]
    Output(io::Error),
    /// The text that should be on stdin cannot be had from it.
    #[error("failed to read the text from stdin: {0}")]
    Stdin(io::Error),
    /// The project's state or journal cannot be read.
    #[error("failed to read the project's state: {0}")]
    State(#[from] io::Error),
    /// A file or folder that the person named cannot be used.
    #[error("failed to {action} {}: {source}", path.display())]
    File {
        /// What was tried, such as `read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file that the person named is not there.
    #[error("{} is not there; name a file that is", .0.display())]
    NoSuchFile(PathBuf),
    /// A folder that the person named is not there.
    #[error("{} is no folder; name one of the project's", .0.display())]
    NoSuchFolder(PathBuf),
    /// What is dropped has to be named as a whole.
    #[error("nothing was dropped: name the whole of it, {0}")]
    WholeName(String),
    /// There is no such job.
    #[error("there is no job {0:?}; `maos jobs` lists them")]
    NoSuchJob(String),
    /// A `maos.toml` does not count.
    #[error(transparent)]
    OwnSettings(#[from] maos_shared::config::SettingsError),
    /// The settings of the Python hooks cannot be taken over.
    #[error("{}: {problem}", path.display())]
    Import {
        /// The file that is wrong.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// An agent, or a script, wants a rule let off.
    #[error("only a person at a terminal can do that; run it in a terminal of your own")]
    NotAPerson,
    /// An agent, or a script, wants a project's programs to run.
    #[error("only a person at a terminal can trust a project; run it in a terminal of your own")]
    NoPersonTrusts,
    /// The rule cannot be let off.
    #[error("{0} cannot be let off: what it stops cannot be made good again, or falls on others")]
    FixedRule(String),
    /// A text is no pattern for files.
    #[error("{text:?} is no pattern for files: {problem}")]
    Pattern {
        /// The text.
        text: String,
        /// What is wrong with it.
        problem: maos_shared::state::reservations::PatternError,
    },
    /// Another has reserved some of the files.
    #[error(
        "{} has reserved `{}` until {}, for: {}; reserve other files, ask for them, or `maos release` them",
        .0.owner.describe(), .0.pattern.as_str(), .0.until, .0.why
    )]
    Reserved(Box<maos_shared::state::reservations::Reservation>),
    /// There are as many reservations as a project may have.
    #[error(
        "the project has {} reservations, and no more may be; `maos status` shows them, `maos release` ends some",
        maos_shared::config::limits::RESERVATIONS
    )]
    ReservationsFull,
    /// A command of the client does not know its session.
    #[error(
        "CLAUDE_CODE_SESSION_ID is not set, so it is not known who reserves; run it at a terminal"
    )]
    UnknownSession,
    /// There is no such rule.
    #[error("there is no rule {0:?}; `maos rules` lists them")]
    NoSuchRule(String),
    /// The client's input for a status line is none.
    #[error("stdin is no input for a status line: {0}")]
    StatusInput(serde_json::Error),
    /// There is no session at all.
    #[error("there is no session yet in {}", .0.display())]
    NoSession(PathBuf),
    /// No session has such an id.
    #[error("the project has no session {0:?}; `maos status` lists them")]
    NoSuchSession(String),
    /// A `maos.toml` does not count.
    #[error("settings were not accepted: {0} problems")]
    Unaccepted(usize),
    /// Nobody said what to edit with, or the editor failed.
    #[error("the editor {0:?} did not end well; set EDITOR to the one that you use")]
    Editor(String),
    /// What needs a terminal has none.
    #[error("this needs a terminal; `maos status` shows the same once")]
    NoTerminal,
    /// There is no such command.
    #[error("maos has no command {0:?}; `maos --help` lists them")]
    NoSuchCommand(String),
    /// No agent is meant.
    #[error("no agent with a branch is meant by {0:?}; `maos status` shows all of them")]
    NoSuchAgent(String),
    /// More than one agent is meant.
    #[error("{name:?} means several agents ({agents}); name one by more of its id")]
    SeveralAgents {
        /// What was asked for.
        name: String,
        /// Whom it means.
        agents: String,
    },
    /// Conflicts of several agents cannot be settled at once.
    #[error("--resolve merges one agent at a time, so that you see whose conflict it is")]
    OneAtATime,
    /// No objection has this id.
    #[error("{} tells of no call with the id {id:?}; `maos log` lists them", audit.display())]
    NoSuchObjection {
        /// What was asked for.
        id: String,
        /// The journal that was searched.
        audit: PathBuf,
    },
    /// No project can be told for a folder.
    #[error(transparent)]
    Project(#[from] maos_shared::project::Error),
    /// A workspace, or what was rescued from one.
    #[error(transparent)]
    Workspace(#[from] maos_shared::workspace::Error),
    /// There is no home directory to find the settings in.
    #[error("HOME is not set to an absolute path; set it, or name the file with --settings")]
    NoHome,
    /// A path that no folder can have.
    #[error("{path:?} is no path of a folder: {source}")]
    Folder {
        /// What was given.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A path cannot stand in JSON.
    #[error("{} is not UTF-8, and settings cannot name it; use another folder", .0.display())]
    Encoding(PathBuf),
    /// The programs work, but the client does not start them.
    #[error("{} does not register these programs; run `maos register`", .0.display())]
    NotRegistered(PathBuf),
    /// The client starts no hook at all.
    #[error("{} switches all hooks off; remove `disableAllHooks` from it", .0.display())]
    HooksDisabled(PathBuf),
}

impl Error {
    /// Returns what makes an error of the system's about a file one of ours.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
