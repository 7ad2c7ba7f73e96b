use super::*;
use crate::config::Levels::One;
use crate::config::OwnRule;

fn settings(levels: &[(&str, Level)]) -> GuardSettings {
    let levels = levels
        .iter()
        .map(|(name, level)| ((*name).to_owned(), One(*level)));
    GuardSettings {
        levels: levels.collect(),
        ..GuardSettings::default()
    }
}

fn denial(rule: &'static str) -> Denial {
    Denial {
        rule: rule.into(),
        reason: "Because.".to_owned(),
        instead: String::new(),
    }
}

#[test]
fn a_project_can_only_tighten() {
    let user = settings(&[("files", Level::Warn), ("files.rm-outside", Level::Ask)]);
    let project = settings(&[
        ("files.rm-outside", Level::Off),
        ("files.rm-unknown", Level::Deny),
    ]);
    let policy = Policy::new(&user, &project);
    assert_eq!(policy.level("files.rm-outside"), Level::Ask);
    assert_eq!(policy.level("files.rm-unknown"), Level::Deny);
    assert_eq!(policy.level("files.rm-project"), Level::Warn);
    assert_eq!(policy.level("secrets.env-file"), Level::Deny);
    let loose = settings(&[("secrets", Level::Off)]);
    let policy = Policy::new(&GuardSettings::default(), &loose);
    assert_eq!(policy.level("secrets.env-file"), Level::Deny);
}

#[test]
fn what_cannot_be_made_good_again_cannot_be_switched_off() {
    let user = settings(&[("files.rm-root", Level::Off), ("files", Level::Off)]);
    let policy = Policy::new(&user, &GuardSettings::default());
    assert_eq!(policy.level("files.rm-root"), Level::Deny);
    assert_eq!(policy.level("files.rm-unknown"), Level::Off);
    let [problem] = &policy.problems()[..] else {
        panic!("{:?}", policy.problems());
    };
    assert!(
        problem.contains("`files.rm-root` cannot be set to off"),
        "{problem}"
    );
}

#[test]
fn a_family_without_a_rule_to_set_is_told() {
    let user = settings(&[("isolation", Level::Off), ("leases", Level::Deny)]);
    let policy = Policy::new(&user, &GuardSettings::default());
    assert_eq!(policy.level("isolation.edit"), Level::Deny);
    let [problem] = &policy.problems()[..] else {
        panic!("{:?}", policy.problems());
    };
    let begins = problem.starts_with("no rule of `isolation` can be set to off");
    assert!(begins, "{problem}");
}

#[test]
fn the_strongest_objection_counts() {
    let user = settings(&[("files.rm-unknown", Level::Warn), ("secrets", Level::Ask)]);
    let policy = Policy::new(&user, &GuardSettings::default());
    let decide = |rules: &[&'static str]| {
        let objections: Vec<_> = rules.iter().map(|rule| denial(rule)).collect();
        policy.decide(&objections)
    };
    assert_eq!(decide(&[]), Verdict::Pass);
    assert_eq!(
        decide(&["files.rm-unknown"]),
        Verdict::Warn(denial("files.rm-unknown"))
    );
    let both = ["files.rm-unknown", "secrets.key-file", "secrets.env-file"];
    assert_eq!(decide(&both), Verdict::Ask(denial("secrets.key-file")));
}

#[test]
fn what_a_person_let_off_does_not_hide_the_rest() {
    let policy = Policy::default().allowing(|rule| rule != "secrets.env-file");
    let decide = |rules: &[&'static str]| {
        let objections: Vec<_> = rules.iter().map(|rule| denial(rule)).collect();
        policy.decide(&objections)
    };
    let unknown = "files.rm-unknown";
    assert_eq!(decide(&[unknown]), Verdict::Allowed(denial(unknown)));
    let other = "secrets.env-file";
    assert_eq!(decide(&[unknown, other]), Verdict::Deny(denial(other)));
    let fixed = "files.rm-root";
    assert_eq!(decide(&[unknown, fixed]), Verdict::Deny(denial(fixed)));
}

#[test]
fn rules_of_ones_own_are_found_and_their_faults_named() {
    let own = |id: &str, command: Option<&str>, path: Option<&str>| OwnRule {
        id: id.to_owned(),
        command: command.map(str::to_owned),
        path: path.map(str::to_owned),
        only_writes: true,
        level: Level::Ask,
        reason: "Because.".to_owned(),
        instead: String::new(),
    };
    let project = GuardSettings {
        rules: vec![
            own("prod", Some("(?i)^KUBECTL .*prod"), None),
            own("sql", None, Some(r"/migrations/.*\.sql$")),
            own("bad", Some("("), None),
            own("empty", None, None),
        ],
        ..settings(&[("own.prod", Level::Deny), ("none.such", Level::Ask)])
    };
    let policy = Policy::new(&GuardSettings::default(), &project);
    assert_eq!(policy.level("own.prod"), Level::Deny);
    assert_eq!(policy.level("own.sql"), Level::Ask);
    let path = "/p/migrations/1.sql";
    assert_eq!(policy.judge_path(path, Access::Read), []);
    assert_eq!(policy.judge_path(path, Access::Write), [denial("own.sql")]);
    let problems = policy.problems().join("\n");
    for part in [
        "no rule `none.such`",
        "`bad` has no valid pattern",
        "`empty` has neither",
    ] {
        assert!(problems.contains(part), "{problems}");
    }
    assert_eq!(problems.lines().count(), 3, "{problems}");
}
