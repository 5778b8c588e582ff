//! The desktop program.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Records and documents are many small pieces; this allocator hands them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    zhucunji::run()
}
