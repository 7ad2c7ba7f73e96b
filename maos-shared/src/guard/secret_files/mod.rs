//! Which files hold secrets, by their names.

use std::path::Path;

use super::glob::Pattern;
use super::list::List;
use super::place::{Name, Place};

mod folders;

/// What a file's secrets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// The settings of a project's environment: `.env` and its family.
    Environment,
    /// A key, a token, a password, a history in which they may stand.
    Key,
}

/// The words in the name of an environment file that holds no secrets.
const SAMPLES: List = List("example examples sample template tpl dist default defaults schema");

/// Names of the environment family, for patterns to be tried on.
const ENVIRONMENT: List = List(
    "\
    .env .envrc .env.local .env.production .env.prod .env.development .env.staging .env.test \
    .env.0",
);

/// Files that hold secrets wherever they lie.
const KEY_NAMES: List = List(
    "\
    .netrc _netrc .boto .htpasswd .pypirc .s3cfg .terraformrc rclone.conf .git-credentials .pgpass .my.cnf .vault-token .dockercfg \
    .credentials.json application_default_credentials.json credentials.tfrc.json .bash_history \
    .zsh_history .sh_history .ksh_history .ash_history .history .histfile fish_history \
    key4.db logins.json .python_history .node_repl_history .irb_history .psql_history .mysql_history .sqlite_history \
    .rediscli_history",
);

/// How the names of private ssh keys begin.
const SSH_KEYS: List = List("id_rsa id_dsa id_ecdsa id_ed25519");

/// How the names of key stores end.
const KEY_SUFFIXES: [&str; 6] = [".pem", ".key", ".p12", ".pfx", ".ppk", ".kdbx"];

/// What the name of a file in such a form says when it holds no private key.
const PUBLIC: [&str; 4] = ["public", "pubkey", "cert", "chain"];

/// Files that hold secrets in a home, where a project's own do not.
const HOME_KEYS: [&str; 2] = [".npmrc", ".yarnrc.yml"];

/// Everyday names: a pattern that matches one of them is not after secrets.
const EVERYDAY: List = List(
    "\
    a index.ts main.rs app.py README.md a.txt a.log a.json a.yml a.toml a.db a.xml a.html \
    .gitignore .eslintrc.json my.cnf",
);

/// Returns whether a resolved path names a file or a folder of
/// secrets: the `.env` family without its samples, private keys, credentials of
/// programs, histories of shells.
#[must_use]
pub fn is_secret_file(path: &Path) -> bool {
    of_place(&Place::of_path(path), None).is_some()
}

/// Returns the secret that a place is or may be; `home` is the user's, where it
/// is known.
pub(super) fn of_place(place: &Place, home: Option<&Path>) -> Option<Secret> {
    let (last, folders) = place.names.split_last()?;
    let of_name = match last {
        Name::Known(name) => of_name(name).or_else(|| {
            let is_key = HOME_KEYS.contains(&&**name);
            let is_own = || home.is_some_and(|home| place.parent() == Place::of_path(home));
            (is_key && (is_home(folders) || is_own())).then_some(Secret::Key)
        }),
        Name::Pattern(pattern) => of_pattern(pattern),
    };
    of_name.or_else(|| folders::hold_keys(&place.names).then_some(Secret::Key))
}

/// Returns the secret that a search for this pattern of names, as of
/// `find -name` or `rg --glob`, is after.
pub(super) fn of_search(pattern: &str) -> Option<Secret> {
    let name = super::paths::base_name(pattern);
    let pattern = Pattern::parse(name);
    if let Some(name) = pattern.literal() {
        return of_name(&name);
    }
    let matches = |names: List| names.names().any(|name| pattern.matches(name));
    if matches(EVERYDAY) && !name.starts_with(".e") {
        return None;
    }
    if matches(ENVIRONMENT) {
        return Some(Secret::Environment);
    }
    let is_key = matches(KEY_NAMES) || matches(SSH_KEYS) || has_key_suffix(&pattern.suffix());
    is_key.then_some(Secret::Key)
}

fn of_name(name: &str) -> Option<Secret> {
    let name = name.to_ascii_lowercase();
    if is_environment(&name) {
        return Some(Secret::Environment);
    }
    let is_key = KEY_NAMES.has(&name)
        || SSH_KEYS.names().any(|key| name.starts_with(key)) && !name.ends_with(".pub")
        || is_host_key(&name)
        || is_service_account(&name)
        || has_key_suffix(&name);
    is_key.then_some(Secret::Key)
}

/// Returns whether it is the key of a program's account in a cloud.
fn is_service_account(name: &str) -> bool {
    let name = name.strip_suffix(".json").unwrap_or_default();
    let mut named = ["service-account", "service_account", "serviceaccount"].iter();
    named.any(|account| name.starts_with(account) || name.ends_with(account))
}

/// Returns whether it is the private key of a machine: `ssh_host_rsa_key`.
fn is_host_key(name: &str) -> bool {
    name.starts_with("ssh_host_") && name.ends_with("_key")
}

fn of_pattern(pattern: &Pattern) -> Option<Secret> {
    let expands = |names: List| names.names().any(|name| pattern.expands_to(name));
    if expands(ENVIRONMENT) {
        return Some(Secret::Environment);
    }
    let is_key = !expands(EVERYDAY)
        && (expands(KEY_NAMES) || expands(SSH_KEYS) || has_key_suffix(&pattern.suffix()));
    is_key.then_some(Secret::Key)
}

fn is_environment(name: &str) -> bool {
    match name.strip_prefix(".env") {
        Some("" | "rc") => true,
        Some(rest) => {
            !rest.starts_with(|next: char| next.is_alphanumeric())
                && !rest.split(['.', '-', '_']).any(|word| SAMPLES.has(word))
        }
        None => false,
    }
}

fn has_key_suffix(name: &str) -> bool {
    let has_suffix = KEY_SUFFIXES
        .iter()
        .any(|suffix| name.len() >= suffix.len() && name.ends_with(suffix));
    has_suffix && !PUBLIC.iter().any(|word| name.contains(word)) && !name.ends_with("ca.pem")
}

/// Returns whether a folder is somebody's home, where homes mostly are.
fn is_home(folder: &[Name]) -> bool {
    match folder {
        [parent, _] => parent.may_be("home") || parent.may_be("Users"),
        [root] => root.may_be("root"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_family_is_secret_and_its_samples_are_not() {
        for name in [
            ".env",
            ".env.local",
            ".env.production",
            ".envrc",
            ".ENV",
            ".env~",
            ".env.bak",
            "deep/below/.env",
            ".env-prod",
        ] {
            assert!(is_secret_file(Path::new(name)), "{name}");
        }
        for name in [
            ".env.example",
            ".env.sample",
            ".env.template",
            ".env.dist",
            ".env.defaults",
            ".env.local.example",
            "stack.env",
            "process.env",
            "environment.ts",
            ".environment",
            ".gitignore",
            ".env/bin/activate",
            "src/env.rs",
            ".env-example",
        ] {
            assert!(!is_secret_file(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn keys_are_secret_and_what_is_public_is_not() {
        for name in [
            "/home/dev/.ssh/id_rsa",
            "/home/dev/.ssh/work",
            "/home/dev/.ssh",
            "id_ed25519",
            "id_rsa.bak",
            "certs/server.pem",
            "server.key",
            "/home/dev/.aws/credentials",
            "/home/dev/.aws",
            "/home/dev/.aws/sso/cache/a.json",
            "/home/dev/.kube/config",
            "/root/.npmrc",
            "/Users/dev/.npmrc",
            "/home/dev/.config/gh/hosts.yml",
            "/home/dev/.config/gcloud/credentials.db",
            "/home/dev/.zsh_history",
            "/etc/shadow",
            "/proc/self/environ",
            "/home/dev/.gnupg/private-keys-v1.d/a.key",
            "/home/dev/.cargo/credentials.toml",
            "/home/dev/.docker/config.json",
        ] {
            assert!(is_secret_file(Path::new(name)), "{name}");
        }
        for name in [
            "/home/dev/.ssh/id_rsa.pub",
            "/usr/share/keyrings/docker.gpg",
            "/etc/apt/keyrings/docker.gpg",
            "/home/dev/.ssh/config",
            "/home/dev/.ssh/known_hosts",
            ".npmrc",
            "/home/dev/project/.npmrc",
            "certs/ca.pem",
            "certs/fullchain.pem",
            "public.pem",
            "src/key.rs",
            "config.json",
            "credentials.ts",
            "/etc/hosts",
            ".aws/task-definition.json",
            "keys.json",
            "history.md",
        ] {
            assert!(!is_secret_file(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_search_is_after_secrets_when_it_matches_little_else() {
        for pattern in [
            "*.env*",
            ".env",
            "[^a]env",
            "[.]ENV*",
            ".[e]nv.[0-9]*",
            "id_rsa*",
            "*.pem",
            "**/.env",
        ] {
            assert!(of_search(pattern).is_some(), "{pattern}");
        }
        for pattern in [
            "*",
            "*.*",
            "*.json",
            "[a-z]*.py",
            ".*",
            "*.env.example",
            "*.rs",
            "",
            "src/**",
        ] {
            assert_eq!(of_search(pattern), None, "{pattern}");
        }
    }
}
