//! What became of a merge, for people.

use maos_shared::workspace::merge::{Clash, Part};

use crate::error::Error;
use crate::output::{Output, counted};
use crate::work::Work;

fn name_of(chosen: &[&Work], id: &str) -> String {
    let work = chosen.iter().find(|work| work.id() == id);
    work.map_or_else(|| id.to_owned(), |work| work.name())
}

pub(super) fn parts(output: &mut Output, chosen: &[&Work], parts: &[Part]) -> Result<(), Error> {
    if parts.is_empty() {
        return output.line("no agent has work that is not merged");
    }
    for part in parts {
        let name = name_of(chosen, &part.name);
        let files = counted(part.files.len(), "file");
        secret(output, &name, &part.secret)?;
        if !part.dropped.is_empty() {
            let dropped = part.dropped.join(", ");
            let kept = format!(": a program that you merge with kept what is here of {dropped}");
            output.of_name(&name, &kept)?;
            if part.files.is_empty() {
                continue;
            }
        }
        let has_stopped = |work: &&Work| work.id() != part.name || work.is_done;
        let is_new = chosen.iter().any(|it| it.id() == part.name && it.is_new());
        match (&part.commit, part.files.len()) {
            (_, 0) if !chosen.iter().all(has_stopped) => {
                output.of_name(&name, ": nothing to merge so far")?;
            }
            (_, 0) if !is_new => output.of_name(&name, ": all of it came here before")?,
            (_, 0) => output.of_name(&name, ": all of it is here already")?,
            (Some(commit), _) => {
                let short = commit.get(..10).unwrap_or(commit);
                output.of_name(&name, &format!(": {files}, commit {short}"))?;
            }
            (None, _) => output.of_name(&name, &format!(": {files}, not committed"))?,
        }
    }
    Ok(())
}

pub(super) fn clashes(
    output: &mut Output,
    chosen: &[&Work],
    clashes: &[Clash],
    maos: &str,
) -> Result<(), Error> {
    for clash in clashes {
        output.of_name(&name_of(chosen, &clash.name), " does not fit:")?;
        for conflict in &clash.conflicts {
            output.line(format_args!("  {conflict}"))?;
            let hunks = clash.hunks.iter().filter(|hunk| hunk.path == conflict.path);
            for hunk in hunks {
                output.line(format_args!("    line {}", hunk.line))?;
                for line in &hunk.ours {
                    output.line(format_args!("      here   {line}"))?;
                }
                for line in &hunk.theirs {
                    output.line(format_args!("      agent  {line}"))?;
                }
            }
        }
    }
    output.line("nothing was changed; to settle a conflict in your files:")?;
    for clash in clashes {
        output.line(format_args!("  {maos} merge --resolve {}", clash.name))?;
    }
    let unfit = |id: &str| clashes.iter().any(|clash| clash.name == id);
    let rest: Vec<&str> = chosen
        .iter()
        .map(|work| work.id())
        .filter(|id| !unfit(id))
        .collect();
    if !rest.is_empty() {
        output.line("the others fit:")?;
        output.line(format_args!("  {maos} merge {}", rest.join(" ")))?;
    }
    Ok(())
}

pub(super) fn secret(output: &mut Output, name: &str, files: &[String]) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    let files = files.join(", ");
    output.of_name(
        name,
        &format!(": left on its branch, as it may hold secrets: {files}"),
    )
}

pub(super) fn overlap(
    output: &mut Output,
    files: &[String],
    chosen: &[&Work],
    maos: &str,
) -> Result<(), Error> {
    output.line("these files stand in the way; nothing was changed:")?;
    for file in files {
        output.line(format_args!("  {file}"))?;
    }
    output.line("commit or stash what has changes, move away what is in no commit, merge again")?;
    if let [work] = chosen {
        output.line("or merge it into files with changes, with git's marks where it conflicts:")?;
        output.line(format_args!("  {maos} merge --resolve {}", work.id()))?;
    }
    Ok(())
}
