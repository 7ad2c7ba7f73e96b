//! `maos status` tells what became of work by what it changes, and who does not
//! fit whom by a merge, not by names.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; one writes what an agent would"
)]

use std::fs;

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::{Value, json};

const ONE: &str = "a1584d067ecffbeda";
const TWO: &str = "b2584d067ecffbeda";

/// A file of many lines, in which these are others.
fn poem(lines: &[(usize, &str)]) -> String {
    let line = |n: usize| {
        let other = lines.iter().find(|(at, _)| *at == n);
        other.map_or_else(|| format!("line {n}\n"), |(_, text)| format!("{text}\n"))
    };
    (0..30).map(line).collect()
}

/// A repository with a file of many lines, whose agents' work stays on branches.
fn with_poem() -> Sandbox {
    let sandbox = Sandbox::with_repository()
        .with_file("poem.txt", &poem(&[]))
        .committed("a poem");
    sandbox.keep_work_on_branches();
    sandbox
}

/// Lets an agent begin, write the poem so, and stop.
fn worked(sandbox: &Sandbox, id: &str, lines: &[(usize, &str)]) {
    worked_while(sandbox, id, lines, || ());
}

/// As [`worked`]; `meanwhile` happens when it has begun.
fn worked_while(sandbox: &Sandbox, id: &str, lines: &[(usize, &str)], meanwhile: impl FnOnce()) {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{id}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(id, "coder");
    start.from_folder(&path).answer().is_silent();
    meanwhile();
    fs::write(path.join("poem.txt"), poem(lines)).unwrap();
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(id, "coder");
    stop.from_folder(&path).answer().is_silent();
}

fn status(sandbox: &Sandbox) -> Value {
    let printed = sandbox.maos(["status", "--json"]).exits(0).out();
    serde_json::from_str(&printed).unwrap()
}

fn work_of(status: &Value, id: &str) -> Value {
    let agents = status["sessions"][0]["agents"].as_array().unwrap();
    let agent = agents.iter().find(|agent| agent["id"] == id).unwrap();
    agent["work"].clone()
}

#[test]
fn agents_that_change_a_file_in_different_places_do_not_conflict() {
    let sandbox = with_poem();
    worked(&sandbox, ONE, &[(1, "one")]);
    worked(&sandbox, TWO, &[(28, "two")]);
    let found = status(&sandbox);
    assert_eq!(found["conflicts"], json!([]));
    let screen = sandbox.maos(["status"]).exits(0).out();
    assert!(
        screen.starts_with("project  nobody at work  2 to merge\n"),
        "{screen}"
    );
}

#[test]
fn agents_that_change_the_same_lines_do() {
    let sandbox = with_poem();
    worked(&sandbox, ONE, &[(5, "one")]);
    worked(&sandbox, TWO, &[(5, "two")]);
    let found = status(&sandbox);
    assert_eq!(found["conflicts"][0]["clash"], json!(["poem.txt"]));
    assert_eq!(found["sessions"][0]["agents"][0]["conflicts"], 1);
    let screen = sandbox.maos(["status"]).exits(0).out();
    let head = "project  nobody at work  2 to merge  1 in conflict\n";
    assert!(screen.starts_with(head), "{screen}");
    assert!(screen.contains("\nconflicts\n"), "{screen}");
}

#[test]
fn work_is_merged_when_what_it_changes_is_there() {
    let sandbox = with_poem();
    worked(&sandbox, ONE, &[(5, "one")]);
    worked(&sandbox, TWO, &[(9, "two")]);
    assert_eq!(work_of(&status(&sandbox), ONE), "unmerged");
    // As a person does who has never heard of `maos merge`.
    sandbox.git(["merge", "--quiet", "--squash", "agent/coder/a1584d06"]);
    sandbox.commit("by hand");
    let found = status(&sandbox);
    assert_eq!(work_of(&found, ONE), "merged");
    assert_eq!(work_of(&found, TWO), "unmerged");
}

#[test]
fn work_that_came_back_is_merged_once_it_is_committed() {
    let sandbox = with_poem();
    sandbox.write("../.claude/maos.toml", "");
    worked(&sandbox, ONE, &[(5, "one")]);
    let found = status(&sandbox);
    assert_eq!(work_of(&found, ONE), "returned");
    assert!(found["sessions"][0]["agents"][0]["returned"].is_string());
    sandbox.commit("mine");
    assert_eq!(work_of(&status(&sandbox), ONE), "merged");
}

#[test]
fn work_that_a_person_merged_stays_merged_whatever_comes_after() {
    let sandbox = with_poem();
    worked_while(&sandbox, ONE, &[(5, "one")], || sandbox.commit("meanwhile"));
    let _ = sandbox.maos(["merge", ONE]).exits(0);
    sandbox.write("poem.txt", &poem(&[(5, "mine")]));
    sandbox.commit("the same line");
    assert_eq!(work_of(&status(&sandbox), ONE), "merged");
    let _ = sandbox.maos(["merge", ONE]).exits(0);
    assert_eq!(work_of(&status(&sandbox), ONE), "merged", "merged twice");
    let page = sandbox.home().join("report.html");
    let _ = sandbox
        .maos(["report", "-o", page.to_str().unwrap()])
        .exits(0);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<b>1</b> merged"), "{page}");
}

/// An agent begins and writes these files, as a command of its own does.
fn at_work(sandbox: &Sandbox, id: &str, files: &[&str]) {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{id}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(id, "coder");
    start.from_folder(&path).answer().is_silent();
    for file in files {
        fs::write(path.join(file), id).unwrap();
    }
}

#[test]
fn two_at_work_on_one_file_are_seen_without_a_lease() {
    let sandbox = with_poem();
    at_work(&sandbox, ONE, &["poem.txt", "one.txt"]);
    at_work(&sandbox, TWO, &["poem.txt", ".env"]);
    let found = status(&sandbox);
    assert_eq!(found["leases"], json!([]));
    let agents = &found["sessions"][0]["agents"];
    assert_eq!(agents[0]["files"], json!(["one.txt", "poem.txt"]));
    assert_eq!(agents[1]["files"], json!(["poem.txt"]));
    assert_eq!(found["conflicts"][0]["files"], json!(["poem.txt"]));
    assert_eq!(agents[0]["sharing"], 1);
    let screen = sandbox.maos(["status"]).exits(0).out();
    assert!(screen.contains("2 at work  1 sharing files"), "{screen}");
    assert!(screen.contains(" 1?"), "{screen}");
    let mut top = sandbox.maos_on_a_terminal(["top"]);
    let _ = top.await_shown(" 1?");
    top.press("q");
    let _ = top.finish();
    let pairs = sandbox.maos(["conflicts", "--json"]).exits(0).out();
    let pairs: Value = serde_json::from_str(&pairs).unwrap();
    assert_eq!(pairs["sharing"][0]["agents"], json!([ONE, TWO]));
    assert_eq!(pairs["sharing"][0]["files"], json!(["poem.txt"]));
    let shown = sandbox.maos(["conflicts"]).exits(0).out();
    assert!(
        shown.contains("same files, not all of it committed yet\n"),
        "{shown}"
    );
    assert!(
        shown.ends_with("  coder a1584d06  coder b2584d06  poem.txt\n"),
        "{shown}"
    );
}

#[test]
fn an_agent_is_meant_by_the_branch_that_is_shown() {
    let sandbox = with_poem();
    at_work(&sandbox, ONE, &[]);
    at_work(&sandbox, TWO, &[]);
    for (id, branch) in [(ONE, "agent/coder/a1584d06"), (TWO, "agent/coder/b2584d06")] {
        let folder = &id[..8];
        let folder = sandbox
            .project()
            .join(".claude/worktrees/agent-".to_owned() + folder);
        let input = json!({"file_path": folder.join(id), "content": ""});
        let edit = HookEvent::before(&sandbox, "Write", input).by(id, "coder");
        let _ = edit.from_folder(&folder).answer();
        let log = sandbox.maos(["log", "--json", "--agent", branch]).exits(0);
        assert!(log.out().contains(id), "{}", log.out());
        let other = if id == ONE { TWO } else { ONE };
        assert!(!log.out().contains(other), "{}", log.out());
    }
    let freed = sandbox.maos(["release", "--agent", "agent/coder/a1584d06"]);
    assert_eq!(freed.exits(0).out(), "1 lease is free\n");
    assert_eq!(sandbox.leases().len(), 1);
}

#[test]
fn what_cannot_be_used_is_named_as_what_it_is() {
    let sandbox = Sandbox::with_repository();
    at_work(&sandbox, ONE, &[]);
    for (arguments, told) in [
        (
            &["report", "-o", "/nonexist/r.html"][..],
            "failed to write /nonexist/r.html: ",
        ),
        (
            &["man", "--into", "/nonexist"],
            "failed to write /nonexist/maos.1: ",
        ),
        (
            &["status", "--project", "/nonexist"],
            "/nonexist is no folder; name one",
        ),
        (&["jobs", "stop", "nothing"], "there is no job \"nothing\""),
        (
            &["config", "check", "/nonexist.toml"],
            "/nonexist.toml is not there",
        ),
    ] {
        let said = sandbox.maos(arguments).exits(1).err();
        assert!(said.starts_with(&format!("maos: {told}")), "{said}");
    }
}

#[test]
fn why_work_did_not_come_back_is_shown() {
    let sandbox = with_poem();
    sandbox.write("../.claude/maos.toml", "");
    worked_while(&sandbox, ONE, &[(5, "one")], || {
        sandbox.write("poem.txt", &poem(&[(5, "mine")]));
    });
    let screen = sandbox.maos(["status"]).exits(0).out();
    let line = "  agent/coder/a1584d06 did not come back: ";
    assert!(screen.contains(line), "{screen}");
}

#[test]
fn what_was_blocked_last_is_named_so_that_one_can_ask_why() {
    let sandbox = Sandbox::with_repository();
    for command in ["rm -rf /", "rm -rf ~", "cat .env", "rm -rf /etc"] {
        let call = HookEvent::before(&sandbox, "Bash", json!({ "command": command }));
        let _ = call.answer().refusal();
    }
    let found = status(&sandbox);
    assert_eq!(found["blocked"], 4);
    let last = found["last_blocked"].as_array().unwrap();
    assert_eq!(last.len(), 3);
    let screen = sandbox.maos(["status"]).exits(0).out();
    let shown = screen.find("blocked last\n").unwrap_or_default();
    assert!(screen.contains("`maos why ID`"), "{screen}");
    for call in last {
        let [id, rule] = [&call["id"], &call["rule"]].map(|it| it.as_str().unwrap());
        assert!(
            screen[shown..].contains(&format!("{id}  main   {rule}")),
            "{screen}"
        );
        let why = sandbox.maos(["why", id]).exits(0).out();
        assert!(why.contains(rule), "{why}");
    }
    assert_eq!(
        last[1]["rule"], "secrets.env-file",
        "the newest comes first"
    );
}

#[test]
fn colours_and_links_are_for_a_terminal() {
    let sandbox = with_poem();
    worked(&sandbox, ONE, &[(5, "one")]);
    let (code, written) = sandbox.maos_on_a_terminal(["status"]).finish();
    assert_eq!(code, Some(0));
    assert!(written.contains("\u{1b}[33mto merge\u{1b}[0m"), "{written}");
    let link = "\u{1b}]8;;file:///";
    assert!(written.contains(link), "{written}");
    let plain = sandbox.maos(["status"]).exits(0).out();
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let no_colour = sandbox.maos_on_a_terminal_with(["status"], &[("NO_COLOR", "1")]);
    let (_, written) = no_colour.finish();
    assert!(
        !written.contains("\u{1b}[33m") && written.contains(link),
        "{written}"
    );
    let dumb = sandbox.maos_on_a_terminal_with(["status"], &[("TERM", "dumb")]);
    assert!(!dumb.finish().1.contains('\u{1b}'));
}
