//! What is kept to run later: by `at`, in a crontab.

use super::super::arguments::{leading_text, options, read, skip};
use super::super::shell::Word;
use super::{Line, Started, values_of, words};

/// Returns the text that an `at` keeps for later.
pub(super) fn at(line: &Line<'_>) -> Vec<Started> {
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
pub(super) fn crontab(line: &Line<'_>) -> Vec<Started> {
    let table = match line.words.last() {
        None => line.stdin.cloned(),
        Some(file) => line.text_of(file),
    };
    let lines = table.as_ref().map(words::lines).unwrap_or_default();
    lines
        .iter()
        .filter_map(|line| cron_command(line, 0))
        .map(Started::shell)
        .collect()
}

/// Returns the text that the system runs by a table of its own, whose lines say
/// as whom, too.
pub(in crate::guard) fn system_crontab(table: &Word) -> Word {
    let lines = words::lines(table);
    let commands: Vec<Word> = lines
        .iter()
        .filter_map(|line| cron_command(line, 1))
        .collect();
    words::join(&commands, "\n")
}

/// Returns the text in a line of a table; `more` fields stand in front of it
/// besides those that say when.
fn cron_command(line: &Word, more: usize) -> Option<Word> {
    let text = leading_text(line);
    let mut rest = text.trim_start();
    let fields = match rest.chars().next()? {
        '#' => return None,
        '@' => 1,
        '*' | '0'..='9' => CRON_FIELDS,
        _ => return None,
    };
    for _ in 0..fields + more {
        let (_, after) = rest.split_once([' ', '\t'])?;
        rest = after.trim_start();
    }
    Some(skip(line, text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_fed;

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
}
