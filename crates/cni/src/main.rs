//! The built-in plugins as an executable of their own: the name that it is called by says which one it is.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let called = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&called).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match mizzen_cni::plugin_main(name) {
        Some(exit) => ExitCode::from(u8::try_from(exit).unwrap_or(1)),
        None => {
            eprintln!("call me by one of these names: {}", mizzen_cni::NAMES.join(", "));
            ExitCode::FAILURE
        }
    }
}
