#![expect(unsafe_code, reason = "what is tested is called by its layout")]

use super::*;
use nix::libc;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, alarm, fork};

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 8).unwrap()
}

/// A block that is full of one byte, and forgets nothing.
struct Block<'a> {
    allocator: &'a Allocator,
    start: *mut u8,
    layout: Layout,
    byte: u8,
}

impl<'a> Block<'a> {
    fn new(allocator: &'a Allocator, size: usize, byte: u8) -> Self {
        let layout = layout(size);
        let start = unsafe { allocator.alloc(layout) };
        assert!(!start.is_null() && start.addr().is_multiple_of(UNIT));
        unsafe { start.write_bytes(byte, size) };
        Self {
            allocator,
            start,
            layout,
            byte,
        }
    }

    fn bytes(&self) -> &[u8] {
        unsafe { std::slice::from_raw_parts(self.start, self.layout.size()) }
    }

    fn resize(&mut self, size: usize) {
        let old = self.layout.size();
        self.start = unsafe { self.allocator.realloc(self.start, self.layout, size) };
        assert!(!self.start.is_null());
        self.layout = layout(size);
        assert!(
            self.bytes()[..old.min(size)]
                .iter()
                .all(|byte| *byte == self.byte)
        );
        unsafe { self.start.write_bytes(self.byte, size) };
    }
}

impl Drop for Block<'_> {
    fn drop(&mut self) {
        assert!(self.bytes().iter().all(|byte| *byte == self.byte));
        unsafe { self.allocator.dealloc(self.start, self.layout) };
    }
}

#[test]
fn a_class_is_the_first_with_room() {
    for size in 1..=LONGEST {
        let class = class_of(size);
        assert!(size_of_class(class) >= size, "{size}");
        assert!(class == 0 || size_of_class(class - 1) < size, "{size}");
        assert!(size_of_class(class).is_multiple_of(UNIT), "{size}");
    }
    assert_eq!(size_of_class(CLASSES - 1), LONGEST);
}

#[test]
fn no_two_blocks_overlap_whatever_threads_do() {
    let allocator = Allocator::new();
    let work = |thread: u64| {
        let mut random = thread;
        let mut next = |below: usize| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(random >> 33).unwrap() % below
        };
        let mut blocks: Vec<Block<'_>> = Vec::new();
        for _ in 0..5_000 {
            // Up to twice the longest that is cut off a piece.
            let doublings = next(16);
            let size = 1 + next(2 << doublings);
            match (next(3), blocks.len()) {
                (0, 1..) => drop(blocks.swap_remove(next(blocks.len()))),
                (1, 1..) => {
                    let at = next(blocks.len());
                    blocks[at].resize(size);
                }
                _ => blocks.push(Block::new(&allocator, size, next(256).try_into().unwrap())),
            }
        }
    };
    thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || work(thread));
        }
    });
}

#[test]
fn a_freed_block_is_the_next_of_its_class() {
    let allocator = Allocator::new();
    let (first, second) = (
        Block::new(&allocator, 100, 1),
        Block::new(&allocator, 100, 2),
    );
    let freed = second.start;
    drop(second);
    assert_eq!(Block::new(&allocator, 112, 3).start, freed);
    assert_ne!(first.start, freed);
}

#[test]
fn what_was_cut_off_last_grows_where_it_is() {
    let allocator = Allocator::new();
    let mut last = Block::new(&allocator, 8, 1);
    let start = last.start;
    for size in [16, 17, 1000, LONGEST] {
        last.resize(size);
        assert_eq!(last.start, start, "{size}");
    }
    let next = Block::new(&allocator, 8, 2);
    assert_eq!(next.start, start.wrapping_add(LONGEST));
}

#[test]
fn zeroed_memory_is_zero_whoever_had_it() {
    let allocator = Allocator::new();
    for size in [100, LONGEST + 1] {
        drop(Block::new(&allocator, size, 7));
        let start = unsafe { allocator.alloc_zeroed(layout(size)) };
        let bytes = unsafe { std::slice::from_raw_parts(start, size) };
        assert!(bytes.iter().all(|byte| *byte == 0), "{size}");
    }
}

#[test]
fn an_alignment_is_kept_or_refused() {
    let allocator = Allocator::new();
    for align in [64, PAGE] {
        let layout = Layout::from_size_align(10, align).unwrap();
        let start = unsafe { allocator.alloc(layout) };
        assert!(
            !start.is_null() && start.addr().is_multiple_of(align),
            "{align}"
        );
        unsafe { allocator.dealloc(start, layout) };
    }
    let layout = Layout::from_size_align(10, 4 * PAGE).unwrap();
    assert!(unsafe { allocator.alloc(layout) }.is_null());
}

/// The heap is forked while other threads are at it.
#[test]
fn a_child_has_a_heap_that_is_whole() {
    static ALLOCATOR: Allocator = Allocator::new();
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    let work = || {
        while !IS_DONE.load(Ordering::Relaxed) {
            drop(Block::new(&ALLOCATOR, 100, 7));
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        let ended: Vec<_> = (0..200).map(|_| forked(&ALLOCATOR)).collect();
        IS_DONE.store(true, Ordering::Relaxed);
        threads.into_iter().for_each(|it| it.join().unwrap());
        let is_well = |status: &WaitStatus| matches!(status, WaitStatus::Exited(_, 0));
        assert!(ended.iter().all(is_well), "{ended:?}");
    });
}

/// Forks, has the child allocate, and returns how it ended.
fn forked(allocator: &Allocator) -> WaitStatus {
    match allocator.with_heap(|_| unsafe { fork() }).unwrap() {
        ForkResult::Parent { child } => waitpid(child, None).unwrap(),
        ForkResult::Child => {
            // One that waits for ever is ended by the system.
            alarm::set(20);
            let start = unsafe { allocator.alloc(layout(100)) };
            unsafe { libc::_exit(i32::from(start.is_null())) }
        }
    }
}
