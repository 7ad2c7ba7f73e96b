//! Inputs made of others, the same in every run.

/// A generator of numbers (xorshift64*).
pub struct Random(u64);

impl Random {
    /// Returns the generator of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below `end`, 0 for an empty range.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or(usize::MAX) % end.max(1)
    }
}

/// What shells and JSON give a meaning.
const TOKENS: [&str; 84] = [
    ";",
    "&",
    "|",
    "&&",
    "||",
    "\n",
    "(",
    ")",
    "{ ",
    "}",
    "$(",
    "`",
    "'",
    "\"",
    "\\",
    "$",
    "${x",
    "${x:-",
    "${x/a/",
    "${!x}",
    "${x[@]}",
    "$((",
    "$[",
    "<",
    ">",
    ">>",
    "2>&1",
    "<(",
    ">(",
    "<<EOF\n",
    "<<'EOF'\n",
    "<<-E\n",
    "\nEOF\n",
    "<<<",
    "[[ ",
    " ]]",
    "((",
    "))",
    "#",
    " ",
    "\t",
    "=",
    "x=",
    "a=(",
    "a[0]=",
    "\\\n",
    "! ",
    "if ",
    "then ",
    "elif ",
    "else ",
    "fi",
    "do ",
    "done",
    "for x in ",
    "while ",
    "case x in x) ",
    ";;",
    "esac",
    "f(){ ",
    "coproc ",
    "eval ",
    "exec ",
    "trap ",
    "source ",
    "alias a=",
    "cd ..; ",
    "read x <<< ",
    "printf -v x ",
    "set -- ",
    "sudo ",
    "bash -c ",
    "xargs ",
    "find . -exec ",
    "python3 -c ",
    "awk ",
    "sed ",
    "git ",
    "rm -rf ",
    "$'\\x",
    "{a,b}",
    "{1..9}",
    "\u{0}",
    "é",
];

/// Most bytes of an input: more finds little and takes long.
const BYTES: usize = 4096;

/// Returns a new input: one of the others with a few pieces lost, doubled, put
/// in or taken from another.
pub fn mutated(random: &mut Random, inputs: &[Vec<u8>]) -> Vec<u8> {
    let mut input = inputs[random.below(inputs.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        let end = (at + 1 + random.below(16)).min(input.len());
        match random.below(7) {
            0 => drop(input.drain(at..end)),
            1 => {
                let piece = input[at..end].to_vec();
                let copies = piece.repeat(1 + random.below(40));
                input.splice(at..at, copies);
            }
            2 => {
                let other = &inputs[random.below(inputs.len())];
                let from = random.below(other.len());
                let to = (from + random.below(64)).min(other.len());
                let piece = other[from..to].to_vec();
                input.splice(at..at, piece);
            }
            3 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap_or_default();
                }
            }
            4 => {
                let token = TOKENS[random.below(TOKENS.len())];
                input.splice(at..at, token.repeat(1 + random.below(60)).into_bytes());
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                input.splice(at..at, token.bytes());
            }
        }
    }
    input.truncate(BYTES);
    input
}
