//! What the calls of Node.js, Deno and Bun do.

use super::{ALL, Call, Does, call};

/// The modules of Node.js that work on files; and Deno, which has about the same.
const FILES: &str = "fs fsp fsPromises promises";
const FILES_OR_DENO: &str = "fs fsp fsPromises promises Deno";

/// Of Node.js, Deno and Bun.
pub(in super::super) const JAVASCRIPT: &[Call] = &[
    call("exec", "child_process cp", Does::Run),
    call(
        "execSync execFile execFileSync spawn spawnSync execa execaSync execaCommand",
        "* .",
        Does::Run,
    ),
    call("kill", "process", Does::Like("kill -TERM", 1)),
    call("$ $$", "* .", Does::Template),
    call("Command", "Deno", Does::Run),
    call("run", "Deno", Does::Run),
    call("rm rmSync rmdirSync rmdir", FILES, Does::Remove),
    call(
        "remove removeSync",
        "fs fse fs-extra",
        Does::Like("rm -rf", 1),
    ),
    call("remove removeSync", "Deno", Does::Remove),
    call("rm", "shelljs", Does::Like("rm", ALL)),
    call(
        "rimraf rimrafSync deleteAsync deleteSync emptyDir emptyDirSync",
        "* .",
        Does::Like("rm -rf", 1),
    ),
    call("sync", "rimraf", Does::Like("rm -rf", 1)),
    call("unlink unlinkSync", FILES, Does::Like("rm -f", 1)),
    call("rename renameSync", FILES_OR_DENO, Does::Like("mv", 2)),
    call(
        "copyFile copyFileSync cp cpSync",
        FILES_OR_DENO,
        Does::Like("cp", 2),
    ),
    call(
        "readFile readFileSync createReadStream readTextFile readTextFileSync",
        FILES_OR_DENO,
        Does::Like("cat", 1),
    ),
    call(
        "writeFile writeFileSync appendFile appendFileSync createWriteStream writeTextFile \
         writeTextFileSync",
        FILES_OR_DENO,
        Does::Like("tee", 1),
    ),
    call(
        "truncate truncateSync",
        FILES_OR_DENO,
        Does::Like("truncate -s 0", 1),
    ),
    call("open openSync", FILES_OR_DENO, Does::OpenByMode),
    call("readFileSync", "* .", Does::Like("cat", 1)),
    call("writeFileSync appendFileSync", "* .", Does::Like("tee", 1)),
    call("unlinkSync", "* .", Does::Like("rm -f", 1)),
    call("rmSync", "* .", Does::Remove),
    call("file", "Bun", Does::Like("cat", 1)),
    call("require import", ".", Does::LikePath("cat")),
    call("symlink symlinkSync", FILES_OR_DENO, Does::Like("ln -s", 2)),
    call(
        "config configDotenv",
        "dotenv",
        Does::LikeOption("cat", "path"),
    ),
    call("eval runInThisContext runInNewContext", ". vm", Does::Code),
    call("Function", ".", Does::Code),
];
