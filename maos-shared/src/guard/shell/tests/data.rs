//! A command that is only mentioned is none.

use super::random::{Random, command};
use super::*;

/// Writes what is mentioned as its place demands.
type Writing = fn(&str) -> String;

/// Texts around what is mentioned, each `@` standing for it.
const PLACES: [(&str, Writing); 16] = [
    ("echo @", single),
    ("echo @", double),
    ("echo @", ansi),
    ("echo @", escaped),
    ("git commit -m @", single),
    ("git commit -am @ && git push", double),
    ("grep -rn @ src | head", single),
    ("X=@; echo \"$X\"", single),
    ("printf '%s\\n' @ > notes.txt", double),
    ("ls # @", one_line),
    ("cat > notes.md <<'end of it'\n@\nend of it\nls", plain),
    ("cat <<end_of_it\n@\nend_of_it\n", in_heredoc),
    (
        "git commit -m \"$(cat <<'end of it'\n@\nend of it\n)\"",
        plain,
    ),
    ("cat <<< @", single),
    ("case x in @) ;; esac", single),
    ("[[ $x == @ ]] && a[0]=@", single),
];

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn double(text: &str) -> String {
    format!("\"{}\"", with_backslashes(text, "\\\"$`"))
}

fn ansi(text: &str) -> String {
    let text = with_backslashes(text, "\\'");
    format!("$'{}'", text.replace('\n', "\\n"))
}

fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '\n' => "'\n'".to_owned(),
        other => format!("\\{other}"),
    };
    text.chars().map(escape).collect()
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn plain(text: &str) -> String {
    text.to_owned()
}

fn in_heredoc(text: &str) -> String {
    with_backslashes(text, "\\$`")
}

fn with_backslashes(text: &str, before: &str) -> String {
    let mut written = String::new();
    for c in text.chars() {
        if before.contains(c) {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

#[test]
fn what_is_quoted_never_runs() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let mentioned = format!("{}; rm -rf x", command(&mut random));
        for (place, write) in PLACES {
            let text = place.replace('@', &write(&mentioned));
            let script = parse(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
            let around = parse(&place.replace('@', "data")).unwrap();
            let programs = |script: &Script| -> Vec<String> {
                let mut programs: Vec<String> = commands(script)
                    .into_iter()
                    .map(|words| words[0].clone())
                    .collect();
                programs.dedup();
                programs
            };
            assert_eq!(programs(&script), programs(&around), "{text}");
        }
    }
}
