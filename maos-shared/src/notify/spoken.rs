//! An answer as it is spoken: what only the eye can read is left out.

use super::blocks::Blocks;
use crate::config::limits::SPEECH_CHARS;

/// Returns `answer`, which is Markdown, as sentences: without code, tables,
/// addresses and marks, at most [`SPEECH_CHARS`] characters, cut between words.
/// Linear in its length.
#[must_use]
pub fn spoken(answer: &str) -> String {
    let mut text = String::new();
    for line in Blocks::of(answer).prose() {
        let line = without_marks(line.trim());
        if line.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str(if text.ends_with(['.', '!', '?', ':', ';', ',']) {
                " "
            } else {
                ". "
            });
        }
        text.push_str(&line);
        // What is spoken is cut, so that what lies far behind it is not read.
        if text.len() > SPEECH_CHARS * 4 {
            break;
        }
    }
    cut(text)
}

/// Returns a line without the marks of lists, headings, emphasis and links;
/// code within it and addresses go as a whole.
fn without_marks(line: &str) -> String {
    let line = line.trim_start_matches(['#', '>', '-', '*', '+', ' ']);
    let prose = without_links(&without_code(line));
    let words = prose.split_whitespace().filter(|word| !is_address(word));
    let words: Vec<_> = words.map(plain).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    // What is left of a line that was code alone is no sentence.
    if text.chars().any(char::is_alphanumeric) {
        text
    } else {
        String::new()
    }
}

/// Returns a line without the spans between backticks, but for those of one
/// word, such as the name of a function.
fn without_code(line: &str) -> String {
    let parts = line.split('`').enumerate();
    let kept = parts.filter(|(n, part)| n % 2 == 0 || is_name(part));
    kept.map(|(_, part)| part).collect()
}

fn is_name(code: &str) -> bool {
    !code.is_empty()
        && code
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Returns a line in which `[text](address)` is the text alone.
fn without_links(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((_, after)) = behind.split_once(')') else {
            break;
        };
        text.push_str(before);
        rest = after;
    }
    text.push_str(rest);
    text.chars().filter(|c| !matches!(c, '[' | ']')).collect()
}

fn is_address(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', '<', '>', '"', '\'', ',', '.', ':', '!', '?']);
    word.contains("://")
        || word.starts_with("www.")
        || word.matches('/').count() > 2
        || is_bare_address(word)
}

/// Returns whether a word is a host with a path or a port: `example.com/x`,
/// `localhost:3000`. A name of a file with a folder before it is none.
fn is_bare_address(word: &str) -> bool {
    let (host, path) = match word.split_once('/') {
        Some((host, path)) => (host, Some(path)),
        None => (word, None),
    };
    let (host, port) = match host.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (host, None),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_label = |label: &str| {
        let is_part = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        !label.is_empty() && label.bytes().all(is_part)
    };
    let labels: Vec<&str> = host.split('.').collect();
    let is_top = |label: &&str| label.len() > 1 && label.bytes().all(|it| it.is_ascii_alphabetic());
    let is_ip = labels.len() == 4 && labels.iter().all(|label| is_number(label));
    let is_named = labels.len() > 1 && labels.last().is_some_and(is_top);
    let is_host = labels.iter().all(|label| is_label(label)) && (is_ip || is_named);
    match port {
        // A line of a file looks like the port of a name: `main.rs:12`.
        Some(port) if path.is_none() => is_number(port) && (is_ip || host == "localhost"),
        Some(port) => is_number(port) && (is_host || host == "localhost"),
        None => path.is_some() && is_host,
    }
}

fn plain(word: &str) -> String {
    let kept = word.trim_matches(['*', '_', '~', '<', '>', '"']);
    kept.chars().filter(|c| !c.is_control()).collect()
}

pub(super) fn cut(text: String) -> String {
    let Some((end, _)) = text.char_indices().nth(SPEECH_CHARS) else {
        return text;
    };
    let begin = &text[..end];
    let words = begin.rsplit_once(' ').map_or(begin, |(words, _)| words);
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_eye_can_read_is_left_out() {
        let answer = "# Done\n\nI fixed **two** tests in `parse_line`, see \
                      [the page](https://example.com/a) and https://example.com/b now\n\n\
                      ```rust\nfn secret() {}\n~~~\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\
                      - Run `cargo test --all` next.\n- `rm -rf build`\n1. /usr/local/lib/x/y is new\n";
        assert_eq!(
            spoken(answer),
            "Done. I fixed two tests in parse_line, see the page and now. Run next. 1. is new"
        );
    }

    #[test]
    fn addresses_are_left_out_and_names_of_files_are_spoken() {
        for (answer, expected) in [
            ("See example.com/x for more", "See for more"),
            ("See (docs.example.co.uk/a/b), it helps", "See it helps"),
            ("Open localhost:3000 or 127.0.0.1:8080/x now", "Open or now"),
            (
                "The file src/main.rs and notes.txt",
                "The file src/main.rs and notes.txt",
            ),
            (
                "It is 1.5/2 and either/or at 10:30",
                "It is 1.5/2 and either/or at 10:30",
            ),
            ("At main.rs:12 it fails", "At main.rs:12 it fails"),
        ] {
            assert_eq!(spoken(answer), expected);
        }
    }

    #[test]
    fn a_long_answer_is_cut_between_words() {
        let text = spoken(&"word ".repeat(1000));
        assert!(text.chars().count() <= SPEECH_CHARS);
        assert!(text.ends_with("word"), "{}", &text[text.len() - 10..]);
        assert_eq!(spoken(&"é".repeat(5000)).chars().count(), SPEECH_CHARS);
    }

    #[test]
    fn code_alone_leaves_nothing_to_say() {
        for answer in ["", "```\nx\n", "`a b`", "---", "| a |", "https://a.b"] {
            assert_eq!(spoken(answer), "", "{answer}");
        }
    }

    #[test]
    fn the_time_grows_with_the_length() {
        for piece in [
            "](",
            "[a](b",
            "`",
            "a\n",
            "|\n",
            "{ ",
            "`\n",
            "a|b\n",
            "-|-\n",
            "    a\n\n",
        ] {
            let input = |length| piece.repeat(length * 50);
            let linear = crate::testing::grows_linearly(100, input, |text: &String| {
                let _ = std::hint::black_box(spoken(text));
            });
            assert!(linear, "{piece:?}");
        }
    }
}
