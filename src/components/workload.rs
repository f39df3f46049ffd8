//! What services and tasks have in common: an image, its configuration, a size, roles, a log group, a security group.
//!
//! Not a component. An `app` block holds these settings for all its services and tasks; they are merged as trees
//! before a service is read, so nothing here knows apps.

mod view;

use std::sync::Arc;

use super::membership::Membership;
use crate::aws::limits::names::IAM_ROLE;
use crate::aws::{fargate, logs};
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context, PhysicalName};
use crate::settings::input::Input;
use crate::settings::values::{Int, Map, choice};
use crate::settings::{BlockInfo, Reading, Settings, settings};
use crate::source::Span;
use crate::syntax::Table;
use crate::terms::{Id, Term, View};

choice! {
    /// The processor architecture of a task.
    pub enum Architecture {
        /// Intel and AMD.
        X86 = "x86_64",
        /// AWS Graviton.
        Arm = "arm64",
    }
}

settings! {
    /// One image and its configuration, shared by services and tasks.
    pub struct Workload {
        ..membership: Membership,
        /// The image: `registry.<name>`, or a name as `docker pull` takes it.
        image: Input,
        /// Tag of an image in a `registry`; an image written as a name has its tag in the name.
        tag: Arc<str> = "latest".into(),
        /// Environment variables in plain sight: constants and references.
        environment: Map<Input>,
        /// Environment variables whose values stay in their store: ECS fetches them when a task starts. A reference to
        /// what is no secret becomes a plain variable, so that `cache.main.url` may stand here with and without a token.
        secrets: Map<Input>,
        /// Names of plain variables that look like secrets and are not.
        not_secret: Vec<Arc<str>>,
        /// CPU units of a task; 1024 are one vCPU. Fargate allows certain pairs of CPU and memory only.
        cpu: Int<256, 16_384> = Int(256),
        /// Memory of a task in MiB.
        memory: Int<512, 122_880> = Int(512),
        /// Processor architecture that the image is built for.
        architecture: Architecture = Architecture::X86,
        /// TCP ports that tasks may reach anywhere, besides 443 and what references open: 587 for a mail relay.
        egress: Vec<Int<1, 65_535>>,
        /// Days that logs are kept; a year where the environment protects data, otherwise 30 days.
        log_retention: Option<Int<1, 3_653>>,
        /// Whether `aws ecs execute-command` may open a shell in a running container.
        execute_command: bool = false,
    }
}

settings! {
    /// The container of a service or a task: a workload, and what runs in it.
    pub struct Container {
        ..workload: Workload,
        /// The command, as a list; the image's own by default.
        command: Vec<Arc<str>>,
        /// The entry point, as a list; the image's own by default.
        entry_point: Vec<Arc<str>>,
    }
}

/// The block that holds the shared settings, with services and tasks inside.
pub struct App;

impl App {
    /// The kinds that stand inside an app.
    pub const KINDS: [&'static str; 2] = ["service", "task"];

    /// The documentation of the block.
    pub fn info() -> BlockInfo {
        let doc = "One image and one configuration for several services and tasks, which stand inside. They take over \
                   its settings and may have their own; maps are merged."
            .to_owned();
        BlockInfo { doc, fields: Workload::info().fields }
    }

    /// The settings that its services and tasks take over; reports keys that are none.
    pub fn shared(body: &Table, header: Span, reading: &mut Reading) -> Arc<Table> {
        let mut shared = Table::default();
        for (key, entry) in &body.entries {
            if Workload::has(key) || crate::model::COMMON_KEYS.contains(&&**key) {
                shared.entries.insert(key.clone(), entry.clone());
            } else if !Self::KINDS.contains(&&**key) {
                let fields = Self::info().fields;
                let known = fields.iter().map(|field| field.name).chain(Self::KINDS);
                let message = format!("unknown setting `{key}`");
                let found = reading
                    .diagnostic(&crate::settings::codes::UNKNOWN_KEY, entry.key, message)
                    .label("not a setting that services and tasks share");
                let has = |owner: &str| {
                    super::kind(owner)
                        .is_some_and(|kind| (kind.info)().fields.iter().any(|field| field.name == &**key))
                };
                reading.push(if let Some(owner) = Self::KINDS.into_iter().find(|owner| has(owner)) {
                    found.help(format!("each {owner} has its own: write it inside `{owner} \"..\" {{ .. }}`"))
                } else if super::kind(key).is_some() {
                    found.help(format!("write the {key} outside the app"))
                } else {
                    found.suggest(key, known)
                });
            }
        }
        if Self::KINDS.iter().all(|key| body.get(key).is_none()) {
            let diagnostic = reading
                .diagnostic(&crate::model::codes::MISSING_BLOCK, header, "an app without services and tasks")
                .help("add `service \"web\" { .. }` or `task \"migrate\" { .. }` inside it");
            reading.push(diagnostic);
        }
        Arc::new(shared)
    }
}

/// CPU and memory that Fargate does not offer together.
pub static FARGATE_SIZE: Code = Code {
    name: "fargate-size",
    severity: Severity::Error,
    title: "a pair of CPU and memory that Fargate does not offer",
    explanation: r#"
Fargate has fixed pairs of CPU units and memory. Terraform plans any pair; ECS refuses the wrong ones at apply.

| CPU | memory in MiB |
|---|---|
| 256 | 512, 1024, 2048 |
| 512 | 1024 to 4096 in steps of 1024 |
| 1024 | 2048 to 8192 in steps of 1024 |
| 2048 | 4096 to 16384 in steps of 1024 |
| 4096 | 8192 to 30720 in steps of 1024 |
| 8192 | 16384 to 61440 in steps of 4096 |
| 16384 | 32768 to 122880 in steps of 8192 |

```hcl
service "web" {
  cpu    = 256
  memory = 4096        # 256 CPU units go up to 2048
}
```

The message names the smallest pair that is large enough.
"#,
};

/// A secret attribute outside `secrets`.
pub static SECRET_EXPOSED: Code = Code {
    name: "secret-exposed",
    severity: Severity::Error,
    title: "a reference to a secret outside `secrets`",
    explanation: r#"
The attribute is a secret: its value never leaves its store, and only ECS reads it, when a task starts. It can stand
under `secrets`, alone, and nowhere else. In particular it cannot be part of a longer string, because ECS does not
compose values.

```hcl
environment = {
  DB_PASS = database.main.password                       # move it to secrets
  DB_URL  = "postgres://app:${database.main.password}@"  # cannot be composed
}
```
"#,
};

/// A variable that is both plain and secret.
pub static VARIABLE_TWICE: Code = Code {
    name: "variable-twice",
    severity: Severity::Error,
    title: "an environment variable that is both plain and secret",
    explanation: r#"
The same variable stands under `environment` and under `secrets`. ECS refuses a task definition in which a secret has
the name of a plain variable.

```hcl
environment = { REDIS_URL = "redis://localhost" }
secrets     = { REDIS_URL = cache.main.url }         # remove one of the two
```
"#,
};

/// The codes of this module.
pub const CODES: &[&Code] = &[&FARGATE_SIZE, &SECRET_EXPOSED, &VARIABLE_TWICE];

impl Workload {
    /// The rules of the shared settings.
    pub fn check(&self, at: &mut Checker<'_>) {
        let (cpu, memory) = (self.cpu.0 as u32, self.memory.0 as u32);
        if !fargate::is_legal(cpu, memory) {
            let message = format!("Fargate has no task with {cpu} CPU units and {memory} MiB");
            let (route, allowed) = match fargate::memory_text(cpu) {
                Some(memory) => ("memory", format!("with {cpu} CPU units: {memory}")),
                None => {
                    let known: Vec<String> = fargate::cpu_values().map(|cpu| cpu.to_string()).collect();
                    ("cpu", format!("CPU units are one of {}", known.join(", ")))
                }
            };
            at.error(&FARGATE_SIZE, &[route], message, |found| {
                let found = found.label(allowed);
                match fargate::nearest(cpu, memory) {
                    Some((cpu, memory)) => found.help(format!(
                        "the smallest pair that is large enough: cpu = {cpu}, memory = {memory}"
                    )),
                    None => found,
                }
            });
        }
        self.membership.check(at);
        if let Some(days) = self.log_retention
            && !logs::is_retention(days.0 as u32)
        {
            let near = logs::nearest_retention(days.0 as u32);
            let message = format!("CloudWatch does not keep logs for {} days", days.0);
            at.error(&crate::settings::codes::INVALID_VALUE, &["log_retention"], message, |found| {
                found.help(format!("the nearest it has: {near}"))
            });
        }
        for (name, (place, _)) in self.environment.0.iter().chain(&self.secrets.0) {
            if name.is_empty() || name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control()) {
                let message = format!("`{}` is no name of an environment variable", name.escape_debug());
                at.reading.invalid(*place, message, "use letters, digits and underscores: `DB_HOST`");
            }
        }
        for (name, (place, _)) in &self.secrets.0 {
            if let Some((plain, _)) = self.environment.0.get(name) {
                let message = format!("`{name}` stands under `environment` and under `secrets`");
                let diagnostic = at.reading.diagnostic(&VARIABLE_TWICE, *place, message);
                at.reading.push(diagnostic.related(*plain, "the plain one").help("remove one of the two"));
            }
        }
    }
}

impl Container {
    /// The physical names of a service or task that AWS limits most.
    pub fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let name = context.physical(&format!("{}-execution", id.dashed()));
        vec![PhysicalName { limit: IAM_ROLE, setting: "", name }]
    }

    /// What the template `task_definition` prints: the definition of a container that listens on TCP `ports`, its
    /// roles, its log group, its security group, and the rules that its references open.
    pub fn view(&self, id: &Id, context: &Context<'_>, ports: &[i64]) -> View {
        let mut view = View::default();
        self.workload.describe(id, context, &mut view);
        let list = |items: &[Arc<str>]| match items {
            [] => Term::NULL,
            items => Term::strings(items.iter().map(|item| &**item)),
        };
        view.set("command", list(&self.command));
        view.set("entry_point", list(&self.entry_point));
        let mappings: Vec<Term> = ports.iter().map(|&port| port_mapping(port)).collect();
        view.set("port_mappings", if mappings.is_empty() { Term::NULL } else { Term::List(mappings) });
        view
    }
}

/// A port of a container in the form ECS wants.
fn port_mapping(port: i64) -> Term {
    let entries = [("containerPort", Term::from(port)), ("protocol", Term::string("tcp"))];
    Term::Object(entries.into_iter().map(|(key, term)| (Arc::from(key), term)).collect())
}
