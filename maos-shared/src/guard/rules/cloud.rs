//! Containers and clouds: what takes down data, clusters or accounts that
//! others may be using. The person is asked.

use super::super::arguments::{Argument, FLAGS_ONLY, Options, options, program, read};
use super::super::list::List;
use super::super::place::Scene;
use super::super::shell::Word;
use super::Denial;

/// Returns the objections to what a script takes down.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    let found = commands.filter_map(|command| {
        let name = program(command).filter(|name| TOOLS.has(name))?;
        let words = &command.words[1..];
        let asks = words.iter().filter_map(Word::literal);
        let mut asks = asks.filter(|word| matches!(word.as_str(), "-h" | "-help" | "--help"));
        (asks.next().is_none() && takes_down(&name, words)).then(|| deny(&name))
    });
    found.collect()
}

/// The programs that look after containers, clouds and what lies in them.
const TOOLS: List = List(
    "\
    aws az cdk docker docker-compose dropdb fly flyctl gcloud gh gsutil heroku kubectl nerdctl oc \
    podman pulumi redis-cli terraform terragrunt tofu",
);

/// Returns whether a command of one of [`TOOLS`] takes down what lies in
/// containers or a cloud.
fn takes_down(program: &str, words: &[Word]) -> bool {
    let operands = literals(words);
    let operands: Vec<&str> = operands.iter().map(String::as_str).collect();
    let flag = |letter: char, long: &str| has(words, letter, long);
    match (program, &operands[..]) {
        ("docker" | "podman" | "nerdctl", ["system", "prune", ..]) => {
            flag('a', "all") || flag('\0', "volumes")
        }
        ("docker" | "podman" | "nerdctl", ["volume", "prune" | "rm" | "remove", ..]) => true,
        ("docker" | "podman" | "docker-compose", [.., "down"]) => flag('v', "volumes"),
        (
            "kubectl" | "oc",
            [
                "delete",
                "namespace" | "namespaces" | "ns" | "pv" | "pvc" | "crd",
                ..,
            ],
        ) => true,
        ("kubectl" | "oc", ["delete", ..]) => flag('\0', "all") || flag('A', "all-namespaces"),
        ("terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk", ["destroy", ..]) => true,
        ("terraform" | "tofu" | "terragrunt", ["apply", ..]) => words.iter().any(|word| {
            word.literal()
                .is_some_and(|text| text.trim_start_matches('-') == "destroy")
        }),
        ("aws", ["s3", "rb", ..]) => flag('\0', "force"),
        ("aws", ["s3", "rm", ..]) => flag('\0', "recursive"),
        ("aws", [service, action, ..]) if DATA_SERVICES.has(service) => {
            action.starts_with("delete-") || action.starts_with("terminate-")
        }
        ("gsutil", ["rm" | "rb", ..]) => flag('r', "") || flag('R', ""),
        ("gcloud", ["projects", "delete", ..]) => true,
        ("gcloud", ["storage", "rm", ..]) => flag('r', "recursive"),
        ("gcloud", ["sql" | "compute" | "container", _, "delete", ..]) => true,
        ("az", ["group" | "vm" | "aks" | "sql", .., "delete"]) => true,
        ("az", ["group", "delete", ..]) => true,
        ("gh", ["repo", "delete", ..]) => true,
        ("heroku", ["apps:destroy", ..]) => true,
        ("flyctl" | "fly", ["apps", "destroy", ..]) => true,
        ("dropdb", _) => !operands.is_empty(),
        ("redis-cli", [.., last]) => {
            matches!(last.to_ascii_lowercase().as_str(), "flushall" | "flushdb")
        }
        _ => false,
    }
}

/// Services of AWS whose data or machines go for good.
const DATA_SERVICES: List = List("cloudformation dynamodb ec2 efs eks rds s3api");

fn has(words: &[Word], letter: char, long: &str) -> bool {
    read(words, &FLAGS_ONLY)
        .iter()
        .any(|one| one.is(Some(letter), long))
}

/// Returns the operands as texts, what is not known as an empty one.
fn literals(words: &[Word]) -> Vec<String> {
    const OPTIONS: Options = options("n", "context namespace profile region project kubeconfig");
    let arguments = read(words, &OPTIONS);
    let operands = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word.literal().unwrap_or_default()),
        _ => None,
    });
    operands.collect()
}

fn deny(program: &str) -> Denial {
    Denial {
        rule: "cloud.destroy".into(),
        reason: format!(
            "This takes down what others may be using (`{program}`), and nothing brings it back."
        ),
        instead: "Let the user run it, or say yes.".to_owned(),
    }
}
