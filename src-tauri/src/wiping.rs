//! The program's own memory is wiped when it is given back: a passphrase passes through buffers of libraries (the message from the
//! page, its JSON, the text made of it) that nobody else wipes. Long blocks hold pictures and pages and are left alone.

#![allow(unsafe_code, reason = "an allocator cannot be written otherwise; all real work is the system's")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ptr;

/// The system's allocator, wiping.
pub struct Wiping;

/// No message with a secret in it is as long.
const LONGEST: usize = 64 * 1024;

/// # Safety
/// The block must be writable for so many bytes.
unsafe fn wipe(block: *mut u8, bytes: usize) {
    if bytes <= LONGEST {
        // SAFETY: as above. Looked at afterwards, so that the compiler does not drop it as written for nobody.
        unsafe { ptr::write_bytes(block, 0, bytes) };
        black_box(block);
    }
}

// SAFETY: every block comes from the system's allocator and goes back to it with the layout it came with.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.size() > LONGEST {
            return unsafe { System.realloc(block, layout, size) };
        }
        // By hand: the system would leave the old block as it was.
        unsafe {
            let fresh = System.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !fresh.is_null() {
                ptr::copy_nonoverlapping(block, fresh, layout.size().min(size));
                self.dealloc(block, layout);
            }
            fresh
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_wiped_and_a_grown_one_keeps_what_it_held() {
        let layout = Layout::from_size_align(64, 8).unwrap();
        // SAFETY: blocks are used within their length, and given back once.
        unsafe {
            let block = Wiping.alloc(layout);
            ptr::write_bytes(block, 7, 64);
            let grown = Wiping.realloc(block, layout, 4096);
            assert!(std::slice::from_raw_parts(grown, 64).iter().all(|byte| *byte == 7));
            wipe(grown, 64);
            assert!(std::slice::from_raw_parts(grown, 64).iter().all(|byte| *byte == 0));
            Wiping.dealloc(grown, Layout::from_size_align(4096, 8).unwrap());
        }
    }
}
