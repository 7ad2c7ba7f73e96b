//! Agents of the real client: those that change files work in worktrees of
//! their own and leave a branch each; those that only read leave nothing.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use maos_shared::hook::Event;
use maos_tests::{Block, Client, Recorder, Sandbox, Script, Session, Settings};

/// The scripts of six agents, and whether each runs in the background.
const SIX: [(&str, bool); 6] = [
    ("one", false),
    ("two", true),
    ("three", false),
    ("four", true),
    ("five", false),
    ("six", true),
];

/// The files that the agent of `script` changes, sorted: one made by a command,
/// one that was there and is edited, and one written by a tool.
fn files_of(script: &str) -> [String; 3] {
    [
        format!("made/{script}.txt"),
        format!("src/{script}.rs"),
        format!("written/{script}.md"),
    ]
}

/// An agent that makes, writes, reads and edits files. It names them as the
/// client tells it where it works.
fn worker(script: &'static str) -> Script {
    let [made, edited, written] = files_of(script);
    let edited_later = edited.clone();
    Script::of(script)
        .then_from(move |request| {
            let folder = request.folder();
            vec![
                Block::bash(format!("mkdir -p made && echo by {script} >{made}")),
                Block::write(folder.join(&written), &format!("by {script}\n")),
                Block::read(folder.join(&edited)),
            ]
        })
        .then_from(move |request| {
            let file = request.folder().join(&edited_later);
            vec![Block::edit(file, "nobody", script)]
        })
}

/// A repository with a source file for each of the six.
fn project_of_six() -> Sandbox {
    let mut sandbox = Sandbox::with_repository();
    for (script, _) in SIX {
        sandbox = sandbox.with_file(&files_of(script)[1], "// by nobody\n");
    }
    sandbox.committed("a file for each")
}

#[test]
fn six_at_once_leave_the_checkout_alone_and_six_branches_that_merge() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = project_of_six();
    six_at_once(
        &sandbox,
        client.within(&sandbox),
        Settings::empty().registered(),
    );
}

#[test]
fn the_plugin_does_what_an_installation_does() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = project_of_six();
    let _ = client.validates_the_plugin(&sandbox).exits(0);
    six_at_once(
        &sandbox,
        client.within(&sandbox).with_plugin(),
        Settings::empty(),
    );
}

/// Plays six agents in `session`, whose hooks come with it or by `settings`.
fn six_at_once(sandbox: &Sandbox, session: Session<'_>, settings: Settings) {
    sandbox.keep_work_on_branches();
    let before = sandbox.head();
    let recorder = Recorder::within(sandbox);
    let settings = settings.recording_into(&recorder, &[Event::UserPromptSubmit]);
    let launches =
        SIX.map(|(script, background)| Block::agent(script, "general-purpose", background));
    let main = Script::of("main").then(launches);
    let agents = SIX.map(|(script, _)| worker(script));
    let run = session
        .with(settings)
        .play([main].into_iter().chain(agents));

    assert_eq!(sandbox.status(), "", "the main checkout changed");
    assert_eq!(sandbox.head(), before);
    assert_eq!(
        sandbox.agents("pending_agents"),
        Vec::<serde_json::Value>::new()
    );
    assert_eq!(
        sandbox.agents("active_agents"),
        Vec::<serde_json::Value>::new()
    );
    assert_eq!(sandbox.agents("completed_agents").len(), SIX.len());
    let branches = sandbox.branches("agent/general-purpose/");
    assert_eq!(branches.len(), SIX.len(), "{branches:?}");
    assert_eq!(
        sandbox.branches("").len(),
        SIX.len() + 1,
        "only those and main"
    );

    let told = run.transcript.told_by_hooks("main").join("\n");
    let prompts = recorder.inputs("UserPromptSubmit");
    let mut merged = BTreeSet::new();
    for (index, (script, background)) in SIX.into_iter().enumerate() {
        let id = run
            .transcript
            .result("main", 0, index)
            .agent_id()
            .to_owned();
        let files = files_of(script);
        let branch = branches
            .iter()
            .find(|branch| sandbox.committed_file(branch, &files[0]).is_some())
            .unwrap_or_else(|| panic!("{} is on no branch", files[0]));
        assert_eq!(
            sandbox.git(["diff", "--name-only", &before, branch]),
            files.join("\n")
        );
        for (file, text) in files.iter().zip([
            format!("by {script}"),
            format!("// by {script}"),
            format!("by {script}"),
        ]) {
            assert_eq!(
                sandbox.committed_file(branch, file),
                Some(text),
                "{branch}: {file}"
            );
        }

        let begins = format!("MAOS: agent general-purpose ({id}) \"play {script}\" worked");
        let report = told
            .split_once(&begins)
            .unwrap_or_else(|| panic!("nothing is told of {script}:\n{told}"))
            .1;
        let lines: Vec<_> = report.lines().take(6).collect();
        assert_eq!(lines[1], format!("Branch: {branch} (1 commits)"));
        assert_eq!(lines[3], format!("Changed files: {}", files.join(", ")));
        let maos = sandbox.maos_command();
        assert_eq!(lines[5], format!("Bring it in: {maos} merge {id}"));
        assert_eq!(told.matches(&begins).count(), 1, "{script} is told once");
        let by_the_call = format!("PostToolUse:Agent hook additional context: {begins}");
        assert_eq!(told.contains(&by_the_call), !background, "{script}");
        let task = format!("<task-id>{id}</task-id>");
        let by_a_prompt = prompts
            .iter()
            .any(|input| input["prompt"].as_str().expect("a prompt").contains(&task));
        assert_eq!(by_a_prompt, background, "{script}");

        merged.extend(files);
    }
    let _ = sandbox.maos(["merge", "--all"]).exits(0);
    let commits = sandbox.git(["rev-list", "--count", &format!("{before}..HEAD")]);
    assert_eq!(commits, "6", "one commit each");
    let listed = sandbox.git(["diff", "--name-only", &before, "HEAD"]);
    assert_eq!(
        listed.lines().map(str::to_owned).collect::<BTreeSet<_>>(),
        merged
    );
    assert_eq!(sandbox.status(), "");
}

/// The client asks for a worktree before it tells the type of the agent.
#[test]
fn agents_of_several_types_at_once_get_branches_of_their_types() {
    let Some(client) = Client::available() else {
        return;
    };
    let definition = "---\nname: fixer\ndescription: fixes\ntools: Read, Write\n---\nFix.\n";
    let isolated = "---\nname: mover\ndescription: moves\nisolation: worktree\n---\nMove.\n";
    let sandbox = Sandbox::with_repository()
        .with_file(".claude/agents/fixer.md", definition)
        .with_file(".claude/agents/mover.md", isolated)
        .committed("definitions");
    sandbox.keep_work_on_branches();
    let types = ["general-purpose", "fixer", "mover", "claude"];
    let launches = types.map(|kind| Block::agent(kind, kind, false));
    let writers = types.map(|kind| {
        Script::of(kind).then_from(|request| {
            let file = request.folder().join("new.txt");
            vec![Block::write(file, "new\n")]
        })
    });
    let main = Script::of("main").then(launches);
    let run = client
        .guarded_in(&sandbox)
        .play([main].into_iter().chain(writers));

    let told = run.transcript.told_by_hooks("main").join("\n");
    for (index, kind) in types.into_iter().enumerate() {
        let id = run
            .transcript
            .result("main", 0, index)
            .agent_id()
            .to_owned();
        let branch = format!("agent/{kind}/{}", &id[..8]);
        let written = sandbox.committed_file(&branch, "new.txt");
        assert_eq!(
            written.as_deref(),
            Some("new"),
            "{:?}",
            sandbox.branches("")
        );
        let report = format!("MAOS: agent {kind} ({id}) \"play {kind}\" worked");
        assert!(told.contains(&report), "{told}");
        assert!(told.contains(&format!("Branch: {branch} ")), "{told}");
    }
    assert_eq!(sandbox.branches("").len(), types.len() + 1);
    assert_eq!(sandbox.status(), "");
}

#[test]
fn types_that_only_read_get_no_worktree() {
    let Some(client) = Client::available() else {
        return;
    };
    let definition = |name: &str| {
        format!("---\nname: {name}\ndescription: reads\ntools: Read, Grep\n---\nRead.\n")
    };
    let sandbox = Sandbox::with_repository()
        .with_file(".claude/agents/projects.md", &definition("projects-reader"))
        .with_file("../.claude/agents/own.md", &definition("own-reader"))
        .committed("a definition");
    let types = ["Explore", "Plan", "projects-reader", "own-reader"];
    let launches = types.map(|kind| Block::agent(kind, kind, false));
    let readers = types.map(|kind| {
        Script::of(kind).then_from(|request| vec![Block::read(request.folder().join("README.md"))])
    });
    let main = Script::of("main").then(launches);
    let run = client
        .guarded_in(&sandbox)
        .play([main].into_iter().chain(readers));

    for kind in types {
        let read = run.transcript.result(kind, 0, 0);
        assert!(read.succeeded().contains("# A project"), "{kind}: {read:?}");
        assert_eq!(run.transcript.folder_of(kind), sandbox.project(), "{kind}");
    }
    assert_eq!(sandbox.agents("completed_agents").len(), types.len());
    assert_eq!(sandbox.branches(""), ["main"]);
    assert_eq!(sandbox.git(["worktree", "list"]).lines().count(), 1);
    assert_eq!(sandbox.workspaces().len(), 0);
    assert_eq!(run.transcript.told_by_hooks("main"), Vec::<String>::new());
}

#[test]
fn an_agent_of_an_agent_is_told_to_the_one_that_launched_it() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([Block::agent("outer", "general-purpose", false)]),
        Script::of("outer")
            .then([Block::bash(
                "touch outer.txt && git add . && git commit -qm outer",
            )])
            .then([Block::agent("inner", "general-purpose", false)])
            .then([Block::bash("git status --porcelain -uall")]),
        Script::of("inner").then([Block::bash("ls && touch inner.txt")]),
    ]);

    let seen = run.transcript.result("inner", 0, 0);
    let seen = seen.succeeded();
    assert_eq!(
        seen, "README.md\nouter.txt\nsrc",
        "it starts from what launched it"
    );
    assert_eq!(
        run.transcript.result("outer", 2, 0).succeeded(),
        "?? inner.txt",
        "its work comes to the one that launched it"
    );
    let inner = run.transcript.result("outer", 1, 0).agent_id().to_owned();
    let branch = format!("agent/general-purpose/{}", &inner[..8]);
    assert_eq!(
        sandbox.committed_file(&branch, "inner.txt"),
        Some(String::new())
    );
    let to_outer = run.transcript.told_by_hooks("outer").join("\n");
    assert!(
        to_outer.contains(&format!("Branch: {branch} ")),
        "{to_outer}"
    );
    let to_main = run.transcript.told_by_hooks("main").join("\n");
    assert!(!to_main.contains(&branch), "{to_main}");
    assert_eq!(sandbox.status(), "?? inner.txt\n?? outer.txt");
}
