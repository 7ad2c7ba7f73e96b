//! Folders that hold keys and tokens.

use super::super::place::Name;

/// Folders whose every file is a secret, and they themselves.
const KEY_FOLDERS: [&str; 5] = [".ssh", ".gnupg", ".password-store", "Keychains", "keyrings"];

/// What is no secret in `.ssh`.
const SSH_PUBLIC: [&str; 5] = [
    "config",
    "known_hosts",
    "known_hosts.old",
    "authorized_keys",
    "allowed_signers",
];

/// Files that hold secrets in a folder of this name, and folders of such files.
const KEYS_IN: [(&str, &[&str]); 17] = [
    (".aws", &["credentials", "config", "sso", "cli"]),
    (".kube", &["config"]),
    (".docker", &["config.json"]),
    (".gem", &["credentials"]),
    (".cargo", &["credentials", "credentials.toml"]),
    (
        ".azure",
        &[
            "accessTokens.json",
            "msal_token_cache.json",
            "azureProfile.json",
        ],
    ),
    (".config", &["hub"]),
    (".m2", &["settings.xml", "settings-security.xml"]),
    ("doctl", &["config.yaml"]),
    ("gh", &["hosts.yml"]),
    ("github-copilot", &["apps.json", "hosts.json"]),
    ("git", &["credentials"]),
    (
        "gcloud",
        &["credentials.db", "access_tokens.db", "legacy_credentials"],
    ),
    ("op", &["config"]),
    ("Default", &["Cookies", "Login Data"]),
    ("run", &["secrets"]),
    ("etc", &["shadow", "shadow-", "gshadow", "gshadow-"]),
];

/// Folders that are secrets as a whole, because of what [`KEYS_IN`] says.
const KEY_PARENTS: [&str; 2] = [".aws", ".kube"];

/// Returns whether a place lies in a folder of keys, or is one.
pub(super) fn hold_keys(names: &[Name]) -> bool {
    let in_folder = names.windows(2).any(|pair| {
        let [folder, name] = pair else { return false };
        if is_package_keyring(names) {
            return false;
        }
        if KEY_FOLDERS.iter().any(|key| is(folder, key)) {
            return !is_public_in_ssh(name);
        }
        // All that is in `git/` or `Default/` is hardly meant for the keys there.
        let named = |key: &str| key.starts_with('.') || !name.is_sweeping();
        KEYS_IN
            .iter()
            .filter(|(key, _)| is(folder, key) && named(key))
            .any(|(_, keys)| keys.iter().any(|key| name.may_be(key)))
    });
    let of_process = match names {
        [Name::Known(proc), _, Name::Known(name)] => &**proc == "proc" && &**name == "environ",
        _ => false,
    };
    in_folder
        || of_process
        || is_program_folder(names)
        || names.last().is_some_and(|last| {
            KEY_FOLDERS
                .iter()
                .chain(&KEY_PARENTS)
                .any(|key| is(last, key))
        })
}

/// Returns whether it lies where the system keeps the public keys that packages
/// are signed with.
fn is_package_keyring(names: &[Name]) -> bool {
    let known = |name: &Name, text: &str| matches!(name, Name::Known(known) if **known == *text);
    match names {
        [usr, share, keyrings, ..] if known(usr, "usr") => {
            known(share, "share") && known(keyrings, "keyrings")
        }
        [etc, apt, ..] => known(etc, "etc") && known(apt, "apt"),
        _ => false,
    }
}

/// Returns whether it is the folder in which a program keeps its tokens among
/// the settings: `.config/gh`.
fn is_program_folder(names: &[Name]) -> bool {
    match names {
        [.., config, program] => {
            is(config, ".config") && ["gh", "gcloud", "op"].iter().any(|name| is(program, name))
        }
        _ => false,
    }
}

/// Returns whether a folder has this name; a pattern counts where it says so
/// itself.
fn is(folder: &Name, name: &str) -> bool {
    folder.may_be(name) && !folder.is_sweeping()
}

fn is_public_in_ssh(name: &Name) -> bool {
    match name {
        Name::Known(name) => name.ends_with(".pub") || SSH_PUBLIC.contains(&&**name),
        Name::Pattern(pattern) => pattern.suffix().ends_with(".pub"),
    }
}
