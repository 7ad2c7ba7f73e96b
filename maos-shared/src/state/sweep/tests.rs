use super::*;
use crate::state::agents::Launch;
use crate::state::leases::{Owner, Terms};
use crate::state::process::Process;
use crate::state::sessions::{SessionEnd, SessionFact};
use std::time::SystemTime;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A number that no process has.
const NOBODY: u32 = 1 << 30;

/// The state of a project, so many days from now.
fn in_days(dir: &Path, days: u32) -> State {
    State::at(dir.join(".maos"), SystemTime::now() + days * DAY)
}

fn begin(state: &State, id: &str, client_pid: u32) -> Session {
    let session = state.session(id);
    let fact = SessionFact {
        session_id: id.to_owned(),
        started: "T1".to_owned(),
        source: "startup".to_owned(),
        cwd: PathBuf::from("/p"),
        client: Some(Process::of(client_pid)),
    };
    session.begin(&fact).unwrap();
    session
}

fn bring(session: &Session, id: &str, stage: Stage) {
    let agent = Agent {
        agent_id: id.to_owned(),
        agent_type: "coder".to_owned(),
        registered: "T1".to_owned(),
        client: None,
    };
    session.bring(&agent, stage).unwrap();
}

/// Sweeps and returns what went, as `what name`.
fn swept(state: &State) -> Vec<String> {
    let (swept, trouble) = state.sweep(DAY);
    trouble.unwrap();
    let line = |Swept { what, name }| format!("{what} {name}");
    swept.into_iter().map(line).collect()
}

#[test]
fn a_session_goes_a_day_after_its_end_and_a_week_after_it_had_agents() {
    let dir = tempfile::tempdir().unwrap();
    let now = in_days(dir.path(), 0);
    let empty = begin(&now, "empty", NOBODY);
    let busy = begin(&now, "busy", NOBODY);
    let live = begin(&now, "live", std::process::id());
    bring(&busy, "a1", Stage::Completed);
    assert_eq!(swept(&now), [""; 0]);
    assert_eq!(swept(&in_days(dir.path(), 2)), ["session empty"]);
    assert!(!empty.dir().exists() && busy.dir().exists());
    assert_eq!(swept(&in_days(dir.path(), 8)), ["session busy"]);
    let end = SessionEnd {
        ended: "T2".to_owned(),
        reason: "clear".to_owned(),
    };
    live.end(&end).unwrap();
    assert_eq!(swept(&in_days(dir.path(), 100)), [""; 0], "its client runs");
}

#[test]
fn a_session_whose_workspace_is_there_stays() {
    let dir = tempfile::tempdir().unwrap();
    let session = begin(&in_days(dir.path(), 0), "s", NOBODY);
    bring(&session, "a1", Stage::Active);
    let workspace = dir.path().join("workspace");
    fs::create_dir(&workspace).unwrap();
    let place = serde_json::json!({"path": workspace});
    session.record("a1", fact::WORKSPACE, &place).unwrap();
    assert_eq!(swept(&in_days(dir.path(), 100)), [""; 0]);
    fs::remove_dir(&workspace).unwrap();
    assert_eq!(swept(&in_days(dir.path(), 100)), ["session s"]);
}

#[test]
fn an_agent_that_never_got_a_workspace_goes_before_its_session() {
    let dir = tempfile::tempdir().unwrap();
    let session = begin(&in_days(dir.path(), 0), "s", NOBODY);
    bring(&session, "a1", Stage::Pending);
    bring(&session, "a2", Stage::Completed);
    let launch = Launch {
        description: "d".to_owned(),
        agent_type: "coder".to_owned(),
    };
    session.record("a1", fact::LAUNCH, &launch).unwrap();
    assert_eq!(swept(&in_days(dir.path(), 2)), ["agent a1"]);
    assert_eq!(session.stage("a1"), None);
    assert_eq!(session.fact::<Launch>("a1", fact::LAUNCH).unwrap(), None);
    assert_eq!(session.stage("a2"), Some(Stage::Completed));
}

#[test]
fn leases_of_the_dead_go_and_those_of_the_living_stay() {
    let dir = tempfile::tempdir().unwrap();
    let now = in_days(dir.path(), 0);
    for (file, pid) in [("dead.rs", NOBODY), ("live.rs", std::process::id())] {
        let owner = Owner {
            session: "s".to_owned(),
            agent: None,
            agent_type: None,
            client: Some(Process::of(pid)),
            checkout: PathBuf::from("/p"),
        };
        now.take_lease(file, &owner, "Edit", Terms::default())
            .unwrap();
    }
    let gone = Owner {
        session: "s".to_owned(),
        agent: None,
        agent_type: None,
        client: None,
        checkout: dir.path().join(".claude/worktrees/gone"),
    };
    now.take_lease("gone.rs", &gone, "Edit", Terms::default())
        .unwrap();
    assert_eq!(swept(&now), ["lease dead.rs", "lease gone.rs"]);
    assert_eq!(now.leases().unwrap().len(), 1);
    let later = swept(&in_days(dir.path(), 1));
    assert!(later.contains(&"lease live.rs".to_owned()), "{later:?}");
}

#[test]
fn what_was_half_written_goes() {
    let dir = tempfile::tempdir().unwrap();
    let now = in_days(dir.path(), 0);
    let half = now.locks().unwrap().join(".tmp-1-2-3");
    fs::create_dir(&half).unwrap();
    atomic::replace(&half.join("a.json"), b"{").unwrap();
    assert_eq!(swept(&now), [""; 0]);
    let later = swept(&in_days(dir.path(), 1));
    assert_eq!(later, ["half-written .tmp-1-2-3"]);
    assert!(!half.exists());
}

#[test]
fn what_is_damaged_is_told_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let session = begin(&in_days(dir.path(), 0), "s", NOBODY);
    let damaged = session.dir().join("session.json");
    atomic::replace(&session.dir().join("client.json"), b"{").unwrap();
    atomic::replace(&in_days(dir.path(), 0).locks().unwrap().join(".tmp-1"), b"").unwrap();
    let (swept, trouble) = in_days(dir.path(), 100).sweep(DAY);
    assert!(
        trouble
            .unwrap_err()
            .to_string()
            .contains("client.json is damaged")
    );
    assert_eq!(swept.len(), 1, "all else went: {swept:?}");
    assert!(damaged.exists());
}
