//! The allocator of programs that are linked with musl: its own asks the system
//! for a page at a time and hands each back at once, which a hook that lives
//! for a millisecond pays for with a third of its time.

use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;
