//! The calls that start, remove, read or write something: a table a language.

use super::super::super::list::List;
use crate::config::limits;

mod javascript;
mod python;

pub(super) use javascript::JAVASCRIPT;
pub(super) use python::PYTHON;

/// A function that does something.
pub(super) struct Call {
    pub(super) names: List,
    /// What it is called on: modules, `.` for nothing, `*` for anything.
    pub(super) on: List,
    pub(super) does: Does,
}

/// What a call does.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// It gives its first argument to a shell.
    Shell,
    /// It runs a program, or gives a single string to a shell.
    Run,
    /// The same behind this many other arguments, with the program's own name
    /// first in its list.
    Exec { after: usize },
    /// This command does the same with as many of its arguments.
    Like(&'static str, usize),
    /// The same with its first argument, or with this path where it has none.
    LikeOr(&'static str, &'static str),
    /// The same with its first argument, where that is a path and no module.
    LikePath(&'static str),
    /// This command does the same with the path that it is called on.
    LikeMethod(&'static str),
    /// This command does the same with the option of this name.
    LikeOption(&'static str, &'static str),
    /// It gives the text that it is called on to a shell.
    ShellMethod,
    /// It removes its argument, with all in it if it is told so.
    Remove,
    /// It opens a file or starts a command, by its arguments.
    Open,
    /// It opens a file to read or to write, by the mode behind its path.
    OpenByMode,
    /// It gives the string to a shell that stands behind it without brackets.
    Template,
    /// It runs its first argument as code.
    Code,
}

const fn call(names: &'static str, on: &'static str, does: Does) -> Call {
    Call {
        names: List(names),
        on: List(on),
        does,
    }
}

/// As many arguments as there are.
const ALL: usize = limits::CODE_ARGUMENTS;

/// Of Perl.
pub(super) const PERL: &[Call] = &[
    call("system exec", ".", Does::Run),
    call("unlink", ".", Does::Like("rm -f", ALL)),
    call("rmdir", ".", Does::Like("rmdir", ALL)),
    call("rmtree remove_tree", "* .", Does::Like("rm -rf", ALL)),
    call("truncate", ".", Does::Like("truncate -s 0", 1)),
    call("rename move", ". Copy", Does::Like("mv", 2)),
    call("copy", ". Copy", Does::Like("cp", 2)),
    call("open", ".", Does::Open),
    call("read_file slurp", ". Slurp Path", Does::Like("cat", 1)),
    call("read LoadFile", ". Tiny YAML", Does::Like("cat", 1)),
    call("lookup", "Netrc", Does::LikeOr("cat", "~/.netrc")),
    call("symlink", ".", Does::Like("ln -s", 2)),
    call("getstore mirror", ". Simple", Does::Like("cp", 2)),
    call("kill", ".", Does::Like("kill -s", 2)),
    call("eval", ".", Does::Code),
];

/// Of Ruby.
pub(super) const RUBY: &[Call] = &[
    call("system exec spawn", ". Kernel Process", Does::Run),
    call("popen", "IO", Does::Run),
    call("sh", ".", Does::Run),
    call(
        "popen2 popen2e popen3 capture2 capture2e capture3 pipeline",
        "Open3",
        Does::Run,
    ),
    call(
        "rm_rf rm_r remove_dir remove_entry remove_entry_secure",
        "* .",
        Does::Like("rm -rf", ALL),
    ),
    call(
        "rm rm_f remove safe_unlink",
        "FileUtils",
        Does::Like("rm -f", ALL),
    ),
    call("delete unlink", "File", Does::Like("rm -f", ALL)),
    call(
        "rmdir delete unlink",
        "Dir FileUtils",
        Does::Like("rmdir", ALL),
    ),
    call("mv move rename", "FileUtils File", Does::Like("mv", 2)),
    call("cp copy cp_r", "FileUtils", Does::Like("cp", 2)),
    call(
        "read readlines binread foreach",
        "File IO",
        Does::Like("cat", 1),
    ),
    call(
        "load_file safe_load_file unsafe_load_file load parse",
        "YAML Psych JSON IniFile Dotenv",
        Does::Like("cat", 1),
    ),
    call("read", "Netrc", Does::LikeOr("cat", "~/.netrc")),
    call("ln_s symlink", "FileUtils File", Does::Like("ln -s", 2)),
    call("write binwrite", "File IO", Does::Like("tee", 1)),
    call("truncate", "File", Does::Like("truncate -s 0", 1)),
    call("open new", "File IO", Does::OpenByMode),
    call("open", ". Kernel", Does::Open),
    call("rmtree", "*", Does::LikeMethod("rm -rf")),
    call("delete unlink", "*", Does::LikeMethod("rm -f")),
    call("read", "*", Does::LikeMethod("cat")),
    call("kill", "Process", Does::Like("kill -s", 2)),
    call("eval instance_eval", ". Kernel", Does::Code),
];

/// Of PHP.
pub(super) const PHP: &[Call] = &[
    call(
        "system exec shell_exec passthru popen proc_open pcntl_exec",
        ".",
        Does::Run,
    ),
    call("unlink", ".", Does::Like("rm -f", 1)),
    call("rmdir", ".", Does::Like("rmdir", 1)),
    call("rename", ".", Does::Like("mv", 2)),
    call("copy", ".", Does::Like("cp", 2)),
    call(
        "file_get_contents readfile file show_source highlight_file parse_ini_file",
        ".",
        Does::Like("cat", 1),
    ),
    call(
        "include include_once require require_once",
        ".",
        Does::Like("cat", 1),
    ),
    call("file_put_contents", ".", Does::Like("tee", 1)),
    call("fopen", ".", Does::OpenByMode),
    call("posix_kill", ".", Does::Like("kill -TERM", 1)),
    call("eval", ".", Does::Code),
];

/// Of Lua, also in Neovim.
pub(super) const LUA: &[Call] = &[
    call("execute", "os", Does::Shell),
    call("popen", "io", Does::Shell),
    call("remove", "os", Does::Like("rm -f", 1)),
    call("rename", "os", Does::Like("mv", 2)),
    call("lines input", "io", Does::Like("cat", 1)),
    call("output", "io", Does::Like("tee", 1)),
    call("open", "io", Does::OpenByMode),
    call("system", "fn", Does::Run),
    call("kill", "*", Does::Like("kill -TERM", 1)),
    call("load loadstring", ".", Does::Code),
];

/// Of R.
pub(super) const R: &[Call] = &[
    call("system shell", ".", Does::Shell),
    call("system2", ".", Does::Run),
    call("unlink", ".", Does::Remove),
    call("remove", "file", Does::Like("rm -f", ALL)),
    call(
        "readLines readRDS file scan readChar",
        ".",
        Does::Like("cat", 1),
    ),
];

/// Of Julia; what its backquotes run stands for itself.
pub(super) const JULIA: &[Call] = &[
    call("rm", ".", Does::Remove),
    call("mv", ".", Does::Like("mv", 2)),
    call("cp", ".", Does::Like("cp", 2)),
    call("read readlines readchomp", ".", Does::Like("cat", 1)),
    call("open", ".", Does::OpenByMode),
];

/// Of Elixir.
pub(super) const ELIXIR: &[Call] = &[
    call("cmd", "System", Does::Run),
    call("shell", "System", Does::Shell),
    call("cmd", "os", Does::Shell),
    call("rm_rf rm_rf!", "File", Does::Like("rm -rf", 1)),
    call("rm rm!", "File", Does::Like("rm -f", 1)),
    call("read read! stream! open!", "File", Does::Like("cat", 1)),
    call("write write!", "File", Does::Like("tee", 1)),
];

/// Of Groovy and other languages of the Java machine.
pub(super) const JAVA: &[Call] = &[
    call("execute !", "*", Does::ShellMethod),
    call("exec", "*", Does::Run),
    call("Process ProcessBuilder", ".", Does::Run),
    call(
        "deleteDir deleteRecursively",
        "*",
        Does::LikeMethod("rm -rf"),
    ),
    call("delete", "*", Does::LikeMethod("rm -f")),
    call("readAllLines readString", "Files", Does::Like("cat", 1)),
    call("fromFile", "Source", Does::Like("cat", 1)),
];

/// Of Lisp, in its many forms.
pub(super) const LISP: &[Call] = &[
    call(
        "shell-command shell-command-to-string async-shell-command system system* sh run-program \
         call-process start-process",
        ". * shell java uiop ext",
        Does::Shell,
    ),
    call("delete-directory", ".", Does::Like("rm -rf", 1)),
    call("delete-file", ".", Does::Like("rm -f", 1)),
    call(
        "insert-file-contents find-file slurp",
        ".",
        Does::Like("cat", 1),
    ),
];

/// Of Vim.
pub(super) const VIMSCRIPT: &[Call] = &[
    call("system systemlist term_start job_start", ".", Does::Run),
    call("delete", ".", Does::Like("rm -rf", 1)),
    call("readfile", ".", Does::Like("cat", 1)),
    call("writefile", ".", Does::Like("tee", 1)),
];

/// Of AppleScript: `do shell script`.
pub(super) const APPLESCRIPT: &[Call] = &[call("script", ".", Does::Shell)];

/// Of languages that are mostly written for something else.
pub(super) const SYSTEM: &[Call] = &[
    call("callCommand popen system", ". *", Does::Shell),
    call("command", "Sys", Does::Shell),
];

/// Of awk; its pipes stand for themselves.
pub(super) const AWK: &[Call] = &[call("system", ".", Does::Shell)];

/// Of C and C++.
pub(super) const C: &[Call] = &[
    call("system popen", "* .", Does::Shell),
    call(
        "execl execle execlp execv execve execvp",
        ".",
        Does::Exec { after: 0 },
    ),
    call("remove_all", "* .", Does::Like("rm -rf", 1)),
    call("unlink remove", ".", Does::Like("rm -f", 1)),
    call("rmdir", ".", Does::Like("rmdir", 1)),
    call("rename", ".", Does::Like("mv", 2)),
    call("truncate", ".", Does::Like("truncate -s 0", 1)),
    call("fopen", ".", Does::OpenByMode),
    call("kill", ".", Does::Like("kill -TERM", 1)),
];

/// Of Go.
pub(super) const GO: &[Call] = &[
    call("Command", "exec", Does::Run),
    call("Kill", "syscall unix", Does::Like("kill -TERM", 1)),
    call("RemoveAll", "os", Does::Like("rm -rf", 1)),
    call("Remove", "os", Does::Like("rm -f", 1)),
    call("Rename", "os", Does::Like("mv", 2)),
    call("Truncate", "os", Does::Like("truncate -s 0", 1)),
    call("ReadFile Open", "os ioutil", Does::Like("cat", 1)),
    call("WriteFile Create", "os ioutil", Does::Like("tee", 1)),
];
