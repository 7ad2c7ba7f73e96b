use super::super::super::testing::check;
use super::check_code;

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
