//! Nothing is unwound: these programs abort on panic, so what the standard
//! library calls to walk the stack ends at once, and its own backtraces, a tenth
//! of each program, are left out with the library that would walk it.
#![expect(
    unsafe_code,
    reason = "the standard library calls these by name; none reads what it is given"
)]

use std::ffi::{c_int, c_void};
use std::process::abort;

/// There is no further frame (`_URC_END_OF_STACK`).
const END_OF_STACK: c_int = 5;

/// Would call `trace` for each frame of the stack; a backtrace is empty.
#[unsafe(no_mangle)]
extern "C" fn _Unwind_Backtrace(_trace: *const c_void, _argument: *mut c_void) -> c_int {
    END_OF_STACK
}

macro_rules! never_called {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name() -> ! {
            abort()
        }
    )*};
}

// What runs a frame's destructors asks these; it is never run.
never_called! {
    _Unwind_GetDataRelBase
    _Unwind_GetIPInfo
    _Unwind_GetLanguageSpecificData
    _Unwind_GetRegionStart
    _Unwind_GetTextRelBase
    _Unwind_Resume
    _Unwind_SetGR
    _Unwind_SetIP
}
