//! What services and tasks have in common: an image, its configuration, a size, roles, a log group, a security group.
//!
//! Not a component. An `app` block holds these settings for all its services and tasks; they are merged as trees
//! before a service is read, so nothing here knows apps.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Checker;
use crate::aws::{fargate, logs};
use crate::diagnostic::{Code, Severity};
use crate::settings::input::Input;
use crate::settings::values::{Int, Map, choice};
use crate::settings::{BlockInfo, Reading, Settings, settings};
use crate::source::Span;
use crate::stack::Context;
use crate::syntax::Table;
use crate::terms::{Grant, Id, Offered, SecretStore, Term, View};

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
        /// The image: `registry.<name>`, or a name as `docker pull` takes it.
        image: Input,
        /// Tag of an image in a `registry`; an image written as a name has its tag in the name.
        tag: Arc<str> = "latest".into(),
        /// Environment variables in plain sight: constants and references.
        environment: Map<Input>,
        /// Environment variables whose values stay in their store: ECS fetches them when a task starts.
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

/// The block that holds the shared settings, with services and tasks inside.
pub struct App;

impl App {
    /// The documentation of the block.
    pub fn info() -> BlockInfo {
        let doc = "One image and one configuration for several services and tasks, which stand inside. They take over \
                   its settings and may have their own; maps are merged."
            .to_owned();
        BlockInfo { doc, fields: Workload::info().fields }
    }

    /// The settings that its services and tasks take over; reports keys that are none.
    pub fn shared(body: &Table, header: Span, reading: &mut Reading) -> Arc<Table> {
        let inner = ["service", "task"];
        let mut shared = Table::default();
        for (key, entry) in &body.entries {
            if Workload::has(key) || crate::stack::COMMON_KEYS.contains(&&**key) {
                shared.entries.insert(key.clone(), entry.clone());
            } else if !inner.contains(&&**key) {
                let fields = Self::info().fields;
                let known = fields.iter().map(|field| field.name).chain(inner);
                let diagnostic = reading
                    .diagnostic(
                        &crate::settings::codes::UNKNOWN_KEY,
                        entry.key,
                        format!("unknown setting `{key}`"),
                    )
                    .label("not a setting that services and tasks share")
                    .suggest(key, known);
                reading.push(diagnostic);
            }
        }
        if inner.iter().all(|key| body.get(key).is_none()) {
            let diagnostic = reading
                .diagnostic(&crate::stack::codes::MISSING_BLOCK, header, "an app without services and tasks")
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
        if let Some(days) = self.log_retention
            && !logs::is_retention(days.0 as u32)
        {
            let near = logs::nearest_retention(days.0 as u32);
            let message = format!("CloudWatch does not keep logs for {} days", days.0);
            at.error(&crate::settings::codes::INVALID_VALUE, &["log_retention"], message, |found| {
                found.help(format!("the nearest it has: {near}"))
            });
        }
        for (name, (place, _)) in &self.secrets.0 {
            if let Some((plain, _)) = self.environment.0.get(name) {
                let message = format!("`{name}` stands under `environment` and under `secrets`");
                let diagnostic = at.reading.diagnostic(&VARIABLE_TWICE, *place, message);
                at.reading.push(diagnostic.related(*plain, "the plain one").help("remove one of the two"));
            }
        }
    }

    /// Whether the image comes from a registry of the stack.
    fn image(&self, context: &Context<'_>) -> (Term, Option<Id>) {
        let registry = match &self.image {
            Input::Reference(reference) if reference.words.len() == 2 => context.component(reference),
            _ => None,
        };
        match registry {
            Some(id) => {
                let url = Term::Export(id.clone(), "repository_url");
                (Term::Template(vec![url, Term::string(format!(":{}", self.tag))]), Some(id))
            }
            None => (context.plain(&self.image), None),
        }
    }

    /// Fills in what the task definition, its roles, its log group and its security group print; returns the ports
    /// that references open.
    pub fn describe(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        let mut opened = Opened::default();
        let (image, registry) = self.image(context);
        if let Some(registry) = registry {
            opened.pull = Some(Term::Export(registry, "repository_arn"));
        }
        let mut plain: IndexMap<Arc<str>, Term> = IndexMap::new();
        let mut secret: IndexMap<Arc<str>, Term> = IndexMap::new();
        for (name, (_, input)) in self.environment.0.iter().chain(&self.secrets.0) {
            let (value, grants) = context.input(input);
            opened.take(grants);
            match value {
                Offered::Plain(term) => plain.insert(name.clone(), text(term)),
                Offered::Secret(term) => secret.insert(name.clone(), term),
            };
        }
        plain.sort_unstable_keys();
        secret.sort_unstable_keys();
        view.set("family", Term::named(&id.dashed()));
        view.set("image", image);
        view.set("cpu", self.cpu.0);
        view.set("memory", self.memory.0);
        view.set(
            "architecture",
            Term::string(if self.architecture == Architecture::Arm { "ARM64" } else { "X86_64" }),
        );
        view.set("environment", name_values("value", plain));
        view.set("secrets", name_values("valueFrom", secret));
        view.set("region", context.region());
        view.set("account", context.account());
        view.set(
            "log_group",
            Term::Template(vec![Term::string("/"), Term::Prefix, Term::string(format!("/{}", id.dashed()))]),
        );
        view.set(
            "log_retention",
            match self.log_retention {
                Some(days) => Term::from(days.0),
                None => context.log_retention(),
            },
        );
        view.set("key_arn", context.export("key", "arn"));
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("execution_role", Term::named(&format!("{}-execution", id.dashed())));
        view.set("task_role", Term::named(&id.dashed()));
        view.set("security_group_prefix", Term::named(&format!("{}-", id.dashed())));
        view.text("dashed", id.dashed());
        opened.finish(id, context, self, view);
    }
}

/// Variables in the form ECS wants; left out when there are none.
fn name_values(value: &'static str, map: IndexMap<Arc<str>, Term>) -> Term {
    if map.is_empty() { Term::NULL } else { Term::NameValues(value, map) }
}

/// An environment variable is text: ECS has no other type.
fn text(term: Term) -> Term {
    match term {
        Term::Literal(literal) => Term::string(literal.to_text()),
        term => term,
    }
}

/// What the references of a workload open.
#[derive(Debug, Default)]
struct Opened {
    pull: Option<Term>,
    parameters: IndexMap<Arc<str>, Term>,
    secrets: IndexMap<Arc<str>, Term>,
    peers: IndexMap<String, (Id, u16)>,
    allowed: IndexMap<Arc<str>, Term>,
}

impl Opened {
    fn take(&mut self, grants: Vec<Grant>) {
        for grant in grants {
            match grant {
                Grant::Connect { to, port } => {
                    self.peers.insert(to.ident(), (to, port));
                }
                Grant::ReadSecret { store: SecretStore::Parameter, arn } => {
                    self.parameters.insert(key(&arn), arn);
                }
                Grant::ReadSecret { store: SecretStore::SecretsManager, arn } => {
                    self.secrets.insert(key(&arn), arn);
                }
                Grant::Allow { key, actions, resources } => {
                    let resources = resources.into_iter().map(|term| (self::key(&term), term)).collect();
                    let statement = statement(&key, actions, Term::Keyed(resources));
                    self.allowed.insert(key.into(), statement);
                }
                Grant::Pull { repository } => self.pull = Some(repository),
            }
        }
    }

    /// The two policies and the security-group rules.
    fn finish(mut self, id: &Id, context: &Context<'_>, workload: &Workload, view: &mut View) {
        let mut execution: IndexMap<Arc<str>, Term> = IndexMap::new();
        let mut add = |sid: &str, actions: &[&str], resources: Term| {
            execution.insert(sid.into(), statement(sid, actions, resources));
        };
        if let Some(repository) = self.pull {
            add("RegistryLogin", &["ecr:GetAuthorizationToken"], Term::strings(["*"]));
            let pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
            add("PullImage", &pull, Term::List(vec![repository]));
        }
        let log_group =
            Term::Template(vec![Term::own("aws_cloudwatch_log_group", &id.name, "arn"), Term::string(":*")]);
        add("WriteLogs", &["logs:CreateLogStream", "logs:PutLogEvents"], Term::List(vec![log_group]));
        self.parameters.sort_unstable_keys();
        self.secrets.sort_unstable_keys();
        let encrypted = !(self.parameters.is_empty() && self.secrets.is_empty());
        if !self.parameters.is_empty() {
            add("ReadParameters", &["ssm:GetParameters"], Term::Keyed(self.parameters));
        }
        if !self.secrets.is_empty() {
            add("ReadSecrets", &["secretsmanager:GetSecretValue"], Term::Keyed(self.secrets));
        }
        if encrypted {
            add("Decrypt", &["kms:Decrypt"], Term::List(vec![context.export("key", "arn")]));
        }
        view.set("execution_statements", Term::Keyed(execution));

        if workload.execute_command {
            let actions = [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ];
            let shell = statement("OpenShell", &actions, Term::strings(["*"]));
            self.allowed.insert("OpenShell".into(), shell);
        }
        self.allowed.sort_unstable_keys();
        let policy = (!self.allowed.is_empty()).then(|| {
            let mut policy = View::default();
            policy.set("statements", Term::Keyed(self.allowed));
            policy
        });
        view.group("task_policy", policy);

        self.peers.sort_unstable_keys();
        view.items(
            "peers",
            self.peers.into_iter().map(|(ident, (peer, port))| {
                let mut rule = View::default();
                rule.text("peer", peer.to_string());
                rule.set("port", i64::from(port));
                rule.set("security_group_id", Term::Export(peer, "security_group_id"));
                (ident, rule)
            }),
        );
        let mut egress: Vec<i64> = workload.egress.iter().map(|port| port.0).chain([443]).collect();
        egress.sort_unstable();
        egress.dedup();
        view.items(
            "egress",
            egress.into_iter().map(|port| {
                let mut rule = View::default();
                rule.set("port", port);
                (port.to_string(), rule)
            }),
        );
    }
}

/// What identifies an ARN among those of one policy.
fn key(arn: &Term) -> Arc<str> {
    match arn {
        Term::Export(id, name) => format!("{id}.{name}").into(),
        other => format!("{other:?}").into(),
    }
}

/// A statement of an IAM policy.
fn statement(sid: &str, actions: &[&str], resources: Term) -> Term {
    Term::Object(IndexMap::from_iter([
        (Arc::from("Sid"), Term::string(sid)),
        (Arc::from("Effect"), Term::string("Allow")),
        (Arc::from("Action"), Term::strings(actions.iter().copied())),
        (Arc::from("Resource"), resources),
    ]))
}
