use super::*;
use crate::state::process::Process;
use crate::state::sessions::SessionFact;
use std::time::SystemTime;

fn state(dir: &Path) -> State {
    State::at(dir.join(".maos"), SystemTime::UNIX_EPOCH)
}

/// Writes a file of the state, with its folders.
fn write(state: &State, path: &str, text: &str) -> PathBuf {
    let path = state.root().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    atomic::replace(&path, text.as_bytes()).unwrap();
    path
}

fn agent(id: &str, status: &str) -> String {
    format!(
        r#"{{"agent_id": "{id}", "agent_type": "coder", "status": "{status}",
            "timestamp": "2025-07-01T10:20:30.123456", "session_id": "s", "cwd": "/p"}}"#
    )
}

/// Lays out what the earlier MAOS wrote.
fn lay_out(state: &State) {
    let file = |path: &str, text: &str| drop(write(state, path, text));
    file("active_session.json", r#"{"session_id": "s"}"#);
    file(
        "sessions/s/session.json",
        r#"{"id": "s", "start": "2025-07-01T10:20:30", "metadata": {"cwd": "/p"}, "status": "active"}"#,
    );
    file(
        "sessions/s/pending_agents/coder-s-1.json",
        &agent("coder-s-1", "pending"),
    );
    file(
        "sessions/s/active_agents/coder-s-2.json",
        &agent("coder-s-2", "active"),
    );
    // As after a kill between its two steps.
    file(
        "sessions/s/pending_agents/coder-s-2.json",
        &agent("coder-s-2", "pending"),
    );
    file(
        "sessions/s/completed_agents/Odd Id.json",
        &agent("Odd Id", "completed"),
    );
    file(
        "sessions/s/agent_lifecycle.jsonl",
        "{\"event_type\": \"x\"}\n",
    );
    file("sessions/s/file_locks/0f.lock/metadata.json", "{}");
    file("sessions/s/progress.json", "{}");
    let list = format!(
        "[{}, {}]",
        agent("coder-s-1", "pending"),
        agent("listed", "pending")
    );
    file("sessions/s/pending_agents.json", &list);
    file(
        "pending_agents.json",
        &format!("{{\"x\": {}}}", agent("x", "pending")),
    );
}

fn ids(session: &Session, stage: Stage) -> Vec<String> {
    let agents = session.agents(stage).unwrap().into_iter();
    agents.map(|agent| agent.agent_id).collect()
}

/// Returns every file below a folder, by its path there.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().display().to_string()),
            }
        }
    }
    found.sort();
    found
}

fn is_taken_over(state: &State) {
    let session = state.session("s");
    assert_eq!(ids(&session, Stage::Pending), ["coder-s-1", "listed", "x"]);
    assert_eq!(ids(&session, Stage::Active), ["coder-s-2"]);
    assert_eq!(ids(&session, Stage::Completed), ["Odd Id"]);
    let began: SessionFact = session.began().unwrap().unwrap();
    assert_eq!(began.started, "2025-07-01T10:20:30.000Z");
    assert_eq!(session.ended().unwrap().unwrap().reason, REASON);
    assert_eq!(
        files(&state.legacy()),
        [
            "active_session.json",
            "pending_agents.json",
            "sessions/s/active_agents/coder-s-2.json",
            "sessions/s/agent_lifecycle.jsonl",
            "sessions/s/completed_agents/Odd Id.json",
            "sessions/s/file_locks/0f.lock/metadata.json",
            "sessions/s/pending_agents.json",
            "sessions/s/pending_agents/coder-s-1.json",
            "sessions/s/pending_agents/coder-s-2.json",
            "sessions/s/progress.json",
            "sessions/s/session.json",
        ]
    );
    let kept = state
        .legacy()
        .join("sessions/s/pending_agents/coder-s-1.json");
    assert_eq!(
        fs::read_to_string(kept).unwrap(),
        agent("coder-s-1", "pending")
    );
}

#[test]
fn all_is_taken_over_once_and_kept_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    lay_out(&state);
    let done = state.take_over().unwrap();
    assert_eq!((done.agents, done.left), (5, Vec::new()));
    is_taken_over(&state);
    let late = write(&state, "pending_agents.json", "[]");
    assert_eq!(state.take_over().unwrap(), TakenOver::default());
    assert!(late.exists(), "it was done");
}

#[test]
fn what_a_kill_left_undone_is_done_the_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    lay_out(&state);
    state.take_over().unwrap();
    // As if it had been killed before its last step, with some of it undone.
    fs::remove_file(state.taken_over()).unwrap();
    let session = state.session("s").dir().to_path_buf();
    let back = |name: &str| {
        let kept = state.legacy().join("sessions/s").join(name);
        atomic::rename(&kept, &session.join(name)).unwrap();
    };
    back("pending_agents.json");
    back("session.json");
    back("active_agents/coder-s-2.json");
    state.take_over().unwrap();
    is_taken_over(&state);
}

#[test]
fn many_at_once_take_over_once() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    lay_out(&state);
    let agents: usize = std::thread::scope(|scope| {
        let one = || scope.spawn(|| state.take_over().unwrap().agents);
        let threads: Vec<_> = (0..8).map(|_| one()).collect();
        threads.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!(agents, 5);
    is_taken_over(&state);
}

#[test]
fn what_is_damaged_is_told_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let damaged = [
        ("pending_agents.json", "{\"pending_agents\": [".to_owned()),
        ("sessions/s/agents.json", "7".to_owned()),
        ("sessions/s/active_agents/a.json", "\u{0}\u{1}".to_owned()),
        (
            "sessions/t/pending_agents.json",
            " ".repeat(STATE_FILE_BYTES + 1),
        ),
    ];
    let paths: Vec<PathBuf> = damaged
        .iter()
        .map(|(path, text)| write(&state, path, text))
        .collect();
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("pending_agents")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, state.sessions().join("linked")).unwrap();
    let good = format!("[{}, 7]", agent("../../x", "pending"));
    write(&state, "sessions/u/pending_agents.json", &good);
    let done = state.take_over().unwrap();
    for (path, (_, text)) in paths.iter().zip(&damaged) {
        assert_eq!(&fs::read_to_string(path).unwrap(), text);
        let name = path.to_str().unwrap();
        let told = done.left.iter().any(|line| line.contains(name));
        assert!(told, "{name}: {:?}", done.left);
    }
    assert_eq!(done.left.len(), damaged.len() + 2, "{:?}", done.left);
    assert_eq!(done.agents, 1);
    assert_eq!(ids(&state.session("u"), Stage::Pending), ["../../x"]);
    assert_eq!(files(&elsewhere), [""; 0]);
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        2,
        "nothing escaped"
    );
}

#[test]
fn what_this_maos_wrote_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(dir.path());
    let session = state.session("s");
    let fact = SessionFact {
        session_id: "s".to_owned(),
        started: "2026-01-01T00:00:00.000Z".to_owned(),
        source: "startup".to_owned(),
        cwd: "/p".into(),
        client: None,
    };
    session.begin(&fact).unwrap();
    let own = Agent {
        agent_id: "a1".to_owned(),
        agent_type: "coder".to_owned(),
        registered: fact.started.clone(),
        client: Some(Process::of(1)),
    };
    session.bring(&own, Stage::Active).unwrap();
    let before = files(state.root());
    assert_eq!(state.take_over().unwrap(), TakenOver::default());
    let mut after = files(state.root());
    after.retain(|file| file != "taken-over.json" && file != ".taking-over");
    assert_eq!(after, before);
    assert_eq!(session.agents(Stage::Active).unwrap(), [own]);
    assert_eq!(session.ended().unwrap(), None);
}
