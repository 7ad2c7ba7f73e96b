//! An agent that stopped in the middle of something: nothing of its workspace
//! is touched, and nothing of its files is lost.

use super::*;

/// A workspace with a commit of its own and untracked work, beside a commit of
/// the main checkout that clashes with it.
fn clashing(scratch: &Scratch) -> Workspace {
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("a.txt"), "theirs\n");
    commit(&made).unwrap();
    scratch.write("main/a.txt", "ours\n");
    scratch.git("main", &["commit", "-q", "-a", "-m", "clash"]);
    scratch.write(made.path.join("untracked.txt"), "work\n");
    made
}

/// Everything that the agent could go on with.
fn look(scratch: &Scratch, made: &Workspace) -> Vec<String> {
    let git = |arguments: &[&str]| scratch.git(&made.path, arguments);
    let git_dir = git(&["rev-parse", "--absolute-git-dir"]);
    let mut names: Vec<_> = fs::read_dir(&git_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let index = fs::read(Path::new(&git_dir).join("index")).unwrap();
    vec![
        crate::state::sha256_hex(&index),
        names.join(" "),
        git(&["--no-optional-locks", "status", "--porcelain", "-uall"]),
        git(&["rev-parse", "HEAD", &made.branch]),
    ]
}

#[test]
fn an_unfinished_operation_is_left_as_it_is_and_its_files_are_kept() {
    let table: [(&[&str], &str); 4] = [
        (&["merge", "main"], "a merge"),
        (&["rebase", "main"], "a rebase"),
        (&["cherry-pick", "main"], "a cherry-pick"),
        (&["stash", "pop"], "a conflict"),
    ];
    for (arguments, operation) in table {
        let scratch = Scratch::with_repository();
        let made = clashing(&scratch);
        if operation == "a conflict" {
            scratch.write(made.path.join("a.txt"), "stashed\n");
            scratch.git(&made.path, &["stash", "-q"]);
            scratch.write(made.path.join("a.txt"), "later\n");
            scratch.git(&made.path, &["commit", "-q", "-a", "-m", "later"]);
        }
        let (worked, text) = scratch.try_git(&made.path, arguments);
        assert!(!worked && text.contains("CONFLICT"), "{text}");
        let before = look(&scratch, &made);
        let error = checkpoint(&made.path, "left", &nothing).unwrap_err();
        assert!(error.to_string().starts_with(operation), "{error}");
        let Error::Unfinished { commit, kept, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(look(&scratch, &made), before, "{operation}");
        assert_eq!(scratch.git("main", &["rev-parse", &kept]), commit);
        let show = |name: &str| scratch.git("main", &["show", &format!("{commit}:{name}")]);
        assert!(show("a.txt").contains("<<<<<<<"), "{}", show("a.txt"));
        assert_eq!(show("untracked.txt"), "work");
        // Asked again, the same commit is named.
        let again = checkpoint(&made.path, "left", &nothing).unwrap_err();
        assert!(again.to_string().contains(&kept), "{again}");
    }
}

#[test]
fn secrets_are_not_kept_either() {
    let scratch = Scratch::with_repository();
    let made = clashing(&scratch);
    scratch.write(made.path.join(".env"), "secret\n");
    scratch.try_git(&made.path, &["merge", "main"]);
    let secret = |path: &Path| path.ends_with(".env");
    let error = checkpoint(&made.path, "left", &secret).unwrap_err();
    let Error::Unfinished { commit, .. } = error else {
        panic!("{error}");
    };
    let files = tree(&scratch, &commit);
    assert!(!files.iter().any(|file| file.contains("env")), "{files:?}");
}

#[test]
fn once_it_is_finished_the_commit_is_made() {
    let scratch = Scratch::with_repository();
    let made = clashing(&scratch);
    scratch.try_git(&made.path, &["merge", "main"]);
    checkpoint(&made.path, "left", &nothing).unwrap_err();
    scratch.git(&made.path, &["merge", "--abort"]);
    let done = commit(&made).unwrap();
    assert!(tree(&scratch, &done).contains(&"100644 untracked.txt".to_owned()));
}

#[test]
fn a_locked_index_is_waited_for_and_then_walked_around() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("untracked.txt"), "work\n");
    scratch.write(made.path.join("a.txt"), "changed\n");
    let git_dir = scratch.git(&made.path, &["rev-parse", "--absolute-git-dir"]);
    let lock = Path::new(&git_dir).join("index.lock");
    scratch.write(&lock, "");
    let before = look(&scratch, &made);
    let error = checkpoint(&made.path, "left", &nothing).unwrap_err();
    let Error::IndexLocked {
        commit: held, kept, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(look(&scratch, &made), before);
    assert_eq!(scratch.git("main", &["rev-parse", &kept]), held);
    let show = |name: &str| scratch.git("main", &["show", &format!("{held}:{name}")]);
    assert_eq!(
        (&*show("untracked.txt"), &*show("a.txt")),
        ("work", "changed")
    );

    // One that goes away meanwhile was only slow.
    let gone = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| commit(&made));
        fs::remove_file(&lock).unwrap();
        waiting.join().unwrap()
    });
    assert_eq!(
        Some(scratch.git("main", &["rev-parse", &made.branch])),
        gone
    );
}
