use super::*;
use crate::workspace::scratch::Scratch;
use std::os::unix::fs::symlink;

fn find(cwd: PathBuf) -> Project {
    Project::find(&cwd, None, None).unwrap()
}

fn refusal(cwd: PathBuf) -> String {
    Project::find(&cwd, None, None).unwrap_err().to_string()
}

/// Asserts where a project was found and which kind it is.
fn assert_project(project: &Project, kind: Kind, checkout: &Path, main: &Path) {
    assert_eq!(project.kind, kind);
    assert_eq!(project.checkout, checkout);
    assert_eq!(project.main, main);
}

#[test]
fn a_main_checkout_is_found_from_its_root_and_from_below() {
    let scratch = Scratch::with_repository();
    let main = scratch.path("main");
    for cwd in ["main", "main/src", "main/src/b.txt", "main/.git/refs"] {
        let project = find(scratch.path(cwd));
        assert_project(&project, Kind::Main, &main, &main);
        assert_eq!(project.git_dir, Some(main.join(".git")));
        assert_eq!(project.git_common_dir, Some(main.join(".git")));
        assert_eq!(project.state_dir(), main.join(".maos"));
        assert_eq!(project.worktrees_dir(), main.join(".claude/worktrees"));
        assert!(!project.is_workspace());
    }
}

#[test]
fn a_folder_that_is_gone_counts_as_the_nearest_one_that_exists() {
    let scratch = Scratch::with_repository();
    let main = scratch.path("main");
    let deep = format!("main/src/{}/x", "n".repeat(300));
    for cwd in ["main/src/gone/deeper", "main/src/b.txt/x", deep.as_str()] {
        assert_project(&find(scratch.path(cwd)), Kind::Main, &main, &main);
    }
}

#[test]
fn links_to_a_checkout_are_followed_once() {
    let scratch = Scratch::with_repository();
    symlink("main/src", scratch.path("link")).unwrap();
    let main = scratch.path("main");
    assert_project(&find(scratch.path("link")), Kind::Main, &main, &main);
}

#[test]
fn a_linked_worktree_leads_to_its_main_checkout() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["worktree", "add", "-q", "../side"]);
    let (main, side) = (scratch.path("main"), scratch.path("side"));
    let project = find(scratch.path("side/src"));
    assert_project(&project, Kind::Linked, &side, &main);
    assert_eq!(project.git_dir, Some(main.join(".git/worktrees/side")));
    assert_eq!(project.git_common_dir, Some(main.join(".git")));
    assert_eq!(project.state_dir(), main.join(".maos"));
    assert!(!project.is_workspace());
}

#[test]
fn a_worktree_with_relative_links_is_a_linked_one() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["worktree", "add", "-q", "../side"]);
    scratch.write("side/.git", "gitdir: ../main/.git/worktrees/side\n");
    scratch.write("main/.git/worktrees/side/gitdir", "../../../../side/.git\n");
    let (main, side) = (scratch.path("main"), scratch.path("side"));
    assert_project(&find(side.clone()), Kind::Linked, &side, &main);
}

#[test]
fn a_workspace_is_told_by_its_place() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["worktree", "add", "-q", ".claude/worktrees/x-1"]);
    let main = scratch.path("main");
    let space = main.join(".claude/worktrees/x-1");
    let project = find(space.join("src"));
    assert_project(&project, Kind::Linked, &space, &main);
    assert!(project.is_workspace());
    assert_eq!(project.worktrees_dir(), main.join(".claude/worktrees"));
    assert_eq!(project.workspace_of(&space), Some(space.clone()));
    assert_eq!(
        project.workspace_of(&space.join("new/f")),
        Some(space.clone())
    );
    assert_eq!(project.workspace_of(&main.join("src")), None);
    assert_eq!(project.workspace_of(&project.worktrees_dir()), None);
    assert_eq!(project.workspace_of(&space.join("../../../src")), None);
    assert_eq!(
        project.workspace_of(&main.join(".claude/worktreesX/a")),
        None
    );
}

#[test]
fn a_plain_folder_among_the_workspaces_is_none() {
    let scratch = Scratch::with_repository();
    scratch.write("main/.claude/worktrees/x-1/f", "");
    let project = find(scratch.path("main/.claude/worktrees/x-1"));
    assert_eq!(project.kind, Kind::Main);
    assert!(!project.is_workspace());
}

#[test]
fn a_worktree_of_a_bare_repository_keeps_state_in_the_repository() {
    let scratch = Scratch::with_repository();
    scratch.git(".", &["clone", "-q", "--bare", "main", "bare.git"]);
    scratch.git("bare.git", &["worktree", "add", "-q", "../side"]);
    scratch.git("side", &["worktree", "add", "-q", ".claude/worktrees/x-1"]);
    let (bare, side) = (scratch.path("bare.git"), scratch.path("side"));

    let project = find(side.join("src"));
    assert_project(&project, Kind::BareLinked, &side, &bare);
    assert_eq!(project.state_dir(), bare.join(".maos"));
    assert_eq!(project.worktrees_dir(), side.join(".claude/worktrees"));
    assert!(!project.is_workspace());

    let space = find(side.join(".claude/worktrees/x-1"));
    assert_eq!(space.kind, Kind::BareLinked);
    assert_eq!(space.worktrees_dir(), project.worktrees_dir());
    assert_eq!(space.state_dir(), project.state_dir());
    assert!(space.is_workspace());

    for cwd in ["bare.git", "bare.git/refs"] {
        assert_project(&find(scratch.path(cwd)), Kind::Bare, &bare, &bare);
    }
}

#[test]
fn the_folder_around_a_hidden_bare_repository_holds_the_state() {
    let scratch = Scratch::with_repository();
    for (name, hidden) in [("p", ".bare"), ("q", ".git")] {
        let hidden = format!("{name}/{hidden}");
        scratch.git(".", &["clone", "-q", "--bare", "main", &hidden]);
        if name == "p" {
            scratch.write("p/.git", "gitdir: ./.bare\n");
        }
        scratch.git(name, &["worktree", "add", "-q", "side"]);
        let (root, side) = (scratch.path(name), scratch.path(name).join("side"));
        assert_project(&find(root.clone()), Kind::Bare, &root, &root);
        assert_project(&find(side.clone()), Kind::BareLinked, &side, &root);
    }
}

#[test]
fn bareness_is_seen_where_git_moves_it_for_settings_per_worktree() {
    let scratch = Scratch::with_repository();
    scratch.git(".", &["clone", "-q", "--bare", "main", "bare.git"]);
    scratch.git("bare.git", &["worktree", "add", "-q", "../side"]);
    scratch.git("side", &["sparse-checkout", "set", "src"]);
    let moved = std::fs::read_to_string(scratch.path("bare.git/config.worktree")).unwrap();
    assert!(moved.contains("bare"), "git no longer moves it: {moved}");
    assert_eq!(find(scratch.path("side")).kind, Kind::BareLinked);
}

#[test]
fn a_separate_git_directory_has_one_state_for_all_its_checkouts() {
    let scratch = Scratch::with_repository();
    let separate = scratch.path("sep.d");
    scratch.git("main", &["init", "-q", "--separate-git-dir", "../sep.d"]);
    scratch.git("main", &["worktree", "add", "-q", "../side"]);
    let (main, side) = (scratch.path("main"), scratch.path("side"));
    let (here, there) = (find(main.clone()), find(side.clone()));
    assert_project(&here, Kind::Main, &main, &main);
    assert_project(&there, Kind::BareLinked, &side, &separate);
    assert_eq!(here.state_dir(), there.state_dir());
}

/// A repository `main` with the submodule `sub`.
fn with_submodule() -> Scratch {
    let scratch = Scratch::with_repository();
    scratch.init("other");
    let arguments = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    let arguments = [&arguments[..], &["../other", "sub"]].concat();
    scratch.git("main", &arguments);
    scratch.git("main", &["commit", "-q", "-m", "submodule"]);
    scratch
}

#[test]
fn a_submodule_is_a_project_unless_the_session_began_around_it() {
    let scratch = with_submodule();
    let (main, sub) = (scratch.path("main"), scratch.path("main/sub"));
    let cwd = sub.join("src");
    for hint in [None, Some(sub.as_path()), Some(cwd.as_path())] {
        let project = Project::find(&cwd, hint, None).unwrap();
        assert_project(&project, Kind::Submodule, &sub, &sub);
        assert_eq!(project.git_dir, Some(main.join(".git/modules/sub")));
    }
    let project = Project::find(&cwd, Some(&main), None).unwrap();
    assert_project(&project, Kind::Main, &main, &main);
}

#[test]
fn a_repository_inside_of_another_is_its_own_wherever_the_session_began() {
    let scratch = Scratch::with_repository();
    let inner = scratch.path("main/inner");
    std::fs::create_dir_all(inner.join("below")).unwrap();
    scratch.git("main/inner", &["init", "-q"]);
    for hint in [None, Some(scratch.path("main")), Some(inner.clone())] {
        let project = Project::find(&inner.join("below"), hint.as_deref(), None).unwrap();
        assert_eq!(project.checkout, inner, "{hint:?}");
        assert_eq!(project.state_dir(), inner.join(".maos"), "{hint:?}");
        let around = Project::find(&scratch.path("main"), hint.as_deref(), None).unwrap();
        assert_eq!(around.state_dir(), scratch.path("main/.maos"), "{hint:?}");
    }
}

#[test]
fn a_worktree_of_a_submodule_leads_to_the_submodule() {
    let scratch = with_submodule();
    scratch.git("main/sub", &["worktree", "add", "-q", "../../side"]);
    let (sub, side) = (scratch.path("main/sub"), scratch.path("side"));
    assert_project(&find(side.clone()), Kind::Linked, &side, &sub);
}

#[test]
fn without_git_the_session_folder_is_the_project() {
    let scratch = Scratch::empty();
    scratch.write("plain/src/f", "");
    let (plain, below) = (scratch.path("plain"), scratch.path("plain/src"));
    let project = Project::find(&below, Some(&plain), None).unwrap();
    assert_project(&project, Kind::Folder, &plain, &plain);
    assert_eq!(project.git_common_dir, None);
    assert!(!project.is_workspace());
    for hint in [None, Some(scratch.path("elsewhere"))] {
        let project = Project::find(&below, hint.as_deref(), None).unwrap();
        assert_project(&project, Kind::Folder, &below, &below);
    }
}

#[test]
fn what_git_passes_over_is_passed_over() {
    let scratch = Scratch::with_repository();
    scratch.write("main/src/.git/config", "[core]\n\tbare = true\n");
    scratch.write("main/HEAD", "ref: refs/heads/main\n");
    scratch.write("main/odd/.git/HEAD", "nothing\n");
    scratch.write("main/odd/.git/objects/x", "");
    scratch.write("main/odd/.git/refs/x", "");
    let main = scratch.path("main");
    for cwd in ["main/src", "main/odd"] {
        assert_project(&find(scratch.path(cwd)), Kind::Main, &main, &main);
        let top = scratch.git(cwd, &["rev-parse", "--show-toplevel"]);
        assert_eq!(Path::new(&top), main);
    }
}

#[test]
fn the_state_goes_where_the_override_says() {
    let scratch = Scratch::with_repository();
    scratch.write("state/x", "");
    let (main, state) = (scratch.path("main"), scratch.path("state"));
    let project = Project::find(&main, None, Some(&state)).unwrap();
    assert_eq!(project.state_dir(), state.join(".maos"));
    assert_eq!(project.main, main);
    assert_eq!(project.worktrees_dir(), main.join(".claude/worktrees"));
    for wrong in [
        scratch.path("gone"),
        scratch.path("state/x"),
        "state".into(),
    ] {
        let error = Project::find(&main, None, Some(&wrong)).unwrap_err();
        assert!(matches!(error, Error::Root(_)), "{error}");
    }
}

#[test]
fn a_hostile_git_file_is_an_error_that_names_it() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["worktree", "add", "-q", "../side"]);
    let real = format!(
        "gitdir: {}\n",
        scratch.path("main/.git/worktrees/side").display()
    );
    let texts: [&[u8]; 8] = [
        b"",
        b"gitdir: ",
        b"gitdir: \n\n",
        b"hello\n",
        b"gitdir: ../gone\n",
        b"gitdir: .\n",
        b"gitdir: a\0b\n",
        &[b'g'; 200_000],
    ];
    for text in texts.into_iter().chain([real.as_bytes()]) {
        let file = scratch.write("odd/.git", text);
        let message = refusal(scratch.path("odd"));
        assert!(message.contains(&*file.to_string_lossy()), "{message}");
        assert!(message.contains("git worktree repair"), "{message}");
    }
}

#[test]
fn a_worktree_whose_own_files_lie_is_refused() {
    let scratch = Scratch::with_repository();
    scratch.init("victim");
    scratch.git("main", &["worktree", "add", "-q", "../side"]);
    let victim = format!("{}\n", scratch.path("victim/.git").display());
    let (common, back) = ("commondir", "gitdir");
    for (file, text) in [
        (common, victim.as_str()),
        (common, "../gone"),
        (common, ""),
        (common, "/"),
        (back, "/etc/passwd"),
        (back, ""),
        (back, "../../../../main/.git"),
    ] {
        let file = format!("main/.git/worktrees/side/{file}");
        let before = std::fs::read(scratch.path(&file)).unwrap();
        scratch.write(&file, text);
        assert!(!refusal(scratch.path("side")).is_empty(), "{file} {text}");
        scratch.write(&file, before);
    }
    assert_eq!(find(scratch.path("side")).kind, Kind::Linked);
}

#[test]
fn a_pipe_where_git_has_a_file_is_refused_without_waiting() {
    let scratch = Scratch::with_repository();
    scratch.git("main", &["worktree", "add", "-q", "../side"]);
    let pipe = |path: PathBuf| {
        let _ = std::fs::remove_file(&path);
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
    };
    pipe(scratch.path("main/.git/worktrees/side/commondir"));
    assert!(refusal(scratch.path("side")).contains("commondir"));
    pipe(scratch.path("side/.git"));
    assert!(refusal(scratch.path("side")).contains("neither a file nor a folder"));
}

#[test]
fn a_path_that_no_folder_can_have_is_refused() {
    let long = format!("/{}", "a/".repeat(1_000_000));
    for path in ["", "relative", "/a\0b", long.as_str()] {
        let error = Project::find(Path::new(path), None, None).unwrap_err();
        assert!(matches!(error, Error::Path(_)), "{error}");
        assert!(error.to_string().len() < 400);
    }
}

#[test]
fn control_characters_of_a_path_do_not_reach_the_message() {
    let scratch = Scratch::empty();
    scratch.write("a\n\u{1b}[31m/.git", "hello");
    let message = refusal(scratch.path("a\n\u{1b}[31m"));
    assert!(!message.contains(['\n', '\u{1b}']), "{message:?}");
}
