//! Programs that read commands line by line, in a format of their own.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::list::List;
use super::super::shell::Word;
use super::{Line, Started, later, make, values_of, words};

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
        programs: List("duckdb sqlite3"),
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
        "at" | "batch" => later::at(line),
        "crontab" => later::crontab(line),
        "make" | "gmake" => make::started(line),
        "just" => make::of_justfile(line),
        "rake" => of_rakefile(line).into_iter().collect(),
        program => {
            let format = FORMATS.iter().find(|format| format.programs.has(program));
            format.map_or_else(Vec::new, |format| of_format(format, line))
        }
    }
}

/// Returns the interpreter of a file of tasks that the text wrote.
fn of_rakefile(line: &Line<'_>) -> Option<Started> {
    let mut files = ["Rakefile", "rakefile", "Rakefile.rb"]
        .into_iter()
        .map(words::word);
    let file = files.find(|file| line.text_of(file).is_some())?;
    Some(Started::program(vec![words::word("ruby"), file]))
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
    let queries = format.programs.has("psql") || format.programs.has("sqlite3");
    let files = texts.iter().filter(|_| queries).flat_map(queried_files);
    let shown: Vec<Started> = files.map(|file| shown(vec![file])).collect();
    lines
        .filter_map(|line| match marked_text(&line, format.marks) {
            Some(text) if tcl => Some(Started::shell(without_quotes(&text))),
            Some(text) => Some(Started::shell(text)),
            None if edits => script_of_editor(&line),
            None if sends => sent(&line),
            None => None,
        })
        .chain(shown)
        .collect()
}

/// Returns the command that shows files.
fn shown(files: Vec<Word>) -> Started {
    let mut words = vec![words::word("cat")];
    words.extend(files);
    Started::program(words)
}

/// Returns the files that a query reads, as far as its text is known:
/// `readfile('x')`, `COPY t FROM 'x'`, `.import x t`.
fn queried_files(query: &Word) -> Vec<Word> {
    const BEFORE: [&str; 9] = [
        "readfile('",
        "read_text('",
        "read_csv('",
        "read_csv_auto('",
        "pg_read_file('",
        "load_file('",
        " from '",
        " infile '",
        ".import ",
    ];
    let text = leading_text(query);
    let lower = text.to_ascii_lowercase();
    let behind = BEFORE.iter().flat_map(|before| {
        let found = lower.match_indices(before);
        found.map(|(at, _)| &text[at + before.len()..])
    });
    let files = behind.filter_map(|rest| rest.split(['\'', ' ', '\n']).next());
    files.map(words::word).collect()
}

/// Returns the command that shows the file which a line sends.
fn sent(line: &Word) -> Option<Started> {
    let files = marked_text(line, &["put ", "mput ", "reput "])?;
    Some(shown(words::split(&files)))
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

/// Returns the files whose lines a program runs, also those that it does not
/// name.
pub(super) fn files(program: &str, words: &[Word]) -> Vec<Word> {
    match program {
        "make" | "gmake" => make::files(words),
        "crontab" | "at" => words.to_vec(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

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
}
