//! A voice of this machine. The text goes to its stdin: arguments can be seen
//! by other people on the machine, and one that begins with `-` is an option.

use super::{Utterance, program};
use crate::config::SpeechSettings;
use crate::jobs::Program;

pub(super) fn programs(utterance: &Utterance, settings: &SpeechSettings) -> Vec<Program> {
    let voice = match &*utterance.voice {
        "" => &settings.voice,
        own => own,
    };
    let with = |name: &str, fixed: &[&str], voice_option: &str, rate_option: &str| {
        let mut arguments: Vec<String> = fixed.iter().map(|&it| it.to_owned()).collect();
        if !voice.is_empty() {
            arguments.extend([voice_option.to_owned(), voice.to_owned()]);
        }
        if let Some(rate) = settings.rate
            && !rate_option.is_empty()
        {
            arguments.extend([rate_option.to_owned(), rate.to_string()]);
        }
        let mut program = program(name, arguments);
        program.input = utterance.spoken.clone().into();
        program
    };
    if cfg!(target_os = "macos") {
        return vec![with("say", &["-f", "-"], "-v", "-r")];
    }
    vec![
        with("espeak-ng", &["--stdin"], "-v", "-s"),
        with("espeak", &["--stdin"], "-v", "-s"),
        // Its rate is no number of words.
        with("spd-say", &["--wait", "--pipe-mode"], "-y", ""),
    ]
}
