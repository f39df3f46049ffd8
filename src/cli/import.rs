//! `groundplan import`: a stack file from the files of another tool.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::io::{Exit, Failure, Io};
use crate::diagnostic::{Diagnostic, human, json};
use crate::import::{
    Files, Imported, Refusal, Session, compose, copilot, ecs_cli, kubernetes, task_definition,
};
use crate::pipeline;
use crate::project::{self, ProjectError, Roots, Withheld};
use crate::render::Bug;
use crate::source::{FileId, Source, Sources, Syntax};

/// Make a stack file of the files of another tool
///
/// The stack file goes to standard output, the report of what became of every key to standard error
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan import task-definition web.json --out stacks/web.hcl")]
pub(super) struct Import {
    #[command(subcommand)]
    format: Format,
    /// File for the stack instead of standard output
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Overwrite that file
    #[arg(long, global = true, requires = "out")]
    force: bool,
    /// Print the report for people or for programs
    #[arg(long = "format", global = true, value_enum, value_name = "FORMAT", default_value = "human")]
    format_of_report: Report,
}

/// How the report is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Report {
    Human,
    Json,
}

/// The tool that the files are for.
#[derive(Debug, Subcommand)]
enum Format {
    /// Compose files, several of which are merged
    #[command(after_help = "Example:\n  groundplan import compose compose.yaml --out stacks/shop.hcl")]
    Compose {
        /// Compose files, the last of which has the last word; `-` is standard input
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        /// File of variables, instead of `.env` beside the first file
        #[arg(long = "env-file", value_name = "FILE", value_hint = ValueHint::FilePath)]
        env_files: Vec<PathBuf>,
        /// Profile that is active
        #[arg(long = "profile", value_name = "NAME")]
        profiles: Vec<String>,
        /// The `ecs-params.yml` of ecs-cli, with which all services are one task
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        ecs_params: Option<PathBuf>,
    },
    /// The `copilot` directory of AWS Copilot
    #[command(after_help = "Example:\n  groundplan import copilot copilot/ --out stacks/shop.hcl")]
    Copilot {
        /// That directory, the one above it, or single manifests
        #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
    },
    /// Directories of ecs-cli, each with compose files and an `ecs-params.yml`: together they are one stack
    #[command(after_help = "Example:\n  groundplan import ecs-cli web jobs --out stacks/shop.hcl")]
    EcsCli {
        /// Directories
        #[arg(required = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
        directories: Vec<PathBuf>,
        /// Compose file in each of them, instead of the usual ones
        #[arg(long = "file", value_name = "NAME")]
        files: Vec<String>,
        /// File of parameters in each of them, instead of `ecs-params.yml`
        #[arg(long, value_name = "NAME")]
        ecs_params: Option<String>,
        /// File of variables, instead of `.env` in each of them
        #[arg(long = "env-file", value_name = "FILE", value_hint = ValueHint::FilePath)]
        env_files: Vec<PathBuf>,
    },
    /// Task definitions of ECS, as JSON or YAML
    #[command(
        after_help = "Example:\n  groundplan import task-definition web.json --service service.json --out stacks/web.hcl"
    )]
    TaskDefinition {
        /// Task definitions, or lists of container definitions; `-` is standard input
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        /// The ECS service that runs the first of them
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        service: Option<PathBuf>,
    },
    /// Manifests of Kubernetes, rendered
    #[command(
        after_help = "Example:\n  groundplan import kubernetes manifests/ --out stacks/shop.hcl\n  helm template shop chart/ | groundplan import kubernetes - --out stacks/shop.hcl"
    )]
    Kubernetes {
        /// Manifests, and directories of them, or `-` for standard input; scripts beside them that make Secrets say which keys these have
        #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
    },
}

/// The disk, as far as an import may read it.
#[derive(Default)]
struct Disk {
    roots: Roots,
    /// Whether standard input is read already.
    taken: bool,
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, Refusal> {
        self.roots.read(Path::new(path)).map_err(refusal)
    }

    fn names(&self, directory: &str) -> Result<Vec<String>, Refusal> {
        self.roots.names(Path::new(directory)).map_err(refusal)
    }
}

fn refusal(withheld: Withheld) -> Refusal {
    match withheld {
        Withheld::Missing => Refusal::Missing,
        Withheld::Outside => Refusal::Outside,
        Withheld::Failed(error) => Refusal::Unreadable(error.to_string()),
    }
}

impl Import {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let mut sources = Sources::default();
        let imported = self.format.import(&mut sources, &io.directory)?;
        let report = &imported.report;
        self.diagnose(&report.diagnostics, &sources, io);
        let Some(stack) = &imported.stack else { return Ok(Exit::Error) };
        check(stack)?;
        match &self.out {
            None => io.data(stack)?,
            Some(path) if self.force => project::overwrite(path, stack)?,
            Some(path) => project::create(path, stack).map_err(|error| match &error {
                ProjectError::Io { source, .. } if source.kind() == ErrorKind::AlreadyExists => {
                    Failure::Arguments(format!(
                        "`{}` is there already; `--force` overwrites it",
                        path.display()
                    ))
                }
                _ => Failure::Project(error),
            })?,
        }
        match self.format_of_report {
            Report::Human => io.talk(report.text(&sources).trim_end()),
            Report::Json => io.talk(report.json(&sources).trim_end()),
        }
        Ok(Exit::Fine)
    }

    fn diagnose(&self, diagnostics: &[Diagnostic], sources: &Sources, io: &mut Io<'_>) {
        if diagnostics.is_empty() {
            return;
        }
        let text = match self.format_of_report {
            Report::Human => human::render(diagnostics, sources, io.err_color),
            Report::Json => json::render(diagnostics, sources),
        };
        io.talk(text.trim_end());
    }
}

impl Format {
    fn import(&self, sources: &mut Sources, directory: &Path) -> Result<Imported, Failure> {
        let mut disk = Disk::default();
        let given = |paths: &[PathBuf], disk: &mut Disk| -> Result<Vec<(String, String)>, Failure> {
            let read = |path: &PathBuf| {
                disk.roots.allow_beside(path)?;
                let input = path.as_os_str() == "-";
                if input && std::mem::replace(&mut disk.taken, true) {
                    return Err(Failure::Arguments("standard input (`-`) can be read only once".to_owned()));
                }
                let name = if input { "<stdin>".into() } else { path.to_string_lossy() };
                Ok((name.into_owned(), project::read_foreign(path)?))
            };
            paths.iter().map(read).collect()
        };
        match self {
            Format::Compose { files, env_files, profiles, ecs_params } => {
                let files = given(files, &mut disk)?;
                let env_files = given(env_files, &mut disk)?;
                let ecs_params = given(ecs_params.as_slice(), &mut disk)?;
                let mut session = Session::new(sources, &disk);
                let inputs = compose::Inputs {
                    files: take(&files, &mut session),
                    env_files: take(&env_files, &mut session),
                    one_task: !ecs_params.is_empty(),
                    ecs_params: take(&ecs_params, &mut session).first().copied(),
                    profiles: profiles.clone(),
                    directory: name_of(directory, directory),
                };
                let system = compose::read(&inputs, &mut session);
                session.finish(system).map_err(bug)
            }
            Format::Copilot { paths } => {
                let mut files = Vec::new();
                // What to call the application: the directory that was given, or else that of the command.
                let mut name = directory.file_name();
                for path in paths {
                    let listed = copilot_files(path, &mut disk)?;
                    if listed != [path.clone()] {
                        name = path.file_name().filter(|name| *name != "copilot").or(name);
                    }
                    files.extend(listed);
                }
                let files = given(&files, &mut disk)?;
                let mut session = Session::new(sources, &disk);
                let files = take(&files, &mut session);
                let directory = name.unwrap_or_default().to_string_lossy();
                let system = copilot::read(&files, &directory, &mut session);
                session.finish(system).map_err(bug)
            }
            Format::EcsCli { directories, files, ecs_params, env_files } => {
                let env_files = given(env_files, &mut disk)?;
                let choice = ecs_cli::Choice { compose: files.clone(), params: ecs_params.clone() };
                let projects = ecs_projects(directories, directory, &choice, &mut disk)?;
                let mut session = Session::new(sources, &disk);
                let env_files = take(&env_files, &mut session);
                let mut tasks = Vec::new();
                for EcsProject { name, compose, overlay, params, left_out } in projects {
                    let inputs = compose::Inputs {
                        files: take(&compose, &mut session),
                        env_files: env_files.clone(),
                        one_task: true,
                        ecs_params: take(params.as_slice(), &mut session).first().copied(),
                        directory: name.clone(),
                        ..compose::Inputs::default()
                    };
                    tasks.push(ecs_cli::Task { name, inputs, overlay, left_out });
                }
                let above = match &directories[..] {
                    [only] => only.as_path(),
                    several => several.first().and_then(|first| first.parent()).unwrap_or(Path::new("")),
                };
                let system = ecs_cli::read(&tasks, &name_of(above, directory), &mut session);
                session.finish(system).map_err(bug)
            }
            Format::TaskDefinition { files, service } => {
                let files = given(files, &mut disk)?;
                let service = given(service.as_slice(), &mut disk)?;
                let mut session = Session::new(sources, &disk);
                let files = take(&files, &mut session);
                let service = take(&service, &mut session).first().copied();
                let system = task_definition::read(&files, service, &mut session);
                session.finish(system).map_err(bug)
            }
            Format::Kubernetes { paths } => {
                let (mut manifests, mut scripts, mut others) = (Vec::new(), Vec::new(), Vec::new());
                for path in paths {
                    for file in project::list_foreign(path)? {
                        let file = file.strip_prefix(".").map(Path::to_owned).unwrap_or(file);
                        let extension = file.extension().and_then(|extension| extension.to_str());
                        match extension {
                            Some("yaml" | "yml" | "json") => manifests.push(file),
                            Some("sh") => scripts.push(file),
                            // What the command line names itself is meant to be a manifest.
                            _ if file == *path => manifests.push(file),
                            _ => others.push(file.to_string_lossy().into_owned()),
                        }
                    }
                }
                let manifests = given(&manifests, &mut disk)?;
                let scripts = given(&scripts, &mut disk)?;
                let mut session = Session::new(sources, &disk);
                let inputs = kubernetes::Inputs {
                    manifests: take(&manifests, &mut session),
                    scripts: take(&scripts, &mut session),
                    others,
                };
                let system = kubernetes::read(&inputs, &mut session);
                session.finish(system).map_err(bug)
            }
        }
    }
}

/// The files of a `copilot` directory, which may be named by the directory above it.
fn copilot_files(path: &Path, disk: &mut Disk) -> Result<Vec<PathBuf>, Failure> {
    let below = if path == Path::new(".") { PathBuf::from("copilot") } else { path.join("copilot") };
    let below = project::list_foreign(&below);
    let listed = match below {
        Ok(listed) => listed,
        Err(_) => project::list_foreign(path)?,
    };
    disk.roots.allow_beside(&path.join("any"))?;
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name == ".workspace" || name == "cdk.json" || name.ends_with(".yml") || name.ends_with(".yaml")
    };
    Ok(if listed == [path] { listed } else { listed.into_iter().filter(read).collect() })
}

/// A project of ecs-cli with its files, by name and text.
struct EcsProject {
    name: String,
    compose: Vec<(String, String)>,
    overlay: Option<String>,
    params: Option<(String, String)>,
    left_out: Vec<String>,
}

/// Reads the projects of directories, of which one without a name is `here`.
fn ecs_projects(
    directories: &[PathBuf],
    here: &Path,
    choice: &ecs_cli::Choice,
    disk: &mut Disk,
) -> Result<Vec<EcsProject>, Failure> {
    let mut found = Vec::new();
    for directory in directories {
        disk.roots.allow(directory)?;
        let names = project::names_foreign(directory)?;
        if let Some(missing) = choice.compose.iter().chain(&choice.params).find(|name| !names.contains(name))
        {
            return Err(Failure::Arguments(format!(
                "there is no file `{missing}` in `{}`",
                directory.display()
            )));
        }
        let projects = ecs_cli::projects(&names, choice);
        if projects.is_empty() {
            let words =
                format!("there is no compose file in `{}`: name one with `--file`", directory.display());
            return Err(Failure::Arguments(words));
        }
        let beside =
            |name: &String| if directory == Path::new(".") { name.into() } else { directory.join(name) };
        let read = |name: &String| -> Result<(String, String), Failure> {
            let path = beside(name);
            Ok((path.to_string_lossy().into_owned(), project::read_foreign(&path)?))
        };
        for project in projects {
            let name = if project.word.is_empty() { name_of(directory, here) } else { project.word };
            found.push(EcsProject {
                name,
                compose: project.compose.iter().map(read).collect::<Result<_, _>>()?,
                overlay: project.overlay.as_ref().map(|name| beside(name).display().to_string()),
                params: project.params.as_ref().map(read).transpose()?,
                left_out: project.left_out.iter().map(|name| beside(name).display().to_string()).collect(),
            });
        }
    }
    Ok(found)
}

/// The last part of a path, or of another where it has none.
fn name_of(path: &Path, otherwise: &Path) -> String {
    path.file_name().or(otherwise.file_name()).unwrap_or_default().to_string_lossy().into_owned()
}

/// Takes files in, in their order.
fn take(files: &[(String, String)], session: &mut Session<'_>) -> Vec<FileId> {
    files.iter().map(|(name, text)| session.given(name, text)).collect()
}

/// Holds the result to the same rules as any stack file. One that breaks them is our fault.
fn check(stack: &str) -> Result<(), Failure> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("the imported stack", stack, Syntax::Hcl));
    let checked = pipeline::check(&sources, file);
    if !checked.has_errors() {
        return Ok(());
    }
    let found = human::render(&checked.diagnostics, &sources, false);
    Err(bug(format!("it has mistakes:\n{found}")))
}

fn bug(what: impl std::fmt::Display) -> Failure {
    Failure::Bug(Bug { file: "the imported stack".to_owned(), problem: what.to_string() })
}
