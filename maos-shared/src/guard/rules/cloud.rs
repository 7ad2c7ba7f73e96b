//! Containers and clouds: what takes down data, clusters or accounts that
//! others may be using. The person is asked.

use super::super::arguments::{Argument, NONE, leading_text};
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::Word;
use super::Denial;
use super::databases;
use super::tasks::{Asked, Tasks, task, task_if, task_with, tasks};

/// Returns the objections to what a script takes down.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.commands();
    let found = commands.filter_map(|command| {
        let program = DESTROYING
            .asked_by(scene, command)
            .or_else(|| databases::lost_by(scene, command))?;
        let words = command.words.get(1..)?;
        (!only_tells(words)).then(|| ask(&program))
    });
    found.collect()
}

/// Returns whether a command only tells what it would do, or how it is used.
fn only_tells(words: &[Word]) -> bool {
    let tells = |word: &Word| {
        let text = leading_text(word);
        text.starts_with("--dry-run") || matches!(text, "--dryrun" | "--help" | "-help")
    };
    words.iter().any(tells) || words.last().is_some_and(|last| leading_text(last) == "-h")
}

/// What takes down what lies in containers or a cloud.
const DESTROYING: Tasks = tasks(&[
    task_with("aws", "s3 rb", &[(NONE, "force")]),
    task_with("aws", "s3 rm", &[(NONE, "recursive")]),
    task_with("aws", "s3 sync", &[(NONE, "delete")]),
    task_if("aws", "* *", |asked| {
        let removes = ["delete-", "schedule-key-deletion", "terminate-"];
        let mut removes = removes.iter();
        DATA_SERVICES.has(asked.operand(0))
            && removes.any(|removes| asked.operand(1).starts_with(removes))
    }),
    task_if("az doctl gcloud", "", |asked| asked.has_operand("delete")),
    task("bq", "rm"),
    task("cargo", "yank"),
    task_if("curl", "", |asked| {
        let names_host = |text: &&str| HOSTS.iter().any(|host| text.contains(host));
        asked
            .words()
            .iter()
            .map(leading_text)
            .any(|text| names_host(&text))
            && deletes_by_api(asked)
    }),
    task_with("consul", "kv delete", &[(NONE, "recurse")]),
    task_if("docker docker-compose podman", "", |asked| {
        asked.has_operand("down") && asked.has('v', "volumes")
    }),
    task("docker", "stack rm"),
    task_with("docker", "swarm leave", &[('f', "force")]),
    task_with(
        "docker nerdctl podman",
        "system prune",
        &[('a', "all"), (NONE, "volumes")],
    ),
    task("docker nerdctl podman", "volume prune|rm|remove"),
    task("etcdctl", "del"),
    task("firebase", "firestore:delete|projects:delete"),
    task("fly flyctl", "destroy"),
    task("fly flyctl", "* delete|destroy"),
    task_with("gcloud", "storage rm", &[('r', "recursive")]),
    task_if("gh glab", "api", deletes_by_api),
    task("gh", "release delete"),
    task("gh glab", "repo delete"),
    task("gsutil", "rb"),
    task_with("gsutil", "rm", &[('r', ""), ('R', "")]),
    task("helm", "uninstall|delete"),
    task("heroku", "apps:destroy|addons:destroy|pg:reset"),
    task("incus lxc multipass", "delete"),
    task_if("kubectl oc", "delete", |asked| {
        let listed = || listed_kind(asked).unwrap_or_default();
        let mut operands = asked
            .arguments
            .iter()
            .filter_map(|argument| match argument {
                Argument::Operand(word) => Some(leading_text(word)),
                _ => None,
            });
        let kinds = match operands.nth(1) {
            None | Some("") => listed(),
            Some(given) => given.to_owned(),
        };
        let kinds = kinds.split('/').next();
        let mut kinds = kinds.unwrap_or_default().split(',');
        kinds.any(|kind| VITAL_KINDS.has(kind))
    }),
    task_with(
        "kubectl oc",
        "delete",
        &[(NONE, "all"), ('A', "all-namespaces")],
    ),
    task("netlify", "sites:delete"),
    task("npm", "unpublish"),
    task("podman", "system reset"),
    task("pulumi", "stack rm"),
    task("railway", "down"),
    task("sam", "delete"),
    task("serverless sls", "remove"),
    task_with("supabase", "db reset", &[(NONE, "linked")]),
    task("cdk pulumi terraform terragrunt tofu", "destroy"),
    task("terragrunt", "run-all destroy"),
    task_if("terraform terragrunt tofu", "apply", |asked| {
        let destroys = |word: &Word| leading_text(word).trim_start_matches('-') == "destroy";
        asked.words().iter().any(destroys)
    }),
    task("terraform terragrunt tofu", "state rm"),
    task("terraform terragrunt tofu", "workspace delete"),
    task("vagrant", "destroy"),
    task("vercel", "remove|rm"),
    task("virsh", "undefine"),
]);

/// What others in a cluster depend on, or what keeps data.
const VITAL_KINDS: List = List(
    "crd crds customresourcedefinition namespace namespaces node nodes ns persistentvolume \
     persistentvolumeclaim persistentvolumeclaims persistentvolumes project projects pv pvc",
);

/// Services of AWS whose data or machines go for good.
const DATA_SERVICES: List = List(
    "cloudformation cognito-idp dynamodb ec2 ecr ecs efs eks elasticache iam kms lambda logs rds \
     redshift route53 s3api secretsmanager sns sqs",
);

/// Returns the kind of what a `get` lists whose names a `delete` is given.
fn listed_kind(asked: &Asked<'_>) -> Option<String> {
    let scene = asked.scene;
    scene.sources(asked.command).find_map(|range| {
        let commands = scene.script.commands.get(range)?;
        let mut lists = commands.iter().map(|one| Asked::of(scene, one));
        let list = lists.find(|one| one.operand(0) == "get")?;
        Some(list.operand(1).to_owned())
    })
}

/// The addresses under which hosts of repositories are asked by programs.
const HOSTS: [&str; 3] = ["api.github.com/", "/api/v3/", "/api/v4/"];

fn is_letters(option: &str) -> bool {
    option.starts_with('-') && !option.starts_with("--")
}

/// Returns whether a request deletes a repository, a branch or a tag, or forces a
/// branch to be another.
fn deletes_by_api(asked: &Asked<'_>) -> bool {
    const NAMES: [&str; 3] = ["/git/refs/", "/repository/branches/", "/repository/tags/"];
    let mut method = "";
    let mut forces = false;
    let mut words = asked.words().iter().map(leading_text);
    let mut of_repository = false;
    let mut of_name = false;
    while let Some(text) = words.next() {
        let bundled = text
            .split_once('X')
            .filter(|(before, _)| is_letters(before));
        match bundled
            .map(|(_, given)| given)
            .or(text.strip_prefix("--method"))
        {
            Some("") => method = words.next().unwrap_or_default(),
            Some(given) => method = given.trim_start_matches('='),
            None if text == "--request" => method = words.next().unwrap_or_default(),
            None => {}
        }
        let path = HOSTS.iter().find_map(|host| text.split_once(host));
        let path = path.map_or(text, |(_, path)| path).trim_matches('/');
        let names = path.split('/').count();
        of_repository |= (path.starts_with("repos/") && names == 3)
            || (path.starts_with("projects/") && names == 2);
        of_name |= NAMES.iter().any(|name| path.contains(name));
        let said = text.replace(['"', ' '], "");
        forces |= said.contains("force=true") || said.contains("force:true");
    }
    match method.to_ascii_uppercase().as_str() {
        "DELETE" => of_repository || of_name,
        "PATCH" => of_name && forces,
        _ => false,
    }
}

fn ask(program: &str) -> Denial {
    Denial {
        rule: "cloud.destroy".into(),
        reason: format!(
            "This takes down what others may be using (`{program}`), and nothing brings it back."
        ),
        instead: "Let the user run it, or say yes.".to_owned(),
    }
}
