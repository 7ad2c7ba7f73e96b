//! Ways out of an agent's worktree: no command changes the checkout that the
//! agent was launched from, however it names it; looking is free.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use maos_shared::hook::Event;
use maos_tests::{Answered, HookEvent, Sandbox};
use serde_json::json;

const ID: &str = "a5584d067ecffbeda";

/// Commands that would change the main checkout: `M` is its path. The worktree
/// has a link `out` to it, and one to its folder `src`.
const CHANGES: [&str; 96] = [
    "touch M/a",
    "touch M/src/../a",
    "touch 'M'/a",
    "touch \"M/a\" b",
    "echo x > M/a",
    "echo x >> M/README.md",
    "echo x >| M/a",
    "cat README.md > M/a",
    ": > M/README.md",
    "ls &> M/log",
    "{ ls; } > M/log",
    "cp README.md M/a",
    "cp -t M README.md",
    "cp --target-directory=M README.md",
    "install -m 644 README.md M/a",
    "mv README.md M/a",
    "mv M/README.md a",
    "tee M/a < README.md",
    "ls | tee -a M/a",
    "sed -i s/a/b/ M/README.md",
    "sed -n 'w M/a' README.md",
    "perl -pi -e s/a/b/ M/README.md",
    "awk '{ print > \"M/a\" }' README.md",
    "ln -s README.md M/a",
    "ln -s M/src here",
    "rm M/README.md",
    "mkdir -p M/a/b",
    "rmdir M/src",
    "chmod +x M/README.md",
    "truncate -s 0 M/README.md",
    "dd if=README.md of=M/a",
    "tar xf a.tar -C M",
    "tar -C M -xf a.tar",
    "tar xf a.tar --directory=M",
    "unzip a.zip -d M",
    "patch -d M -p1 < a.patch",
    "patch M/README.md a.patch",
    "rsync -a src/ M/src/",
    "rsync -a --remove-source-files M/src/ src/",
    "make -C M",
    "npm --prefix M install",
    "npm --prefix=M ci",
    "yarn --cwd M add x",
    "pnpm -C M add x",
    "cargo build --manifest-path M/Cargo.toml",
    "cargo build --target-dir M/target",
    "go build -o M/bin ./...",
    "cmake -B M/build",
    "curl -o M/a https://example.com",
    "wget -P M https://example.com",
    "python3 -c \"open('M/a', 'w').write('x')\"",
    "python3 -c \"open('../../../a', 'w').write('x')\"",
    "python3 - <<'EOF'\nfrom pathlib import Path\nPath(\"M/a\").write_text(\"x\")\nEOF",
    "node -e \"require('fs').writeFileSync('M/a', 'x')\"",
    "ruby -e \"File.write('M/a', 'x')\"",
    "perl -e 'open(F, \">M/a\")'",
    "php -r \"file_put_contents('M/a', 'x');\"",
    "sqlite3 a.db '.output M/a'",
    "vim -c 'w M/a' README.md",
    "cd M && touch a",
    "cd M; touch a",
    "(cd M && touch a)",
    "cd ../../.. && touch a",
    "(cd ..; cd ../..; touch a)",
    "pushd M && touch a",
    "pushd M; git add -A; popd",
    "cd M/src && make",
    "cd \"M\" && npm test",
    "env -C M touch a",
    "bash -c 'cd M && touch a'",
    "sh -c 'echo x > M/a'",
    "sudo touch M/a",
    "find . -name a -exec cp {} M/a \\;",
    "find M -name a -delete",
    "ls | xargs -I{} cp {} M/",
    "M=M; touch \"$M/a\"",
    "for d in M; do touch $d/a; done",
    "git -C M commit --allow-empty -m x",
    "git -C M add -A",
    "git -C ../../.. commit -am x",
    "git --git-dir=M/.git commit --allow-empty -m x",
    "git --git-dir M/.git --work-tree M add .",
    "git --work-tree=M checkout HEAD~1 README.md",
    "GIT_DIR=M/.git git commit --allow-empty -m x",
    "GIT_WORK_TREE=M git checkout README.md",
    "export GIT_DIR=M/.git; git commit --allow-empty -m x",
    "GIT_DIR=M/.git; export GIT_DIR; git commit --allow-empty -m x",
    "declare -x GIT_WORK_TREE=M; git checkout .",
    "env GIT_DIR=M/.git git commit --allow-empty -m x",
    "touch ../../../a",
    "touch out/a",
    "touch sources/../a",
    "cd out && touch a",
    "touch /proc/self/cwd/../../../a",
    "touch /proc/$$/cwd/../../../a",
    "touch $CLAUDE_PROJECT_DIR/a",
];

/// Commands that only look at the main checkout, or take something from it.
const LOOKS: [&str; 22] = [
    "cat M/README.md",
    "cd M && git log --oneline",
    "git -C M log --oneline -3",
    "git -C M diff HEAD~1",
    "GIT_PAGER=cat git status",
    "ls M/src | wc -l",
    "grep -rn one M/src > found.txt",
    "cat M/README.md > README.md",
    "diff M/README.md README.md",
    "cp M/README.md copy.md",
    "cp -r M/src src2",
    "rsync -a M/src/ src3/",
    "head -1 out/README.md",
    "tail -n 3 ../../../README.md",
    "echo M/a",
    "echo 'written to M/a' > note.txt",
    "git status && touch a",
    "cd src && touch a && cd - && touch b",
    "cd src && touch ../a",
    "cargo test",
    "python3 -c 'print(4 / 2)'",
    "sed -i s,a/b,c, README.md",
];

/// A repository with the worktree of one agent that the client isolated.
struct Isolated {
    sandbox: Sandbox,
    workspace: PathBuf,
}

impl Isolated {
    fn new() -> Self {
        let sandbox = Sandbox::with_repository();
        let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
        let workspace = create.with("name", format!("agent-{ID}")).answer().path();
        let main = sandbox.project();
        symlink(&main, workspace.join("out")).expect("a link");
        symlink(main.join("src"), workspace.join("sources")).expect("a link");
        Self { sandbox, workspace }
    }

    fn asks(&self, command: &str) -> Answered {
        self.event(command).from_folder(&self.workspace).answer()
    }

    fn event(&self, command: &str) -> HookEvent<'_> {
        let input = json!({"command": self.written(command)});
        HookEvent::before(&self.sandbox, "Bash", input).by(ID, "coder")
    }

    fn written(&self, command: &str) -> String {
        let main = self.sandbox.project();
        // Not the name of the variable.
        let command = command.replace("M=M", "D=M").replace("$M", "$D");
        let place = |before: &str, at: usize| {
            !before.ends_with(|c: char| c.is_ascii_alphabetic())
                && !command[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic())
        };
        let mut written = String::new();
        for (at, c) in command.char_indices() {
            match c == 'M' && place(&command[..at], at) {
                true => written.push_str(main.to_str().expect("UTF-8")),
                false => written.push(c),
            }
        }
        written
    }
}

#[test]
fn no_command_changes_the_checkout_that_an_agent_came_from() {
    let isolated = Isolated::new();
    let mut passed = String::new();
    for command in CHANGES {
        let answer = isolated.asks(command).finished().exits(0).out();
        let is_refused = answer.contains("\"deny\"") && answer.contains("MAOS rule ");
        if !is_refused {
            writeln!(passed, "{command}: {answer}").expect("a string");
        }
    }
    assert!(
        passed.is_empty(),
        "{} passed:\n{passed}",
        passed.lines().count()
    );
}

#[test]
fn looking_at_the_main_checkout_is_free() {
    let isolated = Isolated::new();
    let mut refused = String::new();
    for command in LOOKS {
        let answer = isolated.asks(command).finished().exits(0).out();
        if !answer.is_empty() {
            writeln!(refused, "{command}: {answer}").expect("a string");
        }
    }
    assert!(refused.is_empty(), "{refused}");
}

#[test]
fn a_refusal_names_the_path_to_use() {
    let isolated = Isolated::new();
    let own = isolated.workspace.display().to_string();
    for (command, path) in [
        ("touch M/docs/a.md", "/docs/a.md"),
        ("cp README.md M/src/b", "/src/b"),
        ("echo x > ../../../README.md", "/README.md"),
        ("touch sources/lib.rs", "/src/lib.rs"),
        ("cd M/src && touch a", "/src"),
        ("git -C M commit --allow-empty -m x", ""),
        ("touch M/.git/hooks/x", ""),
    ] {
        let refusal = isolated.asks(command).refusal();
        assert!(
            refusal.contains("isolation.command"),
            "{command}: {refusal}"
        );
        let path = format!("Use {own}{path} in its place");
        assert!(refusal.contains(&path), "{command}: {refusal}");
    }
}

#[test]
fn an_agent_in_the_shared_checkout_does_not_go_back_there() {
    let isolated = Isolated::new();
    // Its commands run in its workspace, whose shell came from the main checkout.
    for command in [
        "cd - && touch a",
        "touch $OLDPWD/a",
        "touch ~-/a",
        "cd \"$OLDPWD\" && touch a",
        "touch M/a",
        "cd M && make",
    ] {
        let answer = isolated.event(command).answer();
        assert!(answer.refusal().contains("isolation.command"), "{command}");
    }
    assert_eq!(isolated.sandbox.status(), "");
}

#[test]
fn a_command_of_an_agent_in_the_shared_checkout_runs_where_it_may() {
    let sandbox = Sandbox::with_repository();
    let ask = |command: &str| {
        let input = json!({"command": command});
        HookEvent::before(&sandbox, "Bash", input)
            .by(ID, "Explore")
            .answer()
    };
    // What reads, runs where it is, and makes no workspace.
    for command in [
        "ls -la src",
        "cat README.md | head -3",
        "grep -rn one . | sort | uniq -c",
        "find . -name '*.rs' -newer README.md",
        "git status",
        "git log --oneline --stat -5",
        "git diff HEAD~1 -- src",
        "git show HEAD:README.md",
        "git branch --list -a",
        "git blame README.md",
        "git rev-parse HEAD",
        "git ls-files",
        "git stash list",
        "sed -n 1,5p README.md",
        "awk '{ print $1 }' README.md",
        "cd src && ls",
        "for f in *.md; do wc -l \"$f\"; done",
        "rg -n one 2>/dev/null",
    ] {
        ask(command).is_silent();
    }
    assert_eq!(sandbox.workspaces(), Vec::<PathBuf>::new());
    // What changes files, or might, runs in its workspace.
    for command in [
        "touch a",
        "echo x > a",
        "sed -i s/a/b/ README.md",
        "awk '{ print > \"a\" }' README.md",
        "git add -A",
        "git commit -am x",
        "git branch feature",
        "git diff --output=a",
        "find . -name '*.tmp' -delete",
        "sort -o a README.md",
        "make",
        "cargo test",
        "npm run lint",
        "./script.sh",
        "python3 tool.py",
        "some-program --help-me",
        "$TOOL --version",
        "ls | tee a",
    ] {
        let input = ask(command).rewritten();
        let own = sandbox.workspaces().remove(0);
        let text = input["command"].as_str().expect("a text");
        assert!(
            text.starts_with(&format!("cd '{}'", own.display())),
            "{text}"
        );
        assert!(text.ends_with(command), "{text}");
    }
    // From then on it also reads there.
    let text = ask("git status").rewritten()["command"].to_string();
    assert!(text.contains("/.claude/worktrees/"), "{text}");
    assert_eq!(sandbox.status(), "");
}
