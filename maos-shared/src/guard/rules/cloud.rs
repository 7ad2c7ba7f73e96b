//! Containers and clouds: what takes down data, clusters or accounts that
//! others may be using. The person is asked.

use super::super::arguments::{NONE, leading_text};
use super::super::list::List;
use super::super::scene::Scene;
use super::super::shell::Word;
use super::Denial;
use super::databases;
use super::tasks::{Asked, Tasks, task, task_if, task_with, tasks};

/// Returns the objections to what a script takes down.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
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
        let removes = ["delete-", "terminate-"];
        let mut removes = removes.iter();
        DATA_SERVICES.has(asked.operand(0))
            && removes.any(|removes| asked.operand(1).starts_with(removes))
    }),
    task_if("az doctl gcloud", "", |asked| asked.has_operand("delete")),
    task_if("docker docker-compose podman", "", |asked| {
        asked.last_operand() == "down" && asked.has('v', "volumes")
    }),
    task_with(
        "docker nerdctl podman",
        "system prune",
        &[('a', "all"), (NONE, "volumes")],
    ),
    task("docker nerdctl podman", "volume prune|rm|remove"),
    task("fly flyctl", "destroy"),
    task("fly flyctl", "* destroy"),
    task_with("gcloud", "storage rm", &[('r', "recursive")]),
    task_if("gh", "api", deletes_repository),
    task("gh", "repo delete"),
    task_with("gsutil", "rm|rb", &[('r', ""), ('R', "")]),
    task("helm", "uninstall|delete"),
    task("heroku", "apps:destroy|addons:destroy|pg:reset"),
    task(
        "kubectl oc",
        "delete namespace|namespaces|ns|node|nodes|pv|pvc|crd",
    ),
    task_with(
        "kubectl oc",
        "delete",
        &[(NONE, "all"), ('A', "all-namespaces")],
    ),
    task("netlify", "sites:delete"),
    task("pulumi", "stack rm"),
    task("serverless sls", "remove"),
    task("cdk pulumi terraform terragrunt tofu", "destroy"),
    task("terragrunt", "run-all destroy"),
    task_if("terraform terragrunt tofu", "apply", |asked| {
        let destroys = |word: &Word| leading_text(word).trim_start_matches('-') == "destroy";
        asked.words().iter().any(destroys)
    }),
    task("vercel", "remove|rm"),
]);

/// Services of AWS whose data or machines go for good.
const DATA_SERVICES: List = List(
    "cloudformation cognito-idp dynamodb ec2 ecs efs eks elasticache iam kms lambda rds redshift \
     route53 s3api sns sqs",
);

/// Returns whether `gh api` deletes a repository.
fn deletes_repository(asked: &Asked<'_>) -> bool {
    const DELETING: List = List("DELETE -XDELETE --method=DELETE");
    let is_repository = |path: &String| {
        let path = path.trim_matches('/');
        path.starts_with("repos/") && path.split('/').count() == 3
    };
    let deletes = |word: &Word| DELETING.has(leading_text(word));
    asked.words().iter().any(deletes) && asked.operands.iter().any(is_repository)
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
