//! Values that are followed from where they are set to where they are used.

use super::*;
use crate::guard::shell::Stdin;

/// Returns the commands of a text, one a line.
fn lines(text: &str) -> Vec<String> {
    let script = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let commands = commands(&script).into_iter();
    commands.map(|words| words.join(" ")).collect()
}

#[track_caller]
fn runs(text: &str, expected: &[&str]) {
    let lines = lines(text);
    for line in expected {
        assert!(
            lines.iter().any(|met| met == line),
            "{text}: {line} is not in {lines:?}"
        );
    }
}

#[track_caller]
fn never_runs(text: &str, unexpected: &str) {
    let lines = lines(text);
    assert!(
        !lines.iter().any(|met| met == unexpected),
        "{text}: {lines:?}"
    );
}

#[test]
fn a_variable_has_every_value_that_it_may_have() {
    runs("if c; then X=rm; else X=ls; fi; $X a", &["rm a", "ls a"]);
    never_runs("if c; then X=rm; else X=ls; fi; $X a", "¤ a");
    runs("if c; then X=rm; fi; $X a", &["rm a", "¤ a"]);
    runs("X=ls; c && X=rm; $X a", &["rm a", "ls a"]);
    never_runs("X=ls && X=rm && $X a", "ls a");
    runs("X=ls; c && X=cat || X=rm; $X a", &["rm a", "ls a", "cat a"]);
    runs("X=ls; for i in 1 2; do $X a; X=rm; done", &["ls a", "rm a"]);
    runs("X=ls; while c; do X=rm; done; $X a", &["ls a", "rm a"]);
    runs(
        "case $1 in a) X=rm;; *) X=ls;; esac; $X a",
        &["rm a", "ls a"],
    );
    never_runs("case $1 in a) X=rm;; *) X=ls;; esac; $X a", "¤ a");
    runs("X=rm; (X=ls); X=cat | X=mv; $X a", &["rm a"]);
    never_runs("X=rm; (X=ls); X=cat & $X a", "ls a");
    runs("for d in a b; do rm $d/c; done", &["rm a/c", "rm b/c"]);
    runs("X=rm; X=ls $X a", &["rm a"]);
    runs("f() { local X=ls; }; X=rm; f; $X a", &["rm a"]);
    never_runs("f() { local X=ls; }; X=rm; f; $X a", "ls a");
    runs("unset X; rm -rf \"$X\"/", &["rm -rf /"]);
    runs("rm -rf ${X:-a}", &["rm -rf a", "rm -rf ¤"]);
    never_runs("X=b; rm -rf ${X:-a}", "rm -rf a");
    runs("X=b; rm -rf ${X:+a}", &["rm -rf a"]);
}

#[test]
fn what_is_not_known_of_a_program_may_be_nothing() {
    runs("$SUDO rm a", &["¤ rm a", "rm a"]);
    runs("$SUDO $NICE rm a", &["rm a"]);
    runs("r${x}m a", &["rm a"]);
    runs("$BIN/rm a", &["/rm a"]);
    never_runs("\"$SUDO\" rm a", "rm a");
}

#[test]
fn arguments_reach_the_body_of_a_function() {
    runs("f() { rm -rf \"$1\"/b; }", &["rm -rf ¤/b"]);
    runs("f() { rm -rf \"$1\"/b; }; f a", &["rm -rf a/b"]);
    never_runs("f() { rm -rf \"$1\"/b; }; f a", "rm -rf ¤/b");
    runs("f() { rm a; }; f; f b", &["rm a"]);
    runs("f() { g \"$1\"; }; g() { rm \"$1\"; }; f a", &["rm a"]);
    runs(
        "for x in a b; do f() { rm \"$1\"; }; f c; done; rm d; rm e",
        &["rm c", "rm d", "rm e"],
    );
    runs(
        "for x in a b; do f() { ls \"$x\"; }; f; done; rm c",
        &["rm c"],
    );
    runs(
        "f() { rm a > \"$1\"; { rm b; } > \"$1\"; }; f c",
        &["rm a", "rm b"],
    );
    runs(
        "f() { rm -rf \"$1\"; }; find . | xargs -I{} bash -c 'f {}'; export -f f",
        &["f ¤"],
    );
    runs("f() { shift; \"$@\"; }; f x rm a", &["rm a"]);
    runs("f() { g \"$@\"; }; g() { rm \"$2\"; }; f a b", &["rm b"]);
    runs("set -e -- a b; rm $2", &["rm b"]);
    runs("set --; rm \"$@\" \"\"$@", &["rm "]);
    runs("a=(x y); i=1; rm ${a[i]}", &["rm y"]);
    runs(
        "ab=x ac=y; a=z; rm $a{b,c} ${a}{b,c} \"$a\"{b,c}",
        &["rm x y zb zc zb zc"],
    );
    runs("set -eo pipefail; rm $1", &["rm ¤"]);
    runs("alias ll='rm -r'; ll a b", &["ll a b", "rm -r a b"]);
}

#[test]
fn what_a_command_prints_is_followed() {
    runs("$(echo rm) a", &["rm a"]);
    runs("rm $(printf '/%s' etc usr)", &["rm /etc/usr"]);
    runs("rm $(echo cm0= | base64 -d)", &["rm rm"]);
    runs("rm $(cat <<EOF\na\nb\nEOF\n)", &["rm a b"]);
    runs("read X Y <<< 'rm a b'; $X $Y", &["rm a b"]);
    runs(
        "printf 'a\\nb\\n' | while read X; do rm $X; done",
        &["rm a", "rm b"],
    );
    runs("mapfile -t A <<< rm; \"${A[@]}\" a", &["rm a"]);
    runs("exec {n}<<< 'rm a'; read -u $n X; $X", &["rm a"]);
    runs("exec 7<<A\nrm a\nA\nsource /dev/fd/7", &["rm a"]);
    runs(". <(echo rm a)", &["rm a"]);
    runs("rm $(cat <<< a < f)", &["rm ¤"]);
    runs("rm $(echo a 2>/dev/null)", &["rm a"]);
    runs("rm $(date)", &["rm ¤"]);
}

#[test]
fn parts_keep_what_they_are() {
    let parts = |text: &str| {
        let script = parse(text).unwrap();
        script.commands.last().unwrap().words[1].parts.clone()
    };
    let known = |text: &str| Part::Text(text.to_owned());
    let variable = Part::variable;
    let glob = |pattern: &str| Part::Glob(pattern.to_owned());
    let home = |name: &str| Part::Tilde(name.to_owned());
    for (text, expected) in [
        ("a b'c'\"d\"\\e", vec![known("bcde")]),
        ("a ''", vec![]),
        ("a $X/b", vec![variable("X", false), known("/b")]),
        ("a \"${X%.txt}\"", vec![variable("X%.txt", true)]),
        (r#"a "${X%[\'\"]}""#, vec![variable(r#"X%[\'\"]"#, true)]),
        ("a ~/b", vec![home(""), known("/b")]),
        ("a ~me", vec![home("me")]),
        ("a '~'", vec![known("~")]),
        ("a b~", vec![known("b~")]),
        ("a if=~/b", vec![known("if="), home(""), known("/b")]),
        ("X=~/b; a $X", vec![home(""), known("/b")]),
        ("X='~/b'; a $X", vec![home(""), known("/b")]),
        ("X='*'; a $X", vec![glob("*")]),
        ("X='*'; a \"$X\"", vec![known("*")]),
        ("a b*[c-e]?", vec![known("b"), glob("*[c-e]?")]),
        ("a [ b", vec![known("[")]),
        ("a '*'.c", vec![known("*.c")]),
        (
            "for f in *.c; do a \"$f\"; done",
            vec![glob("*"), known(".c")],
        ),
        ("a $((1 + 1))", vec![known("2")]),
        ("a $((1 + i))", vec![Part::Unknown { quoted: false }]),
        ("a {1..1000}", vec![Part::Unknown { quoted: true }]),
        (
            "X=$(b); a \"$X\"",
            vec![Part::Output {
                commands: 0..1,
                quoted: true,
            }],
        ),
        ("a <(b)", vec![Part::Process { commands: 0..1 }]),
    ] {
        assert_eq!(parts(text), expected, "{text}");
    }
}

#[test]
fn a_command_knows_its_folder() {
    let dirs = |text: &str| -> Vec<String> {
        let script = parse(text).unwrap();
        let command = script.commands.last().unwrap();
        command.dirs.iter().map(shown).collect()
    };
    for (text, expected) in [
        ("rm a", &[][..]),
        ("cd a && rm b", &["a"]),
        ("cd a; cd b; rm c", &["a", "b"]),
        ("cd a; cd /b; cd c; rm d", &["/b", "c"]),
        ("cd; rm a", &["~"]),
        ("cd -P -- \"$D\"; rm a", &["¤"]),
        ("(cd a); rm b", &[]),
        ("cd a | b; rm c", &[]),
        ("x=$(cd a; b); rm c", &[]),
        ("pushd a; pushd b; popd; rm c", &["a"]),
        ("f() { cd a; }; f; rm b", &["a"]),
        ("cd - ; rm a", &["-"]),
    ] {
        assert_eq!(dirs(text), expected, "{text}");
    }
    let script = parse("if c; then cd a; else cd b; fi; rm c").unwrap();
    let folders = script
        .commands
        .iter()
        .filter(|one| shown(&one.words[0]) == "rm");
    assert_eq!(folders.count(), 2);
}

#[test]
fn a_command_knows_what_it_reads() {
    let stdin = |text: &str| {
        let script = parse(text).unwrap();
        script.commands.last().unwrap().stdin.clone()
    };
    let text = |text: &str| {
        let mut word = Word::default();
        word.push_text(text);
        Stdin::Text(word)
    };
    assert_eq!(stdin("a"), Stdin::Inherited);
    assert_eq!(stdin("a < f"), Stdin::Inherited);
    assert_eq!(stdin("a | b | c"), Stdin::Pipe(1..2));
    assert_eq!(stdin("{ a; b; } | c"), Stdin::Pipe(0..2));
    assert_eq!(stdin("a | { b; c; }"), Stdin::Pipe(0..1));
    assert_eq!(stdin("a | b < f"), Stdin::Inherited);
    assert_eq!(stdin("a < <(b)"), Stdin::Pipe(0..1));
    assert_eq!(stdin("a <<< b"), text("b\n"));
    assert_eq!(stdin("a <<E\nb\nE"), text("b\n"));
    assert_eq!(stdin("while a; do b; done <<< c"), text("c\n"));
    assert_eq!(stdin("f() { b; }; f <<< c"), text("c\n"));
}

#[test]
fn a_command_knows_its_place() {
    let text = "ls; cd a && rm -rf \"$(pwd)\" > x # it goes";
    let script = parse(text).unwrap();
    let spans = script
        .commands
        .iter()
        .map(|command| &text[command.span.clone()]);
    let expected = ["ls", "cd a", "pwd", "rm -rf \"$(pwd)\" > x"];
    assert_eq!(spans.collect::<Vec<_>>(), expected);
}

#[test]
fn what_a_shell_refuses_is_refused() {
    for text in [
        "(",
        ")",
        "a; }",
        "{ a",
        "if a",
        "if a; fi",
        "fi",
        "for",
        "for x in a",
        "case x",
        "'a",
        "\"a",
        "`a",
        "$(a",
        "${a",
        "((a",
        "[[ a",
        "a &&",
        "a |",
        "| a",
        "&& a",
        "a <",
        "a <<",
        "f() ;",
        "a (b)",
        "a\0b",
        "while a; done",
        "x=(a",
        "a;; b",
        "do a; done",
        "function",
        "case x in a b) c;; esac",
    ] {
        assert!(matches!(parse(text), Err(Error::Syntax { .. })), "{text}");
    }
}

#[test]
fn a_function_that_may_not_be_one_hides_nothing() {
    runs("if c; then rm() { ls; }; fi; rm a", &["rm a", "ls"]);
    let folder = |text: &str| parse(text).unwrap().commands.last().unwrap().dirs.len();
    assert_eq!(folder("if c; then cd() { :; }; fi; cd a; ls"), 1);
    assert_eq!(folder("cd() { :; }; unset -f cd; cd a; ls"), 1);
    assert_eq!(folder("cd() { :; }; cd a; ls"), 0);
}

#[test]
fn what_may_not_be_printed_is_not_taken_for_known() {
    for text in [
        "$(false && echo ls) rm a",
        "$(c || echo ls) rm a",
        "$(if c; then echo ls; fi) rm a",
        "$(exit; echo ls) rm a",
        "$(f() { echo ls; } | c; f) rm a",
        "$(echo ls >&2) rm a",
        "$(c & echo ls) rm a",
    ] {
        runs(text, &["rm a"]);
    }
}

#[test]
fn a_heredoc_ends_where_its_delimiter_stands_alone() {
    for (text, body) in [
        ("a <<E\nb\nE", "b\n"),
        ("a <<E\nEb\nbE\n E\nE\n", "Eb\nbE\n E\n"),
        ("a <<E\nb", "b"),
        ("a <<E\nE\nc", ""),
        ("a <<-E\n\tb\n\t\tE\nc", "b\n"),
        ("a <<-E\n\tb \t\n E\n\tE\nc", "b \t\n E\n"),
        ("a <<E\nb\\\nE\nE\nc", "bE\n"),
        ("a <<E\nb\nE\\\n\nc", "b\n"),
        ("a <<'E'\nb\\\nE\nc", "b\\\n"),
        ("a <<''\nb\n\nc", "b\n"),
        ("$(a <<E\nb\nE)", "b\n"),
        ("$(a <<E)\nb\nE\nc", "b\n"),
        ("a <<E <<F\nb\nE\nc\nF\nd", "c\n"),
    ] {
        let script = parse(text).unwrap();
        let mut expected = Word::default();
        expected.push_text(body);
        assert_eq!(script.commands[0].stdin, Stdin::Text(expected), "{text:?}");
    }
}
