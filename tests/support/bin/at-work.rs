//! Goes through the script from a step on and says after each that it is done: the program that is killed.
//! `at-work FOLDER STEP plain|encrypted [STOP]`: at its STOPth act on the disk it says so and waits for the end.

use std::path::Path;

use zhucun_tests::faults::{Fault, Rig};
use zhucun_tests::script::{STEPS, Session};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, step, protection, rest @ ..] = arguments.as_slice() else {
        return Err("usage: at-work FOLDER STEP plain|encrypted [STOP]".into());
    };
    let folder = Path::new(folder);
    let stop = rest.first().map(|stop| stop.parse()).transpose()?;
    // Without a place to stop the disk is the system's own.
    let rig = stop.map(|stop| (Rig::over(folder), stop));
    if let Some((rig, stop)) = &rig {
        rig.arm(Some(Fault::StopAt(*stop)));
    }
    let first = step.parse()?;
    let mut session = Session::open(folder, first, protection == "encrypted")?;
    println!("open");
    for step in first..STEPS.len() {
        session.run(step)?;
        println!("done {step}");
    }
    drop(session);
    println!("end");
    Ok(())
}
