//! The guard's rules, held against tables of commands: `cases/<family>.txt`.
//! A line `[<rule>]` begins the commands that this rule must stop, `[pass]`
//! those that nothing may stop; `⏎` stands for a line end.

use std::collections::BTreeSet;
use std::path::Path;

use maos_shared::guard::{
    Access, Denial, Policy, Surroundings, Verdict, catalogue, judge_command, judge_file,
};

use crate::tables::cases::{Case, PROJECT, cases, judge};

fn objection(verdict: &Verdict) -> Option<&Denial> {
    match verdict {
        Verdict::Deny(denial) | Verdict::Ask(denial) | Verdict::Warn(denial) => Some(denial),
        _ => None,
    }
}

#[test]
fn every_case_is_judged_by_its_rule() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|Case { rule, command }| {
            let verdict = judge(command).verdict;
            let found = objection(&verdict).map_or("pass", |denial| &*denial.rule);
            (found != rule).then(|| format!("{rule} expected, {found} found: {command}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_rule_of_the_catalogue_has_a_case() {
    let tried: BTreeSet<String> = cases().into_iter().map(|case| case.rule).collect();
    // Whether these object depends on more than the command.
    let is_judged_elsewhere = |id: &str| {
        ["isolation.", "leases.", "agents."]
            .iter()
            .any(|family| id.starts_with(family))
    };
    let all = catalogue::rules().iter().map(|rule| rule.id);
    let untried: Vec<_> = all
        .filter(|id| !tried.contains(*id) && !is_judged_elsewhere(id))
        .collect();
    // Limits are tried by commands that no table can hold.
    assert_eq!(untried, ["guard.limit"]);
    for rule in tried.iter().filter(|rule| *rule != "pass") {
        assert!(
            catalogue::rule(rule).is_some(),
            "{rule} is not in the catalogue"
        );
    }
}

#[test]
fn every_next_step_passes_the_guard() {
    for Case { rule, command } in cases() {
        let verdict = judge(&command).verdict;
        let Some(denial) = objection(&verdict) else {
            continue;
        };
        let quoted = denial.instead.split('`').skip(1).step_by(2);
        for step in quoted {
            let verdict = judge(step).verdict;
            assert_eq!(verdict, Verdict::Pass, "the next step of {rule}: {step}");
        }
        assert!(denial.instead.ends_with('.'), "{rule}: {}", denial.instead);
        assert!(denial.reason.ends_with('.'), "{rule}: {}", denial.reason);
    }
}

#[test]
fn an_agent_may_discard_in_its_own_workspace_alone() {
    let judge = |command: &str| {
        let around = Surroundings {
            cwd: Path::new(PROJECT),
            home: Some(Path::new("/home/dev")),
            project: Path::new(PROJECT),
            temp: &[],
            settings: None,
            in_workspace: true,
        };
        judge_command(command, &around, &Policy::default()).verdict
    };
    for command in [
        "git reset --hard",
        "git clean -fd",
        "git checkout -- .",
        "git -C src restore .",
        "git switch -f main",
    ] {
        assert_eq!(judge(command), Verdict::Pass, "{command}");
    }
    for command in [
        "git -C .. reset --hard",
        "git -C $X reset --hard",
        "git --git-dir=/x/.git reset --hard",
        "git --work-tree=/x clean -f",
        "GIT_DIR=/x/.git git reset --hard",
        "cd .. && git reset --hard",
        "git stash drop",
        "git push -f",
        "git branch -D feature",
        "git gc --prune=now",
    ] {
        assert!(judge(command).denial().is_some(), "{command}");
    }
}

#[test]
fn file_tools_are_held_against_secrets_and_maos() {
    let judge = |path: &str, access| {
        let around = Surroundings {
            cwd: Path::new(PROJECT),
            home: Some(Path::new("/home/dev")),
            project: Path::new(PROJECT),
            temp: &[],
            settings: Some(Path::new("/home/dev/.claude")),
            in_workspace: false,
        };
        let verdict = judge_file(path, access, &around, &Policy::default());
        objection(&verdict).map(|denial| denial.rule.to_string())
    };
    for (path, rule) in [
        (".env", "secrets.env-file"),
        ("src/../.env.local", "secrets.env-file"),
        ("~/.ssh/id_ed25519", "secrets.key-file"),
        ("config/server.pem", "secrets.key-file"),
    ] {
        assert_eq!(judge(path, Access::Read).as_deref(), Some(rule), "{path}");
        assert_eq!(judge(path, Access::Write).as_deref(), Some(rule), "{path}");
    }
    for path in [
        ".env.example",
        "src/env.rs",
        "~/.ssh/id_ed25519.pub",
        "environment.yml",
    ] {
        assert_eq!(judge(path, Access::Write), None, "{path}");
    }
    assert_eq!(judge(".claude/settings.json", Access::Read), None);
    assert_eq!(
        judge(".claude/settings.json", Access::Write).as_deref(),
        Some("maos.settings")
    );
}
