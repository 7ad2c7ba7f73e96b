//! Programs that start a command in a container or on other machines.
//!
//! A folder of this machine that a container gets stands for what it is here;
//! all else in there is somewhere else, so relative paths are nowhere known.

use super::super::arguments::{
    Argument, NONE, Options, leading, leading_text, options, program, read, skip,
};
use super::super::list::{List, Names};
use super::super::shell::{Command, Part, Word};
use super::words::{self, unknown, word};
use super::{Family, Line, Started, values_of};

/// Programs that start commands in containers.
pub(in crate::guard) const CONTAINERS: List =
    List("docker docker-compose incus kubectl lxc nerdctl oc podman podman-compose");

/// Programs that start commands on other machines.
const MACHINES: List = List(
    "ansible autossh clush dsh fab gcloud lima limactl multipass parallel-ssh pdsh pssh salt ssh vagrant wsl",
);

/// Returns whether what a command starts runs on another machine: options of ssh
/// hold commands for this one (`-o ProxyCommand=…`).
pub(in crate::guard) fn runs_on_machine(starter: &Command, started: &Command) -> bool {
    let is_machine = program(starter).is_some_and(|name| MACHINES.has(&name));
    is_machine && {
        let name = program(started).unwrap_or_default();
        let is_setting = |word: &&Word| {
            let setting = leading_text(word).to_ascii_lowercase();
            let name = setting.split(['=', ' ']).next().unwrap_or_default();
            name.ends_with("command") && name.len() < setting.len()
        };
        let names = |word: &&Word| leading_text(word).contains(&*name);
        let words = starter.words.get(1..).unwrap_or_default();
        let (settings, others): (Vec<_>, Vec<_>) = words.iter().partition(is_setting);
        !settings.iter().any(names) || others.iter().any(names)
    }
}

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List(
        "docker podman nerdctl docker-compose podman-compose kubectl oc lxc incus vagrant gcloud \
         fly flyctl heroku ansible pssh parallel-ssh pdsh clush dsh fab multipass limactl lima \
         wsl salt",
    )),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    let words = line.words;
    match line.program() {
        "docker" | "podman" | "nerdctl" => container(words),
        "docker-compose" | "podman-compose" => compose(words),
        "kubectl" | "oc" => behind_dashes(words, "exec"),
        "lxc" | "incus" => behind_dashes(words, "exec"),
        "vagrant" if is(words.first(), "ssh") => on_machine(words),
        "gcloud" if words.iter().any(|word| is(Some(word), "ssh")) => on_machine(words),
        "fly" | "flyctl" if is(words.first(), "ssh") => texts(words, 'C', "command"),
        "heroku" if is(words.first(), "run") => heroku(words),
        "ansible" => ansible(words).into_iter().collect(),
        "pssh" | "parallel-ssh" | "pdsh" | "clush" | "dsh" => many(words),
        "fab" | "multipass" => behind_dashes(words, ""),
        "limactl" if is(words.first(), "shell") => {
            in_machine(words.get(1..).unwrap_or_default(), 1)
        }
        "lima" | "wsl" => in_machine(words, 0),
        "salt" => salt(words).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn is(word: Option<&Word>, expected: &str) -> bool {
    word.and_then(Word::literal).as_deref() == Some(expected)
}

/// The options of `docker run` and `docker exec` that take a value.
const RUN: Options = options(
    "acehlmpuvw",
    "add-host annotation attach blkio-weight cap-add cap-drop cgroup-parent cgroupns cidfile \
     cpu-shares cpus cpuset-cpus detach-keys device dns dns-search domainname entrypoint env \
     env-file expose gpus group-add health-cmd hostname ip ipc label label-file link log-driver \
     log-opt mac-address memory memory-swap mount name net network network-alias pid pids-limit \
     platform publish pull restart runtime scale security-opt shm-size stop-signal stop-timeout \
     storage-opt sysctl tmpfs ulimit user userns uts volume volume-driver volumes-from workdir \
     index",
);

fn container(words: &[Word]) -> Vec<Started> {
    const GLOBALS: Options = options("cHl", "config context host log-level");
    let (_, rest) = leading(words, &GLOBALS);
    let rest = match rest.split_first() {
        Some((first, rest)) if is(Some(first), "container") => rest,
        Some((first, rest)) if is(Some(first), "compose") => return compose(rest),
        _ => rest,
    };
    match rest.split_first() {
        Some((first, rest)) if is(Some(first), "run") || is(Some(first), "exec") => in_one(rest),
        _ => Vec::new(),
    }
}

fn compose(words: &[Word]) -> Vec<Started> {
    const GLOBALS: Options = options(
        "fp",
        "ansi env-file file parallel profile progress project-directory project-name",
    );
    container(leading(words, &GLOBALS).1)
}

/// Returns what runs in a container: all that is behind its name or image, or
/// behind the program that `--entrypoint` names.
fn in_one(words: &[Word]) -> Vec<Started> {
    let (arguments, rest) = leading(words, &RUN);
    let entry = values_of(&arguments, &[(NONE, "entrypoint")]).last();
    let given = rest.get(1..).unwrap_or_default();
    let of_image = rest.first().and_then(|image| image_program(image, given));
    let entry = entry.or(of_image.as_ref());
    let command: Vec<&Word> = entry.into_iter().chain(given).collect();
    if command.is_empty() {
        return Vec::new();
    }
    let mounts: Vec<(Word, String)> = arguments.iter().filter_map(mount).collect();
    let here = |word: &Word| {
        mounts
            .iter()
            .fold(word.clone(), |word, one| mounted(&word, one))
    };
    let folder = values_of(&arguments, &[('w', "workdir")]).last();
    let folder = folder.map(|folder| (here(folder), folder));
    let folder = match folder {
        Some((here, there)) if here != *there => Some(here),
        // The folders that it is given begin where this command runs.
        None if !mounts.is_empty() => None,
        _ => Some(unknown()),
    };
    let command = command.into_iter().map(here).collect();
    vec![Started::program(command).in_folder(folder)]
}

/// Returns the program that an image runs by itself, where it has the name of one
/// whose arguments these words may be: `alpine/git reset`, `amazon/aws-cli s3`.
fn image_program(image: &Word, given: &[Word]) -> Option<Word> {
    const PROGRAMS: List = List("aws bash curl git helm kubectl psql rclone rsync terraform");
    let image = image.known()?;
    let (_, name) = image.rsplit_once('/')?;
    let name = name.split([':', '@']).next()?.trim_end_matches("-cli");
    let is_program = given.first().is_some_and(|first| {
        first
            .known()
            .is_some_and(|first| PROGRAMS.has(&first) || matches!(&*first, "sh" | "ash"))
    });
    (PROGRAMS.has(name) && !is_program).then(|| word(name))
}

/// Returns the folders of this machine that a command gives to a container.
pub(in crate::guard) fn given_folders(command: &Command) -> Vec<Word> {
    let words = command.words.get(1..).unwrap_or_default();
    let arguments = read(words, &RUN);
    let mounts = arguments.iter().filter_map(mount);
    mounts.map(|(source, _)| source).collect()
}

/// Returns the folder of this machine that an option gives to a container, and
/// where it is there.
fn mount(argument: &Argument<'_>) -> Option<(Word, String)> {
    let Argument::Valued(_, value) = argument else {
        return None;
    };
    if argument.is(Some('v'), "volume") {
        let mut pieces = words::pieces(value, |c| c == ':').into_iter();
        let source = pieces.next().filter(is_path)?;
        return Some((source, pieces.next()?.literal()?));
    }
    if !argument.is(None, "mount") {
        return None;
    }
    let (mut source, mut target) = (None, None);
    for piece in words::pieces(value, |c| c == ',') {
        let (key, _) = leading_text(&piece).split_once('=')?;
        let given = skip(&piece, key.len() + 1);
        match key {
            "source" | "src" => source = Some(given),
            "target" | "dst" | "destination" => target = given.literal(),
            _ => {}
        }
    }
    Some((source.filter(is_path)?, target?))
}

/// Returns whether a volume's source is a folder, not a name.
fn is_path(source: &Word) -> bool {
    match source.parts.first() {
        Some(Part::Text(text)) => text.starts_with(['/', '.']),
        Some(_) => true,
        None => false,
    }
}

/// Returns a word with the folder in a container replaced by what it is here,
/// wherever the word names it.
fn mounted(word: &Word, (here, there): &(Word, String)) -> Word {
    let there = there.trim_end_matches('/');
    let mut replaced = Word::default();
    for part in &word.parts {
        let Part::Text(text) = part else {
            words::push(&mut replaced, part.clone());
            continue;
        };
        let mut start = 0;
        for (at, _) in text.match_indices(there).filter(|_| !there.is_empty()) {
            let end = at + there.len();
            let is_name = |c: char| c.is_alphanumeric() || "._-/".contains(c);
            let begins = !text[..at].ends_with(is_name);
            let ends = !text[end..].starts_with(|c| is_name(c) && c != '/');
            if at >= start && begins && ends {
                words::push_text(&mut replaced, &text[start..at]);
                let parts = here.parts.iter().cloned();
                parts.for_each(|part| words::push(&mut replaced, part));
                start = end;
            }
        }
        words::push_text(&mut replaced, &text[start..]);
    }
    replaced
}

/// Returns the command behind `--` of a subcommand; of any, where it has no name.
fn behind_dashes(words: &[Word], subcommand: &str) -> Vec<Started> {
    let asked = words.iter().take_while(|word| !is(Some(word), "--"));
    let mut asked = asked.filter(|word| subcommand.is_empty() || is(Some(word), subcommand));
    let at = words.iter().position(|word| is(Some(word), "--"));
    match (asked.next(), at) {
        (Some(_), Some(at)) if at + 1 < words.len() => {
            vec![Started::program(words[at + 1..].to_vec()).in_folder(Some(unknown()))]
        }
        _ => Vec::new(),
    }
}

/// Returns the texts that an option gives to a shell elsewhere.
fn texts(words: &[Word], letter: char, long: &'static str) -> Vec<Started> {
    let short = if letter == 'c' { "c" } else { "C" };
    let arguments = read(
        words,
        &Options {
            short,
            long: List(long),
        },
    );
    let wanted = [(letter, long)];
    let texts = values_of(&arguments, &wanted).cloned();
    texts
        .map(|text| Started::shell(text).in_folder(Some(unknown())))
        .collect()
}

/// Returns the text of `--command`, or the one behind `--`.
fn on_machine(words: &[Word]) -> Vec<Started> {
    let behind = words.iter().position(|word| is(Some(word), "--"));
    match behind.map(|at| &words[at + 1..]) {
        Some([]) | None => texts(words, 'c', "command"),
        Some(command) => {
            vec![Started::shell(words::join(command, " ")).in_folder(Some(unknown()))]
        }
    }
}

/// Returns the command in a machine on this one: behind options and so many
/// names.
fn in_machine(words: &[Word], names: usize) -> Vec<Started> {
    const OPTIONS: Options = options("du", "distribution user shell workdir cd shell-type");
    const BEGINNING: List = List("-- --exec -e");
    let (_, rest) = leading(words, &OPTIONS);
    let begins = |word: &&Word| BEGINNING.has(leading_text(word));
    let rest: Vec<Word> = rest
        .iter()
        .skip(names)
        .skip_while(begins)
        .cloned()
        .collect();
    match rest.is_empty() {
        true => Vec::new(),
        false => vec![Started::program(rest).in_folder(Some(unknown()))],
    }
}

/// Returns the text that `salt TARGET cmd.run` gives to a shell.
fn salt(words: &[Word]) -> Option<Started> {
    let at = words
        .iter()
        .position(|word| leading_text(word).starts_with("cmd.run"))?;
    let text = words.get(at + 1)?.clone();
    Some(Started::shell(text).in_folder(Some(unknown())))
}

fn heroku(words: &[Word]) -> Vec<Started> {
    let (_, rest) = leading(&words[1..], &options("ares", "app remote env size type"));
    match rest {
        [] => Vec::new(),
        rest => vec![Started::shell(words::join(rest, " ")).in_folder(Some(unknown()))],
    }
}

/// Returns what a module of `ansible` does.
fn ansible(words: &[Word]) -> Option<Started> {
    const OPTIONS: Options = options(
        "aeBcfiklmMoPtTuU",
        "args become-user connection extra-vars forks inventory limit module-name user",
    );
    let arguments = read(words, &OPTIONS);
    let module = values_of(&arguments, &[('m', "module-name")]).last();
    let module = module.and_then(Word::literal);
    let given = values_of(&arguments, &[('a', "args")]).last()?;
    let started = match module.as_deref().unwrap_or("command").rsplit('.').next() {
        Some("shell" | "command" | "raw") => Started::shell(given.clone()),
        Some("file") => {
            let given = words::split(given);
            let absent = given.iter().any(|word| is(Some(word), "state=absent"));
            let path = given.iter().find_map(|given| {
                let keys = ["path=", "dest=", "name="].into_iter();
                let mut keys = keys.filter(|key| leading_text(given).starts_with(key));
                keys.next().map(|key| skip(given, key.len()))
            });
            let path = path.filter(|_| absent)?;
            Started::program(vec![word("rm"), word("-rf"), path])
        }
        _ => return None,
    };
    Some(started.in_folder(Some(unknown())))
}

/// Returns the text that goes to many machines.
fn many(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = options(
        "hHlpotTOxwgfbcuR",
        "hosts host user par outdir errdir timeout options args hostfile group worker",
    );
    let (_, rest) = leading(words, &OPTIONS);
    match rest {
        [] => Vec::new(),
        rest => vec![Started::shell(words::join(rest, " ")).in_folder(Some(unknown()))],
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn what_a_container_gets_of_this_machine_is_what_it_is_here() {
        check(&[
            ("docker run -v /:/h alpine rm -rf /h", &["rm -rf /"]),
            (
                "docker run --rm -v /srv:/h:ro alpine sh -c 'cat /h/x /hx'",
                &["sh -c 'cat /srv/x /hx'"],
            ),
            (
                "docker run -v /srv:/app -w /app/sub node rm -rf x",
                &["rm -rf x @ /srv/sub"],
            ),
            (
                "podman run --mount type=bind,source=/srv,target=/h alpine rm /h/x",
                &["rm /srv/x"],
            ),
            ("docker run -v data:/h alpine rm -rf /h", &["rm -rf /h @ ¤"]),
            ("docker run --rm -it alpine", &[]),
            ("docker build -t x .", &[]),
            ("docker exec -it c rm x", &["rm x @ ¤"]),
            ("docker compose -f a.yml exec -T app rm x", &["rm x @ ¤"]),
            ("docker-compose run --rm app rm x", &["rm x @ ¤"]),
            ("kubectl -n a exec pod -c b -- rm x", &["rm x @ ¤"]),
            ("kubectl get pods", &[]),
        ]);
    }

    #[test]
    fn other_machines_run_texts() {
        check(&[
            ("vagrant ssh -c 'rm x'", &["sh: rm x @ ¤"]),
            ("vagrant ssh web -- rm x", &["sh: rm x @ ¤"]),
            ("gcloud compute ssh vm --command='rm x'", &["sh: rm x @ ¤"]),
            ("gcloud compute ssh vm -- rm x", &["sh: rm x @ ¤"]),
            ("ansible all -m shell -a 'rm x'", &["sh: rm x @ ¤"]),
            (
                "ansible all -m file -a 'path=/srv/x state=absent'",
                &["rm -rf /srv/x @ ¤"],
            ),
            ("ansible all -m ping", &[]),
            ("pdsh -w a,b rm x", &["sh: rm x @ ¤"]),
            ("heroku run -a app rm x", &["sh: rm x @ ¤"]),
            ("wsl -d x -- rm x", &["rm x @ ¤"]),
            ("lima rm x", &["rm x @ ¤"]),
            ("limactl shell vm rm x", &["rm x @ ¤"]),
            ("multipass exec vm -- rm x", &["rm x @ ¤"]),
            ("multipass list", &[]),
            ("fab -H h -- rm x", &["rm x @ ¤"]),
            ("salt '*' cmd.run 'rm x'", &["sh: rm x @ ¤"]),
            ("salt '*' test.ping", &[]),
        ]);
    }
}
