use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use maos_shared::state::agents::Stage;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::app::Task;
use super::*;
use crate::overview::{AgentView, JobView, Overview, SessionView, Work};

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
    }
}

fn screen(app: &App, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let now = SystemTime::UNIX_EPOCH;
    terminal.draw(|frame| draw(frame, app, now)).unwrap();
    terminal.backend().to_string()
}

fn press(app: &mut App, code: KeyCode) -> Task {
    app.press(KeyEvent::new(code, KeyModifiers::NONE))
}

#[test]
fn the_list_is_readable_and_survives_any_size() {
    let app = App::new(overview(&["a1", "a2"]), true, true);
    let shown = screen(&app, 80, 10);
    assert!(shown.contains("shop  2 at work"), "{shown}");
    assert!(shown.contains("agent/coder/a1"), "{shown}");
    assert!(shown.contains(r"task of a1\u{1"), "{shown}");
    assert!(
        shown.contains("enter look  d diff  l log  m merge  r release"),
        "{shown}"
    );
    for (width, height) in [(1, 1), (3, 2), (20, 3), (300, 100)] {
        let _ = screen(&app, width, height);
    }
    let nobody = App::new(
        Overview {
            jobs: Vec::new(),
            ..overview(&[])
        },
        true,
        true,
    );
    assert!(screen(&nobody, 80, 5).contains("Nobody works here yet"));
}

#[test]
fn keys_select_look_and_act() {
    let mut app = App::new(overview(&["a1", "a2"]), false, true);
    assert_eq!(press(&mut app, KeyCode::Down), Task::Nothing);
    assert_eq!(
        press(&mut app, KeyCode::Char('l')),
        Task::Journal("a2".to_owned())
    );
    assert_eq!(
        press(&mut app, KeyCode::Char('d')),
        Task::Nothing,
        "there is no diff"
    );
    press(&mut app, KeyCode::Enter);
    assert!(screen(&app, 80, 12).contains("coder a2"));
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
    assert_eq!(
        press(&mut app, KeyCode::Char('y')),
        Task::Merge("a2".to_owned())
    );
    press(&mut app, KeyCode::End);
    assert_eq!(
        press(&mut app, KeyCode::Char('x')),
        Task::Stop("forecast-1".to_owned())
    );
    assert_eq!(press(&mut app, KeyCode::Char('q')), Task::Quit);
}

#[test]
fn the_same_agent_stays_selected() {
    let mut app = App::new(overview(&["a1", "a2"]), true, true);
    press(&mut app, KeyCode::Down);
    app.refresh(overview(&["a0", "a1", "a2"]));
    assert_eq!(
        app.row().map(|row| row.id().to_owned()),
        Some("a2".to_owned())
    );
    app.refresh(Overview {
        jobs: Vec::new(),
        ..overview(&["a0"])
    });
    assert_eq!(
        app.row().map(|row| row.id().to_owned()),
        Some("a0".to_owned())
    );
}

#[test]
fn a_long_line_of_a_text_goes_on_below() {
    let mut app = App::new(overview(&["a1"]), true, true);
    app.hear(format!("{} end", "word ".repeat(20)));
    assert!(screen(&app, 40, 10).contains("end"));
}
