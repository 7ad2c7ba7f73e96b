//! Files in which programs read what they are to do: the names of others
//! (`tar -T`, `rsync --files-from`), options of their own (`curl -K`).

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read};
use super::super::list::{List, Table, table};
use super::super::shell::Word;
use super::{Family, Line, Started, values_of, words};

/// A program that reads such a file.
struct Reader {
    programs: List,
    options: Options,
    /// The options whose value is the file, by letter and long name.
    files: &'static [(char, &'static str)],
    /// The option with which it is the standard input.
    from_stdin: (char, &'static str),
    /// What is in it: names, else options.
    holds_names: bool,
}

const READERS: [Reader; 6] = [
    Reader {
        programs: List("tar gtar rsync"),
        options: options("fCTeBM", "file directory files-from rsh filter"),
        files: &[('T', "files-from")],
        from_stdin: (NONE, "-"),
        holds_names: true,
    },
    Reader {
        programs: List("wc sort du"),
        options: options("kotST", "files0-from key output"),
        files: &[(NONE, "files0-from")],
        from_stdin: (NONE, "-"),
        holds_names: true,
    },
    Reader {
        programs: List("zip"),
        options: options("bntxi", ""),
        files: &[],
        from_stdin: ('@', "names-stdin"),
        holds_names: true,
    },
    Reader {
        programs: List("cpio"),
        options: options("FHDEI", "file format directory"),
        files: &[],
        from_stdin: ('o', "create"),
        holds_names: true,
    },
    Reader {
        programs: List("pax"),
        options: options("fxo", ""),
        files: &[],
        from_stdin: ('w', "-"),
        holds_names: true,
    },
    Reader {
        programs: List("curl"),
        options: options("KoTdFHuXAbcD", "config"),
        files: &[('K', "config")],
        from_stdin: (NONE, "-"),
        holds_names: false,
    },
];

static BY_PROGRAM: Table<Reader> = table!(&READERS, programs);

pub(super) static FAMILY: Family = Family {
    programs: *BY_PROGRAM.names(),
    started,
};

/// Returns what shows the files that these programs read by a list, or the same
/// program with the options of its file on its line.
fn started(line: &Line<'_>) -> Vec<Started> {
    let Some(reader) = BY_PROGRAM.find(line.program()) else {
        return Vec::new();
    };
    let arguments = read(line.words, &reader.options);
    let (letter, long) = reader.from_stdin;
    let asks = |one: &Argument<'_>| one.is(Some(letter), long);
    let given = arguments.iter().any(asks).then(|| line.stdin.cloned());
    let files = values_of(&arguments, reader.files).map(|file| line.text_of(file));
    let lists: Vec<Option<Word>> = files.chain(given).collect();
    if reader.holds_names && lists.contains(&None) {
        return vec![Started::fed_program(vec![words::word("cat")])];
    }
    let texts: Vec<Word> = lists.into_iter().flatten().collect();
    texts
        .iter()
        .map(|text| of_text(reader, line, text))
        .collect()
}

fn of_text(reader: &Reader, line: &Line<'_>, text: &Word) -> Started {
    let lines = words::lines(text);
    let mut command = vec![words::word(if reader.holds_names {
        "cat"
    } else {
        line.program()
    })];
    match reader.holds_names {
        true => command.extend(lines),
        false => lines.iter().for_each(|line| command.extend(option(line))),
    }
    Started::program(command)
}

/// Returns the words of an option in a file: `data = "@x"`, `-T x`, `url: y`.
fn option(line: &Word) -> Vec<Word> {
    let marks = [" = ", "= ", " =", "=", ": "];
    let text = leading_text(line).trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '-'));
    let behind = end.map_or("", |end| &text[end..]);
    let mark = marks.iter().find(|mark| behind.starts_with(**mark));
    let spaced = match mark {
        Some(mark) => words::replace(line, mark, &words::word(" ")),
        None => line.clone(),
    };
    let mut option = words::split(&spaced);
    if let Some(first) = option.first_mut()
        && !leading_text(first).starts_with(['-', '#'])
    {
        *first = words::join([&words::word("--"), first], "");
    }
    option
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_fed;

    #[test]
    fn what_a_file_holds_is_read() {
        check_fed(&[
            ("tar cf x.tar -T -", "a\nb", &["cat a b"]),
            ("rsync -a --files-from=- . /o", "a", &["cat a"]),
            ("zip x.zip -@", "a", &["cat a"]),
            ("zip x.zip a", "b", &[]),
            ("tar cf x.tar -T list", "b", &["cat +"]),
            ("cpio -o", "a", &["cat a"]),
            ("cpio -i", "a", &[]),
            ("wc --files0-from=-", "a\0b", &["cat a b"]),
            (
                "curl -K -",
                "url = \"u\"\n-T x\ndata-binary=@y",
                &["curl --url u -T x --data-binary @y"],
            ),
        ]);
    }
}
