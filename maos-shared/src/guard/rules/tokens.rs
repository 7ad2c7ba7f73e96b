//! Programs that show what they keep: tokens, passwords, the secrets of a
//! cluster or a vault. The person is asked; a program that uses what it keeps
//! without showing it is no matter.

use super::super::arguments::{Argument, NONE};
use super::super::list::List;
use super::super::scene::Scene;
use super::Denial;
use super::tasks::{Asked, Tasks, task, task_if, task_with, tasks};

/// Returns the objections to what the programs of a script show.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.commands();
    let shown = commands.filter_map(|command| SHOWING.asked_by(scene, command));
    shown.map(|program| ask(&program)).collect()
}

/// What shows a secret that its program keeps.
const SHOWING: Tasks = tasks(&[
    task("ansible-vault", "view|decrypt"),
    task("aws", "configure export-credentials"),
    task_if("aws", "configure get", |asked| {
        let name = asked.operand(2);
        name.ends_with("secret_access_key") || name.ends_with("session_token")
    }),
    task("aws", "secretsmanager get-secret-value"),
    task_with(
        "aws",
        "ssm get-parameter|get-parameters|get-parameters-by-path",
        &[(NONE, "with-decryption")],
    ),
    task("aws", "sts get-session-token"),
    task("az", "account get-access-token"),
    task("az", "keyvault secret show|download"),
    task("bw", "get password|totp|item|notes"),
    task("chamber", "export|read"),
    task("doppler", "secrets get|download"),
    task_if("doppler infisical", "secrets", |asked| {
        asked.operands.len() == 1
    }),
    task("dotenv", "get|list"),
    task_if("gcloud", "auth", |asked| {
        let mut operands = asked.operands.iter();
        operands.any(|operand| operand.starts_with("print-"))
    }),
    task("gcloud", "secrets versions access"),
    task("getent", "shadow|gshadow"),
    task_with("gh", "auth status", &[('t', "show-token")]),
    task("gh", "auth token"),
    task("git", "credential fill"),
    task_if("git", "* get", |asked| {
        asked.operand(0).starts_with("credential-")
    }),
    task("heroku", "config|config:get"),
    task("infisical", "export"),
    task("keyring", "get"),
    task_if("kubectl oc", "get *", |asked| {
        let kind = asked.operand(1).split('/').next().unwrap_or_default();
        let mut kinds = kind.split(',');
        kinds.any(|kind| const { List("secret secrets") }.has(kind)) && shows_values(asked)
    }),
    task("lpass", "show"),
    task("netlify", "env:get|env:list"),
    task_if("npm pnpm yarn", "config get", |asked| {
        asked.operand(2).contains("_auth")
    }),
    task_with(
        "op",
        "item get",
        &[
            (NONE, "fields"),
            (NONE, "reveal"),
            (NONE, "format"),
            (NONE, "otp"),
        ],
    ),
    task("op", "read"),
    task_if("pass gopass", "*", |asked| {
        !PASS_HIDES.has(asked.operand(0))
    }),
    task("railway", "variables"),
    task("secret-tool", "lookup"),
    task("security", "export"),
    task_with("sops", "", &[('d', "decrypt")]),
    task_with("ssh-keygen", "", &[('y', "")]),
    task("vault", "kv get"),
    task("vault", "print token"),
    task("vault", "read"),
    task("vercel", "env pull"),
]);

/// The subcommands of `pass` that show no password.
const PASS_HIDES: List =
    List("cp edit find generate git grep help init insert list ls mv rm search version");

/// Returns whether a `kubectl get` puts out more than names.
fn shows_values(asked: &Asked<'_>) -> bool {
    asked.arguments.iter().any(|argument| match argument {
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
