//! Builds what the window's shell needs: the window's permissions and, on Windows, the program's resources.

fn main() {
    tauri_build::build();
}
