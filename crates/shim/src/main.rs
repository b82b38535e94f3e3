//! The shim: a pod's namespaces, processes and log pipes; or an anchor, which only holds namespaces.
//!
//! Single-threaded, a few hundred kilobytes, and on its own once it runs. Start at [`pod::run`].

mod anchor;
mod container;
mod log;
mod pod;
mod process;
mod rootfs;
mod setup;
mod shim;
mod user;

use std::process::ExitCode;

use mizzen_shim::{ROLE_ANCHOR, ROLE_POD};

fn main() -> ExitCode {
    let arguments = std::env::args().collect::<Vec<_>>();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, ROLE_POD, spec] => pod::run(spec.as_ref()),
        [_, ROLE_ANCHOR] => anchor::run(""),
        [_, ROLE_ANCHOR, namespaces] => anchor::run(namespaces),
        _ => {
            eprintln!("usage: mizzen-shim {ROLE_POD} SPEC | {ROLE_ANCHOR} [NAMESPACES]");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Before it is ready, standard output goes to who started it; afterwards, to nowhere.
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
