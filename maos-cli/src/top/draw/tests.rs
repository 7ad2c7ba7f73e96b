use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use maos_shared::state::agents::Stage;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::app::Task;
use super::*;
use crate::overview::{
    AgentView, BlockedView, Conflict, JobView, LeaseView, Overview, ReservationView, SessionView,
    Work,
};

fn agent(id: &str, work: Work) -> AgentView {
    AgentView {
        id: id.to_owned(),
        agent_type: "coder".to_owned(),
        description: format!("task of {id}\u{1b}[2J"),
        state: Stage::Active,
        work,
        registered: "1970-01-01T00:00:00Z".to_owned(),
        last_tool: None,
        last_seen: None,
        branch: Some(format!("agent/coder/{id}")),
        workspace: None,
        base: None,
        tip: None,
        since: None,
        sharing: 0,
        merged: None,
        returned: None,
        held: None,
        conflicts: 0,
        commits: 0,
        files: vec!["a.rs".to_owned()],
        trouble: None,
    }
}

fn overview(agents: &[&str]) -> Overview {
    let session = SessionView {
        id: "s".to_owned(),
        started: None,
        ended: None,
        end_reason: None,
        agents: agents
            .iter()
            .map(|id| agent(id, Work::InProgress))
            .collect(),
    };
    Overview {
        project: "/home/dev/shop".to_owned(),
        sessions: vec![session],
        older_sessions: 0,
        leases: Vec::new(),
        reservations: Vec::new(),
        jobs: vec![JobView {
            id: "forecast-1".to_owned(),
            kind: "forecast".to_owned(),
            about: "a1".to_owned(),
            running: true,
            ordered: "1970-01-01T00:00:00Z".to_owned(),
        }],
        conflicts: Vec::new(),
        blocked: 0,
        last_blocked: Vec::new(),
    }
}

/// Two agents that share a file, which one of them holds, and all else.
fn crowded() -> Overview {
    let text = str::to_owned;
    let time = || text("1970-01-01T00:00:00Z");
    let owner = || (text("s"), Some(text("a1")), Some(text("coder")));
    let (session, agent, agent_type) = owner();
    let lease = LeaseView {
        file: text("src/a.rs"),
        session,
        agent,
        agent_type,
        purpose: text("Edit"),
        since: time(),
        until: time(),
    };
    let (_, agent, agent_type) = owner();
    let reservation = ReservationView {
        pattern: text("docs/**"),
        shared: false,
        session: text(""),
        agent: None,
        agent_type: None,
        why: text("a chapter"),
        since: time(),
        until: time(),
    };
    let pair = Conflict {
        agents: [text("a1"), text("a2")],
        names: [text("agent/coder/a1"), text("agent/coder/a2")],
        files: vec![text("src/a.rs"), text("b.rs")],
        clash: Some(vec![text("b.rs")]),
    };
    let blocked = BlockedView {
        id: text("3f2a9c1d"),
        time: time(),
        agent,
        agent_type,
        rule: text("files.rm-root"),
        call: text("Bash rm -rf …"),
    };
    Overview {
        leases: vec![lease],
        reservations: vec![reservation],
        conflicts: vec![pair],
        blocked: 1,
        last_blocked: vec![blocked],
        ..overview(&["a1", "a2"])
    }
}

fn screen(app: &App, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let now = SystemTime::UNIX_EPOCH;
    terminal.draw(|frame| draw(frame, app, now)).unwrap();
    terminal.backend().to_string()
}

fn run(words: &[&str]) -> Task {
    Task::Run(words.iter().map(|word| (*word).to_owned()).collect())
}

fn press(app: &mut App, code: KeyCode) -> Task {
    app.press(KeyEvent::new(code, KeyModifiers::NONE))
}

#[test]
fn the_list_is_readable_and_survives_any_size() {
    let app = App::new(overview(&["a1", "a2"]));
    let shown = screen(&app, 80, 10);
    assert!(shown.contains("shop  2 at work"), "{shown}");
    assert!(shown.contains("agent/coder/a1"), "{shown}");
    assert!(shown.contains(r"task of a1\u{1"), "{shown}");
    assert!(
        shown.contains("enter look  d diff  l log  m merge  r release  q quit"),
        "{shown}"
    );
    let narrow = screen(&app, 40, 12);
    assert!(narrow.contains("m merge  r release  q quit"), "{narrow}");
    for (width, height) in [(1, 1), (3, 2), (20, 3), (300, 100)] {
        let _ = screen(&app, width, height);
    }
    let nobody = App::new(Overview {
        sessions: Vec::new(),
        jobs: Vec::new(),
        ..overview(&[])
    });
    assert!(screen(&nobody, 80, 5).contains("Nobody works here yet"));
}

#[test]
fn keys_select_look_and_act() {
    let mut app = App::new(overview(&["a1", "a2"]));
    assert_eq!(press(&mut app, KeyCode::Down), Task::Nothing);
    assert_eq!(
        press(&mut app, KeyCode::Char('l')),
        Task::Journal("a2".to_owned())
    );
    assert_eq!(press(&mut app, KeyCode::Char('d')), run(&["diff", "a2"]));
    assert_eq!(
        press(&mut app, KeyCode::Char('x')),
        Task::Nothing,
        "it is no job"
    );
    press(&mut app, KeyCode::Enter);
    assert!(screen(&app, 80, 20).contains("coder a2"));
    assert_eq!(
        press(&mut app, KeyCode::Char('q')),
        Task::Nothing,
        "closes the text"
    );
    press(&mut app, KeyCode::Char('m'));
    assert!(screen(&app, 80, 12).contains("y/n"));
    assert_eq!(
        press(&mut app, KeyCode::Enter),
        Task::Nothing,
        "not confirmed"
    );
    press(&mut app, KeyCode::Char('m'));
    assert_eq!(press(&mut app, KeyCode::Char('y')), run(&["merge", "a2"]));
    press(&mut app, KeyCode::End);
    assert_eq!(
        press(&mut app, KeyCode::Char('x')),
        run(&["jobs", "stop", "forecast-1"])
    );
    assert_eq!(press(&mut app, KeyCode::Char('q')), Task::Quit);
}

#[test]
fn the_same_agent_stays_selected() {
    let mut app = App::new(overview(&["a1", "a2"]));
    press(&mut app, KeyCode::Down);
    app.refresh(overview(&["a0", "a1", "a2"]));
    assert_eq!(app.row().map(|row| row.key()), Some("a2".to_owned()));
    app.refresh(Overview {
        jobs: Vec::new(),
        ..overview(&["a0"])
    });
    assert_eq!(app.row().map(|row| row.key()), Some("a0".to_owned()));
}

#[test]
fn a_long_line_of_a_text_goes_on_below() {
    let mut app = App::new(overview(&["a1"]));
    app.hear(vec![format!("{} end", "word ".repeat(20)).into()]);
    assert!(screen(&app, 40, 10).contains("end"));
}

#[test]
fn all_that_the_status_shows_is_there_and_its_keys_mean_it() {
    let mut app = App::new(crowded());
    let shown = screen(&app, 80, 40);
    for part in [
        "session s  open",
        "conflicts",
        "agent/coder/a1  agent/coder/a2  b.rs",
        "leases",
        "src/a.rs  coder a1",
        "reserved",
        "docs/**  a person",
        "jobs",
        "blocked last",
        "3f2a9c1d  coder a1  files.rm-root   0s  Bash rm -rf …",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let dense = screen(&app, 80, 22);
    assert!(dense.contains("Bash rm -rf …"), "{dense}");
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    let facts = screen(&app, 80, 20);
    assert!(facts.contains("a merge of both conflicts in"), "{facts}");
    press(&mut app, KeyCode::Esc);
    let mut task = |steps: usize, code| {
        for _ in 0..steps {
            press(&mut app, KeyCode::Down);
        }
        press(&mut app, code)
    };
    let lease = task(1, KeyCode::Char('r'));
    assert_eq!(lease, run(&["release", "--", "src/a.rs"]));
    let reservation = task(1, KeyCode::Char('r'));
    assert_eq!(reservation, run(&["release", "--", "docs/**"]));
    assert_eq!(
        task(1, KeyCode::Char('x')),
        run(&["jobs", "stop", "forecast-1"])
    );
    assert_eq!(task(1, KeyCode::Enter), run(&["why", "3f2a9c1d"]));
}

#[test]
fn the_selected_row_is_always_in_sight() {
    let ids: Vec<String> = (0..200).map(|n| format!("a{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut app = App::new(overview(&ids));
    press(&mut app, KeyCode::End);
    assert!(screen(&app, 80, 10).contains("forecast-1"));
    press(&mut app, KeyCode::Up);
    assert!(screen(&app, 80, 10).contains("agent/coder/a199"));
    press(&mut app, KeyCode::PageUp);
    assert!(screen(&app, 80, 10).contains("agent/coder/a189"));
}
