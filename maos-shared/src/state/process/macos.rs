//! What macOS says of a process.
#![expect(
    unsafe_code,
    reason = "the system fills a structure; the call says why it is sound"
)]

use std::mem::{MaybeUninit, size_of};

use nix::errno::Errno;
use nix::libc::{PROC_PIDTBSDINFO, c_int, proc_bsdinfo, proc_pidinfo};

use super::{Found, exists};

/// Microseconds of a second.
const MICROSECONDS: u64 = 1_000_000;

/// Looks a process up; `None` when none of that number runs.
pub(super) fn look(pid: u32) -> Option<Found> {
    let number = c_int::try_from(pid).ok().filter(|pid| *pid > 0)?;
    let size = c_int::try_from(size_of::<proc_bsdinfo>()).ok()?;
    let mut info = MaybeUninit::<proc_bsdinfo>::zeroed();
    let buffer = info.as_mut_ptr().cast();
    // SAFETY: the system writes at most `size` bytes, which the structure has.
    let filled = unsafe { proc_pidinfo(number, PROC_PIDTBSDINFO, 0, buffer, size) };
    if filled != size {
        // Of another user's process it says nothing but that there is one.
        return match Errno::last() {
            Errno::ESRCH => None,
            _ => exists(pid),
        };
    }
    // SAFETY: whole numbers and bytes alone, all of them written or zero.
    let info = unsafe { info.assume_init() };
    Some(Found {
        began: Some(info.pbi_start_tvsec * MICROSECONDS + info.pbi_start_tvusec),
        is_alive: true,
    })
}
