//! The program that ends an agent, killed before each change that it makes to
//! folders while the agent's work comes back: the person's files are all as they
//! were or all as they are to be, once the next hook has run.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; these write what an agent would write"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox, Struck};

const AGENT: &str = "a1584d067ecffbeda";
/// What the person has written since the agent began.
const MINE: &str = "not committed\n";

/// The person's files and what they hold.
type Files = BTreeMap<&'static str, Option<String>>;

/// A checkout with an agent that has changed, added and deleted files.
struct World {
    sandbox: Sandbox,
    workspace: PathBuf,
}

impl World {
    fn new() -> Self {
        let sandbox = Sandbox::with_repository()
            .with_file("gone.txt", "to be deleted\n")
            .with_file("mine.txt", "committed\n")
            .committed("more");
        let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
        let workspace = create
            .with("name", format!("agent-{AGENT}"))
            .answer()
            .path();
        let world = Self { sandbox, workspace };
        world.inside(Event::SubagentStart).answer().is_silent();
        let file = |name: &str| world.workspace.join(name);
        fs::write(file("README.md"), "# Changed\n").unwrap();
        fs::write(file("src/lib.rs"), "// changed\n").unwrap();
        fs::remove_file(file("gone.txt")).unwrap();
        fs::create_dir(file("new")).unwrap();
        fs::write(file("new/deep.txt"), "added\n").unwrap();
        world.sandbox.write("mine.txt", MINE);
        world
    }

    fn inside(&self, event: Event) -> HookEvent<'_> {
        let event = HookEvent::new(&self.sandbox, event).by(AGENT, "coder");
        event.from_folder(&self.workspace)
    }

    /// The person's files.
    fn files(&self) -> Files {
        let names = [
            "README.md",
            "src/lib.rs",
            "gone.txt",
            "new/deep.txt",
            "mine.txt",
        ];
        let read = |name| (name, self.sandbox.read(name));
        names.into_iter().map(read).collect()
    }

    /// Whether a change of the person's files has begun that is not finished.
    fn is_begun(&self) -> bool {
        let desk = self.sandbox.project().join(".git/maos-return");
        desk.join("intent.json").exists() || desk.join("done.json").exists()
    }

    /// Checks that what the person had written is kept.
    fn has_rescued(&self) {
        let rescued = self.sandbox.rescued();
        let kept = |reference: &String| {
            let text = self.sandbox.committed_file(reference, "mine.txt");
            text.as_deref() == Some(MINE.trim_end())
        };
        assert!(rescued.iter().any(kept), "{rescued:?}");
    }
}

#[test]
fn a_kill_behind_each_change_leaves_all_files_or_none() {
    let (before, after) = {
        let world = World::new();
        let before = world.files();
        world.inside(Event::SubagentStop).answer().is_silent();
        (before, world.files())
    };
    assert_eq!(after["new/deep.txt"].as_deref(), Some("added\n"));
    assert_eq!(after["gone.txt"], None);
    let kill_at = |call: &'static str| {
        let (before, after) = (&before, &after);
        move || {
            let mut hits = Hits::default();
            while hits.kill(call, before, after) {}
            hits
        }
    };
    let hits: Vec<Hits> = thread::scope(|scope| {
        let threads = CALLS.map(|call| scope.spawn(kill_at(call)));
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let sum = |of: fn(&Hits) -> usize| hits.iter().map(of).sum::<usize>();
    let (kills, begun, undone) = (sum(|it| it.kills), sum(|it| it.begun), sum(|it| it.undone));
    // They hit the middle of the change, and its end; or no process can be
    // followed here.
    let is_thorough = undone >= 6 && begun > undone && kills > begun;
    assert!(
        kills == 0 || is_thorough,
        "{kills} kills, {begun} begun, {undone} undone"
    );
}

/// The system calls that change what lies in folders; some systems have not all.
const CALLS: [&str; 10] = [
    "link",
    "linkat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "unlink",
    "unlinkat",
];

/// What kills have hit.
#[derive(Default)]
struct Hits {
    kills: usize,
    /// Between the first change of a file and the end of all of them.
    begun: usize,
    /// Of those, the ones after which all files are as they were.
    undone: usize,
}

impl Hits {
    /// Kills the program behind its next `call`, and looks at what follows.
    /// Returns whether there was one.
    fn kill(&mut self, call: &str, before: &Files, after: &Files) -> bool {
        let world = World::new();
        let stop = || world.inside(Event::SubagentStop);
        let number = self.kills + 1;
        match stop().program().killed_behind(call, number) {
            Struck::Behind(_) => {}
            Struck::Ended => {
                assert_eq!(world.files(), *after);
                return false;
            }
            Struck::Impossible => return false,
        }
        self.kills += 1;
        let is_begun = world.is_begun();
        let next = HookEvent::new(&world.sandbox, Event::SessionStart).with("source", "startup");
        let _ = next.answer().finished().exits(0);
        let files = world.files();
        assert!(
            files == *before || files == *after,
            "{call} {number}: {files:?}"
        );
        assert!(!world.is_begun(), "{call} {number}");
        if is_begun {
            world.has_rescued();
            self.begun += 1;
            self.undone += usize::from(files == *before);
        }
        stop().answer().is_silent();
        assert_eq!(world.files(), *after, "{call} {number}");
        world.has_rescued();
        assert_eq!(world.sandbox.git(["diff", "--cached", "--name-only"]), "");
        world.sandbox.is_whole();
        true
    }
}
