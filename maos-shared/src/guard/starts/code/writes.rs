//! Texts that code writes to files, which may run afterwards:
//! `open("x", "w").write("…")`, `fs.writeFileSync("x", "…")`.

use super::super::super::arguments::{leading_text, skip};
use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::{self, word};
use super::super::{Started, What};
use super::arguments::Argument;
use super::calls::{bare_arguments, value_called_on};
use super::language::Language;
use super::program::Program;
use super::tokens::Token;
use super::values::Value;

/// Functions that open a file, by its name and a mode.
const OPENING: List = List("createWriteStream fopen new open openSync");

/// Functions that write their second argument to the file that the first names.
const PAIRED: List = List(
    "\
    WriteFile appendFile appendFileSync binwrite file_put_contents outputFile outputFileSync write \
    writeFile writeFileSync writeTextFile writeTextFileSync write!",
);

/// Those of them that add to what is in the file.
const APPENDING: List = List("appendFile appendFileSync");

/// Methods that write their argument to the path that they are called on.
const OF_PATHS: List = List("write_bytes write_text");

/// Functions and methods that write to a file that is open.
const TO_HANDLES: List = List("fputs fwrite print printf puts say syswrite write writelines");

/// Those of them that end a line.
const LINES: List = List("puts say");

/// Returns what the call that a token names writes to a file.
pub(super) fn written(
    program: &mut Program<'_>,
    language: &Language,
    at: usize,
) -> Option<Started> {
    if language.pipes && program.is_mark(at, '>') {
        return redirected(program, at);
    }
    let name = program.name(at)?;
    if OPENING.has(name) {
        let arguments = bare_arguments(program, at);
        return opened(program, &arguments, name);
    }
    if OF_PATHS.has(name) {
        let path = value_called_on(program, at).into_word();
        let text = program.arguments(at + 1, 0).into_iter().next()?;
        return file(path, text.value.into_word(), false);
    }
    let (paired, to_handle) = (PAIRED.has(name), TO_HANDLES.has(name));
    if !paired && !to_handle {
        return None;
    }
    let is_method = at > 0 && matches!(program.token(at - 1), Some(Token::Dot | Token::Mark(':')));
    if program.is_mark(at + 1, '(') || is_method {
        let arguments = bare_arguments(program, at);
        if let (true, [path, text, ..]) = (paired, arguments.as_slice())
            && is_known(&path.value)
            && text.name.is_none()
        {
            let (path, text) = (path.value.clone(), text.value.clone());
            return file(path.into_word(), text.into_word(), APPENDING.has(name));
        }
        if let Some(target) = arguments.iter().find(|one| one.name == Some("file")) {
            let opens = program
                .name(target.at)
                .is_some_and(|name| OPENING.has(name));
            let written = said(name, arguments, true);
            return match (opens, written) {
                // It is opened further on.
                (true, Some(text)) => {
                    program.printed = Some(text);
                    None
                }
                (_, text) => file(program.opened.clone()?, text?, true),
            };
        }
        let is_call = matches!(name, "fputs" | "fwrite");
        (to_handle && (is_method || is_call)).then_some(())?;
        let text = said(name, arguments, false)?;
        return file(program.opened.clone()?, text, true);
    }
    // `print F "…"`, `print $f "…"`, `print {$f} "…"`
    let marks = ['$', '{', '}'];
    let is_handle =
        |at: usize| program.name(at).is_some() || marks.iter().any(|m| program.is_mark(at, *m));
    let text = (at + 1..at + 5).find(|at| !is_handle(*at))?;
    let begins = text > at + 1 && matches!(program.token(text), Some(Token::Text(_)));
    begins.then_some(())?;
    let text = program.expression(text, 0).0.into_word();
    file(program.opened.clone()?, ended(text, name, false), true)
}

fn is_known(value: &Value) -> bool {
    matches!(value, Value::Text(path) if words::is_known(path))
}

/// Keeps the file that is opened to be written; returns that nothing is in it
/// then, but where it is to be added to.
fn opened(program: &mut Program<'_>, arguments: &[Argument<'_>], name: &str) -> Option<Started> {
    let texts = arguments.iter().filter_map(|one| match &one.value {
        Value::Text(text) if words::is_known(text) => Some(text),
        _ => None,
    });
    let texts: Vec<&Word> = texts.collect();
    let is_mode = |word: &Word| {
        let mode = word.known().unwrap_or_default();
        mode.len() <= 3 && mode.contains(['w', 'a', 'x', '+'])
    };
    let is_sign = |word: &Word| leading_text(word).trim_start_matches('+').starts_with('>');
    let signs = |word: &Word| {
        let path = leading_text(word).trim_start_matches(['+', '>', ' ']);
        leading_text(word).len() - path.len()
    };
    let (path, mode) = match texts.as_slice() {
        [path] if name == "createWriteStream" => ((*path).clone(), "w"),
        [mode, path, ..] if is_sign(mode) && signs(mode) == leading_text(mode).len() => {
            ((*path).clone(), leading_text(mode))
        }
        [path, mode, ..] if is_mode(mode) => ((*path).clone(), leading_text(mode)),
        [path] if is_sign(path) => (skip(path, signs(path)), leading_text(path)),
        _ => return None,
    };
    program.opened = Some(path.clone());
    let adds = mode.contains(['a', '+']) || mode.starts_with(">>");
    match program.printed.take() {
        Some(text) => file(path, text, adds),
        None if adds => None,
        None => file(path, Word::default(), false),
    }
}

/// Returns what a function writes.
fn said(name: &str, arguments: Vec<Argument<'_>>, ends: bool) -> Option<Word> {
    let texts = arguments.into_iter().filter(|one| one.name.is_none());
    let texts = texts.filter_map(|one| match one.value {
        Value::Text(text) => Some(text),
        Value::List(texts) => Some(words::join(&texts, "")),
        _ => None,
    });
    let texts: Vec<Word> = texts.collect();
    (!texts.is_empty()).then(|| ended(words::join(&texts, " "), name, ends))
}

/// Returns a text with the end of the line that a function puts behind it.
fn ended(text: Word, name: &str, ends: bool) -> Word {
    match ends || LINES.has(name) {
        true => words::join([&text, &word("\n")], ""),
        false => text,
    }
}

/// Returns what `print "…" > "x"` of awk writes.
fn redirected(program: &mut Program<'_>, at: usize) -> Option<Started> {
    let appends = program.is_mark(at + 1, '>');
    let behind = if appends { at + 2 } else { at + 1 };
    let path = program.expression(behind, 0).0.into_word();
    let text = super::said(program, at.checked_sub(1)?)?;
    // The file stays open: each that follows adds to it.
    file(path, words::join([&text, &word("\n")], ""), true)
}

fn file(path: Word, text: Word, appends: bool) -> Option<Started> {
    words::is_known(&path).then(|| {
        Started::of(What::File {
            path,
            text,
            appends,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{test_command, written};

    /// Checks what each code of an interpreter writes.
    fn check(interpreter: &str, cases: &[(&str, &[&str])]) {
        for (code, expected) in cases {
            let mut command = test_command(interpreter);
            command.words.push(super::word(code));
            assert_eq!(written(&command), *expected, "{code}");
        }
    }

    #[test]
    fn what_is_written_is_kept_with_its_file() {
        check(
            "python3 -c",
            &[
                ("open('x', 'w').write('rm')", &["> x: ", ">> x: rm"]),
                (
                    "with open('x', 'a') as f:\n  f.write('a')\n  f.write('b')",
                    &[">> x: a", ">> x: b"],
                ),
                ("print('rm', file=open('x', 'w'))", &["> x: rm"]),
                ("Path('x').write_text('rm')", &["> x: rm"]),
                ("print('rm')", &[]),
                ("open('x').read(); sys.stdout.write('rm')", &[]),
            ],
        );
        check(
            "node -e",
            &[
                ("fs.writeFileSync('x', 'rm')", &["> x: rm"]),
                ("fs.appendFileSync('x', 'rm')", &[">> x: rm"]),
                ("process.stdout.write('rm')", &[]),
            ],
        );
        check(
            "perl -e",
            &[
                ("open F, '>x'; print F 'rm'", &["> x: ", ">> x: rm"]),
                (
                    "open(my $f, '>', 'x'); print $f 'rm'",
                    &["> x: ", ">> x: rm"],
                ),
                ("print 'rm'", &[]),
            ],
        );
        check(
            "ruby -e",
            &[
                ("File.write('x', 'rm')", &["> x: rm"]),
                (
                    "File.open('x', 'w') { |f| f.puts 'rm' }",
                    &["> x: ", ">> x: rm"],
                ),
            ],
        );
        check("php -r", &[("file_put_contents('x', 'rm');", &["> x: rm"])]);
        check("awk", &[("BEGIN { print \"rm\" > \"x\" }", &[">> x: rm"])]);
    }
}
