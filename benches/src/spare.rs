//! Times the handing out of a spare workspace of a large repository.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use maos_shared::config::WorkspaceSettings;
use maos_shared::project::Project;
use maos_shared::workspace::{self, spares};

use crate::stopwatch::at;
use crate::world::commit_all;

/// How many folders the repository has, and files each.
const FILES: (usize, usize) = (300, 100);
/// How often a spare is handed out; each takes seconds to be made before.
const ROUNDS: usize = 7;

/// Returns the median time in which an agent gets a spare workspace of 30,000
/// files.
pub(crate) fn handed_out() -> Duration {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let home = scratch.path().canonicalize().expect("it is there");
    let root = home.join("project");
    fill(&root);
    commit_all(&root, &home);
    let project = Project::find(&root, None, None).expect("a project");
    let settings = WorkspaceSettings {
        spares: Some(1),
        ..WorkspaceSettings::default()
    };
    let one = |round: usize| {
        spares::keep(&project, &root, &settings).expect("a spare");
        let request = workspace::Request {
            kind: "coder",
            id: &format!("a{round:016x}"),
            from: &root,
            settings: &settings,
            reason: "measured",
            now: SystemTime::now(),
        };
        let began = Instant::now();
        workspace::create(&project, &request).expect("a workspace");
        began.elapsed()
    };
    let mut times: Vec<Duration> = (0..ROUNDS).map(one).collect();
    times.sort_unstable();
    at(&times, 50)
}

fn fill(root: &Path) {
    let (folders, files) = FILES;
    for folder in 0..folders {
        let folder = root.join(folder.to_string());
        fs::create_dir_all(&folder).expect("a folder");
        for file in 0..files {
            fs::write(folder.join(file.to_string()), file.to_string()).expect("a file");
        }
    }
}
