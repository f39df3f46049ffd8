//! Secrets: filled with the commands of the generated README, and looked for wherever they must not be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Outcome;
use crate::plan::Resource;
use crate::terraform::Shell;

/// The values that must be nowhere, with what they are of.
pub type Canaries = BTreeMap<String, String>;

/// Fills every secret of a workspace as the README says, and returns what AWS then holds.
pub fn fill(shell: &mut Shell, stack: &str, workspace: &str, round: usize) -> Outcome<Canaries> {
    let readme = shell.dir.join("tree/README.md");
    let readme = fs::read_to_string(&readme).map_err(|error| format!("{}: {error}", readme.display()))?;
    let Some(script) = commands(&readme, workspace) else { return Ok(Canaries::new()) };

    // What a person would type in, a line for each `read`.
    let asked = script.matches("read -rs").count();
    let typed: Vec<String> =
        (0..asked).map(|n| format!("canary-{stack}-{workspace}-{round}-{n}-ends")).collect();
    let said = shell.run(
        &format!("fill secrets {round}"),
        "bash",
        &["-euc", &script],
        &(typed.join("\n") + "\n"),
    )?;
    if said.code != Some(0) {
        return Err(format!("the README's commands failed:\n{}", said.output));
    }

    let path = format!("/{stack}/{workspace}/");
    let held =
        shell.aws(&["ssm", "get-parameters-by-path", "--path", &path, "--recursive", "--with-decryption"])?;
    let parameters = held["Parameters"].as_array().into_iter().flatten();
    let secrets = parameters.filter(|parameter| parameter["Type"] == "SecureString");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let canaries: Canaries = secrets.map(|secret| (text(&secret["Value"]), text(&secret["Name"]))).collect();

    if let Some(unset) = canaries.get("unset") {
        return Err(format!("the README's commands leave {unset} unset"));
    }
    match typed.iter().find(|value| !canaries.contains_key(*value)) {
        Some(lost) => Err(format!("{lost} was typed in and is held by no parameter")),
        None => Ok(canaries),
    }
}

/// The first block of commands below `## Secrets`, for a workspace.
fn commands(readme: &str, workspace: &str) -> Option<String> {
    let (_, section) = readme.split_once("\n## Secrets\n")?;
    let (_, block) = section.split_once("```sh\n")?;
    let (block, _) = block.split_once("```")?;
    let lines = block.lines().map(|line| match line.starts_with("environment=") {
        true => format!("environment={workspace}\n"),
        false => format!("{line}\n"),
    });
    Some(lines.collect())
}

/// The master passwords that RDS keeps of databases.
pub fn master_passwords(shell: &Shell, applied: &BTreeMap<String, Resource>) -> Outcome<Canaries> {
    let mut found = Canaries::new();
    for (address, resource) in applied {
        if let Some(arn) = resource.values["master_user_secret"][0]["secret_arn"].as_str() {
            let held = shell.aws(&["secretsmanager", "get-secret-value", "--secret-id", arn])?;
            let secret = held["SecretString"].as_str().unwrap_or_default();
            let secret: Value =
                serde_json::from_str(secret).map_err(|error| format!("{address}: {error}"))?;
            let password = secret["password"].as_str().filter(|password| !password.is_empty());
            found.insert(password.ok_or(format!("{address} has no password"))?.to_owned(), address.clone());
        }
    }
    Ok(found)
}

/// The places where a value may end up, and the files of each.
pub struct Places(BTreeMap<&'static str, Vec<(PathBuf, String)>>);

impl Places {
    /// Reads everything that a run has left behind; plan files are unpacked.
    pub fn read(shell: &Shell) -> Outcome<Self> {
        let mut places = BTreeMap::<&'static str, Vec<(PathBuf, String)>>::new();
        for path in files(&shell.dir)? {
            if path.extension().is_some_and(|extension| extension == "tfplan") {
                let unpacked = path.with_extension("unpacked");
                let (from, to) = (path.display().to_string(), unpacked.display().to_string());
                let said = shell.quietly("python", &["-m", "zipfile", "-e", &from, &to], "")?;
                if said.code != Some(0) {
                    return Err(format!("{from} cannot be unpacked:\n{}", said.output));
                }
            }
        }
        for path in files(&shell.dir)? {
            let below = path.strip_prefix(&shell.dir).map_err(|error| error.to_string())?.to_owned();
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            places.entry(kind(&below)).or_default().push((below, text));
        }
        Ok(Self(places))
    }

    /// Where a value is found: place and file.
    pub fn find(&self, value: &str) -> Vec<(&'static str, &Path)> {
        let everywhere =
            self.0.iter().flat_map(|(place, files)| files.iter().map(move |file| (*place, file)));
        let found = everywhere.filter(|(_, (_, text))| text.contains(value));
        found.map(|(place, (path, _))| (place, path.as_path())).collect()
    }

    /// Fails where a secret is found, and where the value that was planted is not: then the search would be worth nothing.
    pub fn check(&self, canaries: &Canaries, planted: &str) -> Outcome<()> {
        let seen: Vec<&str> = self.find(planted).into_iter().map(|(place, _)| place).collect();
        if let Some(blind) = PLACES.iter().find(|place| !seen.contains(place)) {
            return Err(format!("the value that was planted is not found in any {blind}"));
        }
        for (value, what) in canaries {
            let escaped = serde_json::to_string(value).map_err(|error| error.to_string())?;
            for form in [value.as_str(), escaped.trim_matches('"')] {
                if let Some((place, path)) = self.find(form).first() {
                    return Err(format!("the value of {what} is in a {place}: {}", path.display()));
                }
            }
        }
        Ok(())
    }
}

/// Where the planted value has to be found.
const PLACES: &[&str] = &["generated file", "plan file", "plan as JSON", "state", "log"];

fn kind(below: &Path) -> &'static str {
    let text = below.to_string_lossy();
    let is = |suffix: &str| text.ends_with(suffix);
    match () {
        () if text.starts_with("logs") => "log",
        () if text.starts_with("objects") || text.contains("tfstate") => "state",
        () if is(".json") && text.starts_with("plans") => "plan as JSON",
        () if text.starts_with("plans") => "plan file",
        () if text.contains(".terraform") => "terraform's own file",
        () => "generated file",
    }
}

/// The files below a directory, without the provider.
fn files(dir: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        match path.is_dir() {
            true if path.ends_with(".terraform/providers") => {}
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}
