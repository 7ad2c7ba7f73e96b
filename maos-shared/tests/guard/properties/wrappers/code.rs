//! Interpreters of other languages.

use super::super::literals::{c, json, shell, single};
use super::{Dangerous, Wrapper, line, text, words};

/// Interpreters with a call of the shell, or of a program.
pub(super) const CODE: [Wrapper; 20] = [
    text("Python's os.system", |one| {
        let code = format!("import os; os.system({})", json(&one.text));
        format!("python3 -c {}", shell(&code))
    }),
    text("Python's os.popen on a heredoc", |one| {
        let call = format!("os.popen({}).read()", json(&one.text));
        format!("python3 - <<'EOT'\nimport os\nprint({call})\nEOT")
    }),
    text("Python's subprocess with a shell", |one| {
        let text = json(&one.text);
        let code = format!("import subprocess\nsubprocess.run({text}, shell=True, check=True)");
        format!("python -c {}", shell(&code))
    }),
    words("Python's subprocess", |one| {
        let code = format!("import subprocess as sp; sp.check_call({})", list(one));
        format!("python3 -c {}", shell(&code))
    }),
    text("a name in Python", |one| {
        let code = format!("from os import system as s\nc = {}\ns(c)", json(&one.text));
        format!("python3 -c {}", shell(&code))
    }),
    text("Python's timeit", |one| {
        let code = format!("import os; os.system({})", json(&one.text));
        format!("python3 -m timeit -n1 -r1 {}", shell(&code))
    }),
    text("a file that node reads first", |one| {
        let code = format!("require('child_process').execSync({})", json(&one.text));
        format!(
            "cat > /tmp/first.js <<'NODE'\n{code}\nNODE\nNODE_OPTIONS='-r /tmp/first.js' node app.js"
        )
    }),
    text("Perl's system", |one| {
        let code = format!("system({});", single(&one.text));
        format!("perl -e {}", shell(&code))
    }),
    text("Perl's exec", |one| {
        let code = format!("exec {};", single(&one.text));
        format!("perl -we {}", shell(&code))
    }),
    text("Ruby's system", |one| {
        let code = format!("system({})", single(&one.text));
        format!("ruby -e {}", shell(&code))
    }),
    words("Ruby's system with words", |one| {
        let words = one.words.iter().flatten().map(|word| single(word));
        let code = format!("system({})", words.collect::<Vec<_>>().join(", "));
        format!("ruby -e {}", shell(&code))
    }),
    text("Node's execSync", |one| {
        let text = json(&one.text);
        let code = format!("require('child_process').execSync({text}, {{stdio: 'inherit'}})");
        format!("node -e {}", shell(&code))
    }),
    text("Node's exec by a name", |one| {
        let text = json(&one.text);
        let code = format!("const {{exec}} = require('node:child_process'); exec({text})");
        format!("node --eval {}", shell(&code))
    }),
    words("Node's spawnSync", |one| {
        let words = one.words.as_deref().unwrap_or_default();
        let (program, rest) = words.split_first().expect("a program");
        let rest = serde_json::to_string(rest).expect("texts are JSON");
        let code = format!(
            "require('child_process').spawnSync({}, {rest})",
            json(program)
        );
        format!("node -e {}", shell(&code))
    }),
    text("PHP's system", |one| {
        let code = format!("system({});", single(&one.text));
        format!("php -r {}", shell(&code))
    }),
    text("PHP's shell_exec", |one| {
        let code = format!("echo shell_exec({});", single(&one.text));
        format!("php -r {}", shell(&code))
    }),
    text("Lua's os.execute", |one| {
        let code = format!("os.execute({})", c(&one.text));
        format!("lua -e {}", shell(&code))
    }),
    text("awk's system", |one| {
        let code = format!("BEGIN {{ system({}) }}", c(&one.text));
        format!("awk {}", shell(&code))
    }),
    text("awk's pipe", |one| {
        let code = format!("BEGIN {{ {} | getline x }}", c(&one.text));
        format!("gawk {} /dev/null", shell(&code))
    }),
    line("sed's e", |one| {
        format!("sed {} README.md", shell(&format!("1e {}", one.text)))
    }),
];

/// Returns the words as a list in Python or JavaScript.
fn list(one: &Dangerous) -> String {
    serde_json::to_string(&one.words).expect("texts are JSON")
}
