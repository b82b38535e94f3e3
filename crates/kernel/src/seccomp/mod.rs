//! System call filters: compiled where there is time, installed where there is none.

#[cfg(feature = "seccomp")]
mod compile;
#[cfg(feature = "seccomp")]
mod default;
#[cfg(feature = "seccomp")]
mod profile;

use crate::error::last;
use crate::{Error, Result};

#[cfg(feature = "seccomp")]
pub use compile::{CompileError, compile};
#[cfg(feature = "seccomp")]
pub use default::runtime_default;
#[cfg(feature = "seccomp")]
pub use profile::{Action, Argument, Comparison, Profile, Rule};

/// A compiled filter: its instructions as the kernel reads them (`struct sock_filter`), each in eight bytes.
pub type Program = Vec<u64>;

/// Installs filters on this single-threaded process; all of them apply to every call. Needs `no_new_privs` or
/// CAP_SYS_ADMIN.
pub fn install(programs: &[Program]) -> Result<()> {
    for program in programs {
        let mut filters = program.iter().map(|word| unpack(*word)).collect::<Vec<_>>();
        let len = u16::try_from(filters.len())
            .map_err(|_| Error::invalid("install a seccomp filter", "it is too long"))?;
        let filter = libc::sock_fprog { len, filter: filters.as_mut_ptr() };
        // JUSTIFICATION: seccompiler installs only what it compiled itself, and the shim must not carry a compiler.
        // SAFETY: the program is as long as said and outlives the call; the kernel verifies it.
        let result =
            unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const filter) };
        if result != 0 {
            return Err(last("install a seccomp filter"));
        }
    }
    Ok(())
}

fn unpack(word: u64) -> libc::sock_filter {
    let [c0, c1, jt, jf, k0, k1, k2, k3] = word.to_le_bytes();
    libc::sock_filter { code: u16::from_le_bytes([c0, c1]), jt, jf, k: u32::from_le_bytes([k0, k1, k2, k3]) }
}

#[cfg(feature = "seccomp")]
pub(crate) fn pack(code: u16, jt: u8, jf: u8, k: u32) -> u64 {
    let [c0, c1] = code.to_le_bytes();
    let [k0, k1, k2, k3] = k.to_le_bytes();
    u64::from_le_bytes([c0, c1, jt, jf, k0, k1, k2, k3])
}
