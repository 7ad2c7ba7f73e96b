//! The settings as a person has them, before and after.

#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files as a person has them"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use maos_shared::hook::Event;
use serde_json::Value;
use tempfile::TempDir;

use super::*;

const PROGRAMS: &str = "/home/dev/.claude/hooks";

/// A settings file in a folder of its own.
struct Settings {
    folder: TempDir,
    path: PathBuf,
}

impl Settings {
    fn missing() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        Self { folder, path }
    }

    fn holding(text: impl AsRef<[u8]>) -> Self {
        let settings = Self::missing();
        fs::write(&settings.path, text).unwrap();
        settings
    }

    fn register(&self) -> Registered {
        self.try_register().unwrap()
    }

    fn try_register(&self) -> Result<Registered, SettingsError> {
        register_in(&self.path, PROGRAMS)
    }

    fn unregister(&self) -> Unregistered {
        unregister(&self.path).unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap()
    }

    fn value(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    /// The names in the folder, sorted.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn register_in(path: &Path, programs: &str) -> Result<Registered, SettingsError> {
    let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    register(path, &Registration::new(programs, false), now, false)
}

/// The commands of ours in a settings value, one for each event that has one.
fn our_commands(settings: &Value) -> Vec<String> {
    let mut commands = Vec::new();
    for event in Event::ALL {
        let groups = settings["hooks"][event.name()].as_array();
        let entries = groups
            .into_iter()
            .flatten()
            .flat_map(|group| group["hooks"].as_array().unwrap());
        let ours = entries.filter_map(|entry| entry["command"].as_str());
        commands.extend(
            ours.filter(|c| c.ends_with(event.program()))
                .map(str::to_owned),
        );
    }
    commands
}

const FOREIGN: &str = r#"{
    "zeta": 1.00,
    "model": "op\u0075s",
    "hooks": {
        "Stop": [
            { "hooks": [ {"command": "say done", "type": "command"} ] }
        ],
        "PreToolUse": [
            {
                "matcher": "Bash",
                "hooks": [
                    { "type": "command", "command": "check.py", "timeout": 5e0 }
                ]
            }
        ]
    },
    "alpha": [ 1,2 ,3 ]
}
"#;

#[test]
fn a_missing_file_is_made_with_every_event_and_deleted_again() {
    let settings = Settings::missing();
    assert_eq!(settings.register(), Registered::Changed { backup: None });
    assert_eq!(our_commands(&settings.value()).len(), Event::ALL.len());
    assert_eq!(settings.names(), ["settings.json"]);
    assert_eq!(settings.unregister(), Unregistered::Deleted);
    assert!(settings.names().is_empty());
}

#[test]
fn a_new_file_is_laid_out_like_the_clients_own() {
    let settings = Settings::missing();
    settings.register();
    let text = settings.text();
    let pretty = serde_json::to_string_pretty(&settings.value()).unwrap();
    assert_eq!(text.lines().count(), pretty.lines().count());
    assert!(
        text.starts_with("{\n  \"hooks\": {\n    \"SessionStart\": [\n      {\n"),
        "{text}"
    );
    assert!(text.ends_with("\n    ]\n  }\n}\n"), "{text}");
}

#[test]
fn foreign_hooks_order_and_spelling_stay() {
    let settings = Settings::holding(FOREIGN);
    settings.register();
    let text = settings.text();
    let mut rest = text.as_str();
    // Every line of the original stands in the result, in its order; only a
    // comma may have been added to the last element of a list.
    for line in FOREIGN.lines() {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("{line:?} is gone from\n{text}"));
        rest = &rest[at + line.len()..];
    }
    assert_eq!(our_commands(&settings.value()).len(), Event::ALL.len());
    assert_eq!(
        settings.value()["hooks"]["Stop"][0]["hooks"][0]["command"],
        "say done"
    );
}

#[test]
fn a_second_run_changes_nothing() {
    for text in [FOREIGN, "{}", "{\"a\":1}", "{\n\t\"hooks\": {}\n}"] {
        let settings = Settings::holding(text);
        settings.register();
        let (first, names) = (settings.text(), settings.names());
        assert_eq!(settings.register(), Registered::Unchanged);
        assert_eq!((settings.text(), settings.names()), (first, names));
    }
}

#[test]
fn the_backup_holds_the_former_bytes_and_none_is_overwritten() {
    let settings = Settings::holding(FOREIGN);
    let Registered::Changed {
        backup: Some(first),
    } = settings.register()
    else {
        panic!("no backup");
    };
    assert_eq!(fs::read_to_string(&first).unwrap(), FOREIGN);
    assert!(
        first.ends_with("settings.json.maos-backup-20260921T141320Z"),
        "{first:?}"
    );
    let between = settings.text();
    let again = register_in(&settings.path, "/elsewhere").unwrap();
    let Registered::Changed {
        backup: Some(second),
    } = again
    else {
        panic!("no backup");
    };
    assert_eq!(fs::read_to_string(&first).unwrap(), FOREIGN);
    assert_eq!(fs::read_to_string(&second).unwrap(), between);
}

#[test]
fn unregister_restores_every_byte() {
    for text in [
        FOREIGN,
        "",
        " \n",
        "{}",
        "{ }\n",
        "{\"a\":1}",
        "{\r\n\t\"a\": 1\r\n}\r\n",
        "\u{feff}{\"a\": 1}",
        r#"{"hooks":{}}"#,
        r#"{"hooks":{"Stop":[]}}"#,
        r#"{"hooks":{"Stop":[],"Other":[{"hooks":[]}]},"hooks2":[]}"#,
    ] {
        let settings = Settings::holding(text);
        settings.register();
        assert_ne!(settings.text(), text);
        assert!(
            matches!(settings.unregister(), Unregistered::Restored { .. }),
            "{text}"
        );
        assert_eq!(settings.text(), text);
        assert_eq!(settings.names(), ["settings.json"], "{text}");
    }
}

#[test]
fn unregister_without_a_backup_leaves_the_rest_as_it_is() {
    let settings = Settings::holding(FOREIGN);
    let Registered::Changed {
        backup: Some(backup),
    } = settings.register()
    else {
        panic!("no backup");
    };
    fs::remove_file(backup).unwrap();
    assert_eq!(settings.unregister(), Unregistered::Removed);
    assert_eq!(settings.text(), FOREIGN);
    assert_eq!(settings.unregister(), Unregistered::Unchanged);
}

#[test]
fn unregister_keeps_what_the_user_changed_since() {
    let settings = Settings::holding("{\n  \"model\": \"a\"\n}\n");
    settings.register();
    fs::write(&settings.path, settings.text().replace("\"a\"", "\"b\"")).unwrap();
    assert_eq!(settings.unregister(), Unregistered::Removed);
    assert_eq!(settings.text(), "{\n  \"model\": \"b\"\n}\n");
    assert_eq!(settings.names().len(), 2, "the backup stays");
}

#[test]
fn an_older_registration_elsewhere_is_replaced() {
    let old = r#"{"hooks": {
      "PreToolUse": [{"hooks": [
        {"type": "command", "command": "/old place/maos-pre-tool", "args": []},
        {"type": "command", "command": "mine"},
        {"type": "command", "command": "'/old place/maos-pre-tool' --fail-open"}]}],
      "Retired": [{"hooks": [{"type": "command", "command": "~/x/maos-notify"}]}]
    }}"#;
    let settings = Settings::holding(old);
    settings.register();
    let value = settings.value();
    assert!(!settings.text().contains("/old place/"));
    assert!(value["hooks"].get("Retired").is_none());
    assert_eq!(
        value["hooks"]["PreToolUse"][0]["hooks"][0]["command"],
        "mine"
    );
    let commands = our_commands(&value);
    assert_eq!(commands.len(), Event::ALL.len());
    assert!(commands.iter().all(|command| command.starts_with(PROGRAMS)));
    settings.unregister();
    assert_eq!(
        settings.value(),
        serde_json::json!({"hooks": {"PreToolUse": [{"hooks": [
            {"type": "command", "command": "mine"}]}]}})
    );
}

#[test]
fn a_changed_entry_of_ours_is_put_right() {
    let settings = Settings::missing();
    settings.register();
    let wanted = settings.value();
    let weakened = settings
        .text()
        .replace("\"onFailure\": \"block\"", "\"async\": true");
    assert_ne!(weakened, settings.text());
    fs::write(&settings.path, weakened).unwrap();
    assert!(matches!(settings.register(), Registered::Changed { .. }));
    assert_eq!(settings.value(), wanted);
}

#[test]
fn a_link_stays_a_link_and_its_target_keeps_its_mode() {
    let settings = Settings::missing();
    let dotfiles = tempfile::tempdir().unwrap();
    let target = dotfiles.path().join("claude.json");
    fs::write(&target, FOREIGN).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&target, &settings.path).unwrap();
    settings.register();
    assert_eq!(fs::read_link(&settings.path).unwrap(), target);
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert_eq!(our_commands(&settings.value()).len(), Event::ALL.len());
    settings.unregister();
    assert_eq!(fs::read_link(&settings.path).unwrap(), target);
    assert_eq!(fs::read_to_string(&target).unwrap(), FOREIGN);
}

#[test]
fn a_link_to_nothing_gets_its_target_and_loses_it_again() {
    let settings = Settings::missing();
    let target = settings.folder.path().join("later.json");
    symlink("later.json", &settings.path).unwrap();
    settings.register();
    assert_eq!(our_commands(&settings.value()).len(), Event::ALL.len());
    assert!(target.is_file());
    assert_eq!(settings.unregister(), Unregistered::Deleted);
    assert!(!target.exists());
    assert_eq!(
        fs::read_link(&settings.path).unwrap(),
        Path::new("later.json")
    );
}

#[test]
fn links_in_a_circle_are_refused() {
    let settings = Settings::missing();
    symlink("settings.json", &settings.path).unwrap();
    let error = settings.try_register().unwrap_err().to_string();
    assert!(error.contains("too many links"), "{error}");
}

#[test]
fn what_is_not_settings_is_refused_with_its_place_and_not_touched() {
    let cases: [(&[u8], &str); 10] = [
        (b"{\n  \"a\": 1,\n}\n", ":3:1: not JSON: key must be"),
        (b"// mine\n{}", ":1:1: not JSON: expected value"),
        (b"{} {}", ":1:4: not JSON: trailing characters"),
        (b"{\"a\": \"\xff\"}", ":1:8: not UTF-8"),
        (b"[]", ":1:1: the settings are not an object"),
        (b"{\n  \"hooks\": []}", ":2:12: `hooks` is not an object"),
        (
            b"{\"hooks\": {\"Stop\": {}}}",
            ":1:20: the hooks of `Stop` are not a list",
        ),
        (
            b"{\"hooks\": {\"Stop\": [1]}}",
            ":1:21: a hook of `Stop` is not an object",
        ),
        (
            b"{\"hooks\": {\"Stop\": [{}]}}",
            ":1:21: a hook of `Stop` is not an object",
        ),
        (
            b"{\"hooks\": {\"A\": [{\"hooks\": 1}]}}",
            ":1:18: a hook of `A` is not an object",
        ),
    ];
    for (bytes, expected) in cases {
        let settings = Settings::holding(bytes);
        let error = settings.try_register().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(
            error.contains("settings.json:") && !error.contains('\n'),
            "{error}"
        );
        assert!(error.contains("run this again"), "{error}");
        assert!(unregister(&settings.path).is_err());
        assert_eq!(fs::read(&settings.path).unwrap(), bytes);
        assert_eq!(settings.names(), ["settings.json"]);
    }
}

#[test]
fn deep_nesting_is_no_matter() {
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let settings = Settings::holding(&deep);
    settings.register();
    assert!(settings.text().contains("maos-pre-tool"));
    settings.unregister();
    assert_eq!(settings.text(), deep);
}

#[test]
fn a_folder_and_a_path_below_a_file_are_refused() {
    let settings = Settings::missing();
    fs::create_dir(&settings.path).unwrap();
    let error = settings.try_register().unwrap_err().to_string();
    assert!(error.contains("is not a regular file"), "{error}");

    let settings = Settings::holding("{}");
    let below = settings.path.join("settings.json");
    let error = register_in(&below, PROGRAMS).unwrap_err().to_string();
    assert!(error.contains("failed to read"), "{error}");
    assert_eq!(settings.text(), "{}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let settings = Settings::missing();
    let nowhere = settings.folder.path().join("nowhere");
    symlink("missing/folder", &nowhere).unwrap();
    let error = register_in(&nowhere.join("settings.json"), PROGRAMS).unwrap_err();
    let expected = format!("failed to create {}", nowhere.display());
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert_eq!(settings.names(), ["nowhere"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let settings = Settings::holding(FOREIGN);
    let registration = Registration::new(PROGRAMS, false);
    let outcome = register(&settings.path, &registration, UNIX_EPOCH, true).unwrap();
    assert_eq!(outcome, Registered::Changed { backup: None });
    assert_eq!(settings.text(), FOREIGN);
    assert_eq!(settings.names(), ["settings.json"]);
}

#[test]
fn state_tells_what_is_on() {
    let settings = Settings::holding("{\"disableAllHooks\": true}");
    let registration = Registration::new(PROGRAMS, false);
    let seen = |settings: &Settings| state(&settings.path, &registration).unwrap();
    assert_eq!(
        seen(&settings),
        State {
            registered: false,
            disabled: true
        }
    );
    settings.register();
    assert_eq!(
        seen(&settings),
        State {
            registered: true,
            disabled: true
        }
    );
    let open = Registration::new(PROGRAMS, true);
    assert!(!state(&settings.path, &open).unwrap().registered);
}

#[test]
fn the_plugin_registers_what_an_installation_does() {
    let registration = Registration::new("${CLAUDE_PLUGIN_ROOT}/bin", false);
    let list = |event: Event| (event.name(), [registration.group(event)]);
    let hooks: std::collections::BTreeMap<_, _> = Event::ALL.into_iter().map(list).collect();
    let expected = serde_json::json!({ "hooks": hooks });
    let plugin = include_str!("../../../plugin/hooks/hooks.json");
    let plugin: serde_json::Value = serde_json::from_str(plugin).unwrap();
    assert_eq!(
        plugin["hooks"], expected["hooks"],
        "plugin/hooks/hooks.json should hold\n{expected:#}"
    );
}
