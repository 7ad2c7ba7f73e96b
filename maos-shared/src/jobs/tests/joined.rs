//! Jobs that others join, and that share something with other projects.

use super::*;
use crate::state::lock::Lock;

/// A task that is joined: the sessions in a file want it.
struct Joined {
    wanted: PathBuf,
    settled: PathBuf,
    alone: Option<PathBuf>,
    gate: PathBuf,
}

impl Joined {
    fn within(dir: &Path, name: &str) -> Self {
        let place = |what: &str| dir.join(format!("{name}.{what}"));
        Self {
            wanted: place("wanted"),
            settled: place("settled"),
            alone: None,
            gate: place("gate"),
        }
    }
}

impl Task for Joined {
    fn settle(&self) {
        let _ = until(self.settled.clone())();
    }

    fn alone_with(&self) -> Option<PathBuf> {
        self.alone.clone()
    }

    fn take(&mut self) -> io::Result<Option<Vec<String>>> {
        let wanted = fs::read_to_string(&self.wanted)?;
        Ok(Some(wanted.lines().map(ToOwned::to_owned).collect()))
    }

    fn work(self) -> Result<String, String> {
        until(self.gate)()
    }
}

#[test]
fn a_job_ends_with_the_last_session_that_wants_it() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let task = |name: &str| Joined::within(dir.path(), name);
    let write = |path: &Path, text: &str| {
        crate::state::atomic::replace(path, text.as_bytes()).unwrap();
    };
    let paths = ["waits", "runs"].map(task);
    let [waits, runs] = ["waits", "runs"].map(|name| {
        let id = started(&state, &order(Kind::Tooling, name), task(name));
        assert!(
            !is_wanted(&state, &order(Kind::Tooling, name)),
            "it is joined"
        );
        id
    });
    write(&paths[1].wanted, "s\nt\n");
    open(&paths[1].settled);
    await_some(|| is_running(&state, &runs).then_some(()));

    assert_eq!(end_session(&state, "s"), 0, "another one wants both");
    assert_eq!(job(&state, &waits).status, Status::Waiting);
    assert!(is_running(&state, &runs));
    assert_eq!(end_session(&state, "t"), 1);
    assert_eq!(end(&state, &runs).how, How::Stopped);
    // It looks by itself.
    write(&paths[0].wanted, "s\nt\n");
    open(&paths[0].settled);
    assert_eq!(end(&state, &waits).how, How::Stopped);
}

#[test]
fn waiting_for_what_all_projects_share_is_no_work() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let alone = dir.path().join("voice");
    let other = Lock::try_acquire(&alone).unwrap().unwrap();
    let mut task = Joined::within(dir.path(), "a");
    task.alone = Some(alone.clone());
    for file in [&task.wanted, &task.settled, &task.gate] {
        open(file);
    }
    let before = list(&state).unwrap().len();
    let order = order(Kind::Speech, "");
    let deadline = Duration::from_millis(100);
    start_within(&state, &order, deadline, task).unwrap();
    let id = await_some(|| list(&state).unwrap().into_iter().nth(before)).id;
    thread::sleep(2 * deadline);
    assert_eq!(job(&state, &id).status, Status::Waiting);
    drop(other);
    assert_eq!(end(&state, &id).how, How::Done);
}
