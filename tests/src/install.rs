//! The real client: found in the cache, or installed there by npm.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process::{self, Finished, Stdout};

/// The one version that the suite speaks with.
pub(crate) const VERSION: &str = "2.1.330";
/// How long npm may take: the client is a download of about 360 MB.
const DEADLINE: Duration = Duration::from_secs(900);
/// How long a test takes an unreachable registry for unreachable: each test is
/// a process of its own, and npm tries for a while.
pub(crate) const UNREACHABLE_FOR: Duration = Duration::from_secs(30 * 60);
/// What npm prints when it cannot reach its registry, or meets one on the way
/// that this machine does not trust.
const UNREACHABLE: [&str; 12] = [
    "CERT_HAS_EXPIRED",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/// Returns the path of the client's binary. Waits while another process
/// installs it. That npm could not reach its registry is kept in the cache, and
/// taken for true while it is not older than `trust`.
///
/// # Errors
/// Returns why there can be no client here: npm is missing, or cannot reach
/// its registry.
///
/// # Panics
/// When npm fails for any other reason.
pub(crate) fn client(trust: Duration) -> Result<PathBuf, String> {
    let cache = cache();
    fs::create_dir_all(&cache).expect("the cache folder can be made");
    let lock = File::create(cache.join("install.lock")).expect("a lock file");
    lock.lock().expect("a file can be locked");
    let package = format!("@anthropic-ai/claude-code-{}", platform());
    let folder = cache.join("node_modules").join(&package);
    let (complete, unreachable) = (cache.join("complete"), cache.join("unreachable"));
    if fs::read_to_string(&complete).ok().as_deref() != Some(VERSION) {
        if let Some(why) = kept_lately(&unreachable, trust) {
            return Err(why);
        }
        install(&cache).inspect_err(|why| {
            fs::write(&unreachable, why).expect("the cache can be written");
        })?;
        // Written last: what a killed npm leaves has the version as well.
        fs::write(&complete, VERSION).expect("the cache can be written");
    }
    let binary = folder.join("claude");
    assert!(binary.is_file(), "npm installed no {}", binary.display());
    Ok(binary)
}

fn cache() -> PathBuf {
    match std::env::var_os("MAOS_TEST_CLIENT_CACHE") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/claude-code"),
    }
}

/// Returns the client's name of this platform.
fn platform() -> String {
    let system = if cfg!(target_os = "macos") {
        "darwin"
    } else {
        "linux"
    };
    let machine = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x64"
    };
    format!("{system}-{machine}")
}

/// Returns what the file says, if it is not older than `limit`.
fn kept_lately(file: &Path, limit: Duration) -> Option<String> {
    let age = file.metadata().ok()?.modified().ok()?.elapsed().ok()?;
    let text = fs::read_to_string(file).ok()?;
    (age < limit).then_some(text)
}

fn install(cache: &Path) -> Result<(), String> {
    let mut npm = Command::new("npm");
    npm.arg("install")
        .arg("--prefix")
        .arg(cache)
        .args([
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
        ])
        .arg(format!("@anthropic-ai/claude-code@{VERSION}"));
    // npm keeps the environment of the person: it names their registry.
    if Command::new("npm").arg("--version").output().is_err() {
        return Err("npm is not installed".to_owned());
    }
    let npm = process::run(npm, Vec::new(), Stdout::Kept, DEADLINE);
    if npm.status.success() {
        return Ok(());
    }
    Err(unreachable_registry(&npm)
        .unwrap_or_else(|| panic!("npm cannot install the client: {npm}")))
}

fn unreachable_registry(npm: &Finished) -> Option<String> {
    let words = npm.err();
    let code = UNREACHABLE.into_iter().find(|code| words.contains(code))?;
    Some(format!("npm cannot reach its registry ({code})"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    fn npm_says(words: &str) -> Option<String> {
        unreachable_registry(&Finished {
            status: ExitStatus::from_raw(256),
            stdout: Vec::new(),
            stderr: words.into(),
        })
    }

    #[test]
    fn an_unreachable_registry_is_remembered_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("unreachable");
        let kept = || kept_lately(&file, UNREACHABLE_FOR);
        assert_eq!(kept(), None);
        fs::write(&file, "why").unwrap();
        assert_eq!(kept().as_deref(), Some("why"));
        assert_eq!(kept_lately(&file, Duration::ZERO), None);
        let long_ago = std::time::SystemTime::now() - UNREACHABLE_FOR;
        let written = File::options().write(true).open(&file).unwrap();
        written.set_modified(long_ago).unwrap();
        assert_eq!(kept(), None);
    }

    #[test]
    fn only_an_unreachable_registry_is_a_reason_to_skip() {
        let offline = npm_says("npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\n");
        assert_eq!(
            offline.as_deref(),
            Some("npm cannot reach its registry (EAI_AGAIN)")
        );
        let untrusted = npm_says("npm error code SELF_SIGNED_CERT_IN_CHAIN\n");
        assert!(untrusted.is_some_and(|why| why.contains("SELF_SIGNED")));
        assert_eq!(
            npm_says("npm error code ETARGET\nnpm error notarget No matching version"),
            None
        );
        assert_eq!(npm_says("npm error code ENOSPC"), None);
    }
}
