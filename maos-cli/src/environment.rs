//! The environment that `maos` reads: nothing else of it matters.

#![expect(
    clippy::disallowed_methods,
    reason = "the one place of this program that reads the environment"
)]

use std::env;
use std::path::PathBuf;

use crate::error::Error;

/// The person's home directory.
const HOME: &str = "HOME";
/// The client's folder of settings, where it is not `~/.claude`.
const CLAUDE_CONFIG_DIR: &str = "CLAUDE_CONFIG_DIR";

/// Returns the path of the person's own settings of Claude Code.
///
/// # Errors
/// When neither variable holds an absolute path.
pub(crate) fn user_settings() -> Result<PathBuf, Error> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    let folder = absolute(CLAUDE_CONFIG_DIR)
        .or_else(|| absolute(HOME).map(|home| home.join(".claude")))
        .ok_or(Error::NoHome)?;
    Ok(folder.join("settings.json"))
}
