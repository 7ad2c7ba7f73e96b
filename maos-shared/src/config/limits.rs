//! Every limit and time-out of the programs in one place, each with its unit.

use std::time::Duration;

/// Longest hook input that is read, in bytes (64 MiB). The client sends whole
/// file contents; a longer input is not one.
pub const STDIN_BYTES: usize = 64 * 1024 * 1024;

/// Longest state file that is read, in bytes (1 MiB).
pub const STATE_FILE_BYTES: usize = 1024 * 1024;

/// Longest path that the system takes, in bytes (4 KiB).
pub const PATH_BYTES: usize = 4096;

/// Longest text in a journal line, in bytes; a longer one is cut or measured.
pub const JOURNAL_TEXT_BYTES: usize = 512;

/// How much of a long value its hash in a journal is over, in bytes (64 KiB).
pub const JOURNAL_HASHED_BYTES: usize = 64 * 1024;

/// Most fields of a tool's input, and most programs, in a journal line.
pub const JOURNAL_ITEMS: usize = 32;

/// Longest text that a hook hands to the model, in bytes (8 KiB).
pub const CONTEXT_BYTES: usize = 8 * 1024;

/// Most files that a message to the model names one by one.
pub const FILES_NAMED: usize = 20;

/// Most branches that a message to the model lists.
pub const BRANCHES_NAMED: usize = 40;

/// Most files of an agent's work that come back by themselves; more come by
/// hand.
pub const FILES_RETURNED: usize = 2_000;
/// How many agents may have launched one another where work looks for its checkout.
pub const AGENT_DEPTH: usize = 16;

/// Longest note of a change that is being made to a checkout's files, in bytes
/// (16 MiB): some hundred for each file that comes back, and its path.
pub const INTENT_BYTES: usize = 16 * 1024 * 1024;

/// How long a stop waits for the work of other agents to come back before its
/// own.
pub const RETURN_WAIT: Duration = Duration::from_secs(60);

/// Most places of conflict that a merge shows.
pub const HUNKS_SHOWN: usize = 50;

/// Most lines of one side of such a place.
pub const HUNK_LINES: usize = 20;

/// How long a lease on a file lives after its last use, unless `leases.ttl` says
/// otherwise.
pub const LEASE_TTL: Duration = Duration::from_secs(30 * 60);

/// In what time the same notification is said once, unless `notify.interval` says
/// otherwise, and how far apart those of one burst are at most.
pub const NOTIFY_INTERVAL: Duration = Duration::from_secs(3);

/// How old a copy of an index is before it counts as left by a killed process.
pub const INDEX_COPY_AGE: Duration = Duration::from_secs(60 * 60);

/// Longest index that is read, in bytes (256 MiB): some hundred for each file.
pub const INDEX_BYTES: usize = 256 * 1024 * 1024;

/// Most files in which a spare workspace may differ for them to be updated one
/// by one; where there are more, git compares all.
pub const FILES_UPDATED: usize = 2_000;

/// How long a workspace that no session knows may just have been handed out, to an
/// agent whose first event is still to come: no clean-up takes it, however short
/// `cleanup.ttl` is.
pub const HANDED_OUT: Duration = Duration::from_secs(60);

/// How many spare workspaces are kept ready, unless `workspace.spares` says
/// otherwise.
pub const SPARES: usize = 2;

/// Most spare workspaces of a repository.
pub const SPARES_MAX: usize = 8;

/// How many checkouts must fit on the disk beside a spare workspace.
pub const SPARES_ROOM: u64 = 3;

/// Most ignored files that one workspace gets copies of.
pub const INCLUDED_FILES: usize = 10_000;

/// Most bytes of ignored files that one workspace gets copies of (1 GiB).
pub const INCLUDED_BYTES: u64 = 1024 * 1024 * 1024;

/// Most entries of one folder that a workspace shares link by link.
pub const LINKED_ENTRIES: usize = 20_000;

/// How deeply submodules within submodules are populated.
pub const SUBMODULE_DEPTH: usize = 4;

/// Longest name of a commit in `workspace.base`, in bytes.
pub const BASE_BYTES: usize = 255;

/// How long asking a service for speech may take, unless its `timeout` says
/// otherwise.
pub const SERVICE_TIME: Duration = Duration::from_secs(30);

/// Longest that this can be.
pub const SERVICE_TIME_LONGEST: Duration = Duration::from_secs(60);

/// How long connecting to a service may take.
pub const SERVICE_CONNECT_TIME: Duration = Duration::from_secs(10);

/// Longest sound that a service may send, in bytes (32 MiB).
pub const SERVICE_SOUND_BYTES: u64 = 32 * 1024 * 1024;

/// Most lines of findings that an agent is told at once.
pub const FINDING_LINES: usize = 20;

/// Most findings that an agent is known to know of a checkout; more are told
/// again.
pub const KNOWN_FINDINGS: usize = 1_000;

/// How long nothing has to be edited in a checkout for a burst to be over.
pub const TOOLING_DEBOUNCE: Duration = Duration::from_secs(1);

/// How long the check of edited files waits for the end of a burst at most.
pub const TOOLING_BURST_LONGEST: Duration = Duration::from_secs(10);

/// How long formatting the edited files of a burst may take, unless
/// `tooling.rust.fmt_timeout` says otherwise.
pub const FMT_TIME: Duration = Duration::from_secs(30);

/// How long clippy may take on the packages of a burst, and each tool of the
/// person's own on its files, unless `tooling.rust.clippy_timeout` or the tool's
/// `timeout` says otherwise.
pub const CLIPPY_TIME: Duration = Duration::from_secs(60);

/// Longest that any of those can be.
pub const TOOL_TIME_LONGEST: Duration = Duration::from_secs(10 * 60);

/// How much of a transcript is read for the last answer, from its end, in bytes
/// (256 KiB).
pub const TRANSCRIPT_TAIL_BYTES: u64 = 256 * 1024;

/// How long after its last call an agent that has not stopped counts as one of those
/// at work, where these are as many as may be.
pub const AGENT_SILENT: Duration = Duration::from_secs(60 * 60);

/// How long after it was written a lease is not written again by its owner, at most.
pub const LEASE_FRESH: Duration = Duration::from_secs(60);

/// How long is waited for another's lease, unless `leases.wait` says otherwise.
pub const LEASE_WAIT: Duration = Duration::from_millis(10);

/// Longest that `leases.wait` can be: a hook answers within seconds.
pub const LEASE_WAIT_LONGEST: Duration = Duration::from_secs(10);

/// For how long files are reserved, unless `--for` says otherwise.
pub const RESERVATION_TIME: Duration = Duration::from_secs(60 * 60);

/// Longest time that files can be reserved for (a week).
pub const RESERVATION_LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Most reservations of a project: a hook that changes a file reads them all.
pub const RESERVATIONS: usize = 256;

/// Longest pattern of files that can be reserved, in bytes.
pub const RESERVATION_BYTES: usize = 256;

/// Longest reason for a reservation, in bytes.
pub const RESERVATION_WHY_BYTES: usize = 512;

/// Most agents that are taken over from one file of an earlier MAOS.
pub const LEGACY_AGENTS: usize = 10_000;

/// Longest id of an agent that is taken over from an earlier MAOS, in bytes.
pub const LEGACY_ID_BYTES: usize = 512;

/// How many agents of a session may be at work, unless `agents.max_active` says
/// otherwise.
pub const AGENTS_ACTIVE: usize = 64;

/// How many agents a session may launch within a minute, unless
/// `agents.max_per_minute` says otherwise.
pub const AGENTS_PER_MINUTE: usize = 120;

/// How many jobs of a project run at once, unless `jobs.max` says otherwise.
pub const JOBS_AT_ONCE: usize = 2;

/// How much is kept of what a program in a job writes, in bytes (8 MiB).
pub const PROGRAM_OUTPUT_BYTES: u64 = 8 * 1024 * 1024;

/// How long a job waits for its turn.
pub const JOB_TURN_WAIT: Duration = Duration::from_secs(10 * 60);

/// How long is waited until a job that was killed has ended.
pub const JOB_STOP_WAIT: Duration = Duration::from_secs(2);

/// After how long without use things go, unless `cleanup.ttl` says otherwise.
pub const CLEAN_UP_TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// How long after a clean-up no session begins another one.
pub const CLEAN_UP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How long the record of a session is kept that had agents, after its last
/// change.
pub const SESSION_TTL: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How old a half-written file is before it counts as left by a killed process.
pub const HALF_WRITTEN_AGE: Duration = Duration::from_secs(60 * 60);

/// How long a journal becomes before a new one is begun, in bytes (16 MiB).
pub const JOURNAL_BYTES: u64 = 16 * 1024 * 1024;

/// How many earlier journals of a kind are kept.
pub const JOURNALS_KEPT: usize = 5;

/// How long removing what is past its time may take.
pub const CLEAN_UP_DEADLINE: Duration = Duration::from_secs(10 * 60);

/// How long emptying the trash may take.
pub const TRASH_DEADLINE: Duration = Duration::from_secs(10 * 60);

/// How long making spare workspaces may take.
pub const SPARES_DEADLINE: Duration = Duration::from_secs(5 * 60);

/// How long comparing an agent's work with that of the others may take.
pub const FORECAST_DEADLINE: Duration = Duration::from_secs(60);

/// How long reading what a session's agents left may take.
pub const REPORT_DEADLINE: Duration = Duration::from_secs(60);

/// How long a provider may take at most to say something.
pub const SPEECH_DEADLINE: Duration = Duration::from_secs(120);

/// How long a provider may take beside the speaking, unless `notify.timeout` says
/// otherwise.
pub const PROVIDER_TIME: Duration = Duration::from_secs(15);

/// How long a slow voice takes for a character.
pub const SPOKEN_CHARACTER_TIME: Duration = Duration::from_millis(75);

/// How long the programs may take that a project runs in a new workspace.
pub const POST_CREATE_DEADLINE: Duration = Duration::from_secs(15 * 60);

/// How long the check of edited files may take beside its tools, each of which
/// has a deadline of its own.
pub const TOOLING_DEADLINE: Duration = Duration::from_secs(10);

/// How long after a session called the person it does not say that it waits.
pub const NOTIFY_IDLE_AFTER: Duration = Duration::from_secs(5 * 60);

/// Longest text of a notification, in characters; terminals cut long ones.
pub const NOTIFY_TEXT_CHARS: usize = 120;

/// Longest text of one that several were merged into, in characters.
pub const NOTIFY_MERGED_CHARS: usize = 360;

/// How long nobody calls the person for a burst of calls to be over, before it is
/// said by a program.
pub const NOTIFY_DEBOUNCE: Duration = Duration::from_millis(500);

/// How long after a call it is of no use any more to say it.
pub const NOTIFY_STALE: Duration = Duration::from_secs(10 * 60);

/// Longest text that is spoken, in characters.
pub const SPEECH_CHARS: usize = 2000;

/// Longest `maos.toml` that is read, in bytes (256 KiB).
pub const SETTINGS_BYTES: u64 = 256 * 1024;

/// Most commands that the known lines of one stream become (`xargs -I`,
/// `parallel`); with more lines, their names count as unknown.
pub const STREAM_COMMANDS: usize = 64;

/// Longest shell text that the guard reads, in bytes (1 MiB).
pub const SHELL_TEXT_BYTES: usize = 1024 * 1024;

/// Deepest nesting in a shell text that the guard follows: substitutions,
/// groups, quotes in braces, calls of functions, texts that a command starts.
pub const SHELL_DEPTH: usize = 200;

/// How deeply one command of a shell text starts another (`sudo env sh -c …`)
/// for the guard to follow it.
pub const SHELL_STARTS: usize = 16;

/// Most commands of one shell text that the guard judges.
pub const SHELL_COMMANDS: usize = 20_000;

/// Most words that one word of a shell text may become by its braces and
/// values.
pub const SHELL_WORDS: usize = 10_000;

/// Most steps that the guard takes through a shell text: each command and each
/// word is one, again in every call of a function and in every value that a
/// variable may have.
pub const SHELL_STEPS: usize = 250_000;

/// How many bytes of a value that is copied count as one step.
pub const SHELL_STEP_BYTES: usize = 64;

/// Most values of one variable that the guard keeps apart; one that may have
/// more is not known.
pub const SHELL_VALUES: usize = 32;

/// Most values of a loop that the guard goes through one after the other.
pub const SHELL_ROUNDS: usize = 16;

/// Most combinations of values that one command is judged with.
pub const SHELL_COMBINATIONS: usize = 64;

/// From this step on through a shell text, the guard combines values no longer:
/// each is judged once, so that long scripts with many branches come to an end.
pub const SHELL_COMBINING_STEPS: usize = SHELL_STEPS / 4;

/// Most folders that the guard counts with as the one that a shell is in; one
/// that may be in more is anywhere.
pub const SHELL_FOLDERS: usize = 4;

/// Most `cd` of a shell text that the guard follows back from a command.
pub const SHELL_DIRS: usize = 64;

/// Most calls of one function that the guard remembers, to follow none of them
/// again.
pub const SHELL_CALLS: usize = 8;

/// Most files that a shell text writes whose content the guard keeps.
pub const SHELL_FILES: usize = 64;

/// How deep variables within variables of a makefile are followed.
pub const MAKE_DEPTH: usize = 8;

/// Most values that are put in the place of variables of a makefile.
pub const MAKE_VALUES: usize = 4_096;

/// Most settings that git gets from numbered variables which the guard reads.
pub const GIT_SETTINGS: usize = 16;

/// Most arguments of one call that are read in the code of an interpreter.
pub const CODE_ARGUMENTS: usize = 64;

/// Most lists that a loop of such code is followed through, each in a round of its
/// own.
pub const CODE_ROUNDS: usize = 8;

/// Most pieces that one argument is put together from in such code.
pub const CODE_TERMS: usize = 64;

/// How deep values within values are followed in such code.
pub const CODE_DEPTH: usize = 8;

/// Most bytes (1 MiB) that all variables of such code are replaced by; behind
/// them, what a variable holds counts as unknown.
pub const CODE_COPIED_BYTES: usize = 1024 * 1024;

/// Longest code within a string of such code that is read, in bytes.
pub const CODE_EMBEDDED_BYTES: usize = 512;
