//! Every limit and time-out of the programs in one place, each with its unit.

use std::time::Duration;

/// Longest hook input that is read, in bytes (64 MiB). The client sends whole
/// file contents; a longer input is not one.
pub const STDIN_BYTES: usize = 64 * 1024 * 1024;

/// Longest state file that is read, in bytes (1 MiB).
pub const STATE_FILE_BYTES: usize = 1024 * 1024;

/// Longest journal line, in bytes (8 KiB): what exceeds it is cut from its
/// free texts before the line is built.
pub const JOURNAL_TEXT_BYTES: usize = 512;

/// Longest text that a hook hands to the model, in bytes (8 KiB).
pub const CONTEXT_BYTES: usize = 8 * 1024;

/// Most files that a message to the model names one by one.
pub const FILES_NAMED: usize = 20;

/// How long a lease on a file lives after its last use.
pub const LEASE_TTL: Duration = Duration::from_secs(30 * 60);

/// Most commands that the known lines of one stream become (`xargs -I`,
/// `parallel`); with more lines, their names count as unknown.
pub const STREAM_COMMANDS: usize = 64;

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
