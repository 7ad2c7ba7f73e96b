//! What is fuzzed. Each target takes any bytes and panics where the code under
//! test panics, takes too long, or answers what it must not.

pub mod mutate;
pub mod seeds;

use std::path::{Path, PathBuf};
use std::time::Duration;

use maos_shared::guard::{
    Access, Effect, Judgement, Policy, Surroundings, Verdict, command_paths_into, judge_command,
    judge_file,
};
use maos_shared::hook::Input;
use maos_shared::journal::Fields;
use nix::time::{ClockId, clock_gettime};

/// Most time of the processor that any input may take: the steps of the guard
/// are bounded, also where a short text makes many.
const TIME: Duration = Duration::from_secs(4);
/// And for each of its bytes.
const TIME_PER_BYTE: Duration = Duration::from_micros(50);

/// A target, by its name.
pub type Target = fn(&[u8]);

/// Returns the target with this name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    match name {
        "parse" => Some(parse),
        "hook_input" => Some(hook_input),
        _ => None,
    }
}

/// Judges a shell text.
///
/// # Panics
/// When something is wrong with the guard.
pub fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    in_time(text.len(), || {
        let judged = surrounded(|around| judge_command(text, around, &Policy::default()));
        holds(text, &judged);
    });
}

/// Reads a hook input and judges the call that it tells of.
///
/// # Panics
/// When something is wrong with the input's parser or the guard.
pub fn hook_input(bytes: &[u8]) {
    in_time(bytes.len(), || {
        let Ok(input) = Input::parse(bytes) else {
            return;
        };
        let Ok(tool_input) = input.tool_input() else {
            return;
        };
        for (name, _) in tool_input.fields() {
            let Ok(Some(text)) = tool_input.text(name) else {
                continue;
            };
            surrounded(|around| {
                let policy = Policy::default();
                holds(&text, &judge_command(&text, around, &policy));
                let _ = judge_file(&text, Access::Write, around, &policy);
                let _ = judge_file(&text, Access::Read, around, &policy);
            });
        }
        let kept = serde_json::to_string(&Fields::redact(tool_input));
        assert!(!kept.expect("an object").contains('\n'), "a line is a line");
    });
}

/// Checks what is true of every judgement.
fn holds(text: &str, judged: &Judgement) {
    let structure = judged.structure();
    assert!(
        structure.iter().all(|line| !line.contains('\n')),
        "a line is a line"
    );
    match &judged.script {
        Err(_) => {
            assert!(matches!(judged.verdict, Verdict::Deny(_)), "fails closed");
            assert_eq!(judged.effect, Effect::Modifies, "fails closed");
        }
        Ok(script) => {
            for (at, command) in script.commands.iter().enumerate() {
                assert!(text.get(command.span.clone()).is_some(), "a span is text");
                assert!(command.started_by.is_none_or(|by| by != at), "no circle");
            }
            let _ = surrounded(|around| {
                command_paths_into(script, around, Path::new("/main"), &Path::to_path_buf)
            });
        }
    }
}

fn surrounded<T>(judge: impl FnOnce(&Surroundings<'_>) -> T) -> T {
    let temp = [PathBuf::from("/tmp")];
    judge(&Surroundings {
        cwd: Path::new("/home/dev/project/src"),
        home: Some(Path::new("/home/dev")),
        project: Path::new("/home/dev/project"),
        in_workspace: false,
        temp: &temp,
        settings: Some(Path::new("/home/dev/.claude")),
    })
}

/// Does a work and checks the processor's time that it took.
fn in_time(bytes: usize, work: impl FnOnce()) {
    let now = || {
        let clock = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
        Duration::from(clock.expect("the clock of this thread"))
    };
    let began = now();
    work();
    let took = now().saturating_sub(began);
    let most = TIME + TIME_PER_BYTE * u32::try_from(bytes).unwrap_or(u32::MAX);
    assert!(took <= most, "{took:?} for {bytes} bytes");
}
