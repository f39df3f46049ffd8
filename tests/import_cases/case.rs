//! What a directory of a case wants of `groundplan import`.

use std::fs;
use std::path::{Path, PathBuf};

/// An import that is tried.
pub struct Case {
    /// `compose/shop`, or `compose/shop/compose.yaml` for one of several files by itself.
    pub name: String,
    /// Where the command runs.
    pub directory: PathBuf,
    /// What follows `groundplan import`.
    pub arguments: Vec<String>,
}

/// The cases below `<root>/<format>/<case>/`, by name: each directory as a whole, and where that is more than one file,
/// each file by itself.
pub fn all(root: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for format in directories(root)? {
        for directory in directories(&format)? {
            let [format, case] = [&format, &directory].map(|path| name(path));
            cases.extend(of(&format, &case, &directory)?);
        }
    }
    Ok(cases)
}

fn of(format: &str, case: &str, directory: &Path) -> Result<Vec<Case>, String> {
    let mut files: Vec<String> =
        entries(directory)?.iter().filter(|path| path.is_file()).map(|path| name(path)).collect();
    files.retain(|file| [".yml", ".yaml", ".json"].iter().any(|end| file.ends_with(end)));
    let (command, whole, single): (&str, Vec<String>, Vec<String>) = match format {
        "compose" => ("compose", files.clone(), files),
        "ecs-cli" | "ecs_cli" => {
            let (params, compose): (Vec<_>, Vec<_>) =
                files.into_iter().partition(|file| file.contains("ecs-params"));
            let named = compose.iter().flat_map(|file| ["--file".to_owned(), file.clone()]);
            let params = params.into_iter().flat_map(|file| ["--ecs-params".to_owned(), file]);
            ("ecs-cli", [".".to_owned()].into_iter().chain(named).chain(params).collect(), Vec::new())
        }
        "task-definition" | "task_definition" | "taskdef" => ("task-definition", files.clone(), files),
        "copilot" => ("copilot", vec![".".to_owned()], Vec::new()),
        "kubernetes" | "k8s" => ("kubernetes", vec![".".to_owned()], files),
        _ => {
            return Err(format!(
                "`{format}` is no format: compose, ecs-cli, task-definition, copilot, kubernetes"
            ));
        }
    };
    let import = |name: String, arguments: Vec<String>| {
        let arguments = [command.to_owned()].into_iter().chain(arguments).collect();
        Case { name, directory: directory.to_owned(), arguments }
    };
    let single = if single.len() > 1 { single } else { Vec::new() };
    let by_itself = single.into_iter().map(|file| import(format!("{format}/{case}/{file}"), vec![file]));
    Ok([import(format!("{format}/{case}"), whole)].into_iter().chain(by_itself).collect())
}

fn directories(path: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(entries(path)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
