//! The last answer of the main agent, from the end of its transcript.

use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::config::limits::TRANSCRIPT_TAIL_BYTES;
use crate::files::read_end;

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
}

/// Returns the last text that the agent said, or `None` when the end of the
/// transcript, [`TRANSCRIPT_TAIL_BYTES`], has none. The whole file is not read.
///
/// # Errors
/// When it cannot be read, or is no regular file.
pub fn last_answer(transcript: &Path) -> io::Result<Option<String>> {
    let end = read_end(transcript, TRANSCRIPT_TAIL_BYTES)?;
    // The first line may be the end of one; it is then no JSON.
    let mut lines = end.split(|byte| *byte == b'\n').rev();
    Ok(lines.find_map(answer))
}

fn answer(line: &[u8]) -> Option<String> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let texts = line.message.content.into_iter();
    let texts: Vec<_> = texts
        .filter(|part| part.kind == "text")
        .map(|part| part.text)
        .collect();
    (line.kind == "assistant" && !texts.is_empty()).then(|| texts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::atomic;

    #[test]
    fn the_last_answer_is_found_at_the_end_of_a_long_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.jsonl");
        let line = |kind: &str, content: &str| {
            format!(r#"{{"type":"{kind}","message":{{"content":[{content}]}}}}"#)
        };
        let said = |text: &str| {
            line(
                "assistant",
                &format!(r#"{{"type":"text","text":"{text}"}}"#),
            )
        };
        let called = line("assistant", r#"{"type":"tool_use","id":"1","input":{}}"#);
        let asked = line("user", r#"{"type":"text","text":"go"}"#);
        let filler = said(&"x".repeat(1000));
        let mut text = (filler + "\n").repeat(500);
        text += &[said("old"), said("new"), called, asked, "{}\n".to_owned()].join("\n");
        atomic::replace(&path, text.as_bytes()).unwrap();
        assert_eq!(last_answer(&path).unwrap().as_deref(), Some("new"));
    }

    #[test]
    fn what_is_no_transcript_has_no_answer() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.jsonl");
        assert!(last_answer(&path).is_err());
        assert!(last_answer(dir.path()).is_err());
        atomic::replace(&path, b"\xff\0\n[]\n{\"type\":1}").unwrap();
        assert_eq!(last_answer(&path).unwrap(), None);
    }
}
