//! Random commands, the same in every run.

/// A generator of numbers (xorshift64*).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % end
    }

    pub(super) fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }
}

/// Commands that stand alone; `N` becomes a number of its own.
const ATOMS: [&str; 12] = [
    "rm aN",
    "ls bN",
    "mv cN d",
    "rm -rf 'e N'",
    "cat <<< N",
    "echo hi N",
    ":",
    "true",
    "false",
    "r\\m fN",
    "\"rm\" gN",
    ">oN rm hN",
];

/// Commands made of others: each `C` becomes one. Where a heredoc ends one, a
/// new line has to follow.
const COMPOSED: [&str; 79] = [
    "( C )",
    "{ C; }",
    "if C; then C; else C; fi",
    "if C\nthen C\nelif C; then C\nfi",
    "for i in 1 2; do C; done",
    "for i in $(C) x; do C; done",
    "for ((i=0;i<1;i++)); do C; done",
    "for i in a; { C; }",
    "while C; do C; break; done",
    "until C; do C; break; done",
    "case x in x) C;; esac",
    "case x in (a|x) C ;; *) C;; esac",
    "case $(C) in\n*)\nC\n;;\nesac",
    "case x in x) C;& y) C;; esac",
    "echo $(C)",
    "echo \"$(C)\"",
    "echo \"a $(C) b\" c",
    "echo ${x:-$(C)}",
    "echo \"${x:-\"$(C)\"}\"",
    "echo \"${x:-'$(C)'}\"",
    "echo ${x#$(C)}${x//a/$(C)}",
    "echo ${x:$(C):1}",
    "x=$(C)",
    "x=$(C) rm qN",
    "x=1 y=$(C) ls $(C)",
    "cat <<EOF\n$(C)\nEOF\n",
    "cat <<EOF\na ${x:-$(C)} \"$(C)\n\\$(rm no)\nEOF\n",
    "cat <<'EOF'\n$(rm no) C\nEOF\n",
    "cat <<-EOF\n\t$(C)\n\tEOF\n",
    "cat <<A <<B; C\n$(C)\nA\n$(C)\nB\n",
    "cat <(C)",
    "ls > >(C)",
    "C | C",
    "C |& C",
    "C && C",
    "C || C",
    "C && C || C; C",
    "! C",
    "C &",
    "f() { C; }; f",
    "f() ( C ); f",
    "function g { C; }; g x",
    "f() if C; then C; fi; f",
    "(( $(C) 1 ))",
    "echo $(( 1 + $(C) 0 ))",
    "echo $((C) ; (C))",
    "( (C) ; C )",
    "((C);(C))",
    "echo $[ $(C) 1 ]",
    "[[ -n $(C) ]]",
    "[[ a == a && -z $(C) ]] && C",
    "[[ a =~ ^(a|b)$ ]] && C",
    "a=(1 $(C) 2)",
    "a[$(C)0]=1",
    "a=([0]=$(C) [1]=x); C",
    "echo ${a[$(C)0]}",
    "C # rm no\nC",
    "C\n\n# it's\n\nC",
    "C; echo 'rm no' \"rm no\"; C",
    "echo {a,$(C)}",
    "coproc { C; }; wait",
    "time C",
    "{ C; } 2>&1 >oN",
    "{ C; } <<< x",
    "while read l; do C; done <<< x",
    "C \\\n&& C",
    "if true; then C; fi | { C; }",
    "set -- a; for x; do C; done",
    "select i in 1 2; do C; break; done <<< 1",
    "for ((;;)); do C; break; done",
    "case x in x) C;;& y) C;; *) C;; esac",
    "f() case x in x) C;; esac; f",
    "function h() { C; }; h",
    "f() { trap \":\" RETURN; C; }; f",
    "if [[ -z $(C) ]]; then C; fi",
    "echo \"${a[@]:-$(C)}\"",
    "mapfile -t m < <(C); C",
    "{ C; } |& C",
    "coproc c { C; }; wait",
];

/// Commands that come out of values.
const VALUED: [&str; 67] = [
    "X=rm; $X k",
    "X='rm k'; $X",
    "X=rm; Y=$X; \"$Y\" k",
    "set -- rm z; \"$@\"",
    "set -- rm z; $*",
    "{rm,aN,b}",
    "{r,}m k",
    "$'\\x72m' k",
    "printf -v Y rm; $Y k",
    "read Z <<< rm; $Z k",
    "read -r Z W <<< 'rm k'; $Z $W",
    "f() { local v=rm; $v k; }; f",
    "for v in rm ls; do $v k; done",
    "if [ a = a ]; then v=rm; else v=ls; fi; $v k",
    "v=ls; true && v=rm; $v k",
    "v=rm; false && v=ls; $v k",
    "v=rm; (v=ls); $v k",
    "v=rm; v=ls true; $v k",
    "v=ls; for i in 1 2; do $v k; v=rm; done",
    "f() { shift; \"$@\"; }; f x rm k",
    "f() { $1 k; }; f rm",
    "f() { g; }; g() { rm k; }; f",
    "a=(rm k); \"${a[@]}\"",
    "a=(x rm); ${a[1]} k",
    "a=(x); a+=(rm k); ${a[@]:1}",
    "declare v=rm; $v k",
    "v=xrm; ${v#x} k; v=rmx; ${v%x} k; v=a-rm; ${v##*-} k",
    "v=RM; ${v,,} k; v=rxm; ${v/x} k; v=xxrm; ${v:2} k",
    "v=r; ${v}m k; v+=m; $v k",
    "unset v; ${v:-rm} k; ${v:=rm} k; $v k",
    "IFS=,; v=rm,k; $v",
    "$(echo rm) k; `echo rm k`",
    "$(printf 'r%s' m) k",
    "while read l; do $l k; done <<< rm",
    "echo rm | while read l; do $l k; done",
    "{ read l; $l k; } <<< rm",
    "v=m; w=v; r${!w} k",
    "case rm in *) v=rm;; esac; $v k",
    "trap 'rm k' EXIT",
    "trap 'rm k; ls b' 0",
    "trap \"rm k\" DEBUG; :",
    "f() { trap 'rm k' RETURN; }; f",
    "eval 'rm k'",
    "eval rm k",
    "eval 'r'\"m k\"",
    "v=rm; eval \"\\$v k\"",
    "command rm k; builtin command rm k",
    "source <(echo rm k)",
    "select v in rm; do $v k; break; done <<< 1",
    "mapfile -t m <<< 'rm k'; ${m[0]}",
    "read -ra c <<< 'rm k'; \"${c[@]}\"",
    "IFS=' ' read -r a b <<< 'rm k'; $a $b",
    "a[3]=rm; ${a[3]} k; ${a[-1]} k",
    "declare -A h=([x]=rm); ${h[x]} k",
    "X=rm${IFS}k; $X",
    "rm{,,} k; r{m,n} k; {rm,k}",
    "set -- a rm k; shift; $1 $2; \"${@:1}\"",
    "v=rm; w=$v; unset v; $w k",
    "while getopts a: o -a rm; do $OPTARG k; done",
    "printf 'rm k\\n' | while IFS= read -r l; do eval \"$l\"; done",
    "f() { local -a c=(rm k); \"${c[@]}\"; }; f",
    "v=(rm k); for i in \"${!v[@]}\"; do ${v[$i]} k; done",
    "case rm in r*) ${_:-rm} k;; esac",
    "g() { echo rm k; }; $(g); eval \"$(g)\"",
    "exec 3<<< 'rm k'; read -r l <&3; $l",
    "v=k; rm \"${v@Q}\" ${v^^}",
    "(exec rm k); { exec rm k; } & wait",
];

/// Returns a command that lets bash run only programs of the jail.
pub(super) fn command(random: &mut Random) -> String {
    let mut number = 0;
    let mut text = compose(random, 3);
    while let Some(at) = text.find('N') {
        number += 1;
        text.replace_range(at..=at, &number.to_string());
    }
    text
}

fn compose(random: &mut Random, depth: usize) -> String {
    match random.below(8) {
        0 => random.pick(&VALUED).to_owned(),
        1 | 2 => random.pick(&ATOMS).to_owned(),
        _ if depth == 0 => random.pick(&ATOMS).to_owned(),
        _ => {
            let template = random.pick(&COMPOSED);
            let mut pieces = template.split('C');
            let mut text = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                let inner = compose(random, depth - 1);
                text.push_str(&inner);
                text.push_str(piece);
            }
            text
        }
    }
}

/// What a mutation puts into a text.
const TOKENS: [&str; 44] = [
    ";",
    "&",
    "|",
    "\n",
    "(",
    ")",
    "{",
    "}",
    "$(",
    "`",
    "'",
    "\"",
    "\\",
    "$",
    "${x",
    "${x:-",
    "}",
    "<",
    ">",
    "<<EOF\n",
    "<<<",
    "[[ ",
    " ]]",
    "((",
    "))",
    "#",
    " ",
    "=",
    "x=",
    "\\\n",
    "!",
    "if ",
    "then ",
    "fi",
    "do ",
    "done",
    "case x in x) ",
    ";;",
    "esac",
    "rm k",
    "$'",
    "{a,b}",
    "[",
    "]",
];

/// Returns the text with a few pieces lost, doubled or put in.
pub(super) fn mutate(random: &mut Random, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(chars.len() + 1);
        let end = (at + 1 + random.below(4)).min(chars.len());
        match random.below(4) {
            0 => drop(chars.drain(at..end)),
            1 => {
                let copy = chars[at..end].to_vec();
                chars.splice(at..at, copy);
            }
            _ => drop(chars.splice(at..at, random.pick(&TOKENS).chars())),
        }
    }
    chars.into_iter().collect()
}
