//! Hook inputs as the client wrote them, one file for each event and tool.

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use serde_json::Value;

use crate::sandbox::Sandbox;

/// The folders of the person whose client was recorded.
const HOME: &str = "/home/dev";

/// One recorded hook input.
#[derive(Debug)]
pub struct Recording {
    /// The name of its file without the extension.
    pub name: String,
    /// The event that it is the input of.
    pub event: Event,
    text: String,
}

impl Recording {
    /// Returns every recording in `tests/recorded/`, sorted by name.
    ///
    /// # Panics
    /// When there is none, or one names an event that MAOS does not know.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded");
        let files = fs::read_dir(&folder).expect("tests/recorded");
        let mut paths: Vec<_> = files.map(|file| file.expect("an entry").path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "{} is empty", folder.display());
        paths.iter().map(|path| Self::load(path)).collect()
    }

    /// Returns the input with its folders moved into `sandbox`, and makes the
    /// worktree that it says the client was in.
    #[must_use]
    pub fn moved_into(&self, sandbox: &Sandbox) -> Value {
        let home = sandbox.home();
        let text = self
            .text
            .replace(HOME, home.to_str().expect("a path of ours is UTF-8"));
        let input: Value = serde_json::from_str(&text).expect("paths of ours need no escape");
        let cwd = PathBuf::from(input["cwd"].as_str().expect("an input has a cwd"));
        if !cwd.is_dir() {
            let name = cwd.file_name().expect("a worktree has a name");
            sandbox.git([
                "worktree".as_ref(),
                "add".as_ref(),
                "--quiet".as_ref(),
                "-b".as_ref(),
                name,
                cwd.as_os_str(),
            ]);
        }
        input
    }

    fn load(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a recording is text");
        let input: Value = serde_json::from_str(&text).expect("a recording is JSON");
        let event = Event::ALL
            .into_iter()
            .find(|event| input["hook_event_name"] == event.name());
        let name = path
            .file_stem()
            .expect("a recording has a name")
            .to_string_lossy()
            .into_owned();
        let event = event.unwrap_or_else(|| panic!("{name} is of no known event"));
        Self { name, event, text }
    }
}
