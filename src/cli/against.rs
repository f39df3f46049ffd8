//! `groundplan diff --against`: what a change of stack files means, explained before there is a plan.

use std::path::{Path, PathBuf};

use super::explanation::Explanation;
use super::io::{Exit, Failure, Io};
use crate::diagnostic::human;
use crate::difference::{self, Version};
use crate::pipeline::{self, Compiled};
use crate::project::{self, ProjectError};
use crate::render::{Bug, Engine};
use crate::review::Environment;
use crate::review::line::Line;
use crate::source::{Source, Sources};

/// Compares stack files with what they were at a revision, and explains the difference.
pub(super) fn run(
    stacks: &[PathBuf],
    revision: &str,
    explanation: &Explanation,
    io: &mut Io<'_>,
) -> Result<Exit, Failure> {
    let engine =
        Engine::new().map_err(|error| Bug { file: "templates".to_owned(), problem: error.to_string() })?;
    let (mut environments, mut notes) = (Vec::new(), Vec::new());
    let mut complete = true;
    for path in stacks {
        if path.as_os_str() == "-" {
            let told = "standard input has no revisions: name the stack file".to_owned();
            return Err(Failure::Arguments(told));
        }
        let compared = compare(&engine, path, revision, &mut notes, io)?;
        complete &= compared.is_some();
        for (stack, mut environment) in compared.into_iter().flatten() {
            if stacks.len() > 1 {
                environment.name = format!("{stack}/{}", environment.name);
            }
            environments.push(environment);
        }
    }
    if !complete {
        return Ok(Exit::Error);
    }
    explanation.print(&environments, &notes, io)
}

/// The environments of one stack file with the stack's name; nothing when one of the versions has an error.
fn compare(
    engine: &Engine,
    path: &Path,
    revision: &str,
    notes: &mut Vec<Line>,
    io: &mut Io<'_>,
) -> Result<Option<Vec<(String, Environment)>>, Failure> {
    let gone = |error: &ProjectError| matches!(error, ProjectError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound);
    let old = project::read_stack_at(path, revision)?;
    let new = match project::read_stack(path) {
        Err(error) if old.is_some() && gone(&error) => {
            let told = Line::default().code(&path.display().to_string());
            notes.push(told.and(" is gone: what it made stays in AWS, and can no longer be planned"));
            return Ok(Some(Vec::new()));
        }
        new => new?,
    };
    if old.is_none() {
        let told = Line::default().code(&path.display().to_string()).and(" does not stand in ");
        notes.push(told.code(revision).and(": everything is new"));
    }
    let mut sources = Sources::default();
    let new = compile(engine, new, &mut sources, io)?;
    let had_old = old.is_some();
    let old = old.map(|old| compile(engine, old, &mut sources, io)).transpose()?.flatten();
    let Some(new) = new.filter(|_| old.is_some() || !had_old) else { return Ok(None) };
    let version = |compiled| Version { compiled, sources: &sources };
    let found = difference::environments(old.as_ref().map(version), version(&new));
    let found = found.map_err(|problem| Bug { file: problem.file.clone(), problem: problem.to_string() })?;
    let stack = new.model.stack.name.to_string();
    Ok(Some(found.into_iter().map(|environment| (stack.clone(), environment)).collect()))
}

/// Compiles a version and reports what is wrong with it.
fn compile(
    engine: &Engine,
    source: Source,
    sources: &mut Sources,
    io: &mut Io<'_>,
) -> Result<Option<Compiled>, Failure> {
    let file = sources.add(source);
    // What would be lost is what this command explains, so nothing of an earlier run stops it.
    let outcome = pipeline::compile(engine, sources, file, |_| Default::default())?;
    if !outcome.diagnostics.is_empty() {
        io.talk(human::render(&outcome.diagnostics, sources, io.err_color).trim_end());
    }
    Ok(outcome.value)
}
