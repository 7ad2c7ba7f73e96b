//! Lets a storm of creations blow, for as many rounds as the first argument says.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example reads its argument and prints what came of it"
)]

use maos_tests::storm;

fn main() {
    let rounds = std::env::args().nth(1);
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(10);
    let storm = storm(rounds, |so_far| {
        if so_far.rounds % 10 == 0 {
            println!("{} of {rounds} rounds", so_far.rounds);
        }
    });
    println!("{storm}");
}
