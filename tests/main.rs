//! End-to-end tests: the real `mizzen`, the real kubectl, real containers. A module a promise.
//!
//! Tests of a group share a cluster, made by the first that asks for it and taken down when all are done: run them
//! with `cargo test --package mizzen-tests` (one process), picking some by name as usual.
//! Each test works in a namespace of its own.

mod clients;
mod cluster;
mod crash;
mod custom;
mod deployments;
mod groups;
mod lifecycle;
mod listeners;
mod memory;
mod nodes;
mod parts;
mod pods;
mod recovery;
mod resizes;
mod server;
mod services;
mod stores;
mod streams;
mod stress;
mod trace;
mod verbs;
mod vm;
mod wire;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Two clusters at once are as much as two cores like.
    arguments.test_threads.get_or_insert(4);
    let tests: Vec<Trial> = [
        memory::tests(),
        custom::tests(),
        verbs::tests(),
        parts::tests(),
        clients::tests(),
        stores::tests(),
        stress::tests(),
        pods::tests(),
        resizes::tests(),
        deployments::tests(),
        services::tests(),
        streams::tests(),
        trace::tests(),
        listeners::tests(),
        recovery::tests(),
        nodes::tests(),
        crash::tests(),
        lifecycle::tests(),
        vm::tests(),
    ]
    .into_iter()
    .flatten()
    .filter(|trial| vm::is_planned(trial.name()))
    .collect();
    let conclusion = libtest_mimic::run(&arguments, tests);
    groups::down();
    conclusion.exit_code()
}
