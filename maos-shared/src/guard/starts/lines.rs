//! Programs that read commands line by line, in a format of their own.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::list::{List, Names, Table, table};
use super::super::shell::Word;
use super::{Family, Line, Started, later, make, values_of, words};

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
    /// What a line begins with whose rest are files that it shows or sends.
    shows: &'static [&'static str],
}

const FORMATS: [Format; 9] = [
    Format {
        programs: List("ed red"),
        options: options("p", ""),
        lines: &[],
        operands: None,
        reads_stdin: true,
        marks: &["!", "r !", "r!", "w !", "w!"],
        shows: &["e ", "E ", "r "],
    },
    Format {
        programs: List("less more most"),
        options: options("bhjkopPtTxyz", ""),
        lines: &[],
        operands: Some("+"),
        reads_stdin: false,
        marks: &["!"],
        shows: &[],
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
        shows: &[
            "e ", "edit ", "r ", "read ", "sp ", "split ", "vs ", "vsplit ", "tabe ", "tabnew ",
            "new ",
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
        shows: &[],
    },
    Format {
        programs: List("duckdb sqlite3"),
        options: options("", "cmd separator newline nullvalue init"),
        lines: &[(NONE, "cmd")],
        operands: Some(""),
        reads_stdin: true,
        marks: &[".shell ", ".system ", ".sh "],
        shows: &[],
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
        shows: &[],
    },
    Format {
        programs: List("ftp sftp lftp"),
        options: options("ecfup", ""),
        lines: &[('e', ""), ('c', "")],
        operands: None,
        reads_stdin: true,
        marks: &["!"],
        shows: &["put ", "mput ", "reput "],
    },
    Format {
        programs: List("dc gnuplot"),
        options: options("ef", "expression file"),
        lines: &[('e', "expression")],
        operands: None,
        reads_stdin: true,
        marks: &["!"],
        shows: &[],
    },
    Format {
        programs: List("expect tclsh wish"),
        options: options("cf", ""),
        lines: &[('c', "")],
        operands: None,
        reads_stdin: true,
        marks: &["spawn ", "exec ", "system ", "send "],
        shows: &[],
    },
];

static BY_PROGRAM: Table<Format> = table!(&FORMATS, programs);

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List("at batch crontab make gmake just m4 rake"))
        .and_all(BY_PROGRAM.names()),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    match line.program() {
        "at" | "batch" => later::at(line),
        "crontab" => later::crontab(line),
        "make" | "gmake" => make::started(line),
        "just" => make::of_justfile(line),
        "m4" => of_macros(line),
        "rake" => of_rakefile(line).into_iter().collect(),
        program => {
            let format = BY_PROGRAM.find(program);
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
    let queries = format.programs.has("psql") || format.programs.has("sqlite3");
    let files = texts.iter().filter(|_| queries).flat_map(queried_files);
    let mut queried: Vec<Started> = files.map(|file| shown(vec![file])).collect();
    let programs = texts.iter().filter(|_| queries);
    let programs = programs.flat_map(|text| behind(leading_text(text), &[" program '"], &['\'']));
    queried.extend(programs.map(Started::shell));
    lines
        .filter_map(|line| match marked_text(&line, format.marks) {
            Some(text) if tcl => Some(Started::shell(without_quotes(&text))),
            Some(text) => Some(Started::shell(text)),
            None => {
                let files = marked_text(&line, format.shows);
                let files = files.map(|files| shown(words::split(&files)));
                files.or_else(|| script_of_editor(&line).filter(|_| edits))
            }
        })
        .chain(queried)
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
    behind(leading_text(query), &BEFORE, &['\'', ' ', '\n'])
}

/// Returns what stands in a text behind each of these marks, up to one of these
/// ends.
fn behind(text: &str, marks: &[&str], ends: &[char]) -> Vec<Word> {
    let lower = text.to_ascii_lowercase();
    let found = marks.iter().flat_map(|mark| {
        let places = lower.match_indices(mark);
        places.map(|(at, _)| &text[at + mark.len()..])
    });
    let pieces = found.filter_map(|rest| rest.split(ends).next());
    pieces.map(words::word).collect()
}

/// Returns what macros of `m4` run and show: ``syscmd(`…')``, `include(x)`.
fn of_macros(line: &Line<'_>) -> Vec<Started> {
    let is_file = |word: &&Word| !leading_text(word).starts_with('-');
    let files = line.words.iter().filter(is_file);
    let texts = files.filter_map(|file| line.text_of(file));
    let texts: Vec<Word> = texts.chain(line.stdin.cloned()).collect();
    let mut started = Vec::new();
    for text in texts.iter().map(leading_text) {
        let found = |mark| behind(&text.replace('`', ""), &[mark], &[')', '\'']).into_iter();
        started.extend(found("syscmd(").map(Started::shell));
        started.extend(found("include(").map(|file| shown(vec![file])));
    }
    started
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
            ("psql -c \"copy t to program 'rm x'\"", &["sh: rm x"]),
            ("expect -c 'spawn rm x; expect eof'", &["sh: rm x"]),
            ("expect -c 'system \"rm x\"'", &["sh: rm x"]),
        ]);
    }
}
