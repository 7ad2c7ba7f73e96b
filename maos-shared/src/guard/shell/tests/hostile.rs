//! Texts that are made to be too much: each ends in time that grows with its
//! length, on a small stack, with commands or with an error.

use super::random::{Random, command, mutate};
use super::*;
use crate::config::limits;
use crate::testing::grows_linearly;

/// A text by how often its pieces are repeated.
type Written = fn(usize) -> String;

const TEXTS: [(&str, Written); 65] = [
    ("functions that each call two others", |n| {
        let calls = (0..n).map(|at| format!("f{}() {{ f{at}; f{at}; }}\n", at + 1));
        calls.collect::<String>() + "f9"
    }),
    ("functions that change what others meet", |n| {
        let calls = (0..n).map(|at| format!("f{}() {{ a=$a{at}; f{at}; f{at}; }}\n", at + 1));
        calls.collect::<String>() + "f9"
    }),
    ("functions of branches", |n| {
        "a && f() { b; }; f; ".repeat(n)
    }),
    ("arguments of branches", |n| {
        (0..n)
            .map(|at| format!("a && set -- {at}; b $1; "))
            .collect()
    }),
    ("references", |n| {
        let all = (0..n).map(|at| format!("declare -n r{at}=r{}; ", at + 1));
        all.collect::<String>() + "$r0"
    }),
    ("subscripts", |n| format!("export {}", "a[ ".repeat(n))),
    ("subscripts of nothing", |n| {
        format!("export {}", "a[a[ ]= ".repeat(n))
    }),
    ("elements", |n| format!("a=({})", "[k]=v ".repeat(n))),
    ("substitutions", |n| "$(".repeat(n)),
    ("closed substitutions", |n| "$(".repeat(n) + &")".repeat(n)),
    ("substitutions in quotes", |n| "\"$(".repeat(n)),
    ("double parentheses", |n| "((".repeat(n)),
    ("closed double parentheses", |n| {
        "((".repeat(n) + &"))".repeat(n)
    }),
    ("double subshells", |n| "((a);".repeat(n)),
    ("subshells", |n| "( ".repeat(n)),
    ("arithmetic", |n| {
        format!("echo $(({}))", "$((1))+".repeat(n))
    }),
    ("open arithmetic", |n| format!("echo {}", "$((1 ".repeat(n))),
    ("brackets of arithmetic", |n| {
        format!("echo {}", "$[".repeat(n))
    }),
    ("alternatives", |n| format!("echo {}", "{a,".repeat(n))),
    ("closed alternatives", |n| {
        format!("echo {}{}", "{a,".repeat(n), "}".repeat(n))
    }),
    ("braces", |n| {
        format!("echo {}{}", "{".repeat(n), "}".repeat(n))
    }),
    ("products", |n| format!("echo {}", "{a,b}".repeat(n))),
    ("ranges", |n| format!("echo {}", "{1..200} ".repeat(n))),
    ("backquotes", |n| "`".repeat(n)),
    ("commands in backquotes", |n| "`a` ".repeat(n)),
    ("pipeline", |n| "a|".repeat(n) + "a"),
    ("text through a pipeline", |n| {
        format!("echo {}|{}cat", "x".repeat(n), "cat|".repeat(n))
    }),
    ("chain", |n| "a=1||".repeat(n) + "a"),
    ("words", |n| format!("a {}", "b ".repeat(n))),
    ("defaults", |n| "${a:-".repeat(n)),
    ("values that may be default", |n| {
        format!("echo {}", "${aN:-b} ".repeat(n))
    }),
    ("heredocs", |n| "cat <<A\n".repeat(n)),
    ("heredocs on one line", |n| {
        format!("cat {}\n{}", "<<A ".repeat(n), "x\n".repeat(n))
    }),
    ("heredocs in heredocs", |n| "cat <<A\n$(".repeat(n)),
    ("delimiters on one line", |n| {
        format!("cat <<A\n{}", "A".repeat(n))
    }),
    ("lines of a heredoc", |n| {
        format!("cat <<A\n{}", "a\\\n".repeat(n))
    }),
    ("continued lines", |n| format!("echo {}", "$\\\n".repeat(n))),
    ("brackets", |n| format!("echo {}]", "[".repeat(n))),
    ("homes", |n| format!("X={}", ":~a".repeat(n))),
    ("assignments", |n| "a=1;$a;".repeat(n)),
    ("growing value", |n| "a+=x;".repeat(n)),
    ("doubling value", |n| {
        format!("a=xxxxxxxx;{}", "a=$a$a;".repeat(n))
    }),
    ("growing array", |n| "a+=(x);".repeat(n)),
    ("folders", |n| "cd a;".repeat(n)),
    ("pushed folders", |n| "pushd a;".repeat(n)),
    ("words of a loop", |n| {
        format!(
            "for x in {};do a;done",
            (0..n).map(|at| format!("{at} ")).collect::<String>()
        )
    }),
    ("folders of branches", |n| "if a;then cd b;fi;".repeat(n)),
    ("values of branches", |n| "if a;then b=$b$b;fi;".repeat(n)),
    ("loops in loops", |n| "for x in a b;do y=$x;".repeat(n)),
    ("closed loops", |n| {
        "for x in a b;do y=$x;".repeat(n) + "z;" + &"done;".repeat(n)
    }),
    ("calls", |n| format!("f(){{ a; }};{}", "f;".repeat(n))),
    ("calls of calls", |n| {
        let define = |at| format!("f{}(){{ f{at};f{at}; }};", at + 1);
        let functions: String = (0..n).map(define).collect();
        format!("f0(){{ a; }};{functions}f{n}")
    }),
    ("functions in functions", |n| "f(){ ".repeat(n)),
    ("cases", |n| "case a in b) ".repeat(n)),
    ("else", |n| {
        format!("if a;then b;{}fi", "elif a;then b;".repeat(n))
    }),
    ("aliases", |n| {
        (0..n)
            .map(|at| format!("alias a{at}=a{};a{at};", at + 1))
            .collect()
    }),
    ("alias of itself", |n| {
        format!("alias a='a a;a';{}", "a;".repeat(n))
    }),
    ("patterns", |n| format!("echo {}", "@(".repeat(n))),
    ("tests", |n| "[[ a ".repeat(n)),
    ("expressions", |n| format!("[[ a =~ {}", "(".repeat(n))),
    ("files of commands", |n| format!("x {}", ">(a) ".repeat(n))),
    ("arguments", |n| {
        format!("set -- {};{}", "a ".repeat(n), "b \"$@\";".repeat(n))
    }),
    ("unknown programs", |n| "$A ".repeat(n)),
    ("input of many", |n| {
        format!("{{ {} }} <<< {}", "a;".repeat(n), "x".repeat(n))
    }),
    ("coprocesses", |n| "coproc ".repeat(n)),
];

#[test]
fn time_grows_with_the_length() {
    for (name, text) in TEXTS {
        let is_linear = grows_linearly(400, text, |text| {
            let _ = parse(text);
        });
        assert!(is_linear, "{name}");
    }
}

/// The stack of a program's first thread, in bytes.
const STACK: usize = 8 * 1024 * 1024;

/// What begins a level, what is in the last one, what ends a level.
const NESTED: [(&str, &str, &str); 19] = [
    ("$(", "a", ")"),
    ("\"$(", "a", ")\""),
    ("(", "a", ") "),
    ("{ ", "a", ";}"),
    ("if a;then ", "a", ";fi"),
    ("while a;do ", "a", ";done"),
    ("for a in b;do ", "a", ";done"),
    ("case a in b) ", "a", ";;esac"),
    ("f(){ ", "a", ";}"),
    ("${a:-", "a", "}"),
    ("\"${a:-", "a", "}\""),
    ("$((1+", "1", "))"),
    ("<(", "a", ")"),
    ("[[ $(", "a", ") ]]"),
    ("x=$(", "a", ")"),
    ("a=(${x:-$(", "a", ")})"),
    ("a|{ ", "a", ";}"),
    ("$[", "1", "]"),
    ("coproc ", "a", ""),
];

/// The same in texts of other shells.
const NESTED_ELSEWHERE: [(&str, (&str, &str, &str)); 9] = [
    ("zsh -c", ("if [[ a ]] { ", "a ", "} ")),
    ("zsh -c", ("repeat 2 ", "a", "")),
    ("zsh -c", ("() { ", "a ", "} ")),
    ("zsh -c", ("f() ", "a", "")),
    ("zsh -c", ("{ a } always { ", "a ", "} ")),
    ("fish -c", ("begin; ", "a; ", "end; ")),
    ("fish -c", ("if a; ", "a; ", "end; ")),
    ("fish -c", ("while a; ", "a; ", "end; ")),
    ("fish -c", ("a (", "a", ")")),
];

#[test]
fn nesting_is_followed_to_its_limit_and_no_further() {
    let follow = || {
        let here = NESTED.into_iter().map(|level| ("", level));
        for (shell, level) in here.chain(NESTED_ELSEWHERE) {
            let followed = deepest(shell, level);
            // Some forms are several levels in one.
            let expected = limits::SHELL_DEPTH / 5..=limits::SHELL_DEPTH;
            assert!(expected.contains(&followed), "{level:?}: {followed}");
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(follow);
    thread.unwrap().join().unwrap();
}

/// Returns how often a level may lie in itself.
fn deepest(shell: &str, (open, inner, close): (&str, &str, &str)) -> usize {
    let is_followed = |depth: usize| {
        let mut text = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        if !shell.is_empty() {
            text = format!("{shell} '{text}'");
        }
        match parse(&text) {
            Ok(_) => true,
            Err(Error::Limit { .. }) => false,
            Err(error) => panic!("{depth} times {open:?}: {error}"),
        }
    };
    let (mut followed, mut refused) = (1_usize, 10_000);
    while refused - followed > 1 {
        let depth = followed.midpoint(refused);
        match is_followed(depth) {
            true => followed = depth,
            false => refused = depth,
        }
    }
    followed
}

#[test]
fn a_text_beyond_a_limit_is_refused() {
    let limit_of = |text: &str| match parse(text) {
        Err(Error::Limit { limit, .. }) => Some(limit),
        _ => None,
    };
    for (text, limit) in [
        (
            " ".repeat(limits::SHELL_TEXT_BYTES + 1),
            limits::SHELL_TEXT_BYTES,
        ),
        (
            "a;".repeat(limits::SHELL_COMMANDS + 1),
            limits::SHELL_COMMANDS,
        ),
        ("echo {1..200}{1..200}".to_owned(), limits::SHELL_WORDS),
        ("( ".repeat(limits::SHELL_DEPTH + 1), limits::SHELL_DEPTH),
        (
            format!("echo {}", "{1..200} ".repeat(10_000)),
            limits::SHELL_STEPS,
        ),
    ] {
        let start: String = text.chars().take(20).collect();
        assert_eq!(limit_of(&text), Some(limit), "{start:?}");
    }
    assert_eq!(limit_of(&" ".repeat(limits::SHELL_TEXT_BYTES)), None);
}

#[test]
fn what_calls_itself_ends() {
    for text in [
        ":(){ :|:& };:",
        "f(){ f; f; rm a; }; f",
        "f(){ g; }; g(){ f; }; f",
        "alias a=b b=a; a",
        "f(){ while :; do f; done; }; f",
    ] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn no_text_makes_it_panic() {
    let snippets: Vec<String> = super::snippets::texts().collect();
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let text = match random.below(3) {
            0 => command(&mut random),
            1 => snippets[random.below(snippets.len())].clone(),
            _ => String::new(),
        };
        let _ = parse(&mutate(&mut random, &text));
    }
}
