//! The import itself, as the command does it, with files in memory.

use groundplan::import::{
    Files, Imported, Refusal, Session, compose, copilot, ecs_cli, kubernetes, task_definition,
};
use groundplan::source::{FileId, Sources};

use crate::corpus::{Command, Texts};

/// Files in memory.
struct Memory<'a>(&'a Texts);

impl Files for Memory<'_> {
    fn read(&self, path: &str) -> Result<String, Refusal> {
        if path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return Err(Refusal::Outside);
        }
        let path = path.split('/').filter(|part| *part != ".").collect::<Vec<_>>().join("/");
        self.0.get(&path).cloned().ok_or(Refusal::Missing)
    }
}

/// Imports what a command names.
pub fn import(command: &Command, texts: &Texts, sources: &mut Sources) -> Imported {
    let files = Memory(texts);
    let mut session = Session::new(sources, &files);
    let take = |names: &[String], session: &mut Session<'_>| -> Vec<FileId> {
        names.iter().map(|name| session.given(name, &texts[name])).collect()
    };
    let system = match command {
        Command::Compose { files, env_files, profiles, params } => {
            let inputs = compose::Inputs {
                files: take(files, &mut session),
                env_files: take(env_files, &mut session),
                one_task: params.is_some(),
                ecs_params: take(params.as_slice(), &mut session).pop(),
                profiles: profiles.clone(),
                directory: "here".to_owned(),
            };
            compose::read(&inputs, &mut session)
        }
        Command::Copilot { files } => {
            let files = take(files, &mut session);
            copilot::read(&files, "here", &mut session)
        }
        Command::EcsCli { projects } => {
            let tasks: Vec<ecs_cli::Task> = projects
                .iter()
                .map(|(directory, project)| {
                    let path = |name: &String| match directory.as_str() {
                        "." => name.clone(),
                        _ => format!("{directory}/{name}"),
                    };
                    let name = if project.word.is_empty() { directory } else { &project.word };
                    let compose: Vec<String> = project.compose.iter().map(path).collect();
                    let params = project.params.as_ref().map(path);
                    let inputs = compose::Inputs {
                        files: take(&compose, &mut session),
                        one_task: true,
                        ecs_params: take(params.as_slice(), &mut session).pop(),
                        directory: name.clone(),
                        ..compose::Inputs::default()
                    };
                    ecs_cli::Task {
                        name: name.clone(),
                        inputs,
                        overlay: project.overlay.as_ref().map(path),
                        left_out: project.left_out.iter().map(path).collect(),
                    }
                })
                .collect();
            ecs_cli::read(&tasks, "here", &mut session)
        }
        Command::Kubernetes { manifests, scripts, others } => {
            let inputs = kubernetes::Inputs {
                manifests: take(manifests, &mut session),
                scripts: take(scripts, &mut session),
                others: others.clone(),
            };
            kubernetes::read(&inputs, &mut session)
        }
        Command::TaskDefinition { files, service } => {
            let files = take(files, &mut session);
            let service = take(service.as_slice(), &mut session).pop();
            task_definition::read(&files, service, &mut session)
        }
    };
    session.finish(system).expect("the stack file is printed")
}
