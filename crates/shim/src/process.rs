//! The last steps of a process before its program: limits, user, capabilities, filters, exec.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mizzen_kernel::caps::{self, Caps};
use mizzen_kernel::{Error, apparmor, limits, process, seccomp, signal, terminal};
use mizzen_shim::spec::Process;
use rustix::fs::{FileType, Gid, Mode, Uid};

use crate::user::Identity;

/// Standard input, output and error of a new process.
pub(crate) enum Stdio {
    /// As given.
    Plain([OwnedFd; 3]),
    /// The slave of a terminal.
    Terminal(OwnedFd),
}

/// Becomes the program of `spec`, in namespaces, root and control group that are in place; comes back only with the
/// reason why not.
pub(crate) fn become_program(spec: &Process, identity: &Identity, stdio: Stdio) -> Error {
    match prepare(spec, identity, stdio) {
        Ok((path, environment)) => process::exec(&path, &spec.args, &environment),
        Err(error) => error,
    }
}

fn prepare(spec: &Process, identity: &Identity, stdio: Stdio) -> Result<(String, Vec<String>), Error> {
    place_stdio(stdio, identity)?;
    rustix::process::umask(Mode::from_raw_mode(0o022));
    for (name, soft, hard) in &spec.rlimits {
        limits::set_rlimit(name, *soft, *hard)?;
    }
    // What the super-user may enter counts, then what the user itself may.
    let entered = enter(&spec.cwd);
    if let Some(profile) = &spec.apparmor {
        apparmor::confine_on_exec(profile)?;
    }
    let filters = || seccomp::install(&spec.seccomp);
    if !spec.no_new_privs {
        // Without no_new_privs, only a process with all its capabilities may install filters.
        filters()?;
    }
    let bounding = Caps(spec.capabilities.bounding).intersection(caps::permitted()?);
    caps::limit_bounding(bounding)?;
    caps::keep_over_setuid(true)?;
    caps::become_user(identity.uid, identity.gid, &identity.groups)?;
    caps::keep_over_setuid(false)?;
    let ambient = Caps(spec.capabilities.ambient);
    let effective = if identity.uid == 0 { bounding } else { bounding.intersection(ambient) };
    // For a user other than the super-user exec would drop everything but the ambient set: so it is now.
    caps::set(effective, ambient)?;
    if entered.is_err() {
        enter(&spec.cwd)?;
    }
    if spec.no_new_privs {
        caps::set_no_new_privs()?;
        filters()?;
    }
    let mut environment = spec.env.clone();
    if !environment.iter().any(|variable| variable.starts_with("HOME=")) {
        environment.push(format!("HOME={}", identity.home));
    }
    let path = look_up(spec.args.first().map_or("", String::as_str), &environment)?;
    process::close_on_exec_from(3)?;
    signal::reset();
    Ok((path, environment))
}

fn place_stdio(stdio: Stdio, identity: &Identity) -> Result<(), Error> {
    match stdio {
        Stdio::Plain(fds) => {
            for (number, fd) in (0..).zip(&fds) {
                process::place(fd, number)?;
                own_pipe(fd, identity)?;
            }
        }
        Stdio::Terminal(slave) => {
            own(&slave, identity)?;
            for number in 0..3 {
                process::place(&slave, number)?;
            }
            terminal::make_controlling(&slave)?;
        }
    }
    Ok(())
}

/// A pipe becomes the user's own, so that /dev/stdout can be opened.
fn own_pipe(fd: &OwnedFd, identity: &Identity) -> Result<(), Error> {
    let stat = rustix::fs::fstat(fd).map_err(|error| Error::new("look at standard streams", error))?;
    if FileType::from_raw_mode(stat.st_mode) == FileType::Fifo { own(fd, identity) } else { Ok(()) }
}

fn own(fd: impl AsFd, identity: &Identity) -> Result<(), Error> {
    rustix::fs::fchown(fd, Some(Uid::from_raw(identity.uid)), Some(Gid::from_raw(identity.gid)))
        .map_err(|error| Error::new("hand over standard streams", error))
}

/// Enters the working folder; one that turns out to lie outside of the root (through an inherited descriptor, say) is
/// refused.
fn enter(cwd: &str) -> Result<(), Error> {
    let cwd = if cwd.is_empty() { "/" } else { cwd };
    let operation = || format!("enter the working directory {cwd:?}");
    rustix::process::chdir(cwd).map_err(|error| Error::new(operation(), error))?;
    let now = rustix::process::getcwd(Vec::new()).map_err(|error| Error::new(operation(), error))?;
    if now.to_bytes().first() == Some(&b'/') {
        Ok(())
    } else {
        Err(Error::invalid(operation(), "it is outside of the container"))
    }
}

/// The program's path: as it is when it has a slash, otherwise looked up in the PATH of the new environment.
fn look_up(program: &str, environment: &[String]) -> Result<String, Error> {
    let operation = || format!("exec: {program:?}");
    if program.is_empty() {
        return Err(Error::invalid(operation(), "no command specified"));
    }
    if program.contains('/') {
        return Ok(program.to_owned());
    }
    let path =
        environment.iter().rev().find_map(|variable| variable.strip_prefix("PATH=")).unwrap_or_default();
    path.split(':')
        .map(|folder| Path::new(if folder.is_empty() { "." } else { folder }).join(program))
        .find(|candidate| {
            candidate.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
        })
        .and_then(|found| found.to_str().map(str::to_owned))
        .ok_or_else(|| Error::invalid(operation(), "executable file not found in $PATH"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_looked_up_in_the_new_path() {
        let check = |program: &str, path: &str, expect: Option<&str>| {
            let environment = vec![format!("PATH={path}")];
            assert_eq!(look_up(program, &environment).ok().as_deref(), expect, "{program} in {path}");
        };
        check("sh", "/nowhere:/bin", Some("/bin/sh"));
        check("sh", "/nowhere", None);
        check("/absent", "", Some("/absent"));
        check("", "/bin", None);
        check("passwd", "/etc", None);
    }
}
