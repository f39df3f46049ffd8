//! What the template of a task definition prints for a workload.

use std::sync::Arc;

use indexmap::IndexMap;

use super::container::Member;
use super::opened::Opened;
use super::volume::mount_points;
use super::{Architecture, Configuration, Container, Ports, Workload};
use crate::components::access::object;
use crate::model::Context;
use crate::settings::input::Input;
use crate::settings::values::Map;
use crate::terms::{Id, Literal, Offered, Term, View};

impl Container {
    /// What the template `task_definition` prints: the containers, of which the main one listens on `ports`, the
    /// volumes, the roles, the log group, the security group, and the rules that references open.
    pub fn view(&self, id: &Id, context: &Context<'_>, ports: Option<&Ports>) -> View {
        let workload = &self.workload;
        let mut view = View::default();
        let mut opened = Opened::default();
        view.set("family", Term::named(&id.dashed()));
        view.set("cpu", workload.cpu.0);
        view.set("memory", workload.memory.0);
        view.set(
            "architecture",
            Term::string(if workload.architecture == Architecture::Arm { "ARM64" } else { "X86_64" }),
        );
        view.set("region", context.region());
        view.set("key_arn", context.export("key", "arn"));
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("security_group_prefix", Term::named(&format!("{}-", id.dashed())));
        view.shape(
            "released",
            "whether a pipeline deploys a service or task",
            workload.deployed_by.is_some(),
        );
        view.text("dashed", id.dashed());
        view.text("consumer", id.dashed());
        let members = self.members(id, ports);
        let containers = members.iter().map(|member| {
            let key = if member.side.is_some() { member.name } else { "" };
            let mut view = self.container_view(member, id, context, &mut opened);
            view.set("depends_on", depends_on(member, &members));
            (key.to_owned(), view)
        });
        view.nested("containers", "which containers a task has", containers.collect::<Vec<_>>());
        let (volumes, grants) = self.volumes(&members, context);
        opened.take(grants);
        opened.take(context.access(&workload.access));
        view.nested("volumes", "which volumes a task has", volumes);
        let own_log = members.iter().any(|member| self.log_group(member, context).is_none());
        view.group("log", own_log.then(|| workload.log_view(id, context)));
        let (execution, task) = self.roles(id, context);
        view.set("execution_role_arn", execution);
        view.set("task_role_arn", task);
        opened.finish(id, context, workload, &mut view);
        view
    }

    /// The ARNs of the role with which ECS starts the task, and of that of the task itself.
    pub(super) fn roles(&self, id: &Id, context: &Context<'_>) -> (Term, Term) {
        let own = |group, label: &str| Term::own_in(group, "aws_iam_role", label, "arn");
        let label = format!("{}_execution", id.name);
        let execution = role(&self.workload.execution_role, own("execution", &label), context);
        (execution, role(&self.workload.task_role, own("role", &id.name), context))
    }

    /// One container definition.
    fn container_view(
        &self,
        member: &Member<'_>,
        id: &Id,
        context: &Context<'_>,
        opened: &mut Opened,
    ) -> View {
        let (configuration, run) = (member.configuration, member.run);
        let mut view = View::default();
        view.text("name", member.dashed());
        view.set("image", self.image(member, context, opened));
        view.set("essential", member.is_essential());
        view.set("command", list(&run.command));
        view.set("entry_point", list(&configuration.entry_point));
        view.set(
            "working_directory",
            Term::optional(configuration.working_directory.clone().map(Literal::String)),
        );
        view.set("user", Term::optional(configuration.user.clone().map(Literal::String)));
        view.set("stop_timeout", Term::optional(configuration.stop_timeout.map(|seconds| seconds.0)));
        view.set("read_only", Term::optional(configuration.read_only.then_some(true)));
        let side = member.side;
        view.set("cpu", Term::optional(side.and_then(|side| side.cpu).map(|units| units.0)));
        view.set("memory", Term::optional(side.and_then(|side| side.memory).map(|most| most.0)));
        let kept = side.and_then(|side| side.memory_reservation);
        view.set("memory_reservation", Term::optional(kept.map(|kept| kept.0)));
        let ports = member.ports.map(Ports::all).unwrap_or_default();
        let mappings: Vec<Term> = ports.into_iter().map(|(_, port)| port_mapping(port)).collect();
        view.set("port_mappings", if mappings.is_empty() { Term::NULL } else { Term::List(mappings) });
        view.set("health_check", run.health_check.as_ref().map_or(Term::NULL, |check| check.term()));
        view.set("mount_points", mount_points(member));
        view.set("ulimits", ulimits(configuration));
        let (plain, secret) = self.variables(member, context, opened);
        view.set("environment", name_values("value", plain));
        view.set("secrets", name_values("valueFrom", secret));
        opened.log(self.log(member, id, context, "arn"));
        view.set("log_group", self.log(member, id, context, "name"));
        let prefix = configuration.log_prefix.as_ref().map(|prefix| context.plain(prefix));
        view.set("log_prefix", prefix.unwrap_or_else(|| Term::string(member.dashed())));
        view
    }

    /// The image of a container with its tag; that of the main container where it has none of its own.
    fn image(&self, member: &Member<'_>, context: &Context<'_>, opened: &mut Opened) -> Term {
        let (image, tag) = self.image_and_tag(member);
        let Some(id) = self.registry(member, context) else { return context.plain(image) };
        opened.pull(id.clone());
        Term::Template(vec![Term::Export(id, "repository_url"), Term::string(format!(":{tag}"))])
    }

    fn image_and_tag<'a>(&'a self, member: &Member<'a>) -> (&'a Input, &'a str) {
        match member.side.and_then(|side| side.image.as_ref()) {
            Some(image) => (image, &member.configuration.tag),
            None => (&self.workload.image, &self.workload.configuration.tag),
        }
    }

    /// The registry of the stack that the image of a container comes from, if it does.
    pub(super) fn registry(&self, member: &Member<'_>, context: &Context<'_>) -> Option<Id> {
        match self.image_and_tag(member).0 {
            Input::Reference(reference) if reference.words.len() == 2 => context.component(reference),
            _ => None,
        }
    }

    /// The variables of a container by name, those in plain sight and those that ECS fetches. A container with the
    /// image of the main one has those of the main one as well.
    fn variables(
        &self,
        member: &Member<'_>,
        context: &Context<'_>,
        opened: &mut Opened,
    ) -> (IndexMap<Arc<str>, Term>, IndexMap<Arc<str>, Term>) {
        let (mut plain, mut secret) = (IndexMap::new(), IndexMap::new());
        for (name, input) in self.inputs(member) {
            let (value, grants) = context.input(input);
            opened.take(grants);
            match value {
                Offered::Plain(term) => plain.insert(name, text(term)),
                Offered::Secret(term) => secret.insert(name, term),
            };
        }
        (plain, secret)
    }

    /// What the variables of a container say, by name.
    pub(super) fn inputs<'a>(&'a self, member: &Member<'a>) -> IndexMap<Arc<str>, &'a Input> {
        let inherits = member.side.is_some_and(|side| side.image.is_none());
        let above = inherits.then_some(&self.workload.configuration);
        let written = above.into_iter().chain([member.configuration]);
        let both = written.flat_map(|one: &Configuration| one.environment.0.iter().chain(&one.secrets.0));
        let mut inputs: IndexMap<Arc<str>, &Input> =
            both.map(|(name, (_, input))| (name.clone(), input)).collect();
        inputs.sort_unstable_keys();
        inputs
    }

    /// An attribute of the log group that a container writes to, `name` or `arn`.
    pub(super) fn log(
        &self,
        member: &Member<'_>,
        id: &Id,
        context: &Context<'_>,
        attribute: &'static str,
    ) -> Term {
        match self.log_group(member, context) {
            Some(group) => Term::Export(group, attribute),
            None => Term::own_in("log", "aws_cloudwatch_log_group", &id.name, attribute),
        }
    }

    /// The log group that a container names, or the main container for it; none is that of the component itself.
    fn log_group(&self, member: &Member<'_>, context: &Context<'_>) -> Option<Id> {
        let chosen = member.configuration.log_group.as_ref();
        let chosen = chosen.or(self.workload.configuration.log_group.as_ref())?;
        context.component(&chosen.reference)
    }
}

impl Workload {
    /// The log group of the component itself.
    fn log_view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let usual = vec![Term::string("/"), Term::Prefix, Term::string(format!("/{}", id.dashed()))];
        let usual = Term::Template(usual);
        view.set("name", context.name_of(id, "aws_cloudwatch_log_group", &id.name, usual));
        let retention = self.log_retention.map(|days| Term::from(days.0));
        view.set("retention", retention.unwrap_or_else(|| context.log_retention()));
        view.set("key_arn", context.export("key", "arn"));
        view
    }
}

/// The ARN of a role that exists, given by ARN or name, or of the one that is made.
fn role(existing: &Option<Input>, made: Term, context: &Context<'_>) -> Term {
    let Some(input) = existing else { return made };
    let term = context.plain(input);
    match context.text(input) {
        Some(text) if !text.starts_with("arn:") => Term::Template(vec![
            Term::string(format!("arn:{}:iam::", context.partition())),
            context.account(),
            Term::string(":role/"),
            term,
        ]),
        _ => term,
    }
}

/// Strings, or null when there are none.
fn list(items: &[Arc<str>]) -> Term {
    if items.is_empty() { Term::NULL } else { Term::strings(items.iter().map(|item| &**item)) }
}

/// What a container waits for, in the form of ECS.
fn depends_on(member: &Member<'_>, members: &[Member<'_>]) -> Term {
    let waits = member.run.depends_on.0.iter().filter_map(|(name, (_, condition))| {
        let other = members.iter().find(|other| other.name == &**name)?;
        let entry = object([
            ("containerName", Term::string(other.dashed())),
            ("condition", Term::string(condition.in_ecs())),
        ]);
        Some((name.clone(), entry))
    });
    keyed(waits.collect())
}

/// Limits of the operating system in the form of ECS.
fn ulimits(configuration: &Configuration) -> Term {
    let Map(limits) = &configuration.ulimits;
    let limits = limits.iter().map(|(name, (_, limit))| {
        let entry = object([
            ("name", Term::string(name.clone())),
            ("softLimit", Term::from(limit.0)),
            ("hardLimit", Term::from(limit.0)),
        ]);
        (name.clone(), entry)
    });
    keyed(limits.collect())
}

/// Entries in a fixed order, or null when there are none.
pub(super) fn keyed(mut entries: IndexMap<Arc<str>, Term>) -> Term {
    entries.sort_unstable_keys();
    if entries.is_empty() { Term::NULL } else { Term::Keyed(entries) }
}

/// A port of a container in the form of ECS.
fn port_mapping(port: i64) -> Term {
    object([("containerPort", Term::from(port)), ("protocol", Term::string("tcp"))])
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
