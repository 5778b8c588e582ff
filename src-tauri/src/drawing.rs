//! How the page is drawn on a machine without a graphics card for programs to draw with: old and virtual ones, remote screens.
//! WebKit's way through shared video memory takes half a second a picture there; the older way takes a sixtieth.

#[cfg(target_os = "linux")]
pub use linux::choose;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    /// WebKit's own switch; whoever has set it, to whatever, has chosen.
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    /// Starts the program again with the older way chosen, in its own place, where the machine needs it. Comes back where
    /// it does not, and also where that fails: a slow window is better than none.
    pub fn choose() {
        if std::env::var_os(SWITCH).is_some() || draws(Path::new("/dev/dri")) {
            return;
        }
        if let Ok(program) = std::env::current_exe() {
            // Only returns where it fails.
            let _ = Command::new(program).args(std::env::args_os().skip(1)).env(SWITCH, "1").exec();
        }
    }

    /// Whether there is a card that programs may draw with.
    fn draws(folder: &Path) -> bool {
        let nodes = std::fs::read_dir(folder).into_iter().flatten().flatten();
        nodes.into_iter().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_card_that_only_shows_pictures_draws_none() {
            let folder = tempfile::tempdir().unwrap();
            assert!(!draws(&folder.path().join("dri")));
            std::fs::write(folder.path().join("card0"), "").unwrap();
            assert!(!draws(folder.path()));
            std::fs::write(folder.path().join("renderD128"), "").unwrap();
            assert!(draws(folder.path()));
        }
    }
}
