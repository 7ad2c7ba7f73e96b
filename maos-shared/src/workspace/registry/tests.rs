use super::*;
use crate::workspace::scratch::Scratch;

/// The registry with one worktree of each kind, by the name of its folder.
fn registry(scratch: &Scratch) -> Vec<(String, Entry)> {
    let entries = read(&scratch.path("main/.git")).unwrap();
    let mut named: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let name = entry.git_dir.file_name().unwrap();
            (name.to_str().unwrap().to_owned(), entry)
        })
        .collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    named
}

fn names(scratch: &Scratch) -> Vec<String> {
    registry(scratch)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn only_unfinished_halves_of_ours_are_swept() {
    let scratch = Scratch::with_repository();
    let common_dir = scratch.path("main/.git");
    assert!(read(&common_dir).unwrap().is_empty());
    for (id, broken, marked) in [
        ("half-one", true, false),
        ("half-marked", true, true),
        ("unfinished", false, false),
        ("ready", false, true),
    ] {
        let made = scratch.workspace(id);
        let git_dir = scratch.git(&made.path, &["rev-parse", "--absolute-git-dir"]);
        let git_dir = Path::new(&git_dir);
        if !marked {
            fs::remove_file(git_dir.join("maos.json")).unwrap();
        }
        if broken {
            fs::remove_file(git_dir.join("commondir")).unwrap();
        }
    }
    // Git itself may be at work on one that is not locked by us.
    for (name, reason) in [("theirs", None), ("locked", Some("mine\n"))] {
        let folder = common_dir.join("worktrees").join(name);
        fs::create_dir(&folder).unwrap();
        if let Some(reason) = reason {
            scratch.write(folder.join("locked"), reason);
        }
    }
    let mut entries = read(&common_dir).unwrap();
    sweep(&common_dir, &mut entries).unwrap();
    let left = [
        "coder-halfmark",
        "coder-ready",
        "coder-unfinish",
        "locked",
        "theirs",
    ];
    assert_eq!(names(&scratch), left);
    assert_eq!(entries.len(), left.len());
    let aside = fs::read_dir(&common_dir).unwrap();
    let aside = aside.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.as_encoded_bytes().starts_with(b".tmp")
    });
    assert_eq!(aside.count(), 0, "nothing is left of it");
}

#[test]
fn an_entry_tells_its_folder_and_who_locked_it() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace("a5584d067ecffbeda");
    let git_dir = scratch.path("main/.git/worktrees/coder-a5584d06");
    let entry = || Entry::read(git_dir.clone());
    // Newer versions of git write it relative to the git directory.
    for written in [
        made.path.join(".git").to_str().unwrap(),
        "../../../.claude/worktrees/coder-a5584d06/.git",
    ] {
        scratch.write(git_dir.join("gitdir"), format!("{written}\n"));
        assert_eq!(entry().folder.as_ref(), Some(&made.path), "{written}");
        assert!(entry().lies_in(&scratch.path("main/.claude")));
        assert!(!entry().lies_in(&scratch.path("main/.claude/worktrees/coder")));
    }
    assert!(!entry().is_locked_by_another() && !entry().is_unfinished(REASON));
    fs::remove_file(git_dir.join("maos.json")).unwrap();
    assert!(entry().is_unfinished("maos agent a5584d067ecffbeda "));
    assert!(!entry().is_unfinished("maos agent a5584d0 "));
    for reason in ["", "mine", "maosx"] {
        scratch.write(git_dir.join("locked"), reason);
        assert!(entry().is_locked_by_another(), "{reason}");
        assert!(!entry().is_unfinished(REASON), "{reason}");
    }
    fs::remove_file(git_dir.join("locked")).unwrap();
    assert!(!entry().is_locked_by_another());
    scratch.write(git_dir.join("gitdir"), "");
    assert_eq!(entry().folder, None);
}
