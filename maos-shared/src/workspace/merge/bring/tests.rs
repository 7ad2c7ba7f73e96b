use super::*;
use crate::state::agents::fact;
use crate::state::agents::read_json;
use crate::workspace::Workspace;
use crate::workspace::merge::recover;
use crate::workspace::scratch::Scratch;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

mod kills;
mod obstacles;

const AGENT: &str = "a5584d067ecffbeda";

/// An agent in the repository `main`, and what it does there.
struct World {
    scratch: Scratch,
    workspace: Workspace,
}

impl World {
    /// An agent that has begun in a checkout of two files and a `.gitignore`.
    fn new() -> Self {
        Self::begun(Scratch::with_repository())
    }

    fn begun(scratch: Scratch) -> Self {
        let workspace = scratch.workspace(AGENT);
        Self { scratch, workspace }
    }

    fn main(&self, name: &str) -> PathBuf {
        self.scratch.path("main").join(name)
    }

    /// Writes a file in the main checkout.
    fn user(&self, name: &str, text: &str) {
        self.scratch.write(self.main(name), text);
    }

    /// Writes a file in the agent's workspace.
    fn agent(&self, name: &str, text: &str) {
        self.scratch.write(self.workspace.path.join(name), text);
    }

    /// Commits all that is in the workspace, and returns the commit.
    fn tip(&self) -> String {
        let at = &self.workspace.path;
        self.scratch.git(at, &["add", "-A", "-f"]);
        self.scratch
            .git(at, &["commit", "-q", "--allow-empty", "-m", "work"]);
        self.scratch.git(at, &["rev-parse", "HEAD"])
    }

    fn ticket(&self) -> Ticket {
        Ticket {
            state: self.scratch.path("state"),
            session: "s".to_owned(),
            agent: AGENT.to_owned(),
        }
    }

    /// Brings the work since `base` back.
    fn bring_since(&self, base: &str, tip: &str, after: After<'_>) -> Return {
        let into = self.scratch.path("main");
        let delivery = Delivery {
            into: &into,
            base,
            tip,
            ticket: self.ticket(),
        };
        bring(&delivery, after).unwrap()
    }

    /// Brings all work back.
    fn bring(&self) -> Return {
        self.bring_since(&self.workspace.base, &self.tip(), &mut || Ok(()))
    }

    /// Brings all work back and expects that it comes.
    fn applied(&self) -> Returned {
        match self.bring() {
            Return::Applied(returned) => returned,
            other => panic!("{other:?}"),
        }
    }

    /// Brings all work back and expects that nothing is changed.
    fn held(&self) -> Held {
        let before = self.look();
        let Return::Held(held) = self.bring() else {
            panic!("it came back");
        };
        assert_eq!(self.look(), before);
        held
    }

    /// What is in the main checkout, each with its mode, and git's own state.
    fn look(&self) -> Vec<String> {
        let main = self.scratch.path("main");
        let mut lines = vec![self.git_state()];
        let mut folders = vec![main.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let below = path.strip_prefix(&main).unwrap().display();
                let stat = path.symlink_metadata().unwrap();
                if path.ends_with(".git") || path.ends_with(".claude/worktrees") {
                    continue;
                } else if stat.is_dir() {
                    lines.push(format!("{below}/"));
                    folders.push(path.clone());
                    continue;
                }
                let text = match stat.is_symlink() {
                    true => fs::read_link(&path)
                        .unwrap()
                        .into_os_string()
                        .into_encoded_bytes(),
                    false => fs::read(&path).unwrap(),
                };
                let mode = stat.permissions().mode();
                lines.push(format!(
                    "{below} {mode:o} {}",
                    String::from_utf8_lossy(&text)
                ));
            }
        }
        lines.sort();
        lines
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.main(name)).unwrap()
    }

    fn fact(&self) -> Option<Returned> {
        let facts = self.scratch.path("state/sessions/s/agents").join(AGENT);
        read_json(&facts.join(fact::RETURNED)).unwrap()
    }

    /// What git says of its index, `HEAD`, branches, stash and reflog.
    fn git_state(&self) -> String {
        let git = |arguments: &[&str]| self.scratch.git("main", arguments);
        let index = fs::read(self.main(".git/index")).unwrap();
        [
            crate::state::sha256_hex(&index),
            git(&["for-each-ref", "refs/heads/main", "refs/stash"]),
            fs::read_to_string(self.main(".git/HEAD")).unwrap(),
            fs::read_to_string(self.main(".git/logs/HEAD")).unwrap(),
        ]
        .join("\n")
    }
}

#[test]
fn what_the_agent_did_comes_as_uncommitted_changes() {
    let world = World::new();
    world.agent("a.txt", "changed\n");
    world.agent("new/deep/file.txt", "new\n");
    fs::remove_file(world.workspace.path.join("src/b.txt")).unwrap();
    world.agent("run.sh", "#!/bin/sh\n");
    let run = world.workspace.path.join("run.sh");
    fs::set_permissions(run, fs::Permissions::from_mode(0o755)).unwrap();
    symlink("a.txt", world.workspace.path.join("link")).unwrap();
    let before = world.git_state();
    let returned = world.applied();

    assert_eq!(world.git_state(), before, "git's own state stays");
    let files = ["a.txt", "link", "new/deep/file.txt", "run.sh", "src/b.txt"];
    assert_eq!(returned.files, files);
    assert_eq!(returned.kept, None, "all was committed");
    let status = world
        .scratch
        .git("main", &["status", "--porcelain", "-uall"]);
    let expected = [
        " M a.txt",
        " D src/b.txt",
        "?? link",
        "?? new/deep/file.txt",
        "?? run.sh",
    ];
    assert_eq!(status, expected.join("\n"));
    assert!(
        !world.main("src").exists(),
        "an empty folder goes, as with git"
    );
    let mode = world
        .main("run.sh")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(
        fs::read_link(world.main("link")).unwrap(),
        Path::new("a.txt")
    );
    assert_eq!(world.fact(), Some(returned));
    assert!(!world.main(".git/maos-return").exists());
}

#[test]
fn it_is_merged_with_what_the_person_changed() {
    let world = World::begun({
        let scratch = Scratch::with_repository();
        scratch.write("main/a.txt", "1\n2\n3\n4\n5\n6\n7\n");
        scratch.git("main", &["commit", "-qam", "lines"]);
        scratch
    });
    world.user("a.txt", "1\n2\n3\n4\n5\n6\nmine\n");
    world.user("loose.txt", "mine\n");
    world.scratch.git("main", &["add", "a.txt"]);
    world.agent("a.txt", "theirs\n2\n3\n4\n5\n6\n7\n");
    let before = world.git_state();
    let returned = world.applied();
    assert_eq!(world.git_state(), before);
    assert_eq!(returned.files, ["a.txt"]);
    assert_eq!(world.read("a.txt"), "theirs\n2\n3\n4\n5\n6\nmine\n");
    assert_eq!(world.read("loose.txt"), "mine\n");
    let kept = returned.kept.unwrap();
    let show = |name: &str| {
        world
            .scratch
            .git("main", &["show", &format!("{kept}:{name}")])
    };
    assert_eq!(
        show("a.txt"),
        "1\n2\n3\n4\n5\n6\nmine",
        "what was there is kept"
    );
    assert_eq!(show("loose.txt"), "mine");
}

#[test]
fn only_what_is_new_comes_the_next_time() {
    let world = World::new();
    world.agent("one.txt", "1\n");
    let first = world.applied().commit;
    fs::remove_file(world.main("one.txt")).unwrap();
    world.agent("two.txt", "2\n");
    let tip = world.tip();
    let Return::Applied(second) = world.bring_since(&first, &tip, &mut || Ok(())) else {
        panic!("it does not come");
    };
    assert_eq!(second.files, ["two.txt"]);
    assert!(
        !world.main("one.txt").exists(),
        "what the person undid stays undone"
    );
    assert_eq!(
        world.bring_since(&second.commit, &world.tip(), &mut || Ok(())),
        Return::Nothing
    );
}

#[test]
fn what_is_there_already_counts_as_come_back() {
    let world = World::new();
    world.agent("a.txt", "same\n");
    world.user("a.txt", "same\n");
    let returned = world.applied();
    assert_eq!(returned.files, Vec::<String>::new());
    assert_eq!(world.fact().unwrap().commit, returned.commit);
}

#[test]
fn line_ends_and_filters_are_those_of_the_checkout() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.gitattributes", "*.txt text eol=crlf\n");
    scratch.write("main/a.txt", "one\r\n");
    scratch.git("main", &["add", "-A"]);
    scratch.git("main", &["commit", "-qm", "attributes"]);
    let world = World::begun(scratch);
    world.agent("a.txt", "two\r\n");
    world.agent("c.txt", "new\r\n");
    world.applied();
    assert_eq!(world.read("a.txt"), "two\r\n");
    assert_eq!(world.read("c.txt"), "new\r\n");
}

#[test]
fn names_of_any_bytes_come() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::new();
    let names: [&[u8]; 4] = [b"a\nb", b"\"q\" \\", b"\xff\xfe", b" -rf"];
    for name in names {
        let name = std::ffi::OsStr::from_bytes(name);
        crate::state::atomic::replace(&world.workspace.path.join(name), b"x").unwrap();
    }
    let returned = world.applied();
    assert_eq!(returned.files.len(), names.len());
    for name in names {
        assert!(
            world
                .scratch
                .path("main")
                .join(std::ffi::OsStr::from_bytes(name))
                .exists()
        );
    }
}

#[test]
fn several_agents_at_once_all_come() {
    let scratch = Scratch::with_repository();
    let workspaces: Vec<_> = (0..4)
        .map(|n| scratch.workspace(&format!("agent{n}")))
        .collect();
    let main = scratch.path("main");
    let tips: Vec<_> = workspaces
        .iter()
        .enumerate()
        .map(|(n, own)| {
            scratch.write(own.path.join(format!("new{n}.txt")), "x");
            scratch.git(&own.path, &["add", "-A"]);
            scratch.git(&own.path, &["commit", "-qm", "work"]);
            scratch.git(&own.path, &["rev-parse", "HEAD"])
        })
        .collect();
    std::thread::scope(|scope| {
        for (own, tip) in workspaces.iter().zip(&tips) {
            let (main, state) = (&main, scratch.path("state"));
            scope.spawn(move || {
                let delivery = Delivery {
                    into: main,
                    base: &own.base,
                    tip,
                    ticket: Ticket {
                        state,
                        session: "s".into(),
                        agent: own.branch.clone(),
                    },
                };
                assert!(matches!(bring_back(&delivery), Ok(Return::Applied(_))));
            });
        }
    });
    let status = scratch.git("main", &["status", "--porcelain"]);
    assert_eq!(status.lines().count(), 4, "{status}");
}
