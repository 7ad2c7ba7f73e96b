//! The allocator of programs that are linked with musl, whose own asks the
//! system for a page at a time and hands each back at once: a hook that lives
//! for a millisecond would pay for that with a third of its time.
//!
//! Sizes come in classes, four to each doubling. A freed block waits in its
//! class's list for whoever asks for that class next; where none waits, one is
//! cut off a piece of memory. Nothing is searched, split or joined, so both take
//! a few instructions. Large blocks are mappings of their own: they go back to
//! the system at once, and grow without being copied.
#![expect(
    unsafe_code,
    reason = "an allocator deals in memory that has no type yet; each step says why it is sound"
)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap_anonymous, mremap, munmap};

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// Runs `work`, which allocates nothing, while no thread is at the heap: a child
/// that is forked in it has one that is whole, whatever other threads did.
#[cfg(target_env = "musl")]
pub(crate) fn at_rest<T>(work: impl FnOnce() -> T) -> T {
    ALLOCATOR.with_heap(|_| work())
}

/// Every block lies on a multiple of this, in bytes; sizes are counted in it.
const UNIT: usize = 16;
/// Longest block that is cut off a piece, in bytes (32 KiB).
const LONGEST: usize = 32 << 10;
/// How long a piece is, in bytes (256 KiB). What was not touched yet takes no
/// memory.
const PIECE: usize = 256 << 10;
/// What a mapping's begin is a multiple of at least, in bytes.
const PAGE: usize = 4096;
/// How many classes there are.
const CLASSES: usize = class_of(LONGEST) + 1;

/// Memory for all threads of a program.
struct Allocator {
    /// Whether a thread is at the heap.
    is_taken: AtomicBool,
    heap: UnsafeCell<Heap>,
}

// SAFETY: `with_heap` lets one thread at a time to the heap.
unsafe impl Sync for Allocator {}

/// What was freed, and what was never used.
struct Heap {
    /// The freed blocks of each class; each holds the address of the next.
    freed: [*mut u8; CLASSES],
    /// Where the rest of the newest piece begins.
    rest: *mut u8,
    /// How long that is, in bytes.
    left: usize,
}

impl Allocator {
    const fn new() -> Self {
        Self {
            is_taken: AtomicBool::new(false),
            heap: UnsafeCell::new(Heap {
                freed: [ptr::null_mut(); CLASSES],
                rest: ptr::null_mut(),
                left: 0,
            }),
        }
    }

    fn with_heap<T>(&self, work: impl FnOnce(&mut Heap) -> T) -> T {
        while self.is_taken.swap(true, Ordering::Acquire) {
            thread::yield_now();
        }
        // SAFETY: only the thread that has set `is_taken` comes here, no work
        // allocates, and the reference ends before `is_taken` is cleared.
        let done = work(unsafe { &mut *self.heap.get() });
        self.is_taken.store(false, Ordering::Release);
        done
    }
}

// SAFETY: a block is as long as its class, or its mapping, and lies on a
// multiple of `UNIT`, or of a page where more is asked for. It is handed out
// again after it was freed alone. The layout at the free is that of the
// allocation, so both find the same class. Nothing here panics or unwinds.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match Kind::of(layout) {
            Kind::Class(class) => self.with_heap(|heap| heap.take(class)),
            Kind::Mapping if layout.align() <= PAGE => map(layout.size()),
            Kind::Mapping => ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match Kind::of(layout) {
            // SAFETY: the caller gives back a block of this layout, so class.
            Kind::Class(class) => self.with_heap(|heap| unsafe { heap.give(block, class) }),
            Kind::Mapping => {
                // SAFETY: it was mapped with this length, and nobody uses it.
                // A system that does not take it back keeps it.
                let _ = unsafe { munmap(block.cast(), layout.size()) };
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout.
        let block = unsafe { self.alloc(layout) };
        if let (Kind::Class(_), false) = (Kind::of(layout), block.is_null()) {
            // SAFETY: it has that many bytes. A mapping is zero as it is.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's alignment, and a size that does not overflow with it.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (Kind::of(layout), Kind::of(new)) {
            (Kind::Class(old), Kind::Class(new)) if old == new => return block,
            (Kind::Class(old), Kind::Class(new))
                if self.with_heap(|heap| heap.lengthens(block, old, new)) =>
            {
                return block;
            }
            (Kind::Mapping, Kind::Mapping) => {
                // SAFETY: it was mapped with this length, and the caller no
                // longer uses the old address where this one is another.
                let moved =
                    unsafe { mremap(block.cast(), layout.size(), size, MremapFlags::MAYMOVE) };
                return moved.map_or(ptr::null_mut(), <*mut _>::cast);
            }
            _ => {}
        }
        // SAFETY: both blocks have at least the shorter length, and a new one
        // does not overlap the old one, which is not used any more then.
        unsafe {
            let moved = self.alloc(new);
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

impl Heap {
    /// Returns a block of a class; null where the system gives no memory.
    fn take(&mut self, class: usize) -> *mut u8 {
        let Some(freed) = self.freed.get_mut(class) else {
            return ptr::null_mut();
        };
        if let Some(block) = NonNull::new(*freed) {
            // SAFETY: `give` left the next one's address there, and nobody has
            // used the block since.
            *freed = unsafe { block.cast().read() };
            return block.as_ptr();
        }
        let size = size_of_class(class);
        if size > self.left {
            self.rest = map(PIECE);
            self.left = if self.rest.is_null() { 0 } else { PIECE };
        }
        if size > self.left {
            return ptr::null_mut();
        }
        let block = self.rest;
        self.cut(size);
        block
    }

    /// Takes back a block.
    ///
    /// # Safety
    /// It is of that class, and nobody uses it any more.
    unsafe fn give(&mut self, block: *mut u8, class: usize) {
        if let Some(freed) = self.freed.get_mut(class) {
            // SAFETY: nobody else uses the block, which has room for an address
            // and lies on a multiple of more than that needs.
            unsafe { block.cast::<*mut u8>().write(*freed) };
            *freed = block;
        }
    }

    /// Returns whether a block is of another class now: the one that was cut off
    /// last has the rest of its piece behind it.
    fn lengthens(&mut self, block: *mut u8, old: usize, new: usize) -> bool {
        let (old, new) = (size_of_class(old), size_of_class(new));
        let more = new.saturating_sub(old);
        let fits = block.wrapping_add(old) == self.rest && 0 < more && more <= self.left;
        if fits {
            self.cut(more);
        }
        fits
    }

    /// Cuts off the begin of the rest, which is at least that long.
    fn cut(&mut self, size: usize) {
        self.rest = self.rest.wrapping_add(size);
        self.left -= size;
    }
}

/// Where blocks of a layout lie.
enum Kind {
    /// In the pieces, among those of this class.
    Class(usize),
    /// By themselves, from the begin of a page.
    Mapping,
}

impl Kind {
    fn of(layout: Layout) -> Self {
        if layout.size() <= LONGEST && layout.align() <= UNIT {
            Self::Class(class_of(layout.size()))
        } else {
            Self::Mapping
        }
    }
}

/// Returns the class of blocks that have room for `size` bytes, at least one.
const fn class_of(size: usize) -> usize {
    let units = (size - 1) / UNIT;
    if units < 4 {
        return units;
    }
    let doubling = units.ilog2() as usize;
    4 * (doubling - 2) + (units >> (doubling - 2))
}

/// Returns how long the blocks of a class are, in bytes.
const fn size_of_class(class: usize) -> usize {
    if class < 4 {
        return (class + 1) * UNIT;
    }
    ((class % 4 + 5) << (class / 4 - 1)) * UNIT
}

/// Returns memory of the system's, all zero; null where it gives none.
fn map(size: usize) -> *mut u8 {
    let (may, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
    // SAFETY: the system chooses the address, so no memory in use is touched.
    let mapped = unsafe { mmap_anonymous(ptr::null_mut(), size, may, flags) };
    mapped.map_or(ptr::null_mut(), <*mut _>::cast)
}

#[cfg(test)]
mod tests;
