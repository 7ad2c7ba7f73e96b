//! Launches that no agent has been matched with yet.
//!
//! The call that launches an agent is known by its `tool_use_id`, the agent by
//! its `agent_id`; only the answer to the call names both. Until then the
//! launch waits as `launches/<tool_use_id>.json`. Matching is one rename to
//! `agents/<agent>/launch.json`, so a launch belongs to at most one agent.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::agents::{Launch, fact, list, read_json};
use super::layout::Session;
use super::{SafeName, atomic};

const FOLDER: &str = "launches";

impl Session {
    /// Returns the folder of the launches that wait for their agent.
    pub(super) fn launches(&self) -> PathBuf {
        self.dir().join(FOLDER)
    }

    /// Keeps a launch until its agent is known.
    ///
    /// # Errors
    /// What the system says.
    pub fn expect_launch(&self, call: &str, launch: &Launch) -> io::Result<()> {
        let folder = self.make(FOLDER)?;
        let bytes = serde_json::to_vec(launch).map_err(io::Error::from)?;
        atomic::replace(&folder.join(launch_name(call)), &bytes)
    }

    /// Gives the launch of `call` to its agent; does nothing when it is not
    /// there (any more).
    ///
    /// # Errors
    /// What the system says.
    pub fn match_launch(&self, call: &str, agent: &str) -> io::Result<()> {
        let waiting = self.launches().join(launch_name(call));
        if fs::symlink_metadata(&waiting).is_err() {
            return Ok(());
        }
        let folder = self.make(&format!("agents/{}", SafeName::new(agent)))?;
        absent_is_fine(atomic::rename(&waiting, &folder.join(fact::LAUNCH)))
    }

    /// Drops the launch of a call that failed.
    ///
    /// # Errors
    /// What the system says.
    pub fn drop_launch(&self, call: &str) -> io::Result<()> {
        let waiting = self.launches().join(launch_name(call));
        absent_is_fine(fs::remove_file(waiting))
    }

    /// Returns the agent type when all waiting launches ask for the same one.
    /// Lists a folder.
    ///
    /// # Errors
    /// What the system says, or a damaged file.
    pub fn launching_type(&self) -> io::Result<Option<String>> {
        let mut only = None;
        for path in list(&self.launches())? {
            // Matched or dropped since the folder was listed: no longer waiting.
            let Some(launch) = read_json::<Launch>(&path)? else {
                continue;
            };
            if only.get_or_insert_with(|| launch.agent_type.clone()) != &launch.agent_type {
                return Ok(None);
            }
        }
        Ok(only)
    }
}

fn launch_name(call: &str) -> String {
    format!("{}.json", SafeName::new(call))
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use std::time::SystemTime;

    #[test]
    fn a_launch_goes_to_one_agent() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let session = state.session("s");
        let launch = |kind: &str| Launch {
            description: "d".to_owned(),
            agent_type: kind.to_owned(),
        };
        session.expect_launch("toolu_1", &launch("coder")).unwrap();
        session.expect_launch("toolu_2", &launch("coder")).unwrap();
        assert_eq!(session.launching_type().unwrap().as_deref(), Some("coder"));
        session.expect_launch("toolu_3", &launch("writer")).unwrap();
        assert_eq!(session.launching_type().unwrap(), None);
        session.match_launch("toolu_3", "a1").unwrap();
        session.match_launch("toolu_3", "a2").unwrap();
        assert_eq!(
            session.fact("a1", fact::LAUNCH).unwrap(),
            Some(launch("writer"))
        );
        assert_eq!(session.fact::<Launch>("a2", fact::LAUNCH).unwrap(), None);
        session.drop_launch("toolu_1").unwrap();
        session.drop_launch("toolu_2").unwrap();
        assert_eq!(session.launching_type().unwrap(), None);
    }
}
