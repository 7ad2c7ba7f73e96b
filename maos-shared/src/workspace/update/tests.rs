use super::*;
use crate::workspace::create::MAKING;
use crate::workspace::difference;
use crate::workspace::scratch::Scratch;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

/// What an update came to.
enum Came {
    Done { is_filtered: bool },
    Left,
}

/// Brings a spare from one commit to another.
fn update(checkout: &Checkout, from: &str, to: &str) -> Came {
    let making = Lock::acquire(&checkout.git_dir.join(MAKING), Duration::ZERO).unwrap();
    let look = || difference::between(checkout, from, to);
    match prepare(checkout, look).unwrap() {
        Update::Ready(ready) => Came::Done {
            is_filtered: ready.carry_out(checkout, &making).unwrap(),
        },
        Update::None | Update::Left => Came::Left,
    }
}

/// A repository, and a worktree at its first commit that stands for a spare.
struct Spare {
    scratch: Scratch,
    checkout: Checkout,
    first: String,
}

impl Spare {
    fn new() -> Self {
        let scratch = Scratch::with_repository();
        for path in ["bin/run", "dir/one", "dir/two", "file", "gone/deep/x"] {
            scratch.write(format!("main/{path}"), format!("{path}\n"));
        }
        scratch.git("main", &["add", "-A"]);
        scratch.git("main", &["commit", "-q", "-m", "second"]);
        let folder = scratch.path("spare");
        let add = ["worktree", "add", "-q", "--detach", "../spare"];
        scratch.git("main", &add);
        Self {
            checkout: Checkout {
                git_dir: scratch.path("main/.git/worktrees/spare"),
                folder,
            },
            first: scratch.git("main", &["rev-parse", "HEAD"]),
            scratch,
        }
    }

    /// Commits what lies in the main checkout and brings the spare there.
    fn update(&self) -> Came {
        self.scratch.git("main", &["add", "-A"]);
        self.scratch.git("main", &["commit", "-q", "-m", "third"]);
        self.update_to("main")
    }

    fn update_to(&self, commit: &str) -> Came {
        let to = self.scratch.git("main", &["rev-parse", commit]);
        let update = update(&self.checkout, &self.first, &to);
        self.scratch
            .write(self.checkout.git_dir.join("HEAD"), to + "\n");
        update
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.scratch.git("spare", arguments)
    }

    /// Checks that files and index are those of the commit, all of them.
    fn is_whole(&self) {
        // The index says what the files are; then git looks for itself.
        assert_eq!(self.git(&["status", "--porcelain", "--ignored"]), "");
        let tree = self.git(&["rev-parse", "HEAD^{tree}"]);
        assert_eq!(self.git(&["write-tree"]), tree);
        fs::remove_file(self.checkout.git_dir.join("index")).unwrap();
        self.git(&["read-tree", "HEAD"]);
        assert_eq!(self.git(&["status", "--porcelain", "--ignored"]), "");
        assert_eq!(self.git(&["fsck", "--strict", "--no-dangling"]), "");
        let lock = self.checkout.git_dir.join("index.lock");
        assert!(!lock.exists());
    }
}

#[test]
fn every_kind_of_difference_is_brought_over() {
    let spare = Spare::new();
    let main = |path: &str| spare.scratch.path("main").join(path);
    spare.scratch.write("main/a.txt", "changed\n");
    spare.scratch.write("main/new/deep/file", "new\n");
    spare
        .scratch
        .write("main/n\u{e4}me", "not ASCII, and it was not there\n");
    fs::remove_dir_all(main("gone")).unwrap();
    // A folder becomes a file, a file a folder, and a file a link.
    fs::remove_dir_all(main("dir")).unwrap();
    spare.scratch.write("main/dir", "a file\n");
    fs::remove_file(main("file")).unwrap();
    spare.scratch.write("main/file/inside", "x\n");
    fs::remove_file(main("src/b.txt")).unwrap();
    symlink("../a.txt", main("src/b.txt")).unwrap();
    fs::set_permissions(main("bin/run"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(spare.update(), Came::Left), "a name for git");
    fs::remove_file(main("n\u{e4}me")).unwrap();
    spare
        .scratch
        .git("main", &["reset", "-q", "--soft", &spare.first]);
    spare.git(&["reset", "-q", "--hard", &spare.first]);
    let update = spare.update();
    assert!(matches!(update, Came::Done { is_filtered: false }));
    assert!(!spare.checkout.folder.join("gone").exists());
    let mode = fs::metadata(spare.checkout.folder.join("bin/run")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o111, 0o111);
    spare.is_whole();
}

#[test]
fn files_are_written_as_the_person_has_set_up_for_them() {
    let spare = Spare::new();
    spare
        .scratch
        .git("main", &["config", "filter.up.smudge", "tr a-z A-Z"]);
    spare
        .scratch
        .git("main", &["config", "filter.up.clean", "tr A-Z a-z"]);
    spare.scratch.write(
        "main/.gitattributes",
        "*.up filter=up\n*.crlf text eol=crlf\n",
    );
    assert!(matches!(spare.update(), Came::Left), "attributes change");
    spare.git(&["reset", "-q", "--hard", "main"]);
    let first = spare.git(&["rev-parse", "HEAD"]);
    let spare = Spare { first, ..spare };
    spare.scratch.write("main/x.up", "loud\n");
    spare.scratch.write("main/x.crlf", "line\r\n");
    let update = spare.update();
    assert!(matches!(update, Came::Done { is_filtered: true }));
    let text = |name: &str| fs::read_to_string(spare.checkout.folder.join(name)).unwrap();
    assert_eq!((&*text("x.up"), &*text("x.crlf")), ("LOUD\n", "line\r\n"));
    spare.is_whole();
}

#[test]
fn what_is_unusual_is_left_to_git_with_nothing_changed() {
    let index = |spare: &Spare| fs::read(spare.checkout.git_dir.join("index")).unwrap();
    for (unusual, why) in [
        (
            &["update-index", "--index-version=4"][..],
            "the index's version",
        ),
        (&["update-index", "--skip-worktree", "file"], "a flag"),
        (&["update-index", "--split-index"], "half of an index"),
    ] {
        let spare = Spare::new();
        spare.git(unusual);
        let before = index(&spare);
        spare.scratch.write("main/a.txt", "changed\n");
        assert!(matches!(spare.update(), Came::Left), "{why}");
        assert_eq!(index(&spare), before, "{why}");
        let text = fs::read_to_string(spare.checkout.folder.join("a.txt")).unwrap();
        assert_eq!(text, "one\n", "{why}");
    }
    let spare = Spare::new();
    let lock = spare.checkout.git_dir.join("index.lock");
    spare.scratch.write(&lock, "");
    spare.scratch.write("main/a.txt", "changed\n");
    assert!(matches!(spare.update(), Came::Left), "somebody else's lock");
    assert!(lock.exists());
}

#[test]
fn a_path_that_git_would_not_write_is_not_written() {
    let spare = Spare::new();
    let blob = spare.scratch.git("main", &["rev-parse", "HEAD:a.txt"]);
    for (name, inside) in [
        (".git", "hooks"),
        (".GIT", "x"),
        ("..", "x"),
        ("git~1", "x"),
    ] {
        // Git's own tools refuse to make such a tree, so it is put together.
        let tree = |kind: &str, name: &str, id: &str| {
            let line = format!("{kind} {id}\t{name}\n");
            let file = spare.scratch.write("line", line);
            let make = format!("git mktree < '{}'", file.display());
            let alias = format!("alias.make=!{make}");
            spare.scratch.git("main", &["-c", &alias, "make"])
        };
        let below = tree("100644 blob", inside, &blob);
        let top = tree("040000 tree", name, &below);
        let commit = ["commit-tree", &top, "-m", "x"];
        let commit = spare.scratch.git("main", &commit);
        let update = update(&spare.checkout, &spare.first, &commit);
        assert!(matches!(update, Came::Left), "{name}");
        assert!(!spare.scratch.path("x").exists());
    }
    assert_eq!(spare.git(&["status", "--porcelain", "--ignored"]), "");
}
