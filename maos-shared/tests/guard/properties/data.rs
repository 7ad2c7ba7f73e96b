//! A command that is only mentioned is no command.

use super::failures::Failures;
use super::literals::{c, json, shell, shell_double};
use super::stopped;
use crate::tables::cases::judge;
use maos_shared::guard::Verdict;

/// A place for data, by its name.
type Place = (&'static str, fn(&str) -> String);

const PLACES: [Place; 48] = [
    ("echo", |text| format!("echo {}", shell(text))),
    ("echo in double quotes", |text| {
        format!("echo {}", shell_double(text))
    }),
    ("echo into a file", |text| {
        format!("echo {} >> notes.md", shell(text))
    }),
    ("printf", |text| format!("printf '%s\\n' {}", shell(text))),
    ("nothing", |text| format!(": {}", shell(text))),
    ("commit message", |text| {
        format!("git commit -m {}", shell(text))
    }),
    ("commit message in double quotes", |text| {
        format!("git commit -am {}", shell_double(text))
    }),
    ("commit message from a heredoc", |text| {
        format!("git commit -F - <<'EOT'\nFix\n\n{text}\nEOT")
    }),
    ("commit message from cat", |text| {
        format!("git commit -m \"$(cat <<'EOT'\nFix\n\n{text}\nEOT\n)\"")
    }),
    ("tag message", |text| {
        format!("git tag -a v1 -m {}", shell(text))
    }),
    ("search in the history", |text| {
        format!("git log --oneline --grep={}", shell(text))
    }),
    ("search for a change", |text| {
        format!("git log -S {} -- src", shell(text))
    }),
    ("git grep", |text| format!("git grep -F -e {}", shell(text))),
    ("grep", |text| format!("grep -rnF -- {} src", shell(text))),
    ("grep in a pipe", |text| {
        format!("cat build.log | grep -F {} | wc -l", shell(text))
    }),
    ("ripgrep", |text| format!("rg -F {} docs", shell(text))),
    ("heredoc to a file", |text| {
        format!("cat > notes.md <<'EOT'\n{text}\nEOT")
    }),
    ("heredoc in double quotes", |text| {
        format!("cat <<\"EOT\" >> docs/a.md\n{text}\nEOT\nls docs")
    }),
    ("heredoc to tee", |text| {
        format!("tee docs/a.md <<'EOT' > /dev/null\n{text}\nEOT")
    }),
    ("heredoc to a pipe", |text| {
        format!("cat <<'EOT' | grep -c rm\n{text}\nEOT")
    }),
    ("comment", |text| {
        format!("# {}\nls", text.replace('\n', "\n# "))
    }),
    ("comment behind a command", |text| {
        format!("ls # {}", text.replace('\n', "\n# "))
    }),
    ("body of a request", |text| {
        let body = shell(&format!("{{\"command\": {}}}", json(text)));
        format!("curl -s -H 'Content-Type: application/json' -d {body} https://api.example.com/v1")
    }),
    ("body of a request on stdin", |text| {
        format!(
            "curl --data-binary @- https://api.example.com <<'EOT'\n{}\nEOT",
            json(text)
        )
    }),
    ("pull request", |text| {
        format!("gh pr create --title Fix --body {}", shell(text))
    }),
    ("comment on an issue", |text| {
        format!("gh issue comment 1 --body-file - <<'EOT'\n{text}\nEOT")
    }),
    ("argument of jq", |text| {
        format!("jq -n --arg c {} '{{command: $c}}' > out.json", shell(text))
    }),
    ("JSON to jq", |text| {
        format!("echo {} | jq -r .", shell(&json(text)))
    }),
    ("text in Python", |text| {
        let code = format!("text = {}\nprint(len(text))", json(text));
        format!("python3 -c {}", shell(&code))
    }),
    ("text in Python on stdin", |text| {
        format!("python3 - <<'EOT'\nprint({})\nEOT", json(text))
    }),
    ("text in JavaScript", |text| {
        let code = format!("console.log({})", json(text));
        format!("node -e {}", shell(&code))
    }),
    ("text in awk", |text| {
        let code = format!("BEGIN {{ print {} }}", c(text));
        format!("awk {}", shell(&code))
    }),
    ("text in Lua", |text| {
        let code = format!("print({})", c(text));
        format!("lua -e {}", shell(&code))
    }),
    ("variable", |text| format!("NOTE={}", shell(text))),
    ("exported variable", |text| {
        format!("export NOTE={}; ls", shell(text))
    }),
    ("variable of a program", |text| {
        format!("NOTE={} cargo test", shell(text))
    }),
    ("variable that is shown", |text| {
        format!("note={}; echo \"$note\"", shell(text))
    }),
    ("array that is shown", |text| {
        format!("notes=({}); printf '%s\\n' \"${{notes[@]}}\"", shell(text))
    }),
    ("words of a loop", |text| {
        format!("for note in {}; do echo \"$note\"; done", shell(text))
    }),
    ("word of a case", |text| {
        format!("case {} in a) ls ;; esac", shell(text))
    }),
    ("test", |text| format!("[ \"$x\" = {} ] && ls", shell(text))),
    ("conditional expression", |text| {
        format!("[[ $x == {} ]] && ls", shell(text))
    }),
    ("here-string", |text| format!("wc -c <<< {}", shell(text))),
    ("line that is read", |text| {
        format!("read -r line <<< {}; echo \"$line\"", shell(text))
    }),
    ("argument of a function", |text| {
        format!("say() {{ echo \"$1\"; }}; say {}", shell(text))
    }),
    ("output of a command", |text| {
        format!("echo \"$(printf %s {})\"", shell(text))
    }),
    ("files that are compared", |text| {
        format!("diff <(echo {}) <(echo b)", shell(text))
    }),
    ("question to the guard", |text| {
        format!("maos explain {}", shell(text))
    }),
];

/// Of how many pairs of a command and a place one is tried; see
/// [`super::wrapped`].
const ONE_OF: usize = 23;

#[test]
fn what_is_only_mentioned_is_not_stopped() {
    let mut failures = Failures::default();
    let mut at = 0_usize;
    for command in stopped() {
        for (name, place) in PLACES {
            at += 1;
            if at.is_multiple_of(ONE_OF) {
                let text = place(&command);
                let holds = judge(&text).verdict == Verdict::Pass;
                failures.note(name, &text, holds);
            }
        }
    }
    failures.are_none();
}
