//! Inputs that are none, and odd ones that are.

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Program, Sandbox};
use serde_json::{Value, json};

use super::{answered, gave_up, sample};

/// How deep the odd inputs nest: far beyond what a recursive parser survives.
const DEEP: usize = 100_000;

fn run(event: Event, sandbox: &Sandbox, input: impl Into<Vec<u8>>) -> maos_tests::Finished {
    Program::answering(event, sandbox).given_bytes(input).run()
}

fn brackets() -> String {
    "[".repeat(DEEP) + &"]".repeat(DEEP)
}

/// Returns the object with another field, whose JSON is `raw`.
fn with_raw(object: &Value, field: &str, raw: &str) -> String {
    let text = object.to_string();
    let inner = text.strip_suffix('}').unwrap();
    format!("{inner},\"{field}\":{raw}}}")
}

#[test]
fn what_is_no_input_is_named_in_one_line() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        let sample = sample(event, &sandbox);
        let text = sample.to_string();
        let mut cases: Vec<(Vec<u8>, &str)> = vec![
            (b"".to_vec(), "stdin is empty"),
            (b" \r\n\t".to_vec(), "stdin is empty"),
            (b"\xff\xfe{\0}\0".to_vec(), "not UTF-8 at byte 0"),
            (format!("{text}x").into(), "trailing characters"),
            (format!("{text}{text}").into(), "trailing characters"),
            (
                text.replace("\"cwd\"", "\"cwd\n").into(),
                "control character",
            ),
        ];
        for no_object in ["[]", "7", "null", "\"{}\"", "nul"] {
            cases.push((no_object.into(), "is not a hook input"));
        }
        for end in [1, text.len() / 3, text.len() / 2, text.len() - 1] {
            cases.push((text[..end].into(), "EOF while parsing"));
        }
        for (input, part) in cases {
            let line = gave_up(event, run(event, &sandbox, input));
            assert!(line.contains(part), "{event:?}: {line}");
        }
    }
    assert!(!sandbox.project().join(".maos").exists());
}

#[test]
fn who_calls_and_from_where_must_be_said() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        let sample = sample(event, &sandbox);
        let cases = [
            ("session_id", None, "missing field `session_id`"),
            ("session_id", Some(json!(7)), "expected a string"),
            ("session_id", Some(json!(null)), "expected a string"),
            ("session_id", Some(json!(["a"])), "expected a string"),
            ("session_id", Some(json!("")), "`session_id` is empty"),
            ("cwd", None, "missing field `cwd`"),
            ("cwd", Some(json!({})), "expected a string"),
            ("cwd", Some(json!("")), "not an absolute path"),
            ("cwd", Some(json!("project")), "not an absolute path"),
            ("cwd", Some(json!("/a\u{0}b")), "NUL character"),
            ("cwd", Some(json!("/a".repeat(9000))), "longer than"),
            ("agent_id", Some(json!(1)), "expected a string"),
            ("tool_name", Some(json!({})), "expected a string"),
        ];
        for (field, value, part) in cases {
            let mut input = sample.clone();
            let fields = input.as_object_mut().unwrap();
            fields.remove(field);
            fields.extend(value.map(|value| (field.to_owned(), value)));
            let line = gave_up(event, run(event, &sandbox, input.to_string()));
            assert!(line.contains(part), "{event:?}: {line}");
        }
    }
    assert!(!sandbox.project().join(".maos").exists());
}

#[test]
fn an_endless_input_is_refused_with_the_limit() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        let mut input = with_raw(&sample(event, &sandbox), "more", "\"").into_bytes();
        input.truncate(input.len() - 1);
        input.resize(100_000_000, b'x');
        input.extend(b"\"}");
        let line = gave_up(event, run(event, &sandbox, input));
        assert!(line.contains("64 MiB"), "{event:?}: {line}");
    }
}

#[test]
fn a_large_input_is_read() {
    let sandbox = Sandbox::with_repository();
    let content = "line\n".repeat(2_000_000);
    let write = json!({"file_path": "large.txt", "content": content});
    let answer = HookEvent::before(&sandbox, "Write", write).answer();
    answer.is_silent();
}

#[test]
fn what_is_not_known_passes() {
    for event in Event::ALL {
        let sandbox = Sandbox::with_repository();
        let sample = if event == Event::WorktreeRemove {
            removable(&sandbox)
        } else {
            sample(event, &sandbox)
        };
        let mut input = sample;
        input["hook_event_name"] = json!("Tomorrow");
        input["from_tomorrow"] = json!({"a": [1, null, {"b": "c"}]});
        input["permission_mode"] = json!(["a", "list"]);
        input["transcript_path"] = json!(false);
        input["half"] = json!(null);
        let odd = with_raw(&input, "deep", &brackets());
        let odd = odd.replace(r#""half":null"#, r#""half":"cut \ud83d","\u0000":"\udc00""#);
        answered(event, run(event, &sandbox, odd));
    }
}

/// Returns the removal of a worktree of ours: all others are left alone.
fn removable(sandbox: &Sandbox) -> Value {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate).with("name", "feat-x");
    let path = create.answer().path();
    HookEvent::new(sandbox, Event::WorktreeRemove)
        .with("worktree_path", path.to_str().unwrap())
        .into_input()
}

#[test]
fn a_name_that_another_event_needs_may_be_anything() {
    let sandbox = Sandbox::with_repository();
    let mut input = sample(Event::PreToolUse, &sandbox);
    for field in ["name", "source", "reason", "prompt", "message", "error"] {
        input[field] = json!({"level": "medium"});
    }
    answered(
        Event::PreToolUse,
        run(Event::PreToolUse, &sandbox, input.to_string()),
    );
    let mut input = sample(Event::WorktreeCreate, &sandbox);
    input["name"] = json!(7);
    let line = gave_up(
        Event::WorktreeCreate,
        run(Event::WorktreeCreate, &sandbox, input.to_string()),
    );
    assert!(line.contains("`name` is missing"), "{line}");
}

#[test]
fn a_call_that_cannot_be_read_is_blocked_and_reported_elsewhere() {
    let sandbox = Sandbox::with_repository();
    let deep = brackets();
    let with_input = |event: Event, tool: &str, raw: &str| {
        let call = HookEvent::new(&sandbox, event).with("tool_name", tool);
        let text = with_raw(&call.into_input(), "tool_input", raw);
        run(event, &sandbox, text)
    };
    for (tool, raw, part) in [
        ("Bash", "[]", "`tool_input` is not an object"),
        ("Bash", "\"ls\"", "`tool_input` is not an object"),
        ("mcp__a__b", deep.as_str(), "`tool_input` is not an object"),
        ("Bash", "null", "`tool_input` has no `command`"),
        ("Bash", "{}", "`tool_input` has no `command`"),
        ("Bash", r#"{"command":["rm"]}"#, "`command` is not a string"),
        ("Read", r#"{"file_path":7}"#, "`file_path` is not a string"),
        ("Read", r#"{"file_path":null}"#, "has no `file_path`"),
        ("Write", r#"{"content":"x"}"#, "has no `file_path`"),
        (
            "Edit",
            r#"{"file_path":"a\u0000/../.env"}"#,
            "NUL character",
        ),
        ("NotebookEdit", r#"{"file_path":"a"}"#, "no `notebook_path`"),
        ("Glob", r#"{"path":{}}"#, "`path` is not a string"),
        ("Agent", r#"{"subagent_type":1}"#, "is not a string"),
        ("", "{}", "`tool_name` is missing"),
    ] {
        let finished = with_input(Event::PreToolUse, tool, raw);
        let line = gave_up(Event::PreToolUse, finished);
        assert!(line.contains(part), "{tool} {raw:.60}: {line}");
        assert!(line.contains("blocked"), "{line}");
        for event in [
            Event::PostToolUse,
            Event::PostToolUseFailure,
            Event::PostToolBatch,
        ] {
            answered(event, with_input(event, tool, raw));
        }
    }
    for endless in ["a/../", "a/"] {
        let endless = format!(r#"{{"file_path":"{}.env"}}"#, endless.repeat(400_000));
        let finished = with_input(Event::PreToolUse, "Read", &endless);
        let line = gave_up(Event::PreToolUse, finished);
        assert!(line.contains("longer than the 4096 bytes"), "{line}");
    }
    let deep = format!(r#"{{"command":"ls","x":{deep},"y":"\ud83d"}}"#);
    let finished = with_input(Event::PreToolUse, "Bash", &deep);
    assert_eq!(answered(Event::PreToolUse, finished), None);
}

#[test]
fn a_rewritten_call_keeps_what_no_parser_of_ours_could_hold() {
    let sandbox = Sandbox::with_repository();
    let launch = HookEvent::new(&sandbox, Event::PreToolUse)
        .with("tool_name", "Agent")
        .with("tool_use_id", "toolu_1")
        .into_input();
    let odd = format!(
        r#"{{"prompt":"half \ud83d","deep":{},"n":1.50,"big":12345678901234567890123}}"#,
        brackets()
    );
    let text = with_raw(&launch, "tool_input", &odd);
    let out = run(Event::PreToolUse, &sandbox, text).exits(0).out();
    for part in [
        r#""prompt":"half \ud83d""#,
        r#""n":1.50"#,
        r#""big":12345678901234567890123"#,
        r#""isolation":"worktree""#,
        &brackets(),
    ] {
        assert!(out.contains(part), "{part:.40} is not in {out:.200}");
    }
}

#[test]
fn of_a_key_that_comes_twice_the_last_counts_as_for_the_client() {
    let sandbox = Sandbox::with_repository();
    let read = |raw: &str| {
        let call = HookEvent::new(&sandbox, Event::PreToolUse).with("tool_name", "Read");
        let text = with_raw(&call.into_input(), "tool_input", raw);
        run(Event::PreToolUse, &sandbox, text)
    };
    for raw in [
        r#"{"file_path":"README.md","file_path":".env"}"#,
        r#"{"file_path":"README.md","file\u005fpath":".env"}"#,
        r#"{"file_path":"README.md","x":1,"file_path":"\u002eenv"}"#,
    ] {
        let answer = answered(Event::PreToolUse, read(raw)).unwrap();
        assert_eq!(answer["hookSpecificOutput"]["permissionDecision"], "deny");
    }
    let harmless = read(r#"{"file_path":".env","file_path":"README.md"}"#);
    assert_eq!(answered(Event::PreToolUse, harmless), None);

    // What runs is what was judged: the other one is gone from the answer.
    let write = HookEvent::new(&sandbox, Event::PreToolUse)
        .with("tool_name", "Write")
        .by("a5584d067ecffbeda", "coder")
        .into_input();
    let twice = r#"{"file_path":".env","content":"1","file_path":"a.txt","content":"2"}"#;
    let text = with_raw(&write, "tool_input", twice);
    let out = run(Event::PreToolUse, &sandbox, text).exits(0).out();
    assert_eq!(out.matches("\"file_path\"").count(), 1, "{out}");
    assert_eq!(out.matches("\"content\":\"2\"").count(), 1, "{out}");
    assert!(!out.contains(".env") && !out.contains("\"1\""), "{out}");
}

#[test]
fn an_input_that_says_twice_who_calls_what_is_refused() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        for (field, raw) in [
            ("session_id", "\"other\""),
            ("cwd", "\"/\""),
            ("tool_name", "\"Read\""),
            ("tool_input", "{}"),
        ] {
            let mut input = sample(event, &sandbox);
            input["tool_name"] = json!("Bash");
            input["tool_input"] = json!({"command": "ls"});
            let text = with_raw(&input, field, raw);
            let line = gave_up(event, run(event, &sandbox, text));
            assert!(line.contains("duplicate field"), "{event:?}: {line}");
        }
    }
}

#[test]
fn a_path_with_a_nul_character_is_no_path() {
    let sandbox = Sandbox::with_repository();
    let remove = HookEvent::new(&sandbox, Event::WorktreeRemove);
    let remove = remove.with("worktree_path", "/a\u{0}b");
    let line = gave_up(Event::WorktreeRemove, remove.program().run());
    assert!(line.contains("is not removed"), "{line}");
    // A name is made safe instead.
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate).with("name", "a\u{0}../b\n");
    let path = create.answer().path();
    let folder = sandbox.project().join(".claude/worktrees");
    assert_eq!(path.parent(), Some(folder.as_path()), "{}", path.display());
}

#[test]
fn a_stop_is_never_blocked_and_never_answered_to_the_model() {
    let stop = |field: &str, value: Value| {
        // The person is called once, so each is the first of its project.
        let sandbox = Sandbox::with_repository();
        let stop = HookEvent::new(&sandbox, Event::Stop).with("stop_hook_active", true);
        answered(Event::Stop, stop.with(field, value).program().run())
    };
    for value in [json!(true), json!(false), json!("yes"), json!(null)] {
        stop("stop_hook_active", value);
    }
    assert_eq!(stop("background_tasks", json!([{"id": "a"}])), None);
    for value in [json!([]), json!(null), json!({"a": 1}), json!("x")] {
        let rung = stop("background_tasks", value).unwrap();
        assert!(rung["terminalSequence"].is_string(), "{rung}");
    }
    let sandbox = Sandbox::with_repository();
    for event in [Event::SubagentStart, Event::SubagentStop] {
        let stop = HookEvent::new(&sandbox, event).with("stop_hook_active", true);
        let known = stop.by("a5584d067ecffbeda", "coder").program().run();
        assert_eq!(answered(event, known), None);
        let nameless = HookEvent::new(&sandbox, event).program().run();
        let line = gave_up(event, nameless);
        assert!(line.contains("`agent_id` is missing"), "{line}");
    }
}
