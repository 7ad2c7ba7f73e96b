//! Containers and clouds: what takes down data, clusters or accounts that
//! others may be using. The person is asked.

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading_text, options, program, read,
};
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::{Command, Stdin, Word};
use super::Denial;

/// Returns the objections to what a script takes down.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    let found = commands.filter_map(|command| {
        let name = program(command).filter(|name| TOOLS.has(name))?;
        let words = &command.words[1..];
        let drops = || drops_database(scene, &name, command);
        (!only_tells(words) && (takes_down(&name, words) || drops())).then(|| deny(&name))
    });
    found.collect()
}

/// The programs that look after containers, clouds, databases and what lies in
/// them.
const TOOLS: List = List(
    "\
    aws az cdk docker docker-compose doctl dropdb fly flyctl gcloud gh gsutil helm heroku kubectl \
    mariadb mongo mongosh mysql mysqladmin nerdctl netlify oc podman psql pulumi redis-cli \
    serverless sls sqlcmd terraform terragrunt tofu vercel",
);

/// Returns whether a command only tells what it would do, or how it is used.
fn only_tells(words: &[Word]) -> bool {
    let tells = |word: &Word| {
        let text = leading_text(word);
        text.starts_with("--dry-run") || matches!(text, "--dryrun" | "--help" | "-help")
    };
    words.iter().any(tells) || words.last().is_some_and(|last| leading_text(last) == "-h")
}

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
        ("helm", ["uninstall" | "delete", ..]) => true,
        (
            "kubectl" | "oc",
            [
                "delete",
                "namespace" | "namespaces" | "ns" | "node" | "nodes" | "pv" | "pvc" | "crd",
                ..,
            ],
        ) => true,
        ("kubectl" | "oc", ["delete", ..]) => flag('\0', "all") || flag('A', "all-namespaces"),
        ("terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk", ["destroy", ..]) => true,
        ("terragrunt", ["run-all", "destroy", ..]) | ("pulumi", ["stack", "rm", ..]) => true,
        ("serverless" | "sls", ["remove", ..]) => true,
        ("terraform" | "tofu" | "terragrunt", ["apply", ..]) => words.iter().any(|word| {
            word.literal()
                .is_some_and(|text| text.trim_start_matches('-') == "destroy")
        }),
        ("aws", ["s3", "rb", ..]) => flag('\0', "force"),
        ("aws", ["s3", "rm", ..]) => flag('\0', "recursive"),
        ("aws", ["s3", "sync", ..]) => flag('\0', "delete"),
        ("aws", [service, action, ..]) if DATA_SERVICES.has(service) => {
            action.starts_with("delete-") || action.starts_with("terminate-")
        }
        ("gsutil", ["rm" | "rb", ..]) => flag('r', "") || flag('R', ""),
        ("gcloud", ["storage", "rm", ..]) => flag('r', "recursive"),
        ("gcloud" | "az" | "doctl", words) => words.contains(&"delete"),
        ("gh", ["repo", "delete", ..]) => true,
        ("gh", ["api", rest @ ..]) => deletes_repository(words, rest),
        ("heroku", [name, ..]) => matches!(*name, "apps:destroy" | "addons:destroy" | "pg:reset"),
        ("flyctl" | "fly", ["destroy", ..] | [_, "destroy", ..]) => true,
        ("vercel", ["remove" | "rm", ..]) | ("netlify", ["sites:delete", ..]) => true,
        ("dropdb", _) => !operands.is_empty(),
        ("mysqladmin", words) => words.contains(&"drop"),
        ("redis-cli", [.., last]) => {
            matches!(last.to_ascii_lowercase().as_str(), "flushall" | "flushdb")
        }
        _ => false,
    }
}

/// Returns whether `gh api` deletes a repository.
fn deletes_repository(words: &[Word], operands: &[&str]) -> bool {
    let is_repository = |path: &&str| {
        let path = path.trim_matches('/');
        path.starts_with("repos/") && path.split('/').count() == 3
    };
    let deletes = words.iter().any(|word| {
        matches!(
            leading_text(word),
            "DELETE" | "-XDELETE" | "--method=DELETE"
        )
    });
    deletes && operands.iter().any(is_repository)
}

/// Services of AWS whose data or machines go for good.
const DATA_SERVICES: List = List(
    "cloudformation cognito-idp dynamodb ec2 ecs efs eks elasticache iam kms lambda rds redshift \
     route53 s3api sns sqs",
);

/// Returns whether a client of a database is told to drop all of one: on its
/// line, or on its input.
fn drops_database(scene: &Scene<'_>, program: &str, command: &Command) -> bool {
    const SQL: List = List("mariadb mysql psql sqlcmd");
    const MONGO: List = List("mongo mongosh");
    let source = match &command.stdin {
        Stdin::Pipe(by) => scene.script.commands.get(by.clone()).unwrap_or_default(),
        Stdin::Text(_) | Stdin::Inherited => std::slice::from_ref(command),
    };
    let inputs = source.iter().flat_map(|one| match &one.stdin {
        Stdin::Text(text) => std::slice::from_ref(text),
        Stdin::Inherited | Stdin::Pipe(_) => one.words.get(1..).unwrap_or_default(),
    });
    let given = command.words.iter().skip(1).chain(inputs);
    let mut texts = given.map(|word| leading_text(word).to_ascii_lowercase());
    match program {
        name if SQL.has(name) => texts.any(|text| text.split(';').any(drops)),
        name if MONGO.has(name) => texts.any(|text| text.contains("dropdatabase(")),
        _ => false,
    }
}

/// Returns whether an SQL statement, in lower case, drops a database.
fn drops(statement: &str) -> bool {
    let mut words = statement.split_ascii_whitespace();
    words.next() == Some("drop") && matches!(words.next(), Some("database" | "schema"))
}

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
