//! Runs under seeds: each ends well, and the same seed gives the same run.

use mizzen_sim::simulate;

/// Runs a seed twice.
fn check(seed: u64) {
    let log = tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env());
    drop(log.with_test_writer().try_init());
    let replay = format!("MIZZEN_SEED={seed} cargo nextest run -p mizzen-sim chosen_seed");
    let first = simulate(seed);
    let wrong = first.violations.join("\n");
    assert!(first.violations.is_empty(), "{wrong}\nafter {:?}\nreplay with: {replay}", first.elapsed);
    assert!(first.journal.0.len() > 500, "{} writes\nreplay with: {replay}", first.journal.0.len());
    let second = simulate(seed);
    if let Some((one, other)) = first.journal.difference(&second.journal) {
        panic!("the same seed, and another run:\n{one:?}\n{other:?}\nreplay with: {replay}");
    }
}

macro_rules! seeds {
    ($($name:ident $seed:literal)*) => {$(
        #[test]
        fn $name() {
            check($seed);
        }
    )*};
}

// One test each, so that each has a process, and with it a seed of hash maps, of its own.
seeds! {
    seed_00 0 seed_01 1 seed_02 2 seed_03 3 seed_04 4 seed_05 5 seed_06 6 seed_07 7 seed_08 8 seed_09 9
    seed_10 10 seed_11 11 seed_12 12 seed_13 13 seed_14 14 seed_15 15 seed_16 16 seed_17 17 seed_18 18 seed_19 19
}

/// The seed in `MIZZEN_SEED`, or one more.
#[test]
fn chosen_seed() {
    let seed = std::env::var("MIZZEN_SEED").ok().map(|text| text.parse().expect("MIZZEN_SEED is a number"));
    check(seed.unwrap_or(20));
}
