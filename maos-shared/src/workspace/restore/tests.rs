use super::*;
use crate::workspace::scratch::Scratch;
use crate::workspace::{remove, rescued};
use std::fs;

const ID: &str = "a5584d067ecffbeda";

/// A repository whose workspace went with work in it, and that work.
fn with_rescue() -> (Scratch, Rescued) {
    let scratch = Scratch::with_repository();
    let made = scratch.workspace(ID);
    scratch.write(made.path.join("a.txt"), "changed\n");
    scratch.write(made.path.join("new.txt"), "new\n");
    fs::create_dir(scratch.path("trash")).unwrap();
    let project = scratch.project("main");
    remove(&project, &made.path, &scratch.path("trash")).unwrap();
    let mut all = rescued(&project).unwrap();
    assert_eq!(all.len(), 1);
    (scratch, all.remove(0))
}

#[test]
fn what_was_rescued_is_listed_and_shown() {
    let (scratch, kept) = with_rescue();
    let project = scratch.project("main");
    assert!(kept.name.starts_with("coder-a5584d06-"), "{}", kept.name);
    assert_eq!(kept.subject, "rescue of the workspace coder-a5584d06");
    let shown = show_rescued(&project, &kept).unwrap();
    assert!(
        shown.contains("a.txt") && shown.contains("new.txt"),
        "{shown}"
    );
    assert!(!shown.contains("src/b.txt"), "{shown}");

    assert_eq!(find_rescued(&project, "coder-a5").unwrap(), kept);
    assert!(matches!(
        find_rescued(&project, "coder-b"),
        Err(Error::NoRescue(_))
    ));
    assert!(matches!(
        find_rescued(&project, ""),
        Err(Error::NoRescue(_))
    ));
    let second = format!("{RESCUE}/{}x", kept.name);
    scratch.git("main", &["update-ref", &second, &kept.commit]);
    assert!(matches!(
        find_rescued(&project, "coder"),
        Err(Error::ManyRescues(_))
    ));
    assert_eq!(find_rescued(&project, &kept.name).unwrap(), kept);
}

#[test]
fn it_is_dropped_only_as_it_was_seen() {
    let (scratch, kept) = with_rescue();
    let project = scratch.project("main");
    let reference = format!("{RESCUE}/{}", kept.name);
    let other = scratch.git("main", &["rev-parse", "HEAD"]);
    scratch.git("main", &["update-ref", &reference, &other]);
    drop_rescued(&project, &kept).unwrap_err();
    assert_eq!(rescued(&project).unwrap()[0].commit, other);
    scratch.git("main", &["update-ref", &reference, &kept.commit]);
    scratch.undisturbed("main", || drop_rescued(&project, &kept).unwrap());
    assert_eq!(rescued(&project).unwrap(), []);
    // Git keeps it for whoever thinks better of it.
    scratch.git("main", &["cat-file", "-e", &kept.commit]);
    drop_rescued(&project, &kept).unwrap_err();
}

#[test]
fn it_comes_back_as_a_branch_and_touches_no_file() {
    let (scratch, kept) = with_rescue();
    let project = scratch.project("main");
    scratch.write("main/a.txt", "the user's own\n");
    let plain = Restore {
        branch: None,
        worktree: None,
    };
    let branch = scratch.undisturbed("main", || restore(&project, &kept, &plain).unwrap());
    assert_eq!(branch, format!("rescue/{}", kept.name));
    assert_eq!(scratch.git("main", &["rev-parse", &branch]), kept.commit);
    let again = restore(&project, &kept, &plain);
    assert!(matches!(again, Err(Error::BranchExists(_))), "{again:?}");
    assert_eq!(rescued(&project).unwrap(), [kept], "it stays kept");
}

#[test]
fn no_branch_is_moved_and_no_name_is_an_option() {
    let (scratch, kept) = with_rescue();
    let project = scratch.project("main");
    let refs = scratch.git("main", &["for-each-ref"]);
    for name in [
        "main", "-f", "a..b", "", "x\ny", "a b", "../main", "@{-1}", "x.lock", "HEAD",
    ] {
        let wanted = Restore {
            branch: Some(name),
            worktree: None,
        };
        assert!(restore(&project, &kept, &wanted).is_err(), "{name:?}");
        assert_eq!(scratch.git("main", &["for-each-ref"]), refs);
    }
}

#[test]
fn it_comes_back_into_a_new_worktree_only() {
    let (scratch, kept) = with_rescue();
    let project = scratch.project("main");
    let refs = scratch.git("main", &["for-each-ref"]);
    scratch.write("mine/file", "mine");
    for taken in [scratch.path("mine"), scratch.path("main")] {
        let wanted = Restore {
            branch: Some("back"),
            worktree: Some(&taken),
        };
        assert!(restore(&project, &kept, &wanted).is_err());
        assert_eq!(scratch.git("main", &["for-each-ref"]), refs, "it is undone");
    }
    let folder = scratch.path("-back");
    let wanted = Restore {
        branch: Some("back"),
        worktree: Some(&folder),
    };
    assert_eq!(restore(&project, &kept, &wanted).unwrap(), "back");
    assert_eq!(
        fs::read_to_string(folder.join("a.txt")).unwrap(),
        "changed\n"
    );
    assert_eq!(fs::read_to_string(folder.join("new.txt")).unwrap(), "new\n");
    assert_eq!(scratch.git("-back", &["branch", "--show-current"]), "back");
}
