//! The last answer is spoken.

use std::fs;
use std::path::Path;

use maos_shared::hook::Event;
use maos_tests::HookEvent;
use serde_json::json;

use super::{awaited, outcomes, rung, with_settings};

/// What espeak-ng says of a text, as a WAV file: its length in seconds and the
/// root of the mean square of its samples, of which 32,768 is the loudest.
fn speech(wav: &Path) -> (f64, f64) {
    let bytes = fs::read(wav).unwrap();
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let rate = u32::from_le_bytes(bytes[24..28].try_into().unwrap());
    let channels = u16::from_le_bytes(bytes[22..24].try_into().unwrap());
    let samples = bytes[44..].chunks_exact(2);
    let samples: Vec<f64> = samples
        .map(|it| f64::from(i16::from_le_bytes([it[0], it[1]])))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a file of a few megabytes")]
    let count = samples.len() as f64;
    let energy = samples.iter().map(|it| it * it).sum::<f64>() / count.max(1.0);
    (count / f64::from(rate) / f64::from(channels), energy.sqrt())
}

#[test]
fn the_last_answer_is_spoken_without_its_code() {
    use std::io::Write;
    let Some(espeak) = ["/usr/bin/espeak-ng", "/usr/local/bin/espeak-ng"]
        .into_iter()
        .find(|path| Path::new(path).exists())
    else {
        // Not `eprintln!`: the test harness would keep the line back.
        writeln!(
            std::io::stderr(),
            "SKIPPED speech: espeak-ng is not installed"
        )
        .unwrap();
        return;
    };
    let sandbox = with_settings("[notify]\nresponses = true\nproviders = [\"speech\"]\n");
    let wav = sandbox.home().join("said.wav");
    let script = format!(
        "tee '{0}.text' | '{espeak}' \"$@\" -w '{0}.new' && mv '{0}.new' '{0}'",
        wav.display()
    );
    sandbox.stand_in("espeak-ng", &script);
    let said = "I changed the parser, and all of its tests pass.\n\n```\nlet secret = 1;\n```\n";
    let stop = HookEvent::new(&sandbox, Event::Stop).with("last_assistant_message", said);
    assert_eq!(rung(stop), "");
    awaited(|| wav.exists().then_some(()));
    let text = fs::read_to_string(wav.with_extension("wav.text")).unwrap();
    let answer = "I changed the parser, and all of its tests pass.";
    assert_eq!(text, format!("project, Claude: {answer}"));
    let (seconds, energy) = speech(&wav);
    assert!((1.0..20.0).contains(&seconds), "{seconds} s");
    assert!(energy > 300.0, "silence: {energy}");
    awaited(|| (outcomes(&sandbox) == ["speech said"]).then_some(()));
}

#[test]
fn an_older_client_has_its_last_answer_in_the_transcript() {
    let sandbox = with_settings("[notify]\nresponses = true\nproviders = [\"speech\"]\n");
    let heard = sandbox.home().join("heard");
    let script = format!("cat >'{0}.new'; mv '{0}.new' '{0}'", heard.display());
    sandbox.stand_in("espeak-ng", &script);
    sandbox.stand_in("say", &script);
    let line = json!({"type": "assistant", "message": {"content": [{"type": "text", "text": "All is well."}]}});
    sandbox.write("../transcript.jsonl", &format!("{line}\n"));
    let transcript = sandbox.home().join("transcript.jsonl");
    let stop = HookEvent::new(&sandbox, Event::Stop);
    let _ = stop
        .with("transcript_path", transcript.to_str().unwrap())
        .answer();
    let heard = awaited(|| fs::read_to_string(&heard).ok());
    assert_eq!(heard, "project, Claude: All is well.");
}
