//! What it takes to run a task: the rights that a reference to it gives, and that its schedules have.

use crate::components::access::object;
use crate::model::Context;
use crate::terms::{Grant, Id, Term};

/// What it takes to start a task: to run any revision of it in the cluster, and to hand ECS its two roles.
pub(super) fn starts(id: &Id, context: &Context<'_>) -> Vec<Grant> {
    let own = |name| Term::Export(id.clone(), name);
    let cluster = object([("ecs:cluster", context.export("cluster", "arn"))]);
    let service = object([("iam:PassedToService", Term::string("ecs-tasks.amazonaws.com"))]);
    vec![
        Grant::Allow {
            key: format!("RunTask{}", id.statement()),
            actions: &["ecs:RunTask"],
            // ECS compares a task definition that is named without its revision with this pattern too.
            resources: vec![Term::Template(vec![own("family_arn"), Term::string(":*")])],
            condition: Some(object([("ArnEquals", cluster)])),
        },
        Grant::Allow {
            key: format!("PassRolesOfTask{}", id.statement()),
            actions: &["iam:PassRole"],
            resources: vec![own("execution_role_arn"), own("role_arn")],
            condition: Some(object([("StringEquals", service)])),
        },
    ]
}

/// What it takes to follow a task to its end, with its log, or to end it before: ECS knows tasks that run by their
/// cluster only, and allows everybody all task definitions or none.
pub(super) fn follows(id: &Id, context: &Context<'_>) -> [Grant; 3] {
    let log = Term::Export(id.clone(), "log_group_arn");
    let running = vec![context.arn("ecs", tasks(context))];
    let streams = vec![Term::Template(vec![log, Term::string(":log-stream:*")])];
    [
        Grant::allow("FollowTasks".to_owned(), &["ecs:DescribeTasks", "ecs:StopTask"], running),
        Grant::allow(
            "FindTaskDefinitions".to_owned(),
            &["ecs:DescribeTaskDefinition"],
            vec![Term::string("*")],
        ),
        Grant::allow(format!("ShowLogOfTask{}", id.statement()), &["logs:GetLogEvents"], streams),
    ]
}

/// The tasks of the cluster, as the end of an ARN.
pub(super) fn tasks(context: &Context<'_>) -> [Term; 3] {
    [Term::string(":task/"), context.export("cluster", "name"), Term::string("/*")]
}

#[cfg(test)]
mod tests {
    use crate::testing::{generated, has_line, stack};

    const COMPONENTS: &str = r#"
app "shop" {
  image = "example/shop:1"
  task "report" {}
  service "web" { access = [task.report] }
}
user "runner" { access = [task.report] }
"#;

    #[test]
    fn whoever_refers_to_a_task_may_run_and_follow_it() {
        let text = stack(COMPONENTS, "");
        for (path, family) in [
            ("modules/services/service_web.tf", "aws_ecs_task_definition.report.arn_without_revision"),
            ("modules/identity/user_runner.tf", "var.task_report_family_arn"),
        ] {
            let text = generated(&text, path);
            for line in [
                format!("Resource = [\"${{{family}}}:*\"]"),
                "\"iam:PassedToService\" = \"ecs-tasks.amazonaws.com\"".to_owned(),
                "Action = [\"ecs:DescribeTasks\", \"ecs:StopTask\"]".to_owned(),
                "Action = [\"ecs:DescribeTaskDefinition\"]".to_owned(),
                "Action = [\"logs:GetLogEvents\"]".to_owned(),
            ] {
                assert!(has_line(&text, &line), "{line}\n{text}");
            }
        }
    }

    #[test]
    fn a_cluster_that_exists_is_named_by_its_arn() {
        let text = stack(&format!("{COMPONENTS}cluster \"main\" {{ existing = \"old\" }}"), "");
        let text = generated(&text, "modules/identity/user_runner.tf");
        let cluster = "\"ecs:cluster\" = \"arn:aws:ecs:eu-west-1:${var.account_id}:cluster/old\"";
        assert!(has_line(&text, cluster), "{text}");
    }
}
