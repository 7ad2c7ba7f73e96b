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
