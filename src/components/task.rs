//! `task`: a container that runs to its end when somebody starts it: a migration, an administrator's command.

mod grants;
mod schedule;

use super::scripts::RUN_TASK;
use super::workload::Container;
use crate::model::{Checker, Component, Context, Document, Kind, PhysicalName};
use crate::settings::input::{ComponentRef, Target};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int, choice};
use crate::terms::{Deployed, Drawing, Export, Grant, Id, Literal, Output, Release, Term, View};
use schedule::Schedule;

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "task",
    module: "services",
    template: include_str!("../../templates/modules/task.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &["cluster", "key"],
    needs: &["network"],
    whole: true,
    codes: &[],
    info: <Task as crate::settings::Settings>::info,
    read: crate::model::read::<Task>,
};

choice! {
    /// What a task comes before.
    pub enum Before {
        /// Every deployment of the services.
        Deploy = "deploy",
    }
}

/// A reference to a task.
#[derive(Debug, Clone)]
pub struct Earlier;

impl Target for Earlier {
    const KINDS: &'static [&'static str] = &["task"];
}

settings! {
    /// A container that runs once, to its end, when somebody starts it; those beside it end with it.
    /// `bash scripts/run-task <name>` in the generated tree runs it, shows its log and ends with its exit code. Terraform
    /// makes everything it needs and never runs one. A reference to the whole task under `access` lets a service, another
    /// task or a user run it.
    pub struct Task {
        ..container: Container,
        /// What the task has to come before: the pipeline in `deployed_by` runs a task with `"deploy"` to its end, with
        /// the new image, before it updates any service, and stops when it fails.
        before: Option<Before>,
        /// A task with `before = "deploy"` that has to succeed first: `task.migrate`. Tasks without an order between them
        /// run in the order of their names, one at a time.
        after: Option<ComponentRef<Earlier>>,
        /// Seconds after which the task is stopped and has failed; ECS itself has no limit.
        timeout: Option<Int<1, { i64::MAX }>>,
        /// When it runs by itself.
        schedule: Blocks<Schedule>,
    }
}

impl Task {
    /// The security groups that the task runs in.
    fn security_groups(&self, id: &Id, context: &Context<'_>) -> Term {
        self.container.workload.membership.with(Term::Export(id.clone(), "security_group_id"), context)
    }
}

impl Component for Task {
    fn check(&self, id: &Id, at: &mut Checker<'_>) {
        self.container.check(id, None, at);
        self.check_schedules(at);
    }

    fn grants(&self, id: &Id, context: &Context<'_>) -> Vec<Grant> {
        grants::starts(id, context).into_iter().chain(grants::follows(id, context)).collect()
    }

    fn resizes(&self, context: &Context<'_>) -> Vec<Id> {
        context.whole(&self.container.workload.access, "service")
    }

    fn memberships(&self, context: &Context<'_>) -> Vec<Id> {
        self.container.workload.membership.ids(context)
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        self.container.names(id, context)
    }

    fn deployed(&self, id: &Id, context: &Context<'_>) -> Option<Deployed> {
        let release = self.before.map(|Before::Deploy| Release {
            after: self.after.as_ref().and_then(|task| context.component(&task.reference)),
            timeout: self.timeout.map(|seconds| seconds.0),
            container: id.dashed().into(),
            security_groups: self.security_groups(id, context),
            log_group: Term::Export(id.clone(), "log_group_arn"),
        });
        self.container.deployed(id, context, release)
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let definition = |attribute| Term::own("aws_ecs_task_definition", &id.name, attribute);
        let mut exports = self.container.exports(id, context);
        exports.extend([
            Export::string("family", "Family of the task definition.", definition("family")),
            Export::string(
                "family_arn",
                "Task definition without its revision.",
                definition("arn_without_revision"),
            ),
            Export::string(
                "security_group_id",
                "Security group of the task.",
                Term::own("aws_security_group", &id.name, "id"),
            ),
        ]);
        exports
    }

    fn uses(&self, id: &Id, context: &Context<'_>) -> Vec<Grant> {
        self.container.uses(id, context)
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let before = self.before.map(|Before::Deploy| "before deploy");
        let times: Vec<String> = self.schedule.0.values().map(|(_, schedule)| schedule.time()).collect();
        let times = (!times.is_empty()).then(|| times.join(", "));
        let drawing =
            Drawing::at(context.task_site()).maybe("before", before, "").maybe("schedule", times, "");
        self.container.drawing(drawing)
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = self.container.view(id, context, None);
        view.group("scheduled", self.schedules(id, context));
        view
    }

    fn documents(&self, _id: &Id, _context: &Context<'_>) -> Vec<Document> {
        let mut part = View::default();
        part.text("run_task", RUN_TASK);
        vec![Document { path: "scripts/run-task".to_owned(), template: "run-task", part }]
    }

    fn outputs(&self, id: &Id, context: &Context<'_>) -> Vec<Output> {
        let shell = Term::Named("execute_command", Literal::Bool(self.container.workload.execute_command));
        let public = context.export("network", "tasks_are_public");
        let settings = [
            ("region", context.region()),
            ("cluster", context.export("cluster", "name")),
            ("task_definition", Term::Export(id.clone(), "family")),
            ("container", Term::string(id.dashed())),
            ("subnets", context.export("network", "task_subnet_ids")),
            ("security_groups", self.security_groups(id, context)),
            ("public_ip", Term::choose(public, "ENABLED", "DISABLED")),
            ("execute_command", shell),
            ("timeout", Term::from(self.timeout.map_or(0, |seconds| seconds.0))),
        ];
        let settings = settings.into_iter().map(|(key, term)| (key.into(), term)).collect();
        let description = format!("How `scripts/run-task {}` runs the task.", id.name);
        vec![Output { name: "run", description, term: Term::Object(settings) }]
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{compile, has_line};

    const STACK: &str = r#"
stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
environment "production" { account = "222222222222" }
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}
"#;

    fn outputs(task: &str) -> String {
        let (found, mut tree) =
            compile(&format!("{STACK}task \"migrate\" {{\nimage = \"example/shop:1\"\n{task}\n}}"));
        assert!(found.is_empty(), "{found:?}");
        tree.files.remove("outputs.tf").expect("a task has an output")
    }

    #[test]
    fn the_output_has_what_the_script_needs() {
        let text = outputs("command = [\"rails\", \"db:migrate\"]\nbefore = \"deploy\"\ntimeout = 600");
        for line in [
            "output \"task_migrate_run\" {",
            "region = \"eu-west-1\"",
            "cluster = module.services.cluster_name",
            "task_definition = module.services.task_migrate_family",
            "subnets = module.network.network_task_subnet_ids",
            "security_groups = [module.services.task_migrate_security_group_id]",
            "public_ip = \"DISABLED\"",
            "execute_command = false",
            "timeout = 600",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
        assert!(has_line(&outputs("execute_command = true"), "execute_command = true"));
    }

    #[test]
    fn it_runs_in_the_groups_that_it_joins() {
        let (found, tree) = compile(&format!(
            "{STACK}security_group \"db\" {{ existing = \"sg-1\" }}\n\
             task \"migrate\" {{\nimage = \"example/shop:1\"\nsecurity_groups = [security_group.db]\n}}"
        ));
        assert!(found.is_empty(), "{found:?}");
        let text = &tree.files["outputs.tf"];
        assert!(text.contains("[module.services.task_migrate_security_group_id, \"sg-1\"]"), "{text}");
    }

    #[test]
    fn there_is_no_output_where_there_is_no_task() {
        let text = outputs("environments = [\"staging\"]");
        assert!(has_line(&text, "value = local.env.task_migrate_exists ? {"), "{text}");
        assert!(has_line(&text, "} : null"), "{text}");
    }

    #[test]
    fn rules_of_workloads_hold_for_tasks() {
        let codes = |task: &str| -> Vec<&str> {
            let (found, _) =
                compile(&format!("{STACK}task \"migrate\" {{\nimage = \"example/shop:1\"\n{task}\n}}"));
            found.iter().map(|found| found.code.name).collect()
        };
        assert_eq!(codes("cpu = 256\nmemory = 4096"), ["fargate-size"]);
        assert_eq!(codes("before = \"destroy\""), ["invalid-value"]);
        assert_eq!(codes("timeout = 0"), ["invalid-value"]);
        assert_eq!(codes("port = 3000"), ["unknown-key"]);
    }
}
