//! Chromium without a window: what it makes of a page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::process::{self, Finished, Stdout};
use crate::sandbox::Sandbox;

/// Where it lies, by system and packager.
const PLACES: [&str; 5] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// How long showing a page may take.
const DEADLINE: Duration = Duration::from_secs(120);

/// Looks at the page from within, and leaves what it sees as an attribute.
const LOOK: &str = r#"<script>
// What has the focus shows it once the window has it.
(function look(tries) {
if (!document.hasFocus() && tries > 0) return setTimeout(look, 50, tries - 1);
const focusable = [...document.querySelectorAll('[tabindex], summary, a')];
const reached = focusable.filter(one => { one.focus(); return document.activeElement === one; });
const outlined = reached.filter(one => { one.focus(); return getComputedStyle(one).outlineStyle !== 'none'; });
const needs = document.documentElement.scrollWidth;
// A window cannot be as narrow as a phone.
document.body.style.width = '360px';
const named = [...document.querySelectorAll('.axis b')].map(one => one.getBoundingClientRect()).filter(one => one.width);
const meets = (one, other) => one !== other && one.top === other.top && one.left < other.right && other.left < one.right;
document.documentElement.setAttribute('data-seen', JSON.stringify({
  width: innerWidth, needs, phone: document.body.scrollWidth,
  named: named.length, text: document.body.innerText,
  astray: named.filter(one => one.left < 0 || one.right > 360 + document.body.getBoundingClientRect().left ||
    named.some(other => meets(one, other))).length,
  focusable: focusable.length, reached: reached.length, outlined: outlined.length,
  small: [...document.querySelectorAll('body *')].filter(one => one.childNodes.length &&
    parseFloat(getComputedStyle(one).fontSize) < 12).length,
}));
})(200);
</script>"#;

/// How long the page's own clock runs while it is looked at, ms: the look may wait.
const LOOK_TIME: &str = "--virtual-time-budget=20000";

/// The installed browser.
#[derive(Clone, Debug)]
pub struct Browser(PathBuf);

/// How a page looks.
#[derive(Debug)]
pub struct Shown {
    /// What it complains of: each line of its console.
    pub console: Vec<String>,
    /// What the page sees of itself: `width` of the window and what it `needs`,
    /// pixels, and what it needs of the 360 of a `phone`; how many elements are `focusable`, can be `reached` and show it
    /// (`outlined`); how many have a `small` font; how many times are `named` on an
    /// axis on a phone, and how many of them go `astray`, into another or out of the
    /// window; its `text`, as far as it can be seen.
    pub seen: Value,
    /// A picture of it.
    pub picture: PathBuf,
}

impl Browser {
    /// Returns the browser; where there is none, says so in one line.
    ///
    /// # Panics
    /// Without a stderr.
    #[must_use]
    pub fn available() -> Option<Self> {
        let found = PLACES.map(PathBuf::from).into_iter().find(|it| it.exists());
        if found.is_none() {
            // Not `eprintln!`: the test harness would keep the line back.
            writeln!(
                std::io::stderr(),
                "SKIPPED browser: Chromium is not installed"
            )
            .expect("stderr");
        }
        found.map(Self)
    }

    /// Shows the page in a window so wide.
    ///
    /// # Panics
    /// When it cannot be shown.
    #[must_use]
    pub fn show(&self, sandbox: &Sandbox, page: &Path, width: u32) -> Shown {
        let picture = page.with_extension(format!("{width}.png"));
        let screenshot = format!("--screenshot={}", picture.display());
        let size = format!("--window-size={width},1600");
        let shown = self.run(sandbox, &[&screenshot, &size], page);
        let console = shown.err();
        let console = console.lines().filter(|line| line.contains("CONSOLE"));
        let console = console.map(str::to_owned).collect();

        // The page runs no script; a copy without its policy does.
        let text = fs::read_to_string(page).expect("the page");
        let (head, rest) = text.split_once("<meta http-equiv").expect("a policy");
        let (_, rest) = rest.split_once('>').expect("its end");
        let copy = page.with_extension("looked.html");
        fs::write(&copy, format!("{head}{rest}{LOOK}")).expect("a copy");
        let dom = self
            .run(sandbox, &["--dump-dom", LOOK_TIME, &size], &copy)
            .out();
        let (_, seen) = dom.split_once("data-seen=\"").expect("a look");
        let (seen, _) = seen.split_once('"').expect("its end");
        let seen = seen.replace("&quot;", "\"");
        Shown {
            console,
            seen: serde_json::from_str(&seen).expect("a look"),
            picture,
        }
    }

    fn run(&self, sandbox: &Sandbox, options: &[&str], page: &Path) -> Finished {
        let profile = sandbox.home().join("browser");
        let mut browser: Command = sandbox.command(&self.0);
        browser
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .args([
                "--no-first-run",
                "--enable-logging=stderr",
                "--disable-dev-shm-usage",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(options)
            .arg(format!("file://{}", page.display()));
        process::run(browser, Vec::new(), Stdout::Kept, DEADLINE).exits(0)
    }
}
