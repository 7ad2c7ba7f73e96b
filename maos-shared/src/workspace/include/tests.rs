use super::*;
use crate::workspace::checkout_of;
use crate::workspace::scratch::Scratch;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

/// An id as the client makes them.
const ID: &str = "a5584d067ecffbeda";

#[test]
fn ignored_files_that_are_named_come_along_with_their_modes() {
    let scratch = Scratch::with_repository();
    scratch.write(
        "main/.gitignore",
        ".env*\n*.log\nbuild/\n/.worktreeinclude\n",
    );
    scratch.git("main", &["commit", "-q", "-a", "-m", "ignore"]);
    scratch.write(
        "main/.worktreeinclude",
        ".env*\n!.env.other\nbuild/**/*.bin\nnew.txt\nl*.log\n",
    );
    for file in [
        ".env",
        ".env.other",
        "build/deep/x.bin",
        "build/y.txt",
        "log.log",
    ] {
        scratch.write(format!("main/{file}"), file);
    }
    scratch.write("main/new.txt", "untracked, not ignored");
    let mode = fs::Permissions::from_mode(0o751);
    fs::set_permissions(scratch.path("main/.env"), mode).unwrap();
    let made = scratch.undisturbed("main", || scratch.workspace(ID));
    let text = |name: &str| fs::read_to_string(made.path.join(name)).unwrap();
    assert_eq!(text(".env"), ".env");
    assert_eq!(text("build/deep/x.bin"), "build/deep/x.bin");
    assert_eq!(text("log.log"), "log.log");
    let found = fs::metadata(made.path.join(".env")).unwrap().permissions();
    assert_eq!(found.mode() & 0o777, 0o751);
    for out in [".env.other", "build/y.txt"] {
        assert!(!made.path.join(out).exists(), "{out}");
    }
    assert_eq!(
        scratch.git(&made.path, &["status", "--porcelain", "-uall"]),
        ""
    );
}

#[test]
fn nothing_is_read_or_written_through_a_link() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.gitignore", "secret*\ndata/\n");
    scratch.write("main/.worktreeinclude", "secret*\ndata/\n");
    // In the commit `data` is a link that leads out, here it is a folder.
    fs::create_dir(scratch.path("elsewhere")).unwrap();
    symlink("../elsewhere", scratch.path("main/data")).unwrap();
    scratch.git("main", &["add", "-f", "-A"]);
    scratch.git("main", &["commit", "-q", "-m", "link"]);
    scratch.git("main", &["rm", "-q", "--cached", "data"]);
    fs::remove_file(scratch.path("main/data")).unwrap();
    scratch.write("main/data/x", "x");
    scratch.write("outside", "x");
    symlink("../outside", scratch.path("main/secret-out")).unwrap();
    symlink("a.txt", scratch.path("main/secret-in")).unwrap();
    symlink("/etc/passwd", scratch.path("main/secret-root")).unwrap();
    let main = scratch.path("main");
    let settings = crate::workspace::scratch::settings("base = 'head'");
    let request = crate::workspace::Request {
        settings: &settings,
        ..crate::workspace::scratch::request(&main, "coder", ID)
    };
    let made = crate::workspace::create(&scratch.project("main"), &request).unwrap();
    let link = |name: &str| fs::read_link(made.path.join(name));
    assert_eq!(link("secret-in").unwrap().to_str(), Some("a.txt"));
    assert!(link("secret-out").is_err() && link("secret-root").is_err());
    assert!(made.path.join("data").is_symlink());
    assert_eq!(fs::read_dir(scratch.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn a_pipe_and_a_file_that_cannot_be_read_stop_nothing() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.worktreeinclude", "*.log\n");
    nix::unistd::mkfifo(
        &scratch.path("main/pipe.log"),
        nix::sys::stat::Mode::S_IRWXU,
    )
    .unwrap();
    scratch.write("main/x.log", "x");
    let made = scratch.workspace(ID);
    assert!(made.path.join("x.log").exists());
    assert!(!made.path.join("pipe.log").exists());
}

#[test]
fn no_more_is_copied_than_the_limits_allow() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.worktreeinclude", "*.log\n");
    for name in ["a.log", "b.log", "c.log", "d.log"] {
        scratch.write(format!("main/{name}"), "0123456789");
    }
    let from = checkout_of(&scratch.project("main")).unwrap();
    let copied = |files: usize, bytes: u64| {
        let folder = format!("to-{files}-{bytes}");
        scratch.write(format!("{folder}/.keep"), "");
        let to = Checkout {
            git_dir: from.git_dir.clone(),
            folder: scratch.path(&folder),
        };
        copy_within(&from, &to, files, bytes).unwrap();
        let names = ["a.log", "b.log", "c.log", "d.log"];
        let there = names
            .into_iter()
            .filter(|name| to.folder.join(name).exists());
        there.collect::<Vec<_>>()
    };
    assert_eq!(copied(3, 1000), ["a.log", "b.log", "c.log"]);
    assert_eq!(copied(1000, 25), ["a.log", "b.log"]);
    assert_eq!(copied(1000, 40).len(), 4);
    // What is too large leaves room for what is not.
    scratch.write("main/b.log", "0".repeat(100));
    assert_eq!(copied(1000, 30), ["a.log", "c.log", "d.log"]);
}
