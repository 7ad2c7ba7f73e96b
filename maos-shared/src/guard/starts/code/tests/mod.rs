use super::super::super::shell::{Part, Word};
use super::super::testing::{check, check_fed, started, test_command};
use super::super::words;
use crate::testing::grows_linearly;

mod javascript;
mod others;
mod python;

/// Checks what code starts, given to an interpreter behind an option.
fn check_code(interpreter: &[&str], cases: &[(&str, &[&str])]) {
    for (code, expected) in cases {
        let mut command = test_command("");
        command.words = interpreter.iter().copied().map(words::word).collect();
        command.words.push(words::word(code));
        assert_eq!(started(&command, None), *expected, "{code}");
    }
}

#[test]
fn a_program_on_the_input_is_code() {
    check_fed(&[
        ("python3", "import os\nos.system('rm x')", &["sh: rm x"]),
        ("python3 - a", "import os\nos.system('rm x')", &["sh: rm x"]),
        ("python3.11", "open('.env')", &["cat .env"]),
        (
            "node",
            "require('fs').readFileSync('.env','utf8')",
            &["cat .env"],
        ),
        ("deno run -", "Deno.removeSync('x')", &["rm -f x"]),
        ("perl", "system('rm x')", &["sh: rm x"]),
        ("php", "<?php unlink('x');", &["rm -f x"]),
        ("awk -f -", "BEGIN { system(\"rm x\") }", &["sh: rm x"]),
        ("awk '{ print }'", "system(\"rm x\")", &[]),
        ("python3 script.py", "os.system('rm x')", &[]),
        ("python3 -m json.tool", "os.system('rm x')", &[]),
        ("python3 -c pass", "os.system('rm x')", &[]),
    ]);
}

#[test]
fn what_the_shell_leaves_unknown_stays_in_its_place() {
    let code = Word {
        parts: vec![
            Part::Text("import os; os.system('rm -rf ".to_owned()),
            Part::variable("DIR", true),
            Part::Text("/x')".to_owned()),
        ],
    };
    let mut command = test_command("python3 -c");
    command.words.push(code);
    assert_eq!(started(&command, None), ["sh: rm -rf $DIR/x"]);
    check(&[("python3 -c ¤", &[])]);
}

/// Interpreters of languages that differ most.
const INTERPRETERS: [&str; 5] = ["python3 -c", "node -e", "perl -e", "awk", "sed"];

/// Checks that code of one seed over and over is read in a time that grows
/// with its length, not with the square of it.
fn check_hostile(seeds: &[&str], bytes: usize) {
    for seed in seeds {
        for interpreter in INTERPRETERS {
            let command = |bytes: usize| {
                let mut command = test_command(interpreter);
                command
                    .words
                    .push(words::word(&seed.repeat(bytes / seed.len())));
                command
            };
            let is_linear = grows_linearly(bytes / 8, command, |command| {
                started(command, None);
            });
            assert!(is_linear, "{interpreter} {seed}");
        }
    }
}

#[test]
fn hostile_characters_cost_their_length() {
    let seeds = [
        "'", "\"", "`", "\\'", "'\"", "(", ")", "[", "{", "/", "\\", "'''",
    ];
    check_hostile(&seeds, 50_000);
}

#[test]
fn hostile_code_costs_its_length() {
    let seeds = [
        "${",
        "#{",
        "f'{",
        "/[",
        "\\/",
        "q(",
        "[=",
        "system(",
        "system ",
        "system('a'+",
        "x=x+x;",
        "a=",
        "f(a=",
        "os.path.join(",
        "a.b.",
        "|",
        "\"a\" | getline ",
        "for x in [",
        "import a, ",
        "'%s' % ",
        "s/a/",
        "rm('x',{",
        "unlink 'a',",
        "\n'",
        "--[[",
        "/*",
    ];
    check_hostile(&seeds, 10_000);
}

#[test]
fn what_is_computed_costs_its_length() {
    let seeds = [
        "'a'.upper()+",
        ".upper()",
        "x.replace('x','xx').",
        "x='x';x=x.replace('x','xx');",
        "'{0}{0}'.format('{0}{0}').",
        "chr(",
        "''.join([",
        "[0](",
        "x[x](",
        "x[::-1]",
        "open('x','w').write(",
        "f.write('a');",
        "print F 'a';",
        "print > 'x'",
        "send(:x,",
        "{'a',",
        "...",
    ];
    check_hostile(&seeds, 10_000);
}
