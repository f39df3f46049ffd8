//! `task`: a container that runs to its end when somebody starts it: a migration, an administrator's command.

mod grants;
mod schedule;

use schedule::Schedule;

use super::workload::Container;
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int, choice};
use crate::terms::{Export, Grant, Id, Literal, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "task",
    module: "services",
    template: include_str!("../../templates/modules/task.tf.tera"),
    data: &[],
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

settings! {
    /// A container that runs once, to its end, when somebody starts it; those beside it end with it. Terraform makes
    /// everything it needs and prints the command that starts it as the output `task_<name>_run_command`; it never runs one
    /// itself. A reference to the whole task under `access` lets a service, another task or a user run it.
    pub struct Task {
        ..container: Container,
        /// What the task has to come before: pipelines run a task with `"deploy"` to its end before they update the
        /// services, and stop when it fails.
        before: Option<Before>,
        /// Seconds after which whoever waits for the task gives up; ECS itself has no limit.
        timeout: Option<Int<1, { i64::MAX }>>,
        /// When it runs by itself.
        schedule: Blocks<Schedule>,
    }
}

impl Component for Task {
    fn check(&self, id: &Id, at: &mut Checker<'_>) {
        self.container.check(id, None, at);
        self.check_schedules(at);
    }

    fn grants(&self, id: &Id, context: &Context<'_>) -> Vec<Grant> {
        grants::starts(id, context).into_iter().chain([grants::follows(context)]).collect()
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        self.container.names(id, context)
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let export = Export::string;
        let definition = |attribute| Term::own("aws_ecs_task_definition", &id.name, attribute);
        let role = |label: &str| Term::own("aws_iam_role", label, "arn");
        vec![
            export(
                "task_definition_arn",
                "Task definition, in the revision that Terraform made.",
                definition("arn"),
            ),
            export("family_arn", "Task definition without its revision.", definition("arn_without_revision")),
            export("role_arn", "Role of the task itself.", role(&id.name)),
            export(
                "execution_role_arn",
                "Role with which ECS starts the task.",
                role(&format!("{}_execution", id.name)),
            ),
            export(
                "security_group_id",
                "Security group of the task.",
                Term::own("aws_security_group", &id.name, "id"),
            ),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = self.container.view(id, context, None);
        view.group("scheduled", self.schedules(id, context));
        view
    }

    fn outputs(&self, id: &Id, context: &Context<'_>) -> Vec<Output> {
        let subnets =
            Term::Call("join", vec![Term::string(","), context.export("network", "task_subnet_ids")]);
        let shell = Term::Named("execute_command", Literal::Bool(self.container.workload.execute_command));
        let public = context.export("network", "tasks_are_public");
        let command = vec![
            Term::string("aws ecs run-task --region "),
            context.region(),
            Term::string(" --cluster "),
            context.export("cluster", "name"),
            Term::string(" --task-definition "),
            Term::Export(id.clone(), "task_definition_arn"),
            Term::string(" --launch-type FARGATE"),
            Term::choose(shell, " --enable-execute-command", ""),
            Term::string(" --network-configuration 'awsvpcConfiguration={subnets=["),
            subnets,
            Term::string("],securityGroups=["),
            Term::Export(id.clone(), "security_group_id"),
            Term::string("],assignPublicIp="),
            Term::choose(public, "ENABLED", "DISABLED"),
            Term::string("}'"),
        ];
        let description = format!("Shell command that runs the task `{}`.", id.name);
        vec![Output { name: "run_command", description, term: Term::Template(command) }]
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::compile;

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
    fn the_command_is_complete() {
        let text = outputs("command = [\"rails\", \"db:migrate\"]\nbefore = \"deploy\"\ntimeout = 600");
        let command = "\"aws ecs run-task --region eu-west-1 --cluster ${module.services.cluster_name} \
                       --task-definition ${module.services.task_migrate_task_definition_arn} --launch-type FARGATE \
                       --network-configuration 'awsvpcConfiguration={subnets=[${join(\",\", \
                       module.network.network_task_subnet_ids)}],securityGroups=[${\
                       module.services.task_migrate_security_group_id}],assignPublicIp=DISABLED}'\"\n";
        assert!(text.contains(command), "{text}");
    }

    #[test]
    fn a_shell_is_asked_for_where_it_is_allowed() {
        assert!(outputs("execute_command = true").contains("FARGATE --enable-execute-command --network"));
    }

    #[test]
    fn there_is_no_command_where_there_is_no_task() {
        let text = outputs("environments = [\"staging\"]");
        assert!(text.contains("value       = local.env.task_migrate_exists ? \"aws ecs"), "{text}");
        assert!(text.contains("\" : null\n"), "{text}");
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
