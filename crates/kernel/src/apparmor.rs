//! AppArmor: which profiles the kernel knows, loading and removing one, and confining the next program by one.
//!
//! Source: the kernel's documentation, "AppArmor", and apparmor_parser(8).

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Context, Error, Result};

/// The kernel's files about its policy.
const POLICY: &str = "/sys/kernel/security/apparmor";
/// Compiles profiles, from Debian's package `apparmor`.
const PARSER: [&str; 3] = ["/usr/sbin/apparmor_parser", "/sbin/apparmor_parser", "/usr/bin/apparmor_parser"];
/// What statfs says of procfs. Source: statfs(2).
const PROC_SUPER_MAGIC: rustix::fs::FsWord = 0x9fa0;

/// Whether the kernel enforces profiles, and its policy can be seen here.
pub fn is_enabled() -> bool {
    let on = fs::read_to_string("/sys/module/apparmor/parameters/enabled");
    on.is_ok_and(|text| text.starts_with('Y')) && Path::new(POLICY).is_dir()
}

/// Whether a profile of this name is loaded.
pub fn is_loaded(profile: &str) -> Result<bool> {
    let path = Path::new(POLICY).join("profiles");
    let text = fs::read_to_string(&path).doing_with(|| format!("read {}", path.display()))?;
    Ok(lists(&text, profile))
}

/// Lines read `NAME (MODE)`; names may have blanks.
fn lists(text: &str, profile: &str) -> bool {
    text.lines().any(|line| line.rsplit_once(" (").is_some_and(|(name, _)| name == profile))
}

/// The program that compiles profiles, where there is one.
pub fn parser() -> Option<PathBuf> {
    PARSER.iter().map(PathBuf::from).find(|path| path.is_file())
}

/// Loads profiles from their text, in place of those of the same names.
pub fn load(parser: &Path, text: &str) -> Result<()> {
    let operation = || format!("load an AppArmor profile with {}", parser.display());
    // No cache: it would stay on the machine.
    let mut child = Command::new(parser)
        .args(["--skip-cache", "--replace"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .doing_with(operation)?;
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    match stdin.write_all(text.as_bytes()) {
        // It refused before it read everything; what it says tells more.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other.doing_with(operation)?,
    }
    drop(stdin);
    let output = child.wait_with_output().doing_with(operation)?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::invalid(operation(), String::from_utf8_lossy(&output.stderr).trim()))
}

/// Removes a profile; processes that it confined are unconfined from then on. One that is not loaded is fine.
pub fn remove(profile: &str) -> Result<()> {
    if !is_enabled() || !is_loaded(profile)? {
        return Ok(());
    }
    match fs::write(Path::new(POLICY).join(".remove"), profile) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.doing_with(|| format!("remove AppArmor profile {profile}")),
    }
}

/// Has the profile confine the program that the calling process executes next.
pub fn confine_on_exec(profile: &str) -> Result<()> {
    let operation = || format!("confine a program by AppArmor profile {profile:?}");
    let open = |path: &str| fs::OpenOptions::new().write(true).open(path);
    let file = match open("/proc/self/attr/apparmor/exec") {
        // Linux before 5.8 has the file that all such modules share.
        Err(error) if error.kind() == io::ErrorKind::NotFound => open("/proc/self/attr/exec"),
        other => other,
    };
    let mut file = file.doing_with(operation)?;
    // A container that may mount could have put something else there.
    let stat = rustix::fs::fstatfs(&file).map_err(|error| Error::new(operation(), error))?;
    if stat.f_type != PROC_SUPER_MAGIC {
        return Err(Error::invalid(operation(), "/proc is not the kernel's"));
    }
    file.write_all(format!("exec {profile}").as_bytes()).doing_with(operation)
}

#[cfg(test)]
mod tests {
    use super::lists;

    #[test]
    fn names_of_profiles() {
        let text = "lsb_release (enforce)\nnvidia_modprobe//kmod (enforce)\nwith blank (complain)\n";
        for (name, expect) in [("lsb_release", true), ("with blank", true), ("lsb", false), ("", false)] {
            assert_eq!(lists(text, name), expect, "{name}");
        }
    }
}
