//! Programs that take away what they have read: `tar --remove-files`, `zip -m`,
//! `rsync --remove-source-files`. What they do to that is what `rm -rf` does.

use super::super::arguments::{Argument, FLAGS_ONLY, NONE, Options, leading_text, options, read};
use super::super::list::{List, Table, table};
use super::super::shell::Word;
use super::{Family, Line, Started, values_of, words};

/// How a program takes something away.
struct Taking {
    programs: List,
    /// The operands that it begins with: a name each, or several with `|` between
    /// them.
    asked: &'static str,
    options: Options,
    /// One of these options says so, by letter and long name.
    when: &'static [(char, &'static str)],
    /// Or one of these words. Without any of both here, it always does.
    words: List,
    /// Options whose value is the folder that the files are in.
    folders: &'static [(char, &'static str)],
    /// Options whose value is a file with their names.
    lists: &'static [(char, &'static str)],
    /// What its other operands are.
    operands: Operands,
}

/// Which of its operands a program takes away.
enum Operands {
    All,
    /// All but the first: that is an archive.
    ButFirst,
    /// All but the last: that is where they go.
    ButLast,
}

const ALWAYS: Taking = Taking {
    programs: List(""),
    asked: "",
    options: FLAGS_ONLY,
    when: &[],
    words: List(""),
    folders: &[],
    lists: &[],
    operands: Operands::All,
};

const TAKING: [Taking; 10] = [
    Taking {
        programs: List("tar gtar"),
        options: options(
            "fCITXbgHVFKLN",
            "file directory use-compress-program files-from exclude exclude-from transform format",
        ),
        when: &[(NONE, "remove-files")],
        folders: &[('C', "directory")],
        lists: &[('T', "files-from")],
        ..ALWAYS
    },
    Taking {
        programs: List("zip"),
        options: options("bnPstxi", "temp-path suffixes password exclude include"),
        when: &[('m', "move")],
        operands: Operands::ButFirst,
        ..ALWAYS
    },
    Taking {
        programs: List("7z 7za 7zr 7zz"),
        asked: "a",
        words: List("-sdel"),
        operands: Operands::ButFirst,
        ..ALWAYS
    },
    Taking {
        programs: List("rar"),
        asked: "m|mf",
        operands: Operands::ButFirst,
        ..ALWAYS
    },
    Taking {
        programs: List("rar"),
        asked: "a",
        words: List("-df -dr -dw"),
        operands: Operands::ButFirst,
        ..ALWAYS
    },
    Taking {
        programs: List("rsync"),
        options: options(
            "efTBM",
            "rsh filter exclude exclude-from include include-from files-from temp-dir backup-dir",
        ),
        when: &[(NONE, "remove-source-files"), (NONE, "remove-sent-files")],
        operands: Operands::ButLast,
        ..ALWAYS
    },
    Taking {
        programs: List("rclone"),
        asked: "purge|delete|rmdirs",
        ..ALWAYS
    },
    Taking {
        programs: List("rclone"),
        asked: "move|moveto",
        operands: Operands::ButLast,
        ..ALWAYS
    },
    Taking {
        programs: List("btrfs"),
        asked: "subvolume|su delete|del",
        ..ALWAYS
    },
    Taking {
        programs: List("aws"),
        asked: "s3 mv",
        options: options("", "acl exclude include storage-class profile region"),
        when: &[(NONE, "recursive")],
        operands: Operands::ButLast,
        ..ALWAYS
    },
];

/// The options with which they only say what they would do.
const DRY: [(char, &str); 2] = [('n', "dry-run"), (NONE, "dryrun")];

static BY_PROGRAM: Table<Taking> = table!(&TAKING, programs);

pub(super) static FAMILY: Family = Family {
    programs: *BY_PROGRAM.names(),
    started,
};

/// Returns the removal of what these programs take away.
fn started(line: &Line<'_>) -> Vec<Started> {
    let named = BY_PROGRAM.all(line.program());
    named.filter_map(|taking| taken(taking, line)).collect()
}

fn taken(taking: &Taking, line: &Line<'_>) -> Option<Started> {
    let given = with_dash(line.words, taking);
    let arguments = read(&given, &taking.options);
    let has = |wanted: &[(char, &str)]| {
        let is_one = |one: &Argument<'_>| {
            let mut wanted = wanted.iter();
            wanted.any(|(letter, long)| one.is(Some(*letter), long))
        };
        arguments.iter().any(is_one)
    };
    let says = |word: &Word| taking.words.has(leading_text(word));
    let always = taking.when.is_empty() && taking.words.names().next().is_none();
    if !(always || has(taking.when) || line.words.iter().any(says)) || has(&DRY) {
        return None;
    }
    let mut operands = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some((*word).clone()),
        _ => None,
    });
    for names in taking.asked.split_ascii_whitespace() {
        let name = operands.next()?.literal()?;
        names.split('|').find(|one| *one == name)?;
    }
    let operands: Vec<Word> = operands.collect();
    let taken = match (&taking.operands, operands.as_slice()) {
        (Operands::ButFirst, [_, rest @ ..]) | (Operands::ButLast, [rest @ .., _]) => rest,
        (_, all) => all,
    };
    let taken: Vec<&Word> = taken.iter().filter(|word| !is_remote(word)).collect();
    // A list says what it takes: its names are not known.
    let is_listed = values_of(&arguments, taking.lists).next().is_some();
    if taken.is_empty() && !line.command.more_arguments && !is_listed {
        return None;
    }
    let folder = values_of(&arguments, taking.folders).last().cloned();
    let mut command = vec![words::word("rm"), words::word("-rf")];
    command.extend(taken.into_iter().cloned());
    let started = match is_listed {
        true => Started::fed_program(command),
        false => Started::program(command),
    };
    Some(started.in_folder(folder))
}

/// Returns the words with a dash in front of the letters that come first, where a
/// program needs none there (`tar cf x`), and those last that take a value.
fn with_dash(given: &[Word], taking: &Taking) -> Vec<Word> {
    let mut words = given.to_vec();
    if let Some(first) = words.first_mut()
        && taking.programs.has("tar")
        && let text = leading_text(first)
        && !text.starts_with('-')
    {
        let takes_value = |c: &char| taking.options.short.contains(*c);
        let (valued, flags): (String, String) = text.chars().partition(takes_value);
        *first = words::word(&format!("-{flags}{valued}"));
    }
    words
}

/// Returns whether a place is on another machine or in a cloud.
fn is_remote(word: &Word) -> bool {
    let text = leading_text(word);
    text.find(':').is_some_and(|at| !text[..at].contains('/'))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn what_is_taken_away_is_removed() {
        check(&[
            ("tar -cf x.tar --remove-files a b", &["rm -rf a b"]),
            ("tar cfz x.tgz --remove-files a", &["rm -rf a"]),
            ("tar -C d -cf x.tar --remove-files a", &["rm -rf a @ d"]),
            ("tar cf x.tar a", &[]),
            ("zip -rm x.zip a b", &["rm -rf a b"]),
            ("zip -r x.zip a", &[]),
            ("7z a -sdel x.7z a", &["rm -rf a"]),
            ("7z x -sdel x.7z a", &[]),
            ("7z a -md=32m x.7z a", &[]),
            ("rsync -a --remove-source-files a b c", &["rm -rf a b"]),
            ("rsync -a --remove-source-files h:a b", &[]),
            ("rsync -an --remove-source-files a b", &[]),
            ("rclone move a r:b", &["rm -rf a"]),
            ("rclone purge r:b", &[]),
            ("aws s3 mv --recursive a s3://b", &["rm -rf a"]),
        ]);
    }
}
