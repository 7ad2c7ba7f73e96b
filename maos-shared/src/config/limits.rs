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

/// Most fields of a tool's input, and most programs, in a journal line.
pub const JOURNAL_ITEMS: usize = 32;

/// Longest text that a hook hands to the model, in bytes (8 KiB).
pub const CONTEXT_BYTES: usize = 8 * 1024;

/// Most files that a message to the model names one by one.
pub const FILES_NAMED: usize = 20;

/// Most branches that a message to the model lists.
pub const BRANCHES_NAMED: usize = 40;

/// How long a lease on a file lives after its last use.
pub const LEASE_TTL: Duration = Duration::from_secs(30 * 60);

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

/// Most files that a shell text writes whose content the guard keeps.
pub const SHELL_FILES: usize = 64;

/// Most arguments of one call that are read in the code of an interpreter.
pub const CODE_ARGUMENTS: usize = 64;

/// Most pieces that one argument is put together from in such code.
pub const CODE_TERMS: usize = 64;

/// How deep values within values are followed in such code.
pub const CODE_DEPTH: usize = 8;

/// Most bytes (1 MiB) that all variables of such code are replaced by; behind
/// them, what a variable holds counts as unknown.
pub const CODE_COPIED_BYTES: usize = 1024 * 1024;

/// Longest code within a string of such code that is read, in bytes.
pub const CODE_EMBEDDED_BYTES: usize = 512;
