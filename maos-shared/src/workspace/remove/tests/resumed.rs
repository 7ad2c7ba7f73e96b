//! A removal that was killed goes on where it was.

use super::*;

/// A workspace with work that no branch holds, and its entry in the registry.
fn dirty(scratch: &Scratch) -> (Workspace, Entry) {
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("work.txt"), "work");
    let entries = registry::read(&scratch.path("main/.git")).unwrap();
    let mine = |entry: &Entry| entry.folder.as_ref() == Some(&made.path);
    let entry = entries.into_iter().find(mine).unwrap();
    fs::create_dir_all(scratch.path("trash")).unwrap();
    (made, entry)
}

fn rescued(scratch: &Scratch) -> String {
    let format = "--format=%(refname)";
    scratch.git("main", &["for-each-ref", format, "refs/maos/rescue"])
}

#[test]
fn after_the_rescue_the_work_done_since_is_kept_too() {
    let scratch = Scratch::with_repository();
    let (made, entry) = dirty(&scratch);
    let settled = settle(&entry, &made.path, &scratch.path("trash"), None).unwrap();
    scratch.write(made.path.join("later.txt"), "later");
    let removal = removed(&scratch, &made);
    let rescue = removal.rescue.unwrap();
    assert_ne!(settled.rescue, Some(rescue.clone()));
    assert!(files(&scratch, &rescue).contains(&("later.txt".into(), "later".into())));
    assert_eq!(rescued(&scratch).lines().count(), 2);
}

#[test]
fn after_the_rescue_without_new_work_it_is_not_kept_twice() {
    let scratch = Scratch::with_repository();
    let (made, entry) = dirty(&scratch);
    let settled = settle(&entry, &made.path, &scratch.path("trash"), None).unwrap();
    let removal = removed(&scratch, &made);
    assert_eq!(removal.rescue, settled.rescue);
    assert_eq!(rescued(&scratch).lines().count(), 1);
}

#[test]
fn after_the_folder_moved_the_rest_is_done_and_told() {
    let scratch = Scratch::with_repository();
    let (made, entry) = dirty(&scratch);
    let settled = settle(&entry, &made.path, &scratch.path("trash"), None).unwrap();
    scratch.rename(&made.path, &settled.trash);
    let removal = removed(&scratch, &made);
    assert_eq!(removal.rescue, settled.rescue);
    assert_eq!(removal.trash, Some(settled.trash));
}

#[test]
fn after_git_forgot_it_there_is_nothing_to_do() {
    let scratch = Scratch::with_repository();
    let (made, entry) = dirty(&scratch);
    let settled = settle(&entry, &made.path, &scratch.path("trash"), None).unwrap();
    scratch.rename(&made.path, &settled.trash);
    forget(&scratch.path("main/.git"), &entry).unwrap();
    let again = try_remove(&scratch, &made.path).unwrap();
    assert_eq!(again, Removal::default());
    assert_eq!(rescued(&scratch), settled.rescue.unwrap());
}

#[test]
fn one_that_is_removed_already_is_no_error() {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    removed(&scratch, &made);
    let again = try_remove(&scratch, &made.path).unwrap();
    assert_eq!(again, Removal::default());
}

#[test]
fn a_folder_that_came_back_is_looked_at_anew() {
    let scratch = Scratch::with_repository();
    let (made, entry) = dirty(&scratch);
    settle(&entry, &made.path, &scratch.path("trash"), None).unwrap();
    // Somebody exchanged the folder meanwhile: the note is not for this one.
    fs::remove_dir_all(&made.path).unwrap();
    scratch.write("main/.claude/worktrees/coder-a5584d06/mine.txt", "mine");
    let error = try_remove(&scratch, &made.path).unwrap_err().to_string();
    assert!(error.contains("it is no worktree any more"), "{error}");
    assert!(made.path.join("mine.txt").exists());
}

#[test]
fn a_trash_that_is_not_there_loses_nothing() {
    let scratch = Scratch::with_repository();
    let (made, _) = dirty(&scratch);
    let missing = scratch.path("missing");
    remove(&scratch.project("main"), &made.path, &missing).unwrap_err();
    assert!(made.path.join("work.txt").exists());
    assert_eq!(Workspace::load(&made.path).unwrap(), Some(made.clone()));
    let rescue = removed(&scratch, &made).rescue.unwrap();
    assert!(files(&scratch, &rescue).contains(&("work.txt".into(), "work".into())));
}

#[test]
fn where_the_trash_is_on_another_file_system_git_deletes_the_folder() {
    let scratch = Scratch::with_repository();
    let device = |path: &Path| std::os::unix::fs::MetadataExt::dev(&path.metadata().unwrap());
    let memory = Path::new("/dev/shm");
    let here = scratch.path("main");
    if !memory.is_dir() || device(memory) == device(&here) {
        return;
    }
    let trash = tempfile::tempdir_in(memory).unwrap();
    let (made, _) = dirty(&scratch);
    let removal = scratch.undisturbed("main", || {
        remove(&scratch.project("main"), &made.path, trash.path()).unwrap()
    });
    assert_eq!((removal.branch, removal.trash), (None, None));
    assert!(!made.path.exists());
    let kept = files(&scratch, &removal.rescue.unwrap());
    assert!(kept.contains(&("work.txt".into(), "work".into())));
    assert!(!scratch.path("main/.git/worktrees/coder-a5584d06").exists());
}
