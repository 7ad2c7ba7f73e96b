//! What tests of who holds files begin with.

use super::State;
use super::leases::Owner;
use super::process::Process;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Returns the state in a folder, at a time in seconds.
pub(super) fn state(dir: &Path, seconds: u64) -> State {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    State::at(dir.join(".maos"), now)
}

/// Returns an agent whose client is this process.
pub(super) fn owner(agent: &str) -> Owner {
    Owner {
        session: "s".to_owned(),
        agent: Some(agent.to_owned()),
        agent_type: None,
        client: Some(Process::of(std::process::id())),
        checkout: PathBuf::from("/p"),
    }
}
