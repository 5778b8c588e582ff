//! Writes `docs/data-dictionary.md`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = zhucun_tests::data_dictionary::text(&root.join("ui/src/bindings"))?;
    Ok(std::fs::write(root.join("docs/data-dictionary.md"), text)?)
}
