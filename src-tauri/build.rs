//! Builds what the window's shell needs: the window's permissions and, on Windows, the program's resources.

fn main() {
    // The pages are part of the program: new pages, new program.
    println!("cargo:rerun-if-changed=ui/dist");
    tauri_build::build();
}
