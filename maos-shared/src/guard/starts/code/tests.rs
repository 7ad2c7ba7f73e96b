use super::super::super::shell::{Part, Word};
use super::super::testing::{check, check_fed, started, test_command};
use super::super::words;
use crate::testing::grows_linearly;

/// Checks what code starts, given to an interpreter behind an option.
fn check_code(interpreter: &[&str], cases: &[(&str, &[&str])]) {
    for (code, expected) in cases {
        let mut command = test_command("");
        command.words = interpreter.iter().copied().map(words::word).collect();
        command.words.push(words::word(code));
        assert_eq!(started(&command, None), *expected, "{code}");
    }
}

#[test]
fn python_starts_commands() {
    check_code(
        &["python3", "-c"],
        &[
            ("import os; os.system('rm -rf /')", &["sh: rm -rf /"]),
            ("import os\nos.system(\"rm \\x2drf /\")", &["sh: rm -rf /"]),
            ("__import__('os').system('rm x')", &["sh: rm x"]),
            ("import os as o; o.system('rm x')", &["sh: rm x"]),
            ("from os import system; system('rm x')", &["sh: rm x"]),
            ("os.popen(r'rm x').read()", &["sh: rm x"]),
            ("os.system('''rm\nx''')", &["sh: rm\nx"]),
            ("os.system('rm ' + '-rf' ' /')", &["sh: rm -rf /"]),
            ("os.system('rm ' + x)", &["sh: rm ¤"]),
            ("os.system(f'rm {x}/y')", &["sh: rm ¤/y"]),
            ("p='/'; os.system(f'rm {p}')", &["sh: rm /"]),
            ("os.system('rm %s' % p)", &["sh: rm ¤"]),
            ("os.system('rm {}'.format(p))", &["sh: rm ¤"]),
            ("subprocess.run(['rm', '-rf', '/'])", &["rm -rf /"]),
            ("import subprocess as s; s.call(('rm', 'x'))", &["rm x"]),
            ("subprocess.run('rm x', shell=True)", &["sh: rm x"]),
            ("subprocess.run('rm x'.split(), check=True)", &["rm x"]),
            ("subprocess.run(['rm', d])", &["rm ¤"]),
            ("subprocess.check_output(args)", &[]),
            ("os.execvp('rm', ['rm', '-rf', '/'])", &["rm -rf /"]),
            ("os.execl('/bin/rm', 'rm', '-rf', '/')", &["/bin/rm -rf /"]),
            ("os.spawnvp(os.P_WAIT, 'rm', ['rm', 'x'])", &["rm x"]),
            ("import pty; pty.spawn(['rm', 'x'])", &["rm x"]),
            ("exec('import os')", &["python3 -c 'import os'"]),
            ("print(f\"{os.system('rm x')}\")", &["sh: rm x"]),
        ],
    );
}

#[test]
fn python_removes_and_reads() {
    check_code(
        &["python3", "-c"],
        &[
            (
                "import shutil; shutil.rmtree('/home/user')",
                &["rm -rf /home/user"],
            ),
            ("shutil.rmtree('x', ignore_errors=True)", &["rm -rf x"]),
            ("shutil.rmtree('x', True)", &["rm -rf x"]),
            ("p='/'; shutil.rmtree(p)", &["rm -rf /"]),
            ("shutil.rmtree(p)", &["rm -rf ¤"]),
            ("for d in ['a', 'b']: shutil.rmtree(d)", &["rm -rf a b"]),
            ("shutil.rmtree(os.path.expanduser('~/x'))", &["rm -rf ~/x"]),
            ("shutil.rmtree(os.environ['HOME'])", &["rm -rf $HOME"]),
            (
                "shutil.rmtree(os.environ.get('HOME') + '/x')",
                &["rm -rf $HOME/x"],
            ),
            (
                "shutil.rmtree(os.path.join(os.getenv('HOME'), 'x'))",
                &["rm -rf $HOME/x"],
            ),
            ("shutil.rmtree(Path.home() / 'x')", &["rm -rf ~/x"]),
            (
                "d = tempfile.mkdtemp(); shutil.rmtree(d)",
                &["rm -rf $TMPDIR/tmp.XXXXXXXXXX"],
            ),
            ("os.remove('a'); os.rmdir('b')", &["rm -f a", "rmdir b"]),
            ("Path('x').unlink()", &["rm -f x"]),
            ("pathlib.Path('x/y').rmdir()", &["rmdir x/y"]),
            ("p = Path('x'); p.unlink(missing_ok=True)", &["rm -f x"]),
            (
                "(Path.home()/'.ssh'/'id_rsa').read_text()",
                &["cat ~/.ssh/id_rsa"],
            ),
            ("open('.env')", &["cat .env"]),
            ("print(open('.env').read())", &["cat .env"]),
            ("open(path)", &[]),
            ("open('out.txt', 'w').write('x')", &["tee out.txt"]),
            ("Path('.env').read_text()", &["cat .env"]),
            ("shutil.move('a', '/dev/null')", &["mv a /dev/null"]),
            ("names.remove('x')", &[]),
        ],
    );
}

#[test]
fn what_only_says_or_defines_starts_nothing() {
    check_code(
        &["python3", "-c"],
        &[
            ("print('rm -rf /')", &[]),
            ("x = 'rm -rf /'", &[]),
            ("# os.system('rm x')", &[]),
            ("print(\"os.system('rm x')\")", &[]),
            ("'''\nos.system('rm x')\n'''", &[]),
            ("def system(x='rm x'): pass", &[]),
            ("run('rm x')", &[]),
            ("it's os.system", &[]),
        ],
    );
    check_code(
        &["node", "-e"],
        &[
            ("console.log(\"rm -rf /\")", &[]),
            ("// execSync('rm x')", &[]),
            ("/execSync('rm x')/.test(a)", &[]),
            ("/'/.exec(\"rm x\")", &[]),
            ("$('.a > b')", &[]),
        ],
    );
    check(&[
        ("awk '/rm -rf/ {print}' log", &[]),
        ("awk '{print \"system(1)\"}'", &[]),
        ("awk '$1 > 100 || /x/' log", &[]),
        ("perl -ne 'print if /system(.*)/' f", &[]),
        ("ruby -e 'puts \"system\"'", &[]),
        ("sed 's/rm -rf/e/; s/e/x/' f", &[]),
        ("sed -n '/e/p; 1,40p' f", &[]),
        ("python3 -m http.server", &[]),
        ("python3 script.py -c \"os.system('rm x')\"", &[]),
        ("node app.js", &[]),
    ]);
}

#[test]
fn javascript_starts_and_removes() {
    check_code(
        &["node", "-e"],
        &[
            (
                "require('child_process').execSync('rm -rf /')",
                &["sh: rm -rf /"],
            ),
            (
                "require(\"node:child_process\").exec(`rm x`)",
                &["sh: rm x"],
            ),
            (
                "const c = require('child_process'); c.exec('rm x', cb)",
                &["sh: rm x"],
            ),
            (
                "const {exec} = require('child_process'); exec('rm x')",
                &["sh: rm x"],
            ),
            (
                "import { exec as e, spawn } from 'child_process'; spawn('rm', ['x'])",
                &["rm x"],
            ),
            (
                "cp.execFileSync('rm', ['-rf', '/'], {stdio: 'inherit'})",
                &["rm -rf /"],
            ),
            ("spawn('rm x', {shell: true})", &["sh: rm x"]),
            ("await $`rm ${dir}/x`", &["sh: rm ¤/x"]),
            ("Bun.spawn(['rm', 'x'])", &["rm x"]),
            (
                "new Deno.Command('rm', { args: ['-rf', '/'] })",
                &["rm -rf /"],
            ),
            (
                "fs.rmSync('/', { recursive: true, force: true })",
                &["rm -rf /"],
            ),
            ("fs.rmSync('x')", &["rm -f x"]),
            (
                "require('fs').rmdirSync('x', {recursive:true})",
                &["rm -rf x"],
            ),
            (
                "fs.promises.rm(process.env.HOME, {recursive: true})",
                &["rm -rf $HOME"],
            ),
            (
                "fs.rmSync(path.join(os.homedir(), 'x'), {recursive: true})",
                &["rm -rf ~/x"],
            ),
            (
                "fs.rmSync(`${os.homedir()}/x`, {recursive: true})",
                &["rm -rf $HOME/x"],
            ),
            ("fs.unlinkSync('x'); rimraf('y')", &["rm -f x", "rm -rf y"]),
            ("require('fs').readFileSync('.env', 'utf8')", &["cat .env"]),
            ("fs.createReadStream(\".env\")", &["cat .env"]),
            ("Deno.readTextFile('.env')", &["cat .env"]),
            ("console.log(`${execSync('rm x')}`)", &["sh: rm x"]),
            ("a / b; execSync('rm x') / c", &["sh: rm x"]),
        ],
    );
    check(&[
        ("node -pe 'execSync(\"rm x\")'", &["sh: rm x"]),
        ("node -p 'execSync(\"rm x\")'", &["sh: rm x"]),
        (
            "deno eval 'Deno.removeSync(\"x\", {recursive: true})'",
            &["rm -rf x"],
        ),
        ("bun -e 'await $`rm x`'", &["sh: rm x"]),
    ]);
}

#[test]
fn perl_starts_and_removes() {
    check_code(
        &["perl", "-e"],
        &[
            ("system('rm -rf /home/user')", &["sh: rm -rf /home/user"]),
            ("system 'rm', '-rf', '/'", &["rm -rf /"]),
            ("system(qw(rm -rf /))", &["rm -rf /"]),
            ("system('rm', '-rf', $x)", &["rm -rf ¤"]),
            ("exec q{rm x}", &["sh: rm x"]),
            ("my $p = '/'; system \"rm -rf $p\"", &["sh: rm -rf /"]),
            ("print `rm x`; qx(rm y)", &["sh: rm x", "sh: rm y"]),
            ("system(\"rm -rf $ENV{HOME}\")", &["sh: rm -rf $HOME"]),
            ("unlink 'a', 'b'", &["rm -f a b"]),
            ("use File::Path; rmtree('x')", &["rm -rf x"]),
            ("File::Path::remove_tree('x', {safe => 1})", &["rm -rf x"]),
            ("open(F, '<', '.env')", &["cat .env"]),
            ("open my $f, '-|', 'rm', 'x'", &["rm x"]),
            ("open(F, 'rm x|')", &["sh: rm x"]),
            ("print 'system(1)'; # system('rm x')", &[]),
            ("s/system('rm x')/y/", &[]),
            ("system('rm x') if $y", &["sh: rm x"]),
            ("for my $d ('a', 'b') { rmtree($d) }", &["rm -rf a b"]),
        ],
    );
    check(&[(
        "perl -i.bak -MFile::Path -lane 'unlink \"x\"'",
        &["rm -f x"],
    )]);
}

#[test]
fn ruby_starts_and_removes() {
    check_code(
        &["ruby", "-e"],
        &[
            ("system('rm -rf /')", &["sh: rm -rf /"]),
            ("system 'rm', '-rf', '/'", &["rm -rf /"]),
            ("`rm x`; %x{rm y}", &["sh: rm x", "sh: rm y"]),
            ("exec %q(rm x)", &["sh: rm x"]),
            ("system(*%w[rm x])", &["rm x"]),
            (
                "require 'fileutils'; FileUtils.rm_rf('/home/user')",
                &["rm -rf /home/user"],
            ),
            ("FileUtils.rm_rf %w[a b]", &["rm -rf a b"]),
            ("FileUtils.rm_rf(ENV['HOME'])", &["rm -rf $HOME"]),
            ("FileUtils.rm_rf(File.join(Dir.home, 'x'))", &["rm -rf ~/x"]),
            ("puts File.read(\".env\")", &["cat .env"]),
            ("File.delete('a', 'b')", &["rm -f a b"]),
            ("Open3.capture2('rm', 'x')", &["rm x"]),
            ("IO.popen('rm x')", &["sh: rm x"]),
            ("Pathname('x').rmtree", &["rm -rf x"]),
            ("open('|rm x')", &["sh: rm x"]),
            ("system \"rm #{d}\"", &["sh: rm ¤"]),
            (
                "['a', 'b'].each { |d| FileUtils.rm_rf(d) }",
                &["rm -rf a b"],
            ),
            ("puts 10 % 3; puts 'x'", &[]),
        ],
    );
    check(&[("ruby -we 'system(\"rm x\")'", &["sh: rm x"])]);
}

#[test]
fn other_languages_start_and_remove() {
    check_code(
        &["php", "-r"],
        &[
            ("system('rm x'); unlink('y');", &["sh: rm x", "rm -f y"]),
            ("$p = '/'; shell_exec(\"rm $p\");", &["sh: rm /"]),
            ("echo `rm x`; // exec('rm y')", &["sh: rm x"]),
            ("echo file_get_contents('.env');", &["cat .env"]),
        ],
    );
    check_code(
        &["lua", "-e"],
        &[
            ("os.execute('rm ' .. '-rf /')", &["sh: rm -rf /"]),
            ("os.execute[[rm x]]", &["sh: rm x"]),
            ("io.popen(\"\\114m x\")", &["sh: rm x"]),
            ("-- os.execute('rm x')\nos.remove('y')", &["rm -f y"]),
            ("--[[ os.execute('rm x') ]]", &[]),
        ],
    );
    check(&[
        ("Rscript -e 'system(\"rm x\")'", &["sh: rm x"]),
        ("R -e 'unlink(\"x\", recursive=TRUE)'", &["rm -rf x"]),
        ("R -e 'system2(\"rm\", c(\"-rf\", \"x\"))'", &["rm -rf x"]),
        (
            "julia -e 'run(`rm x`); rm(\"y\"; recursive=true)'",
            &["sh: rm x", "rm -rf y"],
        ),
        (
            "osascript -e 'do shell script \"rm x\" with administrator privileges'",
            &["sh: rm x"],
        ),
        ("osascript -e 'display dialog \"rm x\"'", &[]),
    ]);
}

#[test]
fn awk_and_sed_start() {
    check(&[
        ("awk 'BEGIN { system(\"rm -rf /\") }'", &["sh: rm -rf /"]),
        (
            "awk 'BEGIN { system(\"rm\\x20-rf\\x20/\") }'",
            &["sh: rm -rf /"],
        ),
        ("awk '{ system(\"rm \" $1) }' f", &["sh: rm ¤"]),
        ("gawk 'BEGIN { \"rm x\" | getline line }'", &["sh: rm x"]),
        ("awk '{ print $1 | \"rm x\" }'", &["sh: rm x"]),
        ("awk '{ print > \".env\" }'", &["cat .env"]),
        (
            "awk 'BEGIN { while ((getline l < \".env\") > 0) print l }'",
            &["cat .env"],
        ),
        ("awk -v c='rm x' 'BEGIN { system(c) }'", &["sh: rm x"]),
        ("awk -f script.awk '{ system(\"rm\") }'", &[]),
        ("sed '1e rm x' f", &["sh: rm x"]),
        ("sed -n -e 's/x/rm \\/y/e' f", &["sh: rm /y"]),
        ("sed 's|a|rm x|ge;p'", &["sh: rm x"]),
        ("sed e", &[]),
    ]);
}

#[test]
fn a_program_on_the_input_is_code() {
    check_fed(&[
        ("python3", "import os\nos.system('rm x')", &["sh: rm x"]),
        ("python3 - a", "import os\nos.system('rm x')", &["sh: rm x"]),
        ("python3.11", "open('.env')", &["cat .env"]),
        (
            "node",
            "require('fs').readFileSync('.env','utf8')",
            &["cat .env"],
        ),
        ("deno run -", "Deno.removeSync('x')", &["rm -f x"]),
        ("perl", "system('rm x')", &["sh: rm x"]),
        ("php", "<?php unlink('x');", &["rm -f x"]),
        ("awk -f -", "BEGIN { system(\"rm x\") }", &["sh: rm x"]),
        ("awk '{ print }'", "system(\"rm x\")", &[]),
        ("python3 script.py", "os.system('rm x')", &[]),
        ("python3 -m json.tool", "os.system('rm x')", &[]),
        ("python3 -c pass", "os.system('rm x')", &[]),
    ]);
}

#[test]
fn what_the_shell_leaves_unknown_stays_in_its_place() {
    let code = Word {
        parts: vec![
            Part::Text("import os; os.system('rm -rf ".to_owned()),
            Part::variable("DIR", true),
            Part::Text("/x')".to_owned()),
        ],
    };
    let mut command = test_command("python3 -c");
    command.words.push(code);
    assert_eq!(started(&command, None), ["sh: rm -rf $DIR/x"]);
    check(&[("python3 -c ¤", &[])]);
}

/// Interpreters of languages that differ most.
const INTERPRETERS: [&str; 5] = ["python3 -c", "node -e", "perl -e", "awk", "sed"];

/// Checks that code of one seed over and over is read in a time that grows
/// with its length, not with the square of it.
fn check_hostile(seeds: &[&str], bytes: usize) {
    for seed in seeds {
        for interpreter in INTERPRETERS {
            let command = |bytes: usize| {
                let mut command = test_command(interpreter);
                command
                    .words
                    .push(words::word(&seed.repeat(bytes / seed.len())));
                command
            };
            let is_linear = grows_linearly(bytes / 8, command, |command| {
                started(command, None);
            });
            assert!(is_linear, "{interpreter} {seed}");
        }
    }
}

#[test]
fn hostile_characters_cost_their_length() {
    let seeds = [
        "'", "\"", "`", "\\'", "'\"", "(", ")", "[", "{", "/", "\\", "'''",
    ];
    check_hostile(&seeds, 50_000);
}

#[test]
fn hostile_code_costs_its_length() {
    let seeds = [
        "${",
        "#{",
        "f'{",
        "/[",
        "\\/",
        "q(",
        "[=",
        "system(",
        "system ",
        "system('a'+",
        "x=x+x;",
        "a=",
        "f(a=",
        "os.path.join(",
        "a.b.",
        "|",
        "\"a\" | getline ",
        "for x in [",
        "import a, ",
        "'%s' % ",
        "s/a/",
        "rm('x',{",
        "unlink 'a',",
        "\n'",
        "--[[",
        "/*",
    ];
    check_hostile(&seeds, 10_000);
}
