//! Programs that show what they keep: tokens, passwords, the secrets of a
//! cluster or a vault. The person is asked; a program that uses what it keeps
//! without showing it is no matter.

use super::super::arguments::{Argument, Options, options, program, read};
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::Word;
use super::Denial;

/// Returns the objections to what the programs of a script show.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    let shown = commands.filter_map(|command| {
        let name = program(command).filter(|name| KEEPERS.has(name))?;
        shows(&name, command.words.get(1..)?).then(|| ask(&name))
    });
    shown.collect()
}

/// The programs that keep secrets.
const KEEPERS: List = List(
    "\
    ansible-vault aws az bw doppler gcloud gh git gopass keyring kubectl lpass oc op pass \
    secret-tool security ssh-keygen vault",
);

/// Returns whether a command shows a secret that its program, one of
/// [`KEEPERS`], keeps.
fn shows(program: &str, words: &[Word]) -> bool {
    const OPTIONS: Options = options(
        "no",
        "context namespace profile region project kubeconfig output format vault account",
    );
    let arguments = read(words, &OPTIONS);
    let operands = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word.literal().unwrap_or_default()),
        _ => None,
    });
    let operands: Vec<String> = operands.collect();
    let operands: Vec<&str> = operands.iter().map(String::as_str).collect();
    let has = |letter: char, long: &str| arguments.iter().any(|one| one.is(Some(letter), long));
    let long = |name: &str| has('\0', name);
    match (program, &operands[..]) {
        ("gh", ["auth", "token", ..]) => true,
        ("gh", ["auth", "status", ..]) => long("show-token") || has('t', ""),
        ("aws", ["configure", "get", name, ..]) => {
            name.ends_with("secret_access_key") || name.ends_with("session_token")
        }
        ("aws", ["configure", "export-credentials", ..])
        | ("aws", ["secretsmanager", "get-secret-value", ..])
        | ("aws", ["sts", "get-session-token", ..]) => true,
        ("gcloud", ["auth", rest @ ..]) => rest.iter().any(|word| word.starts_with("print-")),
        ("gcloud", ["secrets", "versions", "access", ..]) => true,
        ("az", ["account", "get-access-token", ..]) => true,
        ("az", ["keyvault", "secret", "show" | "download", ..]) => true,
        ("kubectl" | "oc", ["get", kind, ..]) => {
            let kind = kind.split('/').next().unwrap_or_default();
            let secrets = kind
                .split(',')
                .any(|kind| matches!(kind, "secret" | "secrets"));
            secrets && shows_values(&arguments)
        }
        ("pass" | "gopass", [first, ..]) => !matches!(
            *first,
            "cp" | "edit"
                | "find"
                | "generate"
                | "git"
                | "grep"
                | "help"
                | "init"
                | "insert"
                | "list"
                | "ls"
                | "mv"
                | "rm"
                | "search"
                | "version"
        ),
        ("op", ["read", ..]) => true,
        ("op", ["item", "get", ..]) => {
            long("fields") || long("reveal") || long("format") || long("otp")
        }
        ("bw", ["get", kind, ..]) => matches!(*kind, "password" | "totp" | "item" | "notes"),
        ("lpass", ["show", ..]) | ("secret-tool", ["lookup", ..]) | ("keyring", ["get", ..]) => {
            true
        }
        ("vault", ["kv", "get", ..]) | ("vault", ["read", ..]) => true,
        ("vault", ["print", "token", ..]) => true,
        ("doppler", ["secrets", "get" | "download", ..]) => true,
        ("ansible-vault", ["view" | "decrypt", ..]) => true,
        ("security", ["export", ..]) => true,
        ("git", ["credential", "fill", ..]) => true,
        ("git", [helper, "get", ..]) => helper.starts_with("credential-"),
        ("ssh-keygen", _) => has('y', ""),
        _ => false,
    }
}

/// Returns whether a `kubectl get` puts out more than names.
fn shows_values(arguments: &[Argument<'_>]) -> bool {
    arguments.iter().any(|argument| match argument {
        Argument::Valued(_, form) if argument.is(Some('o'), "output") => {
            let form = form.literal().unwrap_or_default();
            !matches!(form.as_str(), "name" | "wide")
        }
        Argument::Valued(..) | Argument::Flag(_) => argument.is(None, "template"),
        Argument::Operand(_) => false,
    })
}

fn ask(program: &str) -> Denial {
    Denial {
        rule: "secrets.shown".into(),
        reason: format!("`{program}` would show a secret that it keeps."),
        instead: "Let the program use the secret itself, without showing it, or let the user say \
                  yes."
            .to_owned(),
    }
}
