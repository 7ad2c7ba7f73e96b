//! `maos report` in a browser: nothing to complain of, everything within the
//! window, everything in reach of the keyboard.

use maos_tests::Browser;

use super::busy::busy;

#[test]
fn the_report_is_readable_on_a_desk_and_on_a_phone() {
    let Some(browser) = Browser::available() else {
        return;
    };
    let sandbox = busy();
    let page = sandbox.home().join("report.html");
    let name = page.display().to_string();
    let _ = sandbox.maos(["report", "-o", &name]).exits(0);
    for width in [1280, 500] {
        let shown = browser.show(&sandbox, &page, width);
        assert_eq!(shown.console, Vec::<String>::new());
        assert!(shown.picture.exists());
        let seen = &shown.seen;
        let number = |name: &str| seen[name].as_u64().unwrap_or_default();
        assert!(number("needs") <= number("width"), "{seen}");
        assert!(number("phone") <= 360, "{seen}");
        assert!(number("focusable") > 4, "{seen}");
        assert_eq!(number("reached"), number("focusable"), "{seen}");
        assert_eq!(number("outlined"), number("focusable"), "{seen}");
        assert_eq!(number("small"), 0, "{seen}");
        assert!(number("named") >= 2, "{seen}");
        assert_eq!(number("astray"), 0, "{seen}");
        // Who held a file is no secret of those who can point at a bar.
        let text = seen["text"].as_str().unwrap_or_default();
        let (_, leases) = text.split_once("Leases\n").unwrap_or_default();
        assert!(leases.contains("README.md\n"), "{text}");
        assert!(leases.contains(" coder a1584d06, "), "{text}");
    }
}
