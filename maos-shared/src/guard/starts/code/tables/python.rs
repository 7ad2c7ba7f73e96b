//! What the calls of Python do.

use super::{Call, Does, call};

/// Of Python.
pub(in super::super) const PYTHON: &[Call] = &[
    call("system", "*", Does::Shell),
    call(
        "system popen getoutput getstatusoutput",
        ". os subprocess sp commands",
        Does::Shell,
    ),
    call(
        "run call check_call check_output Popen",
        "subprocess sp",
        Does::Run,
    ),
    call("create_subprocess_shell", "* .", Does::Shell),
    call("create_subprocess_exec spawn", "asyncio pty", Does::Run),
    call(
        "execv execve execvp execvpe execl execle execlp execlpe",
        ". os",
        Does::Exec { after: 0 },
    ),
    call("posix_spawn posix_spawnp", ". os", Does::Exec { after: 0 }),
    call(
        "spawnv spawnve spawnvp spawnvpe spawnl spawnle spawnlp spawnlpe",
        ". os",
        Does::Exec { after: 1 },
    ),
    call("rmtree", "* .", Does::Like("rm -rf", 1)),
    call("remove unlink", "os", Does::Like("rm -f", 1)),
    call("rmdir removedirs", "os", Does::Like("rmdir", 1)),
    call("truncate", "os", Does::Like("truncate -s 0", 1)),
    call("move", "shutil", Does::Like("mv", 2)),
    call("rename replace renames", "os", Does::Like("mv", 2)),
    call(
        "copy copy2 copyfile copytree",
        "shutil",
        Does::Like("cp", 2),
    ),
    call("open", ". io codecs os", Does::OpenByMode),
    call("unlink", "*", Does::LikeMethod("rm -f")),
    call("rmdir", "*", Does::LikeMethod("rmdir")),
    call("rename", "*", Does::LikeMethod("mv")),
    call("read_text read_bytes open", "*", Does::LikeMethod("cat")),
    call("write_text write_bytes", "*", Does::LikeMethod("tee")),
    call(
        "dotenv_values get_key load_dotenv set_key unset_key",
        ". dotenv",
        Does::Like("cat", 1),
    ),
    call("input FileInput", "fileinput", Does::Like("cat", 1)),
    call("getline getlines", "linecache", Does::Like("cat", 1)),
    call("run_path", "runpy", Does::Like("cat", 1)),
    call("netrc", ". netrc", Does::LikeOr("cat", "~/.netrc")),
    call(
        "get_credentials",
        "*",
        Does::LikeOr("cat", "~/.aws/credentials"),
    ),
    call("get_password", "keyring", Does::Like("keyring get", 2)),
    call("symlink link", "os", Does::Like("ln -s", 2)),
    call(
        "FileIO ConfigObj RepositoryEnv RepositoryIni",
        "* .",
        Does::Like("cat", 1),
    ),
    call("connect", "sqlite3", Does::Like("cat", 1)),
    call("load", "toml", Does::Like("cat", 1)),
    call("urlopen", "request . urllib", Does::Like("curl", 1)),
    call("urlretrieve", "request . urllib", Does::Like("cp", 2)),
    call("download", "wget", Does::Like("cp", 2)),
    call("kill killpg", "os .", Does::Like("kill -TERM", 1)),
    call(
        "read read_csv read_table read_env genfromtxt loadtxt",
        "*",
        Does::Like("cat", 1),
    ),
    call("exec eval", ".", Does::Code),
];
