//! `groundplan diff --against`: what a change of stack files means, explained before there is a plan.

use std::path::{Path, PathBuf};

use super::explanation::Explanation;
use super::io::{Exit, Failure, Io};
use crate::diagnostic::human;
use crate::difference::{self, Version};
use crate::influence;
use crate::pipeline::{self, Compiled};
use crate::project;
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
    let engine = Engine::new()?;
    let (mut environments, mut notes) = (Vec::new(), Vec::new());
    let mut complete = true;
    for path in stacks {
        if path.as_os_str() == "-" {
            let told = "standard input has no revisions: name the stack file".to_owned();
            return Err(Failure::Arguments(told));
        }
        let compared = compare(&engine, path, revision, &mut notes, io)?;
        complete &= compared.is_some();
        if let Some((stack, found)) = compared {
            environments.extend(found.into_iter().map(|environment| match stacks.len() {
                1 => environment,
                _ => Environment { name: format!("{stack}/{}", environment.name), ..environment },
            }));
        }
    }
    if !complete {
        return Ok(Exit::Error);
    }
    explanation.print(&environments, &notes, io)
}

/// The environments of one stack file, with the stack's name; nothing when one of the versions has an error.
fn compare(
    engine: &Engine,
    path: &Path,
    revision: &str,
    notes: &mut Vec<Line>,
    io: &mut Io<'_>,
) -> Result<Option<(String, Vec<Environment>)>, Failure> {
    let old = project::read_stack_at(path, revision)?;
    let new = match project::read_stack(path) {
        Err(error) if old.is_some() && error.is_not_found() => None,
        new => Some(new?),
    };
    let name = Line::default().code(&path.display().to_string());
    if old.is_none() {
        notes.push(name.and(" does not stand in ").code(revision).and(": everything is new"));
    } else if new.is_none() {
        notes.push(name.and(" is gone: what it made stays in AWS, and can no longer be planned"));
    }
    let mut sources = Sources::default();
    let mut failed = false;
    let mut compile = |source: Option<Source>| -> Result<Option<Compiled>, Failure> {
        let Some(source) = source else { return Ok(None) };
        let compiled = compile(engine, source, &mut sources, io)?;
        failed |= compiled.is_none();
        Ok(compiled)
    };
    let (old, new) = (compile(old)?, compile(new)?);
    let Some(stack) = new.as_ref().or(old.as_ref()).filter(|_| !failed) else { return Ok(None) };
    let stack = stack.model.stack.name.to_string();
    let version = |compiled| Version { compiled, sources: &sources };
    let mut found =
        difference::environments(old.as_ref().map(version), new.as_ref().map(version)).map_err(Bug::from)?;
    if let Some(new) = &new {
        influence::locate(engine, &sources, new, &mut found)?;
    }
    Ok(Some((stack, found)))
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
