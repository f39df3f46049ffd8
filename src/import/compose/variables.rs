//! The variables of a service: `environment` over the files of `env_file`, of which the later have the last word, and
//! secrets.

use indexmap::IndexMap;

use super::interpolate::Interpolation;
use super::load::beside;
use super::{Project, dotenv};
use crate::import::codes::IMPORT_LIMIT;
use crate::import::read::{At, Origin};
use crate::import::report::Fate;
use crate::import::session::{Refusal, Session};
use crate::import::workload::{Container, Setting, Variable};
use crate::import::yaml::{NodeId, Value};
use crate::source::{FileId, Span};

/// The variables of a file.
pub(super) fn lines(
    file: FileId,
    session: &mut Session<'_>,
    interpolation: &Interpolation,
) -> Vec<dotenv::Line> {
    dotenv::parse(&session.text(file), interpolation).unwrap_or_else(|why| {
        let help = "write out what the variables stand for";
        session.report.mistake(&IMPORT_LIMIT, Span::new(file, 0, 0), why, help);
        Vec::new()
    })
}

/// Reads `env_file`, `environment` and `secrets`.
pub(super) fn read(at: &At, container: &mut Container, project: &mut Project<'_, '_>) {
    let mut variables: IndexMap<String, Variable> = IndexMap::new();
    let mut put = |variable: Variable| drop(variables.insert(variable.name.clone(), variable));
    if let Some(files) = at.get("env_file") {
        let items = if files.is_list() { files.items() } else { vec![files] };
        for item in items {
            let named = item.get("path").unwrap_or_else(|| item.clone());
            let required = item.get("required").and_then(|required| {
                project.report().mapped(&required.origin(), "whether it may be missing");
                required.boolean(project.report())
            });
            let Some(text) = named.text(project.report()) else { continue };
            let own = project.session.sources.get(named.node.span.file).name.to_string();
            let path = beside(&own, &text);
            let file = match project.session.optional(&path) {
                Ok(file) => file,
                // Such files hold secrets, so they are often not where the compose file is kept.
                Err(Refusal::Missing) if required == Some(false) => {
                    project.report().dropped(&named.origin(), "the file is not there, and may be missing");
                    continue;
                }
                Err(Refusal::Missing) => {
                    let mut words = format!(
                        "there is no file `{path}`: put it there and import again, or write its variables into the stack"
                    );
                    if let Some(unset) = project.interpolation.unset.get(&named.node.id) {
                        let names: Vec<&str> = unset.iter().map(String::as_str).collect();
                        words = format!(
                            "`{}` is not set, so nothing says which file this is: give a file with `--env-file`",
                            names.join("`, `")
                        );
                    }
                    project.report().needs_you(&named.origin(), words);
                    continue;
                }
                Err(_) => {
                    project.session.named(&path, &named.origin());
                    continue;
                }
            };
            let lines = lines(file, project.session, &project.interpolation);
            if !project.report().repeat(lines.len(), named.origin().span) {
                return;
            }
            let words = format!("{} variables, as `environment`", lines.len());
            project.report().mapped(&named.origin(), words);
            for (index, line) in lines.into_iter().enumerate() {
                let origin = Origin {
                    id: NodeId::of_line(file, index),
                    span: Span::new(file, line.place.start, line.place.end),
                    path: line.name.clone(),
                };
                let value = line.value.map_or(Setting::Unknown, setting);
                put(Variable { name: line.name, value, origin });
            }
        }
    }
    for (name, entry) in at.get("environment").map(|entries| entries.entries()).unwrap_or_default() {
        let value = match &entry.node.value {
            Value::Null => match project.interpolation.variables.get(&*name) {
                Some(value) => setting(value.clone()),
                None => Setting::Unknown,
            },
            // Nothing is left of a value that consisted of a variable that is not set.
            Value::Text { text, .. } if text.is_empty() && project.is_unset(entry.node.id) => {
                Setting::Unknown
            }
            Value::Text { text, .. } => {
                if project.is_unset(entry.node.id) {
                    let unset =
                        project.interpolation.unset[&entry.node.id].iter().cloned().collect::<Vec<_>>();
                    let words = format!(
                        "`{}` is not set, so its part is empty: give a file with `--env-file`",
                        unset.join("`, `")
                    );
                    project.report().needs_you(&entry.origin(), words);
                }
                setting(text.to_string())
            }
            _ => {
                project.report().misshapen(&entry.origin(), "text");
                continue;
            }
        };
        put(Variable { name: name.to_string(), value, origin: entry.origin() });
    }
    let mut variables: Vec<Variable> = variables.into_values().collect();
    for secret in at.get("secrets").map(|secrets| secrets.items()).unwrap_or_default() {
        let source = secret.get("source").unwrap_or_else(|| secret.clone());
        let Some(name) = source.text(project.report()) else { continue };
        // A target is a whole path, or the name of the file.
        let target = secret.get("target").and_then(|target| target.node.text().map(str::to_owned));
        let path = match target.unwrap_or_else(|| name.clone()) {
            whole if whole.starts_with('/') => whole,
            file => format!("/run/secrets/{file}"),
        };
        // `X_FILE=/run/secrets/x` is how an image asks for the file; without it the variable has the secret's own name.
        let asks = variables.iter().position(|variable| match &variable.value {
            Setting::Constant(text) => *text == path && variable.name.ends_with("_FILE"),
            _ => false,
        });
        let variable = match asks {
            Some(at) => {
                let asking = variables.remove(at);
                let name = asking.name.trim_end_matches("_FILE").to_owned();
                project.report().assumed(
                    &asking.origin,
                    format!("`{name}`, because ECS gives secrets as variables and not as files"),
                );
                name
            }
            None => {
                let variable = name.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
                let words =
                    format!("ECS mounts no secrets: have the program read `{variable}` instead of `{path}`");
                project.report().remark(Fate::NeedsYou, &secret.origin(), words);
                variable
            }
        };
        variables.push(Variable { name: variable, value: Setting::Secret(name), origin: secret.origin() });
    }
    container.variables = variables;
}

/// A value, unless somebody is to put one in its place: `<endpoint of the database>`.
fn setting(value: String) -> Setting {
    let between = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    match between {
        Some(words) if !words.is_empty() && !words.contains(['<', '>', '/', '=']) => Setting::Unknown,
        _ => Setting::Constant(value),
    }
}
