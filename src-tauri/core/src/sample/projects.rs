//! 项目 of the sample: each entry of the file names what differs from an empty project.

use serde_json::Value;

use super::Sample;
use crate::error::Result;
use crate::records::project::Project;

const PROJECTS: &str = include_str!("data/projects.json");

/// Puts in the projects.
pub(super) fn add(sample: &mut Sample<'_, '_>) -> Result<()> {
    for entry in serde_json::from_str::<Vec<Value>>(PROJECTS)? {
        let word = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (key, unit) = (word("key"), word("unit"));
        let mut content = serde_json::to_value(Project::default())?;
        if let (Some(content), Value::Object(given)) = (content.as_object_mut(), entry) {
            content.extend(given);
        }
        let project = Project {
            village_id: sample.village,
            support_unit_id: sample.units.get(&unit).copied(),
            ..serde_json::from_value(content)?
        };
        let id = sample.tx.add(project, &[])?;
        sample.projects.insert(key, id);
    }
    Ok(())
}
