//! `zhucun`: the ledger and the report from the command line, on the same core as the window.
//!
//! Exit codes: 0 done · 1 findings or refused · 2 wrong usage · 3 the ledger cannot be opened.

mod archive;
mod arguments;
mod audit;
mod backup;
mod check;
mod commands;
mod fault;
mod forms;
mod handover;
mod import;
mod printed;
mod secret;
mod world;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let json = arguments.json;
    match commands::run(arguments) {
        Ok(()) if !printed::all_said() => {
            eprintln!("结果没有写完：磁盘满了或出错。事情已经办好，请换个地方再看一次结果");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fault.report(json),
    }
}
