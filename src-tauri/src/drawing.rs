//! How the page is drawn where there is no graphics card. WebKitGTK draws by the card into memory shared with the window; without
//! one a program plays the card, and every picture takes half a second, even of a dot that changes its colour. Then WebKitGTK is
//! told to draw by itself, which takes a few milliseconds.

#![allow(unsafe_code, reason = "the variables of the program's own process are changed, which only its first thread may")]

use std::ffi::OsStr;
use std::path::Path;

/// WebKitGTK's own variable.
const BY_ITSELF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
/// Where the system shows graphics cards that draw.
const CARDS: &str = "/dev/dri";

/// Chooses before there is a window. What the user has set stays.
pub fn choose() {
    if std::env::var_os(BY_ITSELF).is_none() && !has_card(Path::new(CARDS)) {
        // SAFETY: called first of all by the program's only thread, before anything could read the variables.
        unsafe { std::env::set_var(BY_ITSELF, "1") };
    }
}

/// Whether a folder of devices has one that draws: a screen alone (`card0`) does not.
fn has_card(devices: &Path) -> bool {
    let draws = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with("renderD"));
    std::fs::read_dir(devices).is_ok_and(|entries| entries.flatten().any(|entry| draws(&entry.file_name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_device_that_draws_is_a_graphics_card() {
        let folder = tempfile::tempdir().unwrap();
        let devices = folder.path().join("dri");
        assert!(!has_card(&devices), "a machine without such devices");
        std::fs::create_dir(&devices).unwrap();
        std::fs::write(devices.join("card0"), "").unwrap();
        assert!(!has_card(&devices), "a screen alone");
        std::fs::write(devices.join("renderD128"), "").unwrap();
        assert!(has_card(&devices));
    }
}
