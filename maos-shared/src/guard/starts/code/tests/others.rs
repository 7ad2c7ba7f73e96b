use super::super::super::testing::check;
use super::check_code;

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
