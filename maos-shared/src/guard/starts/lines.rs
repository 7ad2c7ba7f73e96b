//! Programs that read commands line by line, in a format of their own.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::list::List;
use super::super::shell::{Part, Word};
use super::{Line, Started, values_of, words};

/// How a program marks the lines that go to a shell.
struct Format {
    programs: List,
    /// The options that take a value.
    options: Options,
    /// Those of them whose value is lines, by letter and long name.
    lines: &'static [(char, &'static str)],
    /// Its operands are lines too, where they begin so; all, where empty.
    operands: Option<&'static str>,
    /// It reads lines from its standard input.
    reads_stdin: bool,
    /// What a line begins with whose rest goes to a shell.
    marks: &'static [&'static str],
}

const FORMATS: [Format; 8] = [
    Format {
        programs: List("ed red"),
        options: options("p", ""),
        lines: &[],
        operands: None,
        reads_stdin: true,
        marks: &["!", "r !", "r!", "w !", "w!"],
    },
    Format {
        programs: List("less more most"),
        options: options("bhjkopPtTxyz", ""),
        lines: &[],
        operands: Some("+"),
        reads_stdin: false,
        marks: &["!"],
    },
    Format {
        programs: List("vi vim nvim view gvim ex vimdiff"),
        options: options("cuSTUiV", "cmd"),
        lines: &[('c', "cmd")],
        operands: Some("+"),
        reads_stdin: true,
        marks: &[
            "!",
            "%!",
            "silent !",
            "silent! !",
            "sil !",
            "r !",
            "r!",
            "read !",
            "w !",
            "%w !",
            "write !",
            "term ",
            "terminal ",
        ],
    },
    Format {
        programs: List("gdb lldb"),
        options: options(
            "xpcdsoO",
            "ex eval-command command init-eval-command one-line",
        ),
        lines: &[
            (NONE, "eval-command"),
            (NONE, "ex"),
            ('o', "one-line"),
            ('O', ""),
        ],
        operands: None,
        reads_stdin: true,
        marks: &["shell ", "!", "make ", "platform shell "],
    },
    Format {
        programs: List("sqlite3"),
        options: options("", "cmd separator newline nullvalue init"),
        lines: &[(NONE, "cmd")],
        operands: Some(""),
        reads_stdin: true,
        marks: &[".shell ", ".system ", ".sh "],
    },
    Format {
        programs: List("psql mysql mariadb"),
        options: options(
            "cdefhopUvPu",
            "command execute dbname host port username user file",
        ),
        lines: &[('c', "command"), ('e', "execute")],
        operands: None,
        reads_stdin: true,
        marks: &["\\!", "system "],
    },
    Format {
        programs: List("ftp sftp lftp"),
        options: options("ecfup", ""),
        lines: &[('e', ""), ('c', "")],
        operands: None,
        reads_stdin: true,
        marks: &["!"],
    },
    Format {
        programs: List("expect tclsh wish"),
        options: options("cf", ""),
        lines: &[('c', "")],
        operands: None,
        reads_stdin: true,
        marks: &["spawn ", "exec ", "system ", "send "],
    },
];

/// Returns what these programs start.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    match line.program() {
        "at" | "batch" => at(line),
        "crontab" => crontab(line),
        "make" | "gmake" => make(line),
        program => {
            let format = FORMATS.iter().find(|format| format.programs.has(program));
            format.map_or_else(Vec::new, |format| of_format(format, line))
        }
    }
}

fn of_format(format: &Format, line: &Line<'_>) -> Vec<Started> {
    let words = with_double_dashes(line.words);
    let arguments = read(&words, &format.options);
    let operands = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(*word),
        _ => None,
    });
    let mut texts: Vec<Word> = values_of(&arguments, format.lines).cloned().collect();
    if let Some(mark) = format.operands {
        let marked = operands.filter(|word| leading_text(word).starts_with(mark));
        texts.extend(marked.map(|word| skip(word, mark.len())));
    }
    if format.reads_stdin {
        texts.extend(line.stdin.cloned());
    }
    let tcl = format.programs.has("expect");
    let lines = texts
        .iter()
        .flat_map(|text| words::pieces(text, |c| c == '\n' || (tcl && c == ';')));
    let edits = format.programs.has("vim");
    let sends = format.programs.has("sftp");
    lines
        .filter_map(|line| match marked_text(&line, format.marks) {
            Some(text) if tcl => Some(Started::shell(without_quotes(&text))),
            Some(text) => Some(Started::shell(text)),
            None if edits => script_of_editor(&line),
            None if sends => sent(&line),
            None => None,
        })
        .collect()
}

/// Returns the command that shows the file which a line sends.
fn sent(line: &Word) -> Option<Started> {
    let files = marked_text(line, &["put ", "mput ", "reput "])?;
    let mut words = vec![words::word("cat")];
    words.extend(words::split(&files));
    Some(Started::program(words))
}

/// Returns what a line of an editor's own language runs: `lua …`, `python3 …`,
/// `call system("…")`, `execute "!…"`.
fn script_of_editor(line: &Word) -> Option<Started> {
    const LANGUAGES: [(&str, [&str; 2]); 8] = [
        ("lua ", ["lua", "-e"]),
        ("python3 ", ["python3", "-c"]),
        ("python ", ["python3", "-c"]),
        ("py3 ", ["python3", "-c"]),
        ("py ", ["python3", "-c"]),
        ("perl ", ["perl", "-e"]),
        ("ruby ", ["ruby", "-e"]),
        ("call ", ["vimscript", "-e"]),
    ];
    for execute in ["exe ", "execute "] {
        if let Some(text) = marked_text(line, &[execute]) {
            return marked_text(&without_quotes(&text), &["!", "silent !"]).map(Started::shell);
        }
    }
    let (code, interpreter) = LANGUAGES
        .iter()
        .find_map(|(mark, interpreter)| Some((marked_text(line, &[mark])?, interpreter)))?;
    let mut words: Vec<Word> = interpreter.iter().copied().map(words::word).collect();
    words.push(code);
    Some(Started::program(words))
}

/// Returns the words with two dashes where long options have one (`-ex`,
/// `-cmd`).
fn with_double_dashes(words: &[Word]) -> Vec<Word> {
    let spelled = |word: &Word| match leading_text(word) {
        "-ex" | "-iex" => words::word("--ex"),
        "-cmd" => words::word("--cmd"),
        _ => word.clone(),
    };
    words.iter().map(spelled).collect()
}

/// Returns what follows one of the marks at the start of a line.
fn marked_text(line: &Word, marks: &[&str]) -> Option<Word> {
    let text = leading_text(line);
    let start = text.trim_start_matches([':', ' ', '\t']);
    let mark = marks.iter().find(|mark| start.starts_with(**mark))?;
    Some(skip(line, text.len() - start.len() + mark.len()))
}

/// Returns a word of a script without the quotes or braces around it.
fn without_quotes(text: &Word) -> Word {
    let text = words::replace(text, "\"", &Word::default());
    let text = words::replace(&text, "'", &Word::default());
    let text = words::replace(&text, "{", &Word::default());
    let text = words::replace(&text, "}", &Word::default());
    words::replace(&text, "\\r", &Word::default())
}

/// Returns the text that an `at` keeps for later.
fn at(line: &Line<'_>) -> Vec<Started> {
    const NO_COMMANDS: [(char, &str); 4] = [('l', ""), ('d', ""), ('r', ""), ('c', "")];
    let arguments = read(line.words, &options("fqt", ""));
    let takes_none = arguments.iter().any(|one| {
        NO_COMMANDS
            .iter()
            .any(|(letter, _)| one.is(Some(*letter), ""))
    });
    let file = values_of(&arguments, &[('f', "")]).next();
    let text = match file {
        Some(file) => line.text_of(file),
        None => line.stdin.filter(|_| !takes_none).cloned(),
    };
    text.map(Started::shell).into_iter().collect()
}

/// How many fields of a crontab's line say when.
const CRON_FIELDS: usize = 5;

/// Returns the commands of the table that a `crontab` takes from its input or
/// from a file.
fn crontab(line: &Line<'_>) -> Vec<Started> {
    let table = match line.words.last() {
        None => line.stdin.cloned(),
        Some(file) => line.text_of(file),
    };
    let lines = table.as_ref().map(words::lines).unwrap_or_default();
    lines.iter().filter_map(cron_command).collect()
}

fn cron_command(line: &Word) -> Option<Started> {
    let text = leading_text(line);
    let mut rest = text.trim_start();
    let fields = match rest.chars().next()? {
        '#' => return None,
        '@' => 1,
        '*' | '0'..='9' => CRON_FIELDS,
        _ => return None,
    };
    for _ in 0..fields {
        let (_, after) = rest.split_once([' ', '\t'])?;
        rest = after.trim_start();
    }
    Some(Started::shell(skip(line, text.len() - rest.len())))
}

/// How `make` reads its line.
const MAKE: Options = options(
    "CfIjloW",
    "directory file makefile include-dir eval old-file new-file",
);

/// Returns the files whose lines a program runs, also those that it does not
/// name.
pub(super) fn files(program: &str, words: &[Word]) -> Vec<Word> {
    match program {
        "make" | "gmake" => makefiles(&read(words, &MAKE)),
        "crontab" | "at" => words.to_vec(),
        _ => Vec::new(),
    }
}

fn makefiles(arguments: &[Argument<'_>]) -> Vec<Word> {
    let named = values_of(arguments, &[('f', "file"), (NONE, "makefile")]);
    let named: Vec<Word> = named.cloned().collect();
    match named.is_empty() {
        true => ["GNUmakefile", "makefile", "Makefile"]
            .map(words::word)
            .into(),
        false => named,
    }
}

/// Returns what a makefile starts that stands on the line or on the input.
fn make(line: &Line<'_>) -> Vec<Started> {
    let arguments = read(line.words, &MAKE);
    let folder = values_of(&arguments, &[('C', "directory")]).last().cloned();
    let texts = values_of(&arguments, &[(NONE, "eval")]);
    let mut texts: Vec<Word> = texts.cloned().collect();
    let files = makefiles(&arguments);
    texts.extend(files.iter().filter_map(|file| line.text_of(file)));
    let lines = texts.iter().flat_map(words::lines);
    lines
        .flat_map(|line| recipe(&line))
        .map(|text| Started::shell(text).in_folder(folder.clone()))
        .collect()
}

/// Returns the shell texts in a line of a makefile: its recipe, behind a tab or
/// behind `target:;`, and each `$(shell …)`.
fn recipe(line: &Word) -> Vec<Word> {
    let (known, mut texts) = make_expanded(line);
    let text = leading_text(&known);
    let start = match text.starts_with('\t') {
        true => Some(1),
        false => text
            .find(';')
            .filter(|end| text[..*end].contains(':'))
            .map(|end| end + 1),
    };
    if let Some(start) = start {
        let behind = &text[start..];
        let command = behind.trim_start_matches(['@', '-', '+', ' ', '\t']);
        texts.push(skip(&known, start + behind.len() - command.len()));
    }
    texts
}

/// Returns a line with what make puts into it left unknown, and the texts of
/// its `$(shell …)`.
fn make_expanded(line: &Word) -> (Word, Vec<Word>) {
    let mut known = Word::default();
    let mut texts = Vec::new();
    for part in &line.parts {
        let Part::Text(text) = part else {
            words::push(&mut known, part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            words::push_text(&mut known, before);
            let taken = match after.chars().next() {
                Some('$') => {
                    words::push_text(&mut known, "$");
                    1
                }
                Some(open @ ('(' | '{')) => {
                    let (inside, taken) = enclosed(after, open);
                    texts.extend(inside.strip_prefix("shell ").map(words::word));
                    known.parts.push(Part::Unknown { quoted: false });
                    taken
                }
                Some(name) => {
                    known.parts.push(Part::Unknown { quoted: false });
                    name.len_utf8()
                }
                None => 0,
            };
            rest = &after[taken..];
        }
        words::push_text(&mut known, rest);
    }
    (known, texts)
}

/// Returns what is in the brackets that a text begins with, and how long they
/// are; all of it where they stay open.
fn enclosed(text: &str, open: char) -> (&str, usize) {
    let close = if open == '(' { ')' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
        }
        if depth == 0 {
            return (&text[1..at], at + 1);
        }
    }
    (&text[1..], text.len())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fed};

    #[test]
    fn lines_that_are_marked_go_to_a_shell() {
        check(&[
            ("vim -c ':!rm x' -c q f", &["sh: rm x"]),
            ("vim +'!rm x' f", &["sh: rm x"]),
            ("nvim --cmd 'silent !rm x'", &["sh: rm x"]),
            ("vim +42 '!file'", &[]),
            ("vim -c \"exe '!rm x'\"", &["sh: rm x"]),
            ("nvim -c 'lua x()'", &["lua -e x()"]),
            ("vim -c 'call system(1)'", &["vimscript -e system(1)"]),
            ("lldb -o 'platform shell rm x'", &["sh: rm x"]),
            ("gdb -batch -ex 'shell rm x' -ex run", &["sh: rm x"]),
            ("sqlite3 a.db '.shell rm x'", &["sh: rm x"]),
            ("sqlite3 a.db .dump", &[]),
            ("psql -c '\\! rm x'", &["sh:  rm x"]),
            ("psql -c 'select 1'", &[]),
            ("expect -c 'spawn rm x; expect eof'", &["sh: rm x"]),
            ("expect -c 'system \"rm x\"'", &["sh: rm x"]),
        ]);
    }

    #[test]
    fn what_is_kept_for_later_starts() {
        check_fed(&[
            ("at now + 1 hour", "rm x", &["sh: rm x"]),
            ("batch", "rm x", &["sh: rm x"]),
            ("at -l", "rm x", &[]),
            (
                "crontab -",
                "# m h\nPATH=/bin\n0 1 * * * rm x\n@daily rm y\n",
                &["sh: rm x", "sh: rm y"],
            ),
            ("crontab file", "0 1 * * * rm x", &[]),
            ("crontab -l", "0 1 * * * rm x", &[]),
        ]);
    }

    #[test]
    fn a_makefile_on_the_line_or_the_input_starts_its_recipes() {
        check_fed(&[
            (
                "make -f - all",
                "all: x\n\t@rm $< $$HOME\n\techo",
                &["sh: rm ¤ $HOME", "sh: echo"],
            ),
            ("make -f /dev/stdin", "x:;rm x", &["sh: rm x"]),
            ("make", "all:\n\trm x", &[]),
        ]);
        check(&[
            ("make --eval='$(shell rm x)'", &["sh: rm x"]),
            ("make -C sub '--eval=x:;-rm x' x", &["sh: rm x @ sub"]),
            ("make clean", &[]),
        ]);
    }
}
