use super::super::super::testing::check;
use super::check_code;

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
