use std::time::SystemTime;

use maos_shared::state::State;
use maos_shared::state::agents::{Agent, Launch, Stage, fact};

use super::*;
use crate::overview::{Looked, overview};
use maos_shared::project::Project;

const ATTACK: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u{1b}[2J";

/// Returns the page of a session all of whose texts are hostile.
fn hostile() -> String {
    let dir = tempfile::tempdir().unwrap();
    let project = Project::find(dir.path(), None, None).unwrap();
    let state = State::at(project.state_dir(), SystemTime::UNIX_EPOCH);
    let session = state.session("s1");
    let agent = Agent {
        agent_id: "a1".to_owned(),
        agent_type: ATTACK.to_owned(),
        registered: ATTACK.to_owned(),
        client: None,
    };
    session.bring(&agent, Stage::Active).unwrap();
    let launch = Launch {
        description: ATTACK.to_owned(),
        agent_type: ATTACK.to_owned(),
    };
    session.record("a1", fact::LAUNCH, &launch).unwrap();
    let text = || Some(ATTACK.to_owned());
    let line = Line {
        time: "1970-01-01T00:00:01Z".to_owned(),
        event: "PreToolUse".to_owned(),
        session: "s1".to_owned(),
        agent: Some("a1".to_owned()),
        agent_type: text(),
        tool: text(),
        outcome: ATTACK.to_owned(),
        rule: text(),
        reason: text(),
        programs: vec![ATTACK.to_owned()],
        ..Line::default()
    };
    let looked = Looked {
        sessions: 1,
        window: 1024,
    };
    let found = overview(&project, &state, looked, None).unwrap();
    page(&Told {
        project: ATTACK,
        session: &session,
        view: &found.sessions[0],
        lines: std::slice::from_ref(&line),
        audit: std::slice::from_ref(&line),
    })
    .unwrap()
}

#[test]
fn hostile_texts_are_shown_and_nothing_else() {
    let page = hostile();
    assert!(page.matches("&lt;script&gt;alert(1)").count() > 8, "{page}");
    for live in ["<script", "<img", "onerror=alert(1)>", "\u{1b}"] {
        assert!(!page.contains(live), "{live}: {page}");
    }
    // Every quote of a text is escaped, so the tags are those of this program.
    let tags = page
        .split('<')
        .skip(1)
        .map(|rest| rest.split(['>', ' ', '\n']).next().unwrap());
    let known = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p",
        "ul", "li", "b", "br", "div", "span", "table", "tr", "th", "td", "code", "details",
        "summary",
    ];
    for tag in tags {
        assert!(known.contains(&tag.trim_start_matches('/')), "{tag}");
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let page = hostile();
    assert!(page.contains(POLICY));
    for loading in ["http:", "https:", "src=\"", "url(", "@import", "<link"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn every_element_is_closed() {
    let page = hostile();
    for name in [
        "div", "span", "table", "tr", "td", "th", "ul", "li", "p", "main", "details",
    ] {
        let open =
            page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(open, page.matches(&format!("</{name}>")).count(), "{name}");
    }
}
