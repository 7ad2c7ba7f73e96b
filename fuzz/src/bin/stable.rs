//! Fuzzes without a nightly compiler: mutates the seeds for a while, the same
//! way in every run, and stops at the first input that breaks something.
//!
//! `stable TARGET SECONDS [SEED]`, or `stable TARGET --seeds FOLDER`, which
//! writes the seeds down for another fuzzer.
#![expect(
    clippy::disallowed_methods,
    reason = "this program reads its arguments and writes seeds for another"
)]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use maos_fuzz::mutate::{Random, mutated};
use maos_fuzz::{Target, seeds, target};

/// Most inputs that are kept to make others of.
const KEPT: usize = 20_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [name, "--seeds", folder] => write_seeds(name, Path::new(folder)),
        [name, seconds, seed @ ..] => {
            let seed = seed.first().copied().unwrap_or("1");
            match (target(name), seconds.parse(), seed.parse()) {
                (Some(target), Ok(seconds), Ok(seed)) => {
                    fuzz(name, target, Duration::from_secs(seconds), seed)
                }
                _ => Err("stable: no such target, or no number".to_owned()),
            }
        }
        _ => Err("usage: stable TARGET SECONDS [SEED]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write_seeds(name: &str, folder: &Path) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    for (number, seed) in seeds::of(name).iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:04}")), seed).map_err(failed)?;
    }
    Ok(())
}

fn fuzz(name: &str, target: Target, time: Duration, seed: u64) -> Result<(), String> {
    let mut inputs = seeds::of(name);
    for input in &inputs {
        try_one(target, input)?;
    }
    let mut random = Random::new(seed);
    let (began, mut tried) = (Instant::now(), 0_u64);
    while began.elapsed() < time {
        let input = mutated(&mut random, &inputs);
        try_one(target, &input)?;
        tried += 1;
        // What is kept is mutated further: texts grow far from the seeds.
        if random.below(8) == 0 {
            match inputs.len() < KEPT {
                true => inputs.push(input),
                false => {
                    let at = random.below(inputs.len());
                    inputs[at] = input;
                }
            }
        }
    }
    println!("{name}: {tried} inputs in {time:?}, nothing broke (seed {seed})");
    Ok(())
}

fn try_one(target: Target, input: &[u8]) -> Result<(), String> {
    catch_unwind(|| target(input)).map_err(|_| {
        let text = String::from_utf8_lossy(input);
        format!("this input breaks it, in JSON: {}", serde_json::json!(text))
    })
}
